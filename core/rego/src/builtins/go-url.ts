/** A URL as Go's net/url takes it apart. Fields are empty when absent. */
export interface GoUrl {
  readonly scheme: string;
  readonly hostname: string;
  readonly port: string;
  /** Decoded. */
  readonly path: string;
  /** As written, when encoding `path` in the usual way would not give it back; otherwise empty. */
  readonly rawPath: string;
  readonly rawQuery: string;
  /** Decoded. */
  readonly fragment: string;
}

export class UrlError extends Error {}

const NOTHING: GoUrl = {
  scheme: '',
  hostname: '',
  port: '',
  path: '',
  rawPath: '',
  rawQuery: '',
  fragment: '',
};

/** Takes a URL or reference apart; throws UrlError with Go's message. Source: https://pkg.go.dev/net/url#Parse */
export function parseUrl(text: string): GoUrl {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof UrlError) throw new UrlError(`parse ${JSON.stringify(text)}: ${error.message}`);
    throw error;
  }
}

function parse(text: string): GoUrl {
  const hash = text.indexOf('#');
  const [before, fragment] = hash < 0 ? [text, ''] : [text.slice(0, hash), unescape(text.slice(hash + 1))];
  // oxlint-disable-next-line no-control-regex -- these are what is refused
  if (/[\u0000-\u001f\u007f]/.test(before)) throw new UrlError('net/url: invalid control character in URL');
  if (before.startsWith(':')) throw new UrlError('missing protocol scheme');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(before)?.[1] ?? '';
  let rest = scheme === '' ? before : before.slice(scheme.length + 1);
  const question = rest.indexOf('?');
  const rawQuery = question < 0 ? '' : rest.slice(question + 1);
  if (question >= 0) rest = rest.slice(0, question);
  const found = { ...NOTHING, scheme: scheme.toLowerCase(), rawQuery, fragment };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return found;
    if ((rest.split('/')[0] ?? '').includes(':'))
      throw new UrlError('first path segment in URL cannot contain colon');
  }
  let authority = '';
  if (rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))) {
    const slash = rest.indexOf('/', 2);
    authority = rest.slice(2, slash < 0 ? undefined : slash);
    rest = slash < 0 ? '' : rest.slice(slash);
  }
  const path = unescape(rest);
  return { ...found, ...hostOf(authority), path, rawPath: escapePath(path) === rest ? '' : rest };
}

function hostOf(authority: string): { hostname: string; port: string } {
  const at = authority.lastIndexOf('@');
  if (at >= 0) {
    const user = authority.slice(0, at);
    if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) throw new UrlError('net/url: invalid userinfo');
    unescape(user);
  }
  const host = authority.slice(at + 1);
  const bracket = host.lastIndexOf(']');
  if (host.startsWith('[') && bracket < 0) throw new UrlError("missing ']' in host");
  const colon = host.startsWith('[') ? (bracket + 1 < host.length ? bracket + 1 : -1) : host.lastIndexOf(':');
  const port = colon < 0 ? '' : host.slice(colon);
  if (!/^(?::\d*)?$/.test(port)) throw new UrlError(`invalid port ${JSON.stringify(port)} after host`);
  const name = colon < 0 ? host : host.slice(0, colon);
  const bad = /[\u0000- `{}|\\^]/.exec(name)?.[0]; // oxlint-disable-line no-control-regex
  if (bad !== undefined) throw new UrlError(`invalid character ${JSON.stringify(bad)} in host name`);
  // In a name only bytes beyond ASCII may be written with a percent sign; a zone (%25) may be in an address.
  const wrong = host.startsWith('[') ? null : /%(?![89A-Fa-f][0-9A-Fa-f]).{0,2}/.exec(name);
  if (wrong !== null) throw new UrlError(`invalid URL escape ${JSON.stringify(wrong[0])}`);
  return { hostname: unescape(name.replace(/^\[(.*)\]$/, '$1')), port: port.slice(1) };
}

function unescape(text: string): string {
  const wrong = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(text);
  if (wrong !== null) throw new UrlError(`invalid URL escape ${JSON.stringify(wrong[0])}`);
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  const all = new TextEncoder().encode(text);
  for (let i = 0; i < all.length; i += 1) {
    const escaped = all[i] === 0x25;
    bytes.push(
      escaped ? Number.parseInt(String.fromCharCode(all[i + 1] ?? 0, all[i + 2] ?? 0), 16) : (all[i] ?? 0),
    );
    if (escaped) i += 2;
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

function escapePath(path: string): string {
  return Array.from(new TextEncoder().encode(path), (byte) => {
    const c = String.fromCharCode(byte);
    return /[A-Za-z0-9\-_.~$&+,/:;=@]/.test(c) ? c : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
