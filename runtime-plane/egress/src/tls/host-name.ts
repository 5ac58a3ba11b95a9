/** Longest name in the text form of RFC 1035, without its final dot. */
const maxName = 253;

/**
 * Whether `name` can be a host's name on the wire: ASCII letters in lower case, digits, hyphens, and underscores, which names of
 * buckets and services have; no address in disguise (`10.1`, `0x7f.1`), which some programs would connect to.
 */
export function isHostName(name: string): boolean {
  return (
    name.length <= maxName &&
    /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}$/.test(name) &&
    !/(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/.test(name)
  );
}
