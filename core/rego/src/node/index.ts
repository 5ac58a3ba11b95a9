/** What a policy may use of the world when it runs in Node. The only part of this package that knows Node. */
import type { Host, HttpClient } from '../host.ts';
import type { Json } from '../values.ts';
import { nodeCrypto } from './crypto.ts';
import { HttpPermission } from './http-policy.ts';
import type { HttpOptions } from './http.ts';
import { libraries } from './libraries.ts';
import { nodeLookup } from './lookup.ts';

export type { HttpOptions } from './http.ts';

export interface NodeHostOptions {
  /** Milliseconds since 1970; the machine's clock when absent. */
  readonly now?: () => number;
  /** What `http.send` may reach; without it policies that use `http.send` are refused. */
  readonly http?: HttpOptions;
  /** May policies look names up (`net.lookup_ip_addr`)? Default no: such policies are refused. */
  readonly lookup?: boolean;
  /** What `opa.runtime` gives. */
  readonly runtime?: Json;
}

/** A host with a clock, cryptography, YAML and GraphQL. Nothing is loaded before a policy uses it. */
export function nodeHost(options: NodeHostOptions = {}): Host {
  return {
    now: options.now ?? Date.now,
    crypto: nodeCrypto(),
    ...libraries(),
    ...(options.http === undefined ? {} : { http: lazyHttp(options.http) }),
    ...(options.lookup === true ? { lookup: nodeLookup() } : {}),
    ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
  };
}

/** The client is loaded with the first request; an allow-list that cannot be read is an error at once. */
function lazyHttp(options: HttpOptions): HttpClient {
  const permission = new HttpPermission(options);
  let client: Promise<HttpClient> | null = null;
  return async (request, deadline) => {
    client ??= import('./http.ts').then(({ nodeHttp }) => nodeHttp(options, permission));
    return (await client)(request, deadline);
  };
}
