import { toStandard } from '../crypto/base64.ts';
import { DerReader, integerOf, explicit, oidOf, rightAligned, TAG } from '../crypto/der.ts';
import type { Element } from '../crypto/der.ts';
import { publicKeyJson } from '../crypto/json.ts';
import { algorithmOf } from '../crypto/keys.ts';
import { Problem, problem } from '../crypto/problem.ts';
import type { Value } from '../values.ts';
import { publicKeyAlgorithm, signatureAlgorithm } from './algorithms.ts';
import { readExtension, readPublicKey } from './certificate.ts';
import type { Extension } from './extensions.ts';
import { parseNames } from './extensions.ts';
import { extensionsJson, namesJson } from './json.ts';
import { asn1Text, nameJson, parseName } from './name.ts';
import { normal } from '../builtins/numbers.ts';

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

const mismatch = (): never =>
  problem('asn1: structure error: a field is not of the type that a request has there');

/** A certificate signing request (RFC 2986) as Go's encoder shows it; throws Problem. */
export function requestJson(bytes: Uint8Array): Value {
  const outer = new DerReader(bytes);
  if (bytes.length > 0 && !outer.peek(TAG.sequence)) mismatch();
  const whole = outer.any() ?? problem('asn1: syntax error: data truncated');
  if (whole.content.length === 0) problem('asn1: syntax error: sequence truncated');
  const reader = new DerReader(whole.content);
  const signed = reader.element(TAG.sequence) ?? mismatch();
  const inner = new DerReader(signed.content);
  const version = inner.integer() ?? mismatch();
  const subject = inner.element(TAG.sequence) ?? mismatch();
  const key = readPublicKey(inner);
  const attributes = new DerReader(
    inner.peek(explicit(0)) ? (inner.read(explicit(0)) ?? mismatch()) : new Uint8Array(),
  );
  const list: Element[] = [];
  while (!attributes.empty) list.push(attributes.any() ?? mismatch());
  const algorithm = algorithmOf(reader.enter(TAG.sequence) ?? mismatch());
  const signature = reader.bitString() ?? mismatch();
  if (!outer.empty) problem('asn1: syntax error: trailing data');
  const extensions = requestedExtensions(list);
  const named = extensions.find(({ id }) => id.join('.') === '2.5.29.17');
  return {
    Raw: toStandard(whole.whole),
    RawTBSCertificateRequest: toStandard(signed.whole),
    RawSubjectPublicKeyInfo: toStandard(key.rawPublicKey),
    RawSubject: toStandard(subject.whole),
    Version: normal(version) ?? null,
    Signature: toStandard(rightAligned(signature)),
    SignatureAlgorithm: signatureAlgorithm(algorithm).number,
    PublicKeyAlgorithm: publicKeyAlgorithm(key.publicKeyOid),
    PublicKey: publicKeyJson(key.publicKey),
    Subject: nameJson(parseName(subject.whole, requestText)),
    Attributes: attributesJson(list),
    Extensions: extensionsJson(extensions),
    ExtraExtensions: null,
    ...namesJson(named === undefined ? undefined : parseNames(named.value)),
  };
}

/** Text of a name; other types of values have no text and are refused by certificates, but not by requests. */
function requestText(tag: number, content: Uint8Array): string {
  return asn1Text(tag, content);
}

/** The extensions that the request asks for. */
function requestedExtensions(attributes: readonly Element[]): readonly Extension[] {
  const found: Extension[] = [];
  const seen = new Set<string>();
  for (const { content } of attributes) {
    const reader = new DerReader(content);
    if (reader.oid()?.join('.') !== EXTENSION_REQUEST) continue;
    const values = reader.enter(TAG.set);
    if (values === null || values.empty) continue;
    const list = values.enter(TAG.sequence) ?? mismatch();
    while (!list.empty) {
      const extension = readExtension(list.enter(TAG.sequence) ?? mismatch());
      const name = extension.id.join('.');
      if (seen.has(name)) problem('x509: certificate request contains duplicate requested extensions');
      seen.add(name);
      found.push(extension);
    }
  }
  return found;
}

/** Attributes whose values are sets of sequences of pairs of type and value; others are left out. */
function attributesJson(attributes: readonly Element[]): Value {
  const shown = attributes.flatMap(({ tag, content }) => {
    const reader = new DerReader(content);
    const type = reader.oid();
    const values = reader.enter(TAG.set);
    const read =
      tag === TAG.sequence && type !== null && values !== null && reader.empty ? pairSets(values) : null;
    return read === null ? [] : [{ Type: type, Value: read }];
  });
  return shown.length === 0 ? null : (shown as Value);
}

function pairSets(values: DerReader): Value[] | null {
  const sets: Value[] = [];
  while (!values.empty) {
    const list = values.enter(TAG.sequence);
    if (list === null) return null;
    const pairs: Value[] = [];
    while (!list.empty) {
      const pair = list.enter(TAG.sequence);
      const type = pair?.oid() ?? null;
      const value = pair?.any() ?? null;
      if (type === null || value === null) return null;
      const shown = anyJson(value);
      if (shown === undefined) return null;
      pairs.push({ Type: type, Value: shown });
    }
    sets.push(pairs);
  }
  return sets;
}

/** A value of any type as Go shows it; undefined when it is malformed. */
function anyJson({ tag, content }: Element): Value | undefined {
  switch (tag) {
    case TAG.boolean:
      return content.length === 1 ? content[0] !== 0 : undefined;
    case TAG.integer: {
      const found = integerOf(content);
      return found === null ? undefined : normal(found);
    }
    case TAG.octetString:
      return toStandard(content);
    case TAG.oid:
      return oidOf(content) ?? undefined;
    default:
      try {
        return asn1Text(tag, content);
      } catch (error) {
        if (error instanceof Problem) return null;
        throw error;
      }
  }
}
