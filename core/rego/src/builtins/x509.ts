import { integerOf } from '../decimal.ts';
import { decodeBase64, mustDecode, std, toStandard } from '../crypto/base64.ts';
import { concat, latin1, sameBytes } from '../crypto/bytes.ts';
import { privateKeyJson, toJwk } from '../crypto/json.ts';
import { toPublicKeyInfo } from '../crypto/keys.ts';
import type { PrivateKey } from '../crypto/keys.ts';
import { allPem, nextPem } from '../crypto/pem.ts';
import { PrivateKeys } from '../crypto/private-keys.ts';
import { Problem, problem } from '../crypto/problem.ts';
import type { HostCrypto } from '../host-crypto.ts';
import { isNumber, isArray, isObject, objectEntries, RegoSet } from '../values.ts';
import type { Plain, RegoObject, Value } from '../values.ts';
import { parseCertificate, parseCertificates } from '../x509/certificate.ts';
import type { Certificate } from '../x509/certificate.ts';
import { verifyChain } from '../x509/chain.ts';
import type { ChainOptions } from '../x509/chain.ts';
import { certificateJson, extendedCertificateJson } from '../x509/json.ts';
import { requestJson } from '../x509/request.ts';
import { guard } from './guard.ts';
import { PUBLIC_KEY_STEPS } from './jwt.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

const BEGIN = '-----BEGIN';

/** PEM, base64 of PEM or base64 of DER, concatenated; throws Problem. */
function certificatesOf(text: string): readonly Certificate[] {
  if (text.startsWith(BEGIN)) return certificatesInPem(text);
  const bytes = mustDecode(text, std);
  const inner = latin1(bytes);
  return inner.startsWith(BEGIN) ? certificatesInPem(inner) : parseCertificates(bytes);
}

function certificatesInPem(text: string): readonly Certificate[] {
  const blocks = allPem(text);
  for (const { type } of blocks)
    if (type !== 'CERTIFICATE') problem(`PEM block type is '${type}', expected CERTIFICATE`);
  return parseCertificates(concat(...blocks.map(({ bytes }) => bytes)));
}

function requestOf(text: string): Value {
  const pem = text.startsWith('-----BEGIN CERTIFICATE REQUEST-----') ? text : latin1(mustDecode(text, std));
  const found = nextPem(pem);
  if (found !== null && found.block.type !== 'CERTIFICATE REQUEST')
    problem('invalid PEM-encoded certificate signing request');
  return requestJson(found?.block.bytes ?? Uint8Array.from(pem, (c) => c.charCodeAt(0)));
}

/** Reads certificates and requests; needs nothing of the host. */
export function certificateBuiltins(ctx: BuiltinContext): BuiltinTable {
  const { strings, pay } = guard(ctx);
  return {
    'crypto.x509.parse_certificates': strings(1, (text) => {
      const found = certificatesOf(pay(text));
      return found.length === 0 ? [] : found.map(extendedCertificateJson);
    }),
    'crypto.x509.parse_certificate_request': strings(1, (text) => requestOf(pay(text))),
  };
}

const USAGES: readonly string[] = [
  'Any',
  'ServerAuth',
  'ClientAuth',
  'CodeSigning',
  'EmailProtection',
  'IPSECEndSystem',
  'IPSECTunnel',
  'IPSECUser',
  'TimeStamping',
  'OCSPSigning',
  'MicrosoftServerGatedCrypto',
  'NetscapeServerGatedCrypto',
  'MicrosoftCommercialCodeSigning',
  'MicrosoftKernelCodeSigning',
];

const unquoted = (text: string): string => text.replaceAll(/^"+|"+$/g, '');

function wholeNumber(name: string, value: Value, bad: string): bigint {
  if (!isNumber(value)) return problem(`'${name}' should be a number`);
  const whole = integerOf(value);
  return whole !== undefined && whole >= -(2n ** 63n) && whole < 2n ** 63n ? whole : problem(bad);
}

function usagesOf(value: Value): readonly number[] {
  const names = value instanceof RegoSet ? value.sorted() : value;
  if (!isArray(names)) return problem("'KeyUsages' should be an Array or Set");
  const texts = names.filter((name) => typeof name === 'string').map(unquoted);
  const wrong = texts.filter((name) => !USAGES.some((usage) => name === `KeyUsage${usage}`));
  if (wrong.length > 0) problem(`invalid entries for 'KeyUsages' found: [${wrong.join(' ')}]`);
  return texts.map((name) => USAGES.indexOf(name.slice('KeyUsage'.length)));
}

function chainOptions(given: Plain | RegoObject, nowNs: () => bigint): ChainOptions {
  const options: { host: string; timeNs?: bigint; usages: readonly number[] } = { host: '', usages: [] };
  for (const [name, value] of objectEntries(given)) {
    if (typeof name !== 'string') continue;
    switch (name) {
      case 'DNSName':
        options.host = typeof value === 'string' ? unquoted(value) : problem("'DNSName' should be a string");
        break;
      case 'CurrentTime':
        options.timeNs = wholeNumber(name, value, "'CurrentTime' should be a valid int64 number");
        break;
      case 'MaxConstraintComparisons':
        // Constraints are compared in time that the size of the certificates bounds.
        wholeNumber(name, value, "'MaxConstraintComparisons' should be a valid number");
        break;
      case 'KeyUsages':
        options.usages = usagesOf(value);
        break;
      default:
        problem('invalid key option');
    }
  }
  return { ...options, timeNs: options.timeNs ?? nowNs() };
}

