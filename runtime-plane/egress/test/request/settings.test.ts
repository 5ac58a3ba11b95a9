import { expect, test } from 'vitest';
import { parseEgressSettings } from '../../src/parse-settings.ts';

const parse = (egress: unknown) => parseEgressSettings({ chaperone: { egress } });

test('[req: egress:request] without settings there are defaults', () => {
  const settings = parseEgressSettings({});
  expect(settings).toEqual({
    inspect: [],
    passthrough: [],
    opaque: [],
    upstream_ca: [],
    names: {
      per_minute: 1200,
      distinct_per_minute: 60,
      max_label: 63,
      max_name: 253,
      max_entropy: 4.5,
      private: [],
      types: [],
      servers: [],
    },
    body: { max_bytes: 16 << 20, over: 'deny' },
    regions: { hosts: {}, ranges: {} },
  });
  expect(parseEgressSettings({ chaperone: { dlp: {} } })).toEqual(settings);
  expect(parse({})).toEqual(settings);
});

test('[req: egress:request] what is written is taken', () => {
  const egress = {
    inspect: ['*'],
    passthrough: ['*.example.com', 'a.example.com'],
    opaque: ['*:22', '[2001:db8::1]:443', '192.0.2.1:5432'],
    upstream_ca: ['/etc/ssl/own.pem'],
    names: {
      per_minute: 5,
      distinct_per_minute: 6,
      max_label: 20,
      max_name: 100,
      max_entropy: 3.5,
      private: ['*.corp.example'],
      types: ['TXT'],
      servers: ['192.0.2.53', '[2001:db8::53]:5353', '2001:db8::53'],
    },
    body: { max_bytes: 1000, over: 'allow' },
    regions: { hosts: { '*.eu.example.com': 'eu' }, ranges: { '192.0.2.0/24': 'eu', '2001:db8::/32': 'us' } },
  };
  expect(parse(egress)).toEqual(egress);
});

test.each([
  [[], 'data.chaperone.egress is not an object'],
  [{ inspct: [] }, 'data.chaperone.egress has an unknown field "inspct"'],
  [{ names: { per_second: 1 } }, 'data.chaperone.egress.names has an unknown field "per_second"'],
  [{ body: { max: 1 } }, 'data.chaperone.egress.body has an unknown field "max"'],
  [{ regions: { cidrs: {} } }, 'data.chaperone.egress.regions has an unknown field "cidrs"'],
  [{ inspect: 'a.example' }, 'data.chaperone.egress.inspect is not a list of hosts'],
  [{ inspect: ['https://a.example'] }, 'data.chaperone.egress.inspect is not a list of hosts'],
  [{ passthrough: ['A.example'] }, 'data.chaperone.egress.passthrough is not a list of hosts'],
  [{ opaque: ['a.example'] }, 'data.chaperone.egress.opaque is not a list of "HOST:PORT"'],
  [{ opaque: ['a.example:70000'] }, 'data.chaperone.egress.opaque is not a list of "HOST:PORT"'],
  [{ upstream_ca: ['own.pem'] }, 'data.chaperone.egress.upstream_ca is not a list of absolute paths'],
  [{ names: { max_label: 64 } }, 'data.chaperone.egress.names.max_label is not a whole number from 1 to 63'],
  [{ names: { max_entropy: 'x' } }, 'data.chaperone.egress.names.max_entropy is not a number of bits'],
  [{ names: { servers: ['dns.example'] } }, 'data.chaperone.egress.names.servers is not a list of'],
  [{ names: { types: ['txt'] } }, 'data.chaperone.egress.names.types is not a list of types'],
  [{ body: { over: 'ask' } }, 'data.chaperone.egress.body.over is not either "deny" or "allow"'],
  [{ body: { max_bytes: -1 } }, 'data.chaperone.egress.body.max_bytes is not a whole number'],
  [{ body: { max_bytes: null } }, 'data.chaperone.egress.body.max_bytes is not a whole number'],
  [{ regions: { hosts: { 'a.example': 1 } } }, 'data.chaperone.egress.regions.hosts is not an object'],
  [
    { regions: { ranges: { '192.0.2.0': 'eu' } } },
    'data.chaperone.egress.regions.ranges is not an object that gives a region',
  ],
  [
    { regions: { ranges: { '192.0.2.0/33': 'eu' } } },
    'data.chaperone.egress.regions.ranges is not an object that gives a region',
  ],
])('[req: egress:request] %j is refused in one line', (egress, line) => {
  const refused = parse(egress);
  expect(refused).toContain(line);
  expect(refused).not.toContain('\n');
});

test('[req: egress:residency] ranges are read as clouds publish them', () => {
  const data = {
    chaperone: {
      egress: { regions: { ranges: ['data.cloud.aws', 'data.cloud.google', 'data.azure', 'data.own'] } },
    },
    cloud: {
      aws: {
        syncToken: '1',
        prefixes: [
          {
            ip_prefix: '192.0.2.0/25',
            region: 'eu-west-1',
            service: 'S3',
            network_border_group: 'eu-west-1',
          },
          { ip_prefix: '192.0.2.128/25', region: 'GLOBAL', service: 'CLOUDFRONT' },
        ],
        ipv6_prefixes: [{ ipv6_prefix: '2001:db8::/40', region: 'us-east-1', service: 'EC2' }],
      },
      google: {
        prefixes: [
          { ipv4Prefix: '198.51.100.0/24', service: 'Google Cloud', scope: 'europe-west3' },
          { ipv6Prefix: '2001:db8:100::/44', service: 'Google Cloud', scope: 'us-east4' },
          { ipv4Prefix: '198.51.101.0/24' },
        ],
      },
    },
    azure: {
      values: [
        { properties: { region: 'westeurope', addressPrefixes: ['203.0.113.0/24', '2001:db8:200::/48'] } },
        { properties: { region: '', addressPrefixes: ['203.0.112.0/24'] } },
      ],
    },
    own: { '10.0.0.0/8': 'here' },
  };
  const settings = parseEgressSettings(data);
  expect(typeof settings === 'string' ? settings : settings.regions.ranges).toEqual({
    '192.0.2.0/25': 'aws:eu-west-1',
    '2001:db8::/40': 'aws:us-east-1',
    '198.51.100.0/24': 'gcp:europe-west3',
    '2001:db8:100::/44': 'gcp:us-east4',
    '203.0.113.0/24': 'azure:westeurope',
    '2001:db8:200::/48': 'azure:westeurope',
    '10.0.0.0/8': 'here',
  });
  for (const wrong of [undefined, [], { prefixes: [{ ip_prefix: 'x', region: 'y' }] }, { prefixes: 1 }])
    expect(parseEgressSettings({ ...data, own: wrong })).toContain('names data.own, which is no object');
});
