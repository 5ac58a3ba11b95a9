/** Names that no nameserver is asked for. */

/** RFC 6761, 7686, 9476: they exist nowhere in the DNS. */
const nowhere: ReadonlySet<string> = new Set(['invalid', 'onion', 'alt']);

/**
 * @param host lower case
 * @param isPrivate whether the settings say that it belongs to a private network
 * @returns `loopback` and `nowhere` are answered here; undefined: the nameservers know
 */
export function specialUse(host: string, isPrivate: boolean): 'loopback' | 'nowhere' | undefined {
  const labels = host.split('.');
  const top = labels.at(-1) ?? '';
  if (top === 'localhost') return 'loopback';
  if (nowhere.has(top)) return 'nowhere';
  // Programs take these for addresses, each in its own way.
  if (/^([0-9]+|0x[0-9a-f]*)$/.test(top)) return 'nowhere';
  // Where browsers and systems look for a resolver beside this one: the sign not to (RFC 9462; Firefox).
  if (host === 'resolver.arpa' || host.endsWith('.resolver.arpa') || host === 'use-application-dns.net')
    return 'nowhere';
  // Multicast names (RFC 6762), and the proxy that a network offers to whoever asks for it.
  if ((top === 'local' || labels[0] === 'wpad') && !isPrivate) return 'nowhere';
  return undefined;
}
