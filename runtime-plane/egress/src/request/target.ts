/** The target of a request, as a policy sees it. */

export type Target = {
  /** Beside the query: dot segments removed, letters, digits and `-._~` decoded, other encodings in capitals. */
  readonly path: string;
  /** As on the wire, without the question mark. */
  readonly query?: string;
};

/**
 * What a target means by RFC 3986, 6.2.2, so that two ways to write a path are one to a rule: `/a/%2e%2e/%62` is `/b`. An encoded
 * slash, backslash or NUL stays encoded, for servers differ in what these are; a plain backslash becomes one. The far side gets the
 * target as it came.
 */
export function parseTarget(target: string): Target {
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  return { path: normalised(path), ...(at < 0 ? {} : { query: target.slice(at + 1) }) };
}

function normalised(path: string): string {
  if (!path.startsWith('/')) return path;
  const decoded = path
    .replaceAll('\\', '%5C')
    .replaceAll(/%([0-9A-Fa-f]{2})/g, (_written, digits: string) => {
      const character = String.fromCharCode(Number.parseInt(digits, 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : `%${digits.toUpperCase()}`;
    });
  return withoutDots(decoded);
}

/** RFC 3986, 5.2.4. */
function withoutDots(path: string): string {
  const segments = path.slice(1).split('/');
  const kept: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
    if (isLast && (segment === '..' || segment === '.')) kept.push('');
  }
  return `/${kept.join('/')}`;
}

/** Undone for looking at; what is no encoding stays as it is. */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  return Buffer.from(
    text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_written, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    ),
    'latin1',
  ).toString('utf8');
}
