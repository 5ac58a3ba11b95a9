import type { Detector } from '../../detector.ts';

const hex = '[0-9A-Fa-f]';
const dot = 46;
/** All bits 0 is the unset address; all 1 is everybody, but well formed. */
const isAssigned = (value: string): boolean => !/^0[0:. -]*$/.test(value);

/** @returns whether each of four numbers is at most 255, without leading zeros */
export function isIpv4(value: string): boolean {
  let [parts, digits, number] = [0, 0, 0];
  for (let at = 0; at <= value.length; at += 1) {
    const code = at < value.length ? value.charCodeAt(at) : dot;
    if (code === dot) {
      if (digits === 0 || number > 255) return false;
      parts += 1;
      digits = number = 0;
      continue;
    }
    if (code < 48 || code > 57 || digits > 2 || (digits > 0 && number === 0)) return false;
    number = number * 10 + code - 48;
    digits += 1;
  }
  return parts === 4;
}

/** RFC 4291: eight groups, one run of them may be left out, the last two may be an IPv4 address; a zone may follow. */
export function isIpv6(text: string): boolean {
  const value = text.replace(/%[\w.~-]{1,32}$/, '');
  const halves = value.split('::');
  if (halves.length > 2 || value.length < 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  let count = groups.length;
  const tail = groups.at(-1);
  if (tail?.includes('.')) {
    if (!isIpv4(tail)) return false;
    groups.pop();
    count += 1;
  }
  return (
    groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (halves.length === 2 ? count < 8 : count === 8)
  );
}

/** Numbers of one digit only, or a network that is nobody's. */
const version = /^(?:0|127|255)\.|^(?:\d\.){3}\d$/;
const asVersion = { alone: 0, supported: 65 } as const;

/** IEEE 802: colons, dashes or blanks, the same all along. */
const group = (count: number): string => `(?:${hex}{2}(?:([:\\s-])${hex}{2}(?:\\1${hex}{2}){${count - 2}}))$`;

const mac = (id: string, name: string, more: number, alone: RegExp): Detector => ({
  id,
  class: 'network.mac',
  name,
  token: 'MAC',
  find: {
    on: 'words',
    words: ['mac', 'ether', 'hwaddr', 'bssid', 'lladdr', 'physical'],
    at: { before: 40, after: 120 },
  },
  pattern: new RegExp(
    `(?<![0-9A-Za-z:-])(?:${hex}{2}([:-])${hex}{2}(?:\\1${hex}{2}){${more - 1}}|${hex}{4}(?:\\.${hex}{4}){${(more - 1) / 2}})(?![0-9A-Za-z:-])`,
  ),
  check: (value) => isAssigned(value),
  alone,
  confidence: { alone: 65, supported: 65 },
  source: 'IEEE 802',
});

export const networkDetectors: readonly Detector[] = [
  mac('mac', 'MAC address', 5, new RegExp(`^${group(6)}|${hex}{12}$|^${hex}{4}(?:\\.${hex}{4}){2}$`)),
  mac(
    'mac.eui64',
    'MAC address of 64 bits',
    7,
    new RegExp(`^${group(8)}|${hex}{16}$|^${hex}{4}(?:\\.${hex}{4}){3}$`),
  ),
  {
    id: 'ip',
    class: 'network.ip',
    name: 'IPv4 address',
    token: 'IP',
    find: { on: 'digits', min: 4, max: 28, before: 0, after: 4 },
    pattern: /(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w]|\.[0-9])/,
    check: (value) => isIpv4(value) && (!version.test(value) || asVersion),
    confidence: { alone: 65, supported: 65 },
    context: ['ip', 'address', 'host', 'server', 'gateway'],
    against: ['version', 'release'],
    source: 'RFC 791',
  },
  {
    id: 'ipv6',
    class: 'network.ip',
    name: 'IPv6 address',
    token: 'IP',
    find: {
      on: 'words',
      words: ['ipv6', 'inet6', 'addr', '2001:', 'fe80:', '2a0', '2600:', '2607:', 'ip:', 'ip '],
      at: { before: 20, after: 90 },
    },
    pattern:
      /(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?:%[\w.]{1,16})?(?![\w:.])/,
    check: (value) => value !== '::' && isIpv6(value),
    confidence: { alone: 65, supported: 65 },
    alone: /^[0-9A-Fa-f:.]{2,45}(?:%[\w.]{1,32})?$/,
    source: 'RFC 4291',
  },
];
