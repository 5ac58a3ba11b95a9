/** Names of hosts as policies and settings write them. */

/** Whether `host` (lower case, without a final dot) is meant: itself, `*.example.org` for all below it, `*` for any. */
export function hostMatches(host: string, known: string): boolean {
  if (known === '*') return true;
  return known.startsWith('*.') ? host.endsWith(known.slice(1)) : host === known;
}

/** @param opaque `HOST:PORT`, see `EgressSettings` */
export function isOpaque(host: string, port: number, opaque: readonly string[]): boolean {
  return opaque.some((one) => {
    const at = one.lastIndexOf(':');
    return one.slice(at + 1) === String(port) && isListed(host, [one.slice(0, at)]);
  });
}

export function isListed(host: string, known: readonly string[]): boolean {
  return known.some((one) => hostMatches(host, one));
}
