/**
 * The few ASN.1 wrappings that Web Cryptography does not read itself: keys in the formats of PKCS #1 and SEC 1, and the key of a
 * certificate. Sources: RFC 5280, RFC 5915, RFC 5958, RFC 8017.
 */

const sequence = 0x30;
const rsaEncryption = [
  0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];
const ecPublicKey = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const curves = {
  'P-256': [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
  'P-384': [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22],
  'P-521': [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23],
} as const;

export type Curve = keyof typeof curves;

/** RSAPublicKey as SubjectPublicKeyInfo. */
export function spkiOfRsa(key: Uint8Array): Uint8Array<ArrayBuffer> {
  return wrap(sequence, rsaEncryption, wrap(0x03, [0], key));
}

/** RSAPrivateKey as PrivateKeyInfo. */
export function pkcs8OfRsa(key: Uint8Array): Uint8Array<ArrayBuffer> {
  return wrap(sequence, [0x02, 0x01, 0x00], rsaEncryption, wrap(0x04, key));
}

/** ECPrivateKey as PrivateKeyInfo. */
export function pkcs8OfEc(key: Uint8Array, curve: Curve): Uint8Array<ArrayBuffer> {
  return wrap(sequence, [0x02, 0x01, 0x00], wrap(sequence, ecPublicKey, curves[curve]), wrap(0x04, key));
}

/** SubjectPublicKeyInfo of a certificate; undefined when it is none. */
export function spkiOfCertificate(certificate: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const outer = read(certificate, 0);
  const body = outer && read(certificate, outer.from);
  if (!body) return undefined;
  // Version (when present), serial number, signature, issuer, validity, subject, key.
  let at = body.from;
  let fields = 0;
  for (let field = read(certificate, at); field && at < body.to; field = read(certificate, at)) {
    if (!(fields === 0 && field.tag === 0xa0)) fields += 1;
    if (fields === 6 && field.tag === sequence) return certificate.slice(at, field.to);
    at = field.to;
  }
  return undefined;
}

type Element = { readonly tag: number; readonly from: number; readonly to: number };

function read(bytes: Uint8Array, at: number): Element | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return undefined;
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (count > 4 || first === 0x80) return undefined;
  const length =
    count === 0 ? first : bytes.subarray(at + 2, at + 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  const from = at + 2 + count;
  return from + length > bytes.length ? undefined : { tag, from, to: from + length };
}

function wrap(tag: number, ...parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const size = length < 0x80 ? [length] : [0x80 | digits.length, ...digits];
  const out = new Uint8Array(1 + size.length + length);
  out.set([tag, ...size]);
  let at = 1 + size.length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
