import { sameBytes } from '../crypto/bytes.ts';
import type { AlternativeNames } from './extensions.ts';
import { parseIp, shortestIp } from './ip.ts';

/** Is the certificate for this host (RFC 6125, 6.4)? Only its alternative names count. */
export function isForHost(names: AlternativeNames | undefined, host: string): boolean {
  const address = parseIp(/^\[(.+)\]$/.exec(host)?.[1] ?? host);
  if (address !== null)
    return names?.ips.some((ip) => sameBytes(shortestIp(ip), shortestIp(address))) ?? false;
  const wanted = lower(host);
  return (
    names?.dns.some((name) =>
      isHostname(wanted.replace(/\.$/, '')) && isHostname(lower(name), true)
        ? matches(lower(name), wanted.replace(/\.$/, ''))
        : ![name, wanted].some((text) => text === '' || text === '.') && lower(name) === wanted,
    ) ?? false
  );
}

const lower = (text: string): string => text.replaceAll(/[A-Z]/g, (c) => c.toLowerCase());

function isHostname(text: string, isPattern = false): boolean {
  if (text === '' || text === '*') return false;
  return text
    .split('.')
    .every(
      (label, i) => (isPattern && i === 0 && label === '*') || /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(label),
    );
}

/** A leading `*` stands for one label. */
function matches(pattern: string, host: string): boolean {
  const [a, b] = [pattern.split('.'), host.split('.')];
  return a.length === b.length && a.every((label, i) => (i === 0 && label === '*') || label === b[i]);
}
