/** A client's certificate as the authorisation policy sees it: the fields of Go's `x509.Certificate` that policies use. */
import type { X509Certificate } from 'node:crypto';
import type { Value } from '@chaperone/rego';

type Attribute = { readonly name: string; readonly value: string };

/** Names that Go writes in capitals, as they are called here. */
const goNames: Readonly<Record<string, string>> = {
  serialNumber: 'SERIALNUMBER',
  postalCode: 'POSTALCODE',
  street: 'STREET',
};

/** `CN=agent,O=Example`: the last attribute first, as in RFC 2253. */
export function subjectOf(certificate: X509Certificate): string {
  return attributesOf(certificate.subject)
    .toReversed()
    .map(({ name, value }) => `${goNames[name] ?? name}=${value}`)
    .join(',');
}

export function describeCertificate(certificate: X509Certificate): Value {
  const names = alternativeNames(certificate.subjectAltName ?? '');
  const named = (kind: string): string[] =>
    names.filter(({ name }) => name === kind).map(({ value }) => value);
  return {
    Raw: certificate.raw.toString('base64'),
    Subject: describeName(certificate.subject),
    Issuer: describeName(certificate.issuer),
    SerialNumber: BigInt(`0x${certificate.serialNumber}`),
    NotBefore: certificate.validFromDate.toISOString(),
    NotAfter: certificate.validToDate.toISOString(),
    IsCA: certificate.ca,
    DNSNames: named('DNS'),
    EmailAddresses: named('email'),
    IPAddresses: named('IP Address'),
    URIs: named('URI'),
  };
}

function describeName(text: string): Value {
  const attributes = attributesOf(text);
  const all = (name: string): string[] =>
    attributes.filter((one) => one.name === name).map(({ value }) => value);
  return {
    Country: all('C'),
    Organization: all('O'),
    OrganizationalUnit: all('OU'),
    Locality: all('L'),
    Province: all('ST'),
    CommonName: all('CN').at(-1) ?? '',
    SerialNumber: all('serialNumber').at(-1) ?? '',
  };
}

/** One attribute per line. */
function attributesOf(text: string): Attribute[] {
  return text.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 0 ? [] : [{ name: line.slice(0, at), value: line.slice(at + 1) }];
  });
}

/** `DNS:a, URI:spiffe://b, DNS:"c, d"`: what has a comma or quote in it is a JSON string. */
function alternativeNames(text: string): Attribute[] {
  const found = text.matchAll(/([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g);
  return [...found].map((match) => {
    const value = match[2] ?? '';
    return { name: match[1] ?? '', value: value.startsWith('"') ? unquote(value) : value };
  });
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
