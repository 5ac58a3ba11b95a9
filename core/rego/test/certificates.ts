import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { toStandard } from '../src/crypto/base64.ts';
import { utf8 } from '../src/crypto/bytes.ts';
import { bits, der, integer, octets, oid, sequence } from '../src/crypto/der-write.ts';
import { context, explicit, TAG } from '../src/crypto/der.ts';

/** Who issues and what is issued; keys are made on the spot. */
export interface Issued {
  readonly pem: string;
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly key: KeyObject;
}

export interface Wanted {
  readonly name: string;
  readonly kind?: 'rsa' | 'ec' | 'ed25519';
  readonly issuer?: Issued;
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly dns?: readonly string[];
  readonly ips?: readonly (readonly number[])[];
  readonly uris?: readonly string[];
  /** Last arcs of 1.3.6.1.5.5.7.3. */
  readonly usages?: readonly number[];
  readonly permitted?: readonly string[];
  readonly excluded?: readonly string[];
  /** Identifiers of critical extensions that nobody knows. */
  readonly critical?: readonly (readonly number[])[];
  readonly from?: string;
  readonly until?: string;
  readonly requireExplicitPolicy?: number;
  readonly policies?: readonly (readonly number[])[];
}

export function keyOf(kind: Wanted['kind']): KeyObject {
  if (kind === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

export const pem = (type: string, bytes: Uint8Array): string =>
  `-----BEGIN ${type}-----\n${(toStandard(bytes).match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${type}-----\n`;

const nameOf = (text: string): Uint8Array =>
  sequence(der(TAG.set, sequence(oid([2, 5, 4, 3]), der(TAG.utf8String, utf8(text)))));

const yes = der(TAG.boolean, Uint8Array.of(0xff));
const extension = (id: readonly number[], critical: boolean, value: Uint8Array): Uint8Array =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value));
const subtrees = (n: number, names: readonly string[] = []): Uint8Array[] =>
  names.length === 0 ? [] : [der(explicit(n), ...names.map((name) => sequence(der(context(2), utf8(name)))))];

function extensionsOf(wanted: Wanted): Uint8Array[] {
  const {
    ca,
    pathLength,
    dns = [],
    ips = [],
    uris = [],
    usages,
    permitted,
    excluded,
    critical = [],
  } = wanted;
  const out: Uint8Array[] = [];
  if (ca === true)
    out.push(
      extension(
        [2, 5, 29, 19],
        true,
        sequence(yes, ...(pathLength === undefined ? [] : [integer(BigInt(pathLength))])),
      ),
    );
  const names = [
    ...dns.map((name) => der(context(2), utf8(name))),
    ...ips.map((ip) => der(context(7), Uint8Array.from(ip))),
    ...uris.map((uri) => der(context(6), utf8(uri))),
  ];
  if (names.length > 0) out.push(extension([2, 5, 29, 17], false, sequence(...names)));
  if (usages !== undefined)
    out.push(
      extension([2, 5, 29, 37], false, sequence(...usages.map((n) => oid([1, 3, 6, 1, 5, 5, 7, 3, n])))),
    );
  if (permitted !== undefined || excluded !== undefined)
    out.push(extension([2, 5, 29, 30], true, sequence(...subtrees(0, permitted), ...subtrees(1, excluded))));
  if (wanted.policies !== undefined)
    out.push(extension([2, 5, 29, 32], false, sequence(...wanted.policies.map((id) => sequence(oid(id))))));
  if (wanted.requireExplicitPolicy !== undefined)
    out.push(
      extension([2, 5, 29, 36], true, sequence(der(context(0), Uint8Array.of(wanted.requireExplicitPolicy)))),
    );
  for (const id of critical) out.push(extension(id, true, Uint8Array.of(TAG.null, 0)));
  return out;
}

/** A certificate with real keys and a real signature. */
export function issue(wanted: Wanted): Issued {
  const key = keyOf(wanted.kind);
  const signer = wanted.issuer?.key ?? key;
  const algorithm =
    signer.asymmetricKeyType === 'rsa'
      ? sequence(oid([1, 2, 840, 113549, 1, 1, 11]), Uint8Array.of(TAG.null, 0))
      : sequence(
          oid(signer.asymmetricKeyType === 'ed25519' ? [1, 3, 101, 112] : [1, 2, 840, 10045, 4, 3, 2]),
        );
  const time = (text: string): Uint8Array => der(TAG.generalizedTime, utf8(text));
  const signed = sequence(
    der(explicit(0), integer(2n)),
    integer(0x1122334455667788n),
    algorithm,
    nameOf(wanted.issuer?.name ?? wanted.name),
    sequence(time(wanted.from ?? '20000101000000Z'), time(wanted.until ?? '20991231235959Z')),
    nameOf(wanted.name),
    Uint8Array.from(createPublicKey(key).export({ format: 'der', type: 'spki' })),
    der(explicit(3), sequence(...extensionsOf(wanted))),
  );
  const signature = sign(signer.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, signer);
  const bytes = sequence(signed, algorithm, bits(signature));
  return { pem: pem('CERTIFICATE', bytes), bytes, name: wanted.name, key };
}
