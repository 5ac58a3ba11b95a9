/** Names of hosts as policies and settings write them. */

/** Whether `host` (lower case, without a final dot) is meant: itself, `*.example.org` for all below it, `*` for any. */
export function hostMatches(host: string, known: string): boolean {
  if (known === '*') return true;
  return known.startsWith('*.') ? host.endsWith(known.slice(1)) : host === known;
}

export function isListed(host: string, known: readonly string[]): boolean {
  return known.some((one) => hostMatches(host, one));
}
