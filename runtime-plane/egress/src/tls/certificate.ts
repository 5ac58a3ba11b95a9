/** X.509 certificates (RFC 5280) of one session: its root, and those that it signs for hosts. */
import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import * as der from './der.ts';
import { addressBytes } from './address-bytes.ts';

const oid = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const;
/** Bits of `KeyUsage`, 4.2.1.3. */
const usage = { digitalSignature: 0, keyCertSign: 5, crlSign: 6 } as const;
/** Of a common name, RFC 5280 appendix A.1. */
const maxName = 64;

export type Validity = { readonly fromMs: number; readonly toMs: number };
export type Issuer = { readonly name: string; readonly publicKey: KeyObject; readonly privateKey: KeyObject };

/** @returns PEM of a self-signed authority below which there may be no other. */
export function rootCertificate(issuer: Issuer, validity: Validity): string {
  const id = keyIdentifier(issuer.publicKey);
  return signed(issuer, issuer.name, issuer.publicKey, validity, [
    extension(oid.basicConstraints, true, der.sequence(der.boolean(true), der.integer(Uint8Array.of(0)))),
    extension(oid.keyUsage, true, der.namedBits(usage.keyCertSign, usage.crlSign)),
    extension(oid.subjectKeyIdentifier, false, der.octetString(id)),
    extension(oid.authorityKeyIdentifier, false, der.sequence(der.implicit(0, id))),
  ]);
}

/** @param host a name in lower case or an address. @returns PEM */
export function hostCertificate(
  issuer: Issuer,
  host: string,
  publicKey: KeyObject,
  validity: Validity,
): string {
  // A longer name is in the alternative names only, which is where clients look.
  const subject = host.length <= maxName ? host : 'Chaperone';
  const name =
    isIP(host) > 0 ? der.implicit(7, addressBytes(host)) : der.implicit(2, Buffer.from(host, 'latin1'));
  return signed(issuer, subject, publicKey, validity, [
    extension(oid.basicConstraints, true, der.sequence()),
    extension(oid.keyUsage, true, der.namedBits(usage.digitalSignature)),
    extension(oid.extendedKeyUsage, false, der.sequence(der.objectIdentifier(oid.serverAuth))),
    extension(oid.subjectAltName, false, der.sequence(name)),
    extension(oid.subjectKeyIdentifier, false, der.octetString(keyIdentifier(publicKey))),
    extension(
      oid.authorityKeyIdentifier,
      false,
      der.sequence(der.implicit(0, keyIdentifier(issuer.publicKey))),
    ),
  ]);
}

function signed(
  issuer: Issuer,
  subject: string,
  publicKey: KeyObject,
  { fromMs, toMs }: Validity,
  extensions: readonly Buffer[],
): string {
  const algorithm = der.sequence(der.objectIdentifier(oid.ecdsaWithSha256));
  const body = der.sequence(
    der.explicit(0, der.integer(Uint8Array.of(2))),
    der.integer(serialNumber()),
    algorithm,
    distinguishedName(issuer.name),
    der.sequence(der.time(fromMs), der.time(toMs)),
    distinguishedName(subject),
    publicKey.export({ format: 'der', type: 'spki' }),
    der.explicit(3, der.sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuer.privateKey);
  const lines = der
    .sequence(body, algorithm, der.bitString(signature))
    .toString('base64')
    .match(/.{1,64}/g);
  return ['-----BEGIN CERTIFICATE-----', ...(lines ?? []), '-----END CERTIFICATE-----', ''].join('\n');
}

/** Random, positive, of 16 bytes whatever the numbers were. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return bytes;
}

function distinguishedName(commonName: string): Buffer {
  const value = der.utf8String([...commonName].slice(0, maxName).join(''));
  return der.sequence(der.set(der.sequence(der.objectIdentifier(oid.commonName), value)));
}

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  return der.sequence(
    der.objectIdentifier(id),
    ...(critical ? [der.boolean(true)] : []),
    der.octetString(value),
  );
}

/** RFC 7093 2, method 1. */
function keyIdentifier(key: KeyObject): Buffer {
  const info = key.export({ format: 'der', type: 'spki' });
  // A P-256 key is an uncompressed point of 65 bytes at the end of its info.
  return createHash('sha256').update(info.subarray(-65)).digest().subarray(0, 20);
}