/** Private keys in PEM or in base64 of it; blocks of other types are passed over. */
function privateKeysOf(text: string, keys: PrivateKeys): readonly PrivateKey[] {
  const decoded = decodeBase64(text, std);
  return allPem(typeof decoded === 'number' ? text : latin1(decoded)).flatMap(({ type, bytes }) => {
    if (type === 'RSA PRIVATE KEY') return [keys.pkcs1(bytes)];
    if (type === 'PRIVATE KEY') return [keys.pkcs8(bytes)];
    return type === 'EC PRIVATE KEY' ? [keys.sec1(bytes)] : [];
  });
}

/** Verifies chains of certificates and reads private keys. */
export function certificateKeyBuiltins(ctx: BuiltinContext, crypto: HostCrypto): BuiltinTable {
  const { strings, run, pay } = guard(ctx);
  const keys = new PrivateKeys(crypto);
  const notVerified: Value = [false, []];

  const verify = (text: string, options: () => ChainOptions, show: (found: Certificate) => Value): Value => {
    pay(text);
    const certificates = attempt(() => certificatesOf(text));
    if (certificates === null) return notVerified;
    const wanted = options();
    const chain = attempt(() =>
      verifyChain(certificates, wanted, crypto, () => ctx.charge(PUBLIC_KEY_STEPS)),
    );
    return chain === null ? notVerified : [true, chain.map(show)];
  };

  return {
    'crypto.x509.parse_and_verify_certificates': strings(1, (text) =>
      verify(text, () => ({ host: '', timeNs: ctx.nowNs(), usages: [] }), extendedCertificateJson),
    ),
    'crypto.x509.parse_and_verify_certificates_with_options': {
      arity: 2,
      fn: (text, options) => {
        if (typeof text !== 'string') return ctx.fail.type(1, 'string', text);
        if (options === undefined || !isObject(options)) return ctx.fail.type(2, 'object', options);
        return run(() => verify(text, () => chainOptions(options, ctx.nowNs), certificateJson));
      },
    },
    'crypto.x509.parse_keypair': strings(2, (certificate, key) => keyPair(pay(certificate), pay(key), keys)),
    'crypto.x509.parse_rsa_private_key': strings(1, (text) => {
      if (pay(text) === '') problem('input PEM data was empty');
      const pem = text.startsWith(BEGIN) ? text : latin1(mustDecode(text, std));
      const [first] = privateKeysOf(pem, keys);
      return first === undefined ? null : toJwk(first);
    }),
    'crypto.parse_private_keys': strings(1, (text) =>
      text === '' ? null : privateKeysOf(pay(text), keys).map(privateKeyJson),
    ),
  };
}

function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** A certificate chain and the private key of its first, as Go's tls.Certificate; throws Problem. */
function keyPair(certificateText: string, keyText: string, keys: PrivateKeys): Value {
  const blocks = allPem(asPem(certificateText, 'CERTIFICATE'));
  const certificates = blocks.filter(({ type }) => type === 'CERTIFICATE').map(({ bytes }) => bytes);
  const [leafBytes] = certificates;
  if (leafBytes === undefined)
    return problem(
      blocks.length === 0
        ? 'tls: failed to find any PEM data in certificate input'
        : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${blocks.map(({ type }) => type).join(' ')}]`,
    );
  const keyBlocks = allPem(asPem(keyText, 'PRIVATE KEY'));
  const keyBlock = keyBlocks.find(({ type }) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY'));
  if (keyBlock === undefined)
    return problem(
      keyBlocks.length === 0
        ? 'tls: failed to find any PEM data in key input'
        : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${keyBlocks.map(({ type }) => type).join(' ')}]`,
    );
  const leaf = parseCertificate(leafBytes);
  const key = anyPrivateKey(keyBlock.bytes, keys);
  const kind = leaf.publicKey?.kind;
  if (leaf.publicKey === null || (kind !== 'rsa' && kind !== 'ec' && kind !== 'ed25519'))
    return problem('tls: unknown public key algorithm');
  if (key.kind !== kind) problem('tls: private key type does not match public key type');
  const [own, shown] = [toPublicKeyInfo(key.public), toPublicKeyInfo(leaf.publicKey)];
  if (own === undefined || shown === undefined || !sameBytes(own, shown))
    problem('tls: private key does not match public key');
  return {
    Certificate: certificates.map(toStandard),
    PrivateKey: privateKeyJson(key),
    SupportedSignatureAlgorithms: null,
    OCSPStaple: null,
    SignedCertificateTimestamps: null,
    Leaf: certificateJson(leaf),
  };
}

/** PEM as it is; base64 of PEM or of DER as PEM. */
function asPem(text: string, type: string): string {
  if (text.startsWith('-----BEGIN ')) return text;
  const bytes = mustDecode(text, std);
  const inner = latin1(bytes);
  return inner.startsWith('-----BEGIN ')
    ? inner
    : `${BEGIN} ${type}-----\n${toStandard(bytes)}\n-----END ${type}-----\n`;
}

function anyPrivateKey(bytes: Uint8Array, keys: PrivateKeys): PrivateKey {
  const found = attempt(() => keys.pkcs1(bytes)) ?? attempt(() => keys.pkcs8(bytes));
  if (found?.kind === 'x25519') return problem('tls: found unknown private key type in PKCS#8 wrapping');
  return found ?? attempt(() => keys.sec1(bytes)) ?? problem('tls: failed to parse private key');
}
