/** What a policy is told about one request. */
import type { CredentialFacts, DestinationFacts } from '@chaperone/protocol';
import type { Found } from '../credentials/match.ts';
import type { Header, RequestHead } from '../http/desk.ts';
import type { Ledger } from './ledger.ts';
import type { Regions } from './regions.ts';
import { storageOf } from './storage.ts';
import { parseTarget } from './target.ts';

export type RequestFacts = {
  readonly destination: DestinationFacts;
  readonly operation?: string;
};

export type Surroundings = {
  /** Of the far side's socket. */
  readonly ip: string;
  readonly port: number;
  readonly regions: Regions;
  readonly seen: Ledger;
};

export function factsOf(head: RequestHead, { ip, port, regions, seen }: Surroundings): RequestFacts {
  const { host, method, headers, length } = head;
  const { path, query } = parseTarget(head.target);
  const type = mediaTypeOf(headers);
  const storage = storageOf({
    host,
    method,
    path,
    query: query ?? '',
    isCopy: valuesOf(headers, 'x-amz-copy-source').length > 0,
    isForm: type === 'multipart/form-data',
  });
  const region = regions.of(host, ip) ?? storage?.region;
  const operation = head.upgrade ?? storage?.operation;
  return {
    destination: {
      host,
      ip,
      port,
      protocol: head.scheme,
      method,
      path,
      ...(query === undefined ? {} : { query }),
      ...(type === undefined ? {} : { content_type: type }),
      ...(length === undefined ? {} : { bytes: length }),
      bytes_before: seen.sentTo(host),
      first_seen: !seen.hasReached(host),
      ...(region === undefined ? {} : { region }),
      ...(storage?.bucket === undefined ? {} : { bucket: storage.bucket }),
    },
    ...(operation === undefined ? {} : { operation }),
  };
}

/** In the order of the wire. @param name lower case */
export function valuesOf(headers: readonly Header[], name: string): string[] {
  return headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
}

/** Lower case, without parameters; undefined where it is none. */
function mediaTypeOf(headers: readonly Header[]): string | undefined {
  const [value] = valuesOf(headers, 'content-type');
  const type = value?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}$/.test(type) ? type : undefined;
}

/**
 * The worst that is known of the credentials of a request: one that the agent brought itself counts before one that was put in.
 *
 * @param given those that were put in
 */
export function credentialFacts(
  found: readonly { readonly id: string; readonly kind: string }[],
  given: readonly { readonly id: string; readonly kind: string }[],
): CredentialFacts | undefined {
  const [unknown] = found;
  if (unknown) return { kind: unknown.kind, id: unknown.id, provenance: 'unknown' };
  const [own] = given;
  return own && { kind: own.kind, id: own.id, provenance: 'vault' };
}

/** Without the credentials that stand in it: a policy is told of them by name. */
export function withoutFound(facts: RequestFacts, found: readonly Found[]): RequestFacts {
  if (found.length === 0) return facts;
  const names = [...found].toSorted((one, other) => other.written.length - one.written.length);
  const clean = (text: string): string =>
    names.reduce((left, { written, credential }) => left.replaceAll(written, `{${credential.id}}`), text);
  return withTexts(facts, clean);
}

/** @param clean for every text that the agent wrote */
export function withTexts(facts: RequestFacts, clean: (text: string) => string): RequestFacts {
  const { path, query, content_type: type, method, bucket, ...rest } = facts.destination;
  return {
    ...facts,
    destination: {
      ...rest,
      ...(method === undefined ? {} : { method: clean(method) }),
      ...(path === undefined ? {} : { path: clean(path) }),
      ...(query === undefined ? {} : { query: clean(query) }),
      ...(type === undefined ? {} : { content_type: clean(type) }),
      ...(bucket === undefined ? {} : { bucket: clean(bucket) }),
    },
  };
}
