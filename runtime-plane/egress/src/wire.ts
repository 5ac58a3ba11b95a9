/**
 * What passes between the endpoint and its egress process, as structured clones over Node's channel. The endpoint knows who
 * connects and what policy says; the egress process sees the bytes, and nothing of theirs is parsed anywhere else.
 */
import type {
  CertificateSeen,
  CredentialFacts,
  DestinationFacts,
  Mode,
  Obligation,
  ResourceFacts,
} from '@chaperone/protocol';
import type { EgressSettings } from './settings.ts';

/** Of one connect of the agent; the gate's number for the call. */
export type ConnectionId = string;

/** A credential that the process may put into requests, or knows by fingerprint only. */
export type KnownCredential = {
  readonly id: string;
  /** Such as `api_key`. */
  readonly kind: string;
  /** See `fingerprintOf`. */
  readonly fingerprint: string;
  readonly injection?: Injection;
};

export type Injection = {
  readonly placeholder: string;
  readonly secret: string;
  /** `api.example.com`, `*.example.com`. */
  readonly hosts: readonly string[];
  /** Lower case: the only header in which the placeholder is replaced. */
  readonly header: string;
};

/** The authority that certificates of intercepted destinations come from, PEM. */
export type Authorship = { readonly certificate: string; readonly key: string };

/** The first message. */
export type Start = {
  readonly kind: 'start';
  readonly session: string;
  /** Under `audit`, what no policy can allow is recorded and goes on. */
  readonly mode: Mode;
  readonly settings: EgressSettings;
  /** False where the policy never speaks of requests: they are not asked, and go where the connection may go. */
  readonly asksRequests: boolean;
  /** Of a process of this session that died; absent: a new one is made. */
  readonly authority?: Authorship;
  /** Where names are looked up. */
  readonly nameservers: readonly string[];
  /** Of the session; fingerprints and pseudonyms depend on it. */
  readonly key: Uint8Array;
  readonly credentials: readonly KnownCredential[];
  /** Detectors of the policy's own; see `@chaperone/dlp`. */
  readonly custom?: unknown;
  /** Classes and detectors that the policy switched off. */
  readonly off: readonly string[];
  /** Names of sensitivity labels by the id that a document carries, in lower case. */
  readonly labelNames: Readonly<Record<string, string>>;
  /** Folder for copies of what was held back; the process writes nowhere else. */
  readonly quarantine: string | undefined;
};

export type ToEgress =
  | Start
  /** Reach the far side; answered by `reached`. */
  | { readonly kind: 'reach'; readonly connection: ConnectionId; readonly to: Target }
  /** The agent's own connection, with its socket; one for each `reach` that succeeded. */
  | { readonly kind: 'accepted'; readonly connection: ConnectionId }
  /** The agent's connect came to nothing. */
  | { readonly kind: 'dropped'; readonly connection: ConnectionId }
  | { readonly kind: 'name'; readonly id: number; readonly packet: Uint8Array; readonly asker: ConnectionId }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  /** The policy changed: what it no longer allows is closed. */
  | { readonly kind: 'recheck' }
  | { readonly kind: 'end' };

export type Target = {
  readonly ip: string;
  readonly port: number;
  /** Names under which the session resolved this address, the latest first. */
  readonly hosts: readonly string[];
  /** Whether a rule looks inside of requests to the latest of them. */
  readonly inspect: boolean;
  /** Names over TCP: a stream of questions to the resolver, whatever the address. */
  readonly names: boolean;
};

export type ToEndpoint =
  | { readonly kind: 'ready'; readonly authority: Authorship }
  | { readonly kind: 'failed'; readonly message: string }
  /** `errno` is 0, or what the agent's connect answers. */
  | { readonly kind: 'reached'; readonly connection: ConnectionId; readonly errno: number }
  | { readonly kind: 'named'; readonly id: number; readonly packet: Uint8Array }
  | { readonly kind: 'learned'; readonly host: string; readonly addresses: readonly string[] }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'refused'; readonly refusal: Refused }
  /** Of the connection, or of the decision of one request in it. */
  | {
      readonly kind: 'ended';
      readonly connection: ConnectionId;
      readonly decision?: string;
      readonly result: 'done' | 'failed' | 'abandoned';
      readonly sentBytes: number;
      readonly receivedBytes: number;
      readonly tookMs: number;
      /** Of the far side, when its TLS was opened; its own words. */
      readonly certificate?: CertificateSeen;
      /** Values that were replaced in what was sent, by class. */
      readonly redacted?: Readonly<Record<string, number>>;
    };

export type Question =
  | { readonly about: 'name'; readonly asker: ConnectionId; readonly host: string; readonly type: string }
  /** The host that a ClientHello or a Host header names is none under which the address was resolved. */
  | {
      readonly about: 'host';
      readonly connection: ConnectionId;
      readonly host: string;
      readonly protocol: 'tls' | 'http';
    }
  | {
      readonly about: 'request';
      readonly connection: ConnectionId;
      readonly destination: DestinationFacts;
      /** `websocket` for an upgrade. */
      readonly operation?: string;
      readonly credential?: CredentialFacts;
      /** What the body holds; absent as long as nobody looked. */
      readonly resource?: ResourceFacts;
      /** Kinds that are carried out here, with this body. */
      readonly declared: readonly string[];
    };

export type Answer = {
  readonly allow: boolean;
  /** Id of the record; undefined when nothing was recorded, yet or at all. */
  readonly decision: string | undefined;
  readonly reason: string;
  readonly message: string;
  readonly rules: readonly string[];
  readonly obligations: readonly Obligation[];
  /** Nothing is decided: ask once more with `resource`. */
  readonly needsBody?: true;
  /** With `host`: whether a rule looks inside of requests to it. */
  readonly inspect?: boolean;
};

/** What no policy can allow, found in the bytes. */
export type Refused = {
  readonly connection: ConnectionId;
  readonly reason: RefusedReason;
  /** One line for a person; may hold the agent's text, escaped by whoever shows it. */
  readonly message: string;
  readonly destination: DestinationFacts;
};

export type RefusedReason =
  /** SNI, Host and the name that policy allowed do not agree. */
  | 'host_mismatch'
  /** A rule looks inside, and it is neither TLS nor HTTP; or TLS that cannot be opened. */
  | 'uninspectable'
  /** No request that can be understood in one way only. */
  | 'malformed_request'
  /** CONNECT, upgrades to what is not known. */
  | 'refused_upgrade'
  /** The certificate of the destination does not hold. */
  | 'upstream_certificate'
  /** An encrypted name, or no name that can be told. */
  | 'no_name'
  /** An outside name that leads inward, or an answer for another name. */
  | 'rebinding'
  /** Names that look like carried data, or too many. */
  | 'name_limits'
  | 'name_protocol'
  /** A known credential without provenance. */
  | 'credential_provenance'
  /** A body that is longer than what is looked at, or held, or that carries more than it may. */
  | 'body_limits'
  /** The answer depends on a body that nobody could look at in time. */
  | 'content_unread'
  /** What the permission asks for could not be done to the body. */
  | 'obligation_failed';
