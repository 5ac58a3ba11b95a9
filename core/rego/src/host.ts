import type { GraphqlLibrary } from './builtins/graphql/library.ts';
import type { YamlLibrary } from './builtins/yaml/library.ts';
import type { HostCrypto } from './host-crypto.ts';
import type { Json, Value } from './values.ts';

/**
 * What a program may use of the world around it. Everything is optional: a policy that calls a built-in which needs
 * something that the host does not offer is refused when it is loaded.
 */
export interface Host {
  /** Milliseconds since 1970, for `time.now_ns`. Without it the clock stands at 0. */
  readonly now?: () => number;
  /** Takes what `print` prints. Without it `print` does nothing, and its arguments are not computed. */
  readonly print?: (text: string, place: { readonly file: string; readonly row: number }) => void;
  /** Hears the name of every case of a test rule such as `test_x[name]` before the case is tried. */
  readonly testCase?: (names: readonly Value[]) => void;
  /** Hashes, signatures, randomness: `crypto.*`, `io.jwt.*`, `providers.aws.*`, `uuid.rfc4122`, `rand.intn`. */
  readonly crypto?: HostCrypto;
  /** Sends a request, for `http.send`. Only asynchronous evaluations can use it. */
  readonly http?: HttpClient;
  /** All addresses of a name, for `net.lookup_ip_addr`; rejects when there are none. Only for asynchronous evaluations. */
  readonly lookup?: (name: string, deadline: AbortSignal) => Promise<readonly string[]>;
  /** What `opa.runtime` gives, without credentials; `{}` when absent. */
  readonly runtime?: Json;
  /** The package `graphql`, for `graphql.*`. Called when such a built-in is first needed: loading it takes a while. */
  readonly graphql?: () => GraphqlLibrary;
  /** The package `yaml`, for `yaml.*`. Called when such a built-in is first needed: loading it takes a while. */
  readonly yaml?: () => YamlLibrary;
}

/** Sends one request. Rejects with an Error whose message says why there is no response. */
export type HttpClient = (request: HttpRequest, deadline: AbortSignal) => Promise<HttpResponse>;

/** A request of `http.send`, checked for form but not for permission. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** Names in the spelling that the policy gave. */
  readonly headers: Readonly<Record<string, string>>;
  /** UTF-8 text. */
  readonly body: string | null;
  readonly followRedirects: boolean;
  /** For each try; 0 is no limit of its own. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly tls: HttpTls;
  /** How long an answer may be used again by other evaluations; null: never. */
  readonly cache: HttpCaching | null;
}

/** `headers`: as the response's headers say; otherwise for this many seconds. */
export interface HttpCaching {
  readonly lifetime: 'headers' | number;
  /** Requests that differ only in these headers may share an answer. */
  readonly ignoredHeaders: readonly string[];
}

/** The fields `tls_*` of `http.send`. Files and environment variables are named, not read. */
export interface HttpTls {
  readonly useSystemCerts: boolean;
  readonly insecureSkipVerify: boolean;
  readonly serverName: string;
  readonly caCert: Secret;
  readonly clientCert: Secret;
  readonly clientKey: Secret;
}

/** PEM text given in one of three ways; empty strings are not given. */
export interface Secret {
  readonly text: string;
  readonly file: string;
  readonly env: string;
}

/** A response of any status. */
export interface HttpResponse {
  readonly statusCode: number;
  /** Code and phrase: `200 OK`. */
  readonly status: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
}
