/** What `createPep` takes. */
import type { ActionName, ObligationKind } from '@chaperone/protocol';
import type { KeyObject } from 'node:crypto';
import type { BreakerOptions } from './breaker.ts';
import type { Handlers } from './obligations.ts';
import type { SignatureAlgorithm } from './signature.ts';
import type { Surroundings } from './surroundings.ts';

/** Actions that change nothing. Only these can be allowed when nobody answers. */
export type ReadAction = Extract<ActionName, 'read_file' | 'resolve_name'>;

/**
 * What happens when the decision point is silent (see `Silence`). An answer that is wrong, refused or not trusted is a
 * deny in every mode: who can break an answer must gain nothing by it.
 */
export type FailMode = 'deny' | { readonly allowInAudit: readonly ReadAction[] };

export type TlsOptions = {
  /** PEM. The authority that issued the server's certificate; the system's authorities when absent. */
  readonly ca?: string | Uint8Array;
  /** PEM. Our certificate, for a server that wants one. */
  readonly cert?: string | Uint8Array;
  /** PEM. */
  readonly key?: string | Uint8Array;
  /** Base64 of the SHA-256 of the server's public key (SPKI, DER). One must match, besides the authority. */
  readonly pins?: readonly string[];
  /** The name the certificate must have; the host of the URL when absent. */
  readonly servername?: string;
};

export type SigningOptions = {
  /** By this name the server knows the key. Printable ASCII. */
  readonly keyid: string;
  readonly alg: SignatureAlgorithm;
  /** A private key as PEM, 32 bytes or more for HMAC, or a KeyObject of either. */
  readonly key: string | Uint8Array | KeyObject;
};

export type RetryOptions = {
  /** Requests for one decision, the first one included. */
  readonly attempts: number;
  /** The wait before attempt n is random, up to `baseMs · 2^(n-2)` and at most `maxMs`. */
  readonly baseMs: number;
  readonly maxMs: number;
};

export type PepOptions = {
  /** `https://host:port` or `http://127.0.0.1:8181`; a path in it is put before every path. */
  readonly url?: string;
  /** Absolute path of a Unix socket, instead of `url`. */
  readonly unix?: string;
  /** Users (uid) who may own that socket; root and ourselves when absent. */
  readonly socketOwners?: readonly number[];
  /** `/v1/data/chaperone/access/decision` when absent. */
  readonly path?: string;
  readonly tls?: TlsOptions;
  /** Permits `http:` to another machine, where anyone on the way can write the answers. */
  readonly allowUnencrypted?: boolean;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
  readonly signing?: SigningOptions;
  /** From the question to the decision, over all attempts and waits. Default 2000. */
  readonly deadlineMs?: number;
  /** One attempt; the rest of the deadline when absent. */
  readonly attemptMs?: number;
  /** Default: 3 attempts, 25 ms, 250 ms. */
  readonly retries?: Partial<RetryOptions>;
  /** Default: 8 failed decisions open it for 1000 ms. */
  readonly breaker?: Partial<BreakerOptions>;
  /** Default `deny`. */
  readonly failMode?: FailMode;
  /** Who carries out which obligation. A decision that asks for another one is a deny. */
  readonly obligations?: Handlers;
  /** How long a handler may take. Default 30 000. */
  readonly obligationMs?: number;
  /** Default 262 144. */
  readonly maxResponseBytes?: number;
  /** Default 1 048 576. */
  readonly maxRequestBytes?: number;
  /** Connections at once; more questions wait for one, within their deadline. Default 32. */
  readonly maxConnections?: number;
  /** Whether outcomes are told to `/v1/outcomes`. Default true. */
  readonly outcomes?: boolean;
  /** Is told, in one line of our own words, what an operator should know. */
  readonly onNotice?: (line: string) => void;
  /** For tests. */
  readonly surroundings?: Partial<Surroundings>;
};

export type HandledKinds = ReadonlySet<ObligationKind>;
