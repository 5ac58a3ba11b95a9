/** Address ranges by region: as a policy's author writes them, and as the large clouds publish theirs. */
import { isIP } from 'node:net';

/** CIDR to region. */
export type Ranges = Readonly<Record<string, string>>;

type Fields = { readonly [name: string]: unknown };

const most = 1_000_000;

/**
 * An object of CIDR to region as it is, `ip-ranges.json` of AWS (regions become `aws:eu-west-1`), `cloud.json` of Google
 * (`gcp:europe-west3`) and Azure's service tags (`azure:westeurope`). Ranges of no region are left out.
 *
 * @returns undefined for anything else
 */
export function rangesIn(value: unknown): Ranges | undefined {
  if (!isObject(value)) return undefined;
  if (Array.isArray(value['values'])) return collected(value['values'].flatMap(azure));
  const { prefixes, ipv6_prefixes: six } = value;
  if (Array.isArray(prefixes))
    return collected(
      [...(prefixes as unknown[]), ...(Array.isArray(six) ? (six as unknown[]) : [])].map(published),
    );
  const entries = Object.entries(value);
  const isOwn = entries.every(([range, region]) => isRange(range) && isText(region));
  return isOwn && entries.length <= most ? (value as Ranges) : undefined;
}

/** Undefined for what is none. */
type Found = readonly [range: string, region: string] | 'none' | undefined;

function published(entry: unknown): Found {
  if (!isObject(entry)) return undefined;
  const { region, scope } = entry;
  const aws = entry['ip_prefix'] ?? entry['ipv6_prefix'];
  const google = entry['ipv4Prefix'] ?? entry['ipv6Prefix'];
  if (aws !== undefined) return found(aws, 'aws', region);
  return google === undefined ? undefined : found(google, 'gcp', scope);
}

function azure(entry: unknown): Found[] {
  const properties = isObject(entry) ? entry['properties'] : undefined;
  if (!isObject(properties) || !Array.isArray(properties['addressPrefixes'])) return [undefined];
  return properties['addressPrefixes'].map((range: unknown) => found(range, 'azure', properties['region']));
}

function found(range: unknown, cloud: string, region: unknown): Found {
  if (typeof range !== 'string' || !isRange(range)) return undefined;
  if (!isText(region) || region.toLowerCase() === 'global') return 'none';
  return [range, `${cloud}:${region}`];
}

function collected(all: readonly Found[]): Ranges | undefined {
  if (all.length > most) return undefined;
  const ranges: Record<string, string> = {};
  for (const one of all) {
    if (one === undefined) return undefined;
    if (one !== 'none') ranges[one[0]] = one[1];
  }
  return ranges;
}

function isRange(value: string): boolean {
  const [, address = '', bits = ''] = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(value) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 200;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
