/** In which forms a secret comes back. */

/** Characters at the edges of base64 that depend on what stands beside. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const text = padded.toString('base64').replace(/=+$/, '');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((padded.length * 8) / 6);
    const core = text.slice(from, to);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function percentForms(secret: string, bytes: Buffer): string[] {
  const all = [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  const strict = encodeURIComponent(secret).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const some = [encodeURIComponent(secret), strict, encodeURI(secret), strict.replaceAll('%20', '+'), all];
  return some.flatMap((one) => [one, one.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

function jsonForms(secret: string): string[] {
  const plain = JSON.stringify(secret).slice(1, -1);
  const escaped = (upper: boolean): string =>
    [...secret]
      .flatMap((one) => Array.from(one, (_, at) => one.charCodeAt(at)))
      .map((code) => {
        const digits = code.toString(16).padStart(4, '0');
        return `\\u${upper ? digits.toUpperCase() : digits}`;
      })
      .join('');
  // What Go, PHP and .NET write for these.
  const careful = plain.replaceAll(
    /[<>&'+=]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const upper = careful.replaceAll(/\\u[0-9a-f]{4}/g, (one) => `\\u${one.slice(2).toUpperCase()}`);
  return [plain, plain.replaceAll('/', '\\/'), careful, upper, escaped(false), escaped(true)];
}

function htmlForms(secret: string): string[] {
  const with_ = (quote: string, apostrophe: string): string =>
    secret
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', quote)
      .replaceAll("'", apostrophe);
  return [with_('&quot;', '&#39;'), with_('&quot;', '&#x27;'), with_('&#34;', '&#039;'), with_('"', "'")];
}

/**
 * A secret as it is, percent-encoded, escaped for JSON and HTML, in hexadecimal digits, and within base64 at each of its three
 * alignments; also that of Basic, which begins with a name. One character for each byte, each once, the longest first.
 */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const texts = [
    secret,
    ...percentForms(secret, bytes),
    ...jsonForms(secret),
    ...htmlForms(secret),
    hex,
    hex.toUpperCase(),
    ...base64Forms(bytes),
  ].map((one) => Buffer.from(one, 'utf8').toString('latin1'));
  return [...new Set(texts)].filter((one) => one.length >= 6).toSorted((a, b) => b.length - a.length);
}
