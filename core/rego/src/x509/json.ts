import { toStandard } from '../crypto/base64.ts';
import { publicKeyJson } from '../crypto/json.ts';
import type { Value } from '../values.ts';
import { publicKeyAlgorithm, signatureAlgorithm } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import type { Network, Subtrees } from './constraints.ts';
import type { AlternativeNames, Extension } from './extensions.ts';
import { ipText } from './ip.ts';
import { nameJson } from './name.ts';
import { urlText } from '../go-url.ts';
import type { Url } from '../go-url.ts';

/** Go shows an empty list that nothing was ever added to as null. */
function orNull<T>(list: readonly T[] | undefined, show: (item: T) => Value): Value {
  return list === undefined || list.length === 0 ? null : list.map(show);
}

const same = <T extends Value>(value: T): Value => value;
const dotted = (oid: readonly number[]): Value => oid.join('.');

export function extensionsJson(extensions: readonly Extension[]): Value {
  return orNull(extensions, ({ id, critical, value }) => ({
    Id: id,
    Critical: critical,
    Value: toStandard(value),
  }));
}

function urlJson(url: Url): Value {
  return {
    Scheme: url.scheme,
    Opaque: url.opaque,
    User: url.user === null ? null : {},
    Host: url.host,
    Path: url.path,
    RawPath: url.rawPath,
    OmitHost: url.omitHost,
    ForceQuery: url.forceQuery,
    RawQuery: url.rawQuery,
    Fragment: url.fragment,
    RawFragment: url.rawFragment,
  };
}

export function namesJson(names: AlternativeNames | undefined): Record<string, Value> {
  return {
    DNSNames: orNull(names?.dns, same),
    EmailAddresses: orNull(names?.emails, same),
    IPAddresses: orNull(names?.ips, ipText),
    URIs: orNull(names?.urls, urlJson),
  };
}

function constraintsJson(
  prefix: 'Permitted' | 'Excluded',
  subtrees: Subtrees | undefined,
): Record<string, Value> {
  const network = ({ ip, mask }: Network): Value => ({ IP: ipText(ip), Mask: toStandard(mask) });
  return {
    [`${prefix}DNSDomains`]: orNull(subtrees?.dns, same),
    [`${prefix}IPRanges`]: orNull(subtrees?.networks, network),
    [`${prefix}EmailAddresses`]: orNull(subtrees?.emails, same),
    [`${prefix}URIDomains`]: orNull(subtrees?.hosts, same),
  };
}

function limits(found: Certificate['extended']): Record<string, Value> {
  return Object.fromEntries(
    (
      [
        ['RequireExplicitPolicy', found.requireExplicitPolicy],
        ['InhibitPolicyMapping', found.inhibitPolicyMapping],
        ['InhibitAnyPolicy', found.inhibitAnyPolicy],
      ] as const
    ).flatMap(([name, limit]) => [
      [name, limit ?? 0],
      [`${name}Zero`, limit === 0],
    ]),
  ) as Record<string, Value>;
}

/** A certificate as Go's encoder shows it. */
export function certificateJson(found: Certificate): Record<string, Value> {
  const { extended } = found;
  const bytes = (value: Uint8Array | null | undefined): Value => (value ? toStandard(value) : null);
  return {
    Raw: toStandard(found.raw),
    RawTBSCertificate: toStandard(found.rawToBeSigned),
    RawSubjectPublicKeyInfo: toStandard(found.rawPublicKey),
    RawSubject: toStandard(found.rawSubject),
    RawIssuer: toStandard(found.rawIssuer),
    Signature: toStandard(found.signature),
    SignatureAlgorithm: signatureAlgorithm(found.signatureAlgorithm).number,
    PublicKeyAlgorithm: publicKeyAlgorithm(found.publicKeyOid),
    PublicKey: publicKeyJson(found.publicKey),
    Version: found.version,
    SerialNumber: found.serial,
    Issuer: nameJson(found.issuer),
    Subject: nameJson(found.subject),
    NotBefore: found.notBefore.text,
    NotAfter: found.notAfter.text,
    KeyUsage: extended.keyUsage ?? 0,
    Extensions: extensionsJson(found.extensions),
    ExtraExtensions: null,
    UnhandledCriticalExtensions: orNull(extended.unhandled, same),
    ExtKeyUsage: orNull(extended.usages?.known, same),
    UnknownExtKeyUsage: orNull(extended.usages?.unknown, same),
    BasicConstraintsValid: extended.basic !== undefined,
    IsCA: extended.basic?.isCa ?? false,
    MaxPathLen: extended.basic?.maxPathLength ?? 0,
    MaxPathLenZero: extended.basic?.maxPathLength === 0,
    SubjectKeyId: bytes(extended.subjectKeyId),
    AuthorityKeyId: bytes(extended.authorityKeyId),
    OCSPServer: orNull(extended.ocsp, same),
    IssuingCertificateURL: orNull(extended.issuerUrls, same),
    ...namesJson(extended.names),
    PermittedDNSDomainsCritical: extended.nameConstraints?.critical ?? false,
    ...constraintsJson('Permitted', extended.nameConstraints?.permitted),
    ...constraintsJson('Excluded', extended.nameConstraints?.excluded),
    CRLDistributionPoints: orNull(extended.crl, same),
    PolicyIdentifiers: extended.policies ?? null,
    Policies: orNull(extended.policies, dotted),
    ...limits(extended),
    PolicyMappings: orNull(extended.mappings, ([issuer, subject]) => ({
      IssuerDomainPolicy: dotted(issuer),
      SubjectDomainPolicy: dotted(subject),
    })),
  };
}

/** The same with the URIs as text, too, which OPA adds. */
export function extendedCertificateJson(found: Certificate): Value {
  return { ...certificateJson(found), URIStrings: orNull(found.extended.names?.urls, urlText) };
}
