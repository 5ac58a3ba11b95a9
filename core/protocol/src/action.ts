/**
 * What an agent wants to do, and the document a policy decides on. Every enforcement point builds this one shape;
 * a fact that is not known is absent, never invented. Field names are the ones Rego sees, hence snake_case.
 */

export const actionNames = [
  'read_file',
  'write_file',
  'create_file',
  'delete_file',
  'rename_file',
  'execute',
  'connect',
  'resolve_name',
  'http_request',
  'ipc_connect',
  'read_credential',
  'use_clipboard',
  'mint_token',
  'call_tool',
  'os_api',
] as const;

export type ActionName = (typeof actionNames)[number];

export type Mode = 'audit' | 'enforce';

export type ProcessFacts = {
  /** Always there in a session of our own; another enforcement point may not know it. */
  readonly pid?: number;
  /** Absolute path of the running executable, from the kernel, not from argv. */
  readonly exe?: string;
  /** Lower-case hex. */
  readonly sha256?: string;
  readonly roles?: readonly string[];
  /** Executables from the parent upwards to the session's first process. */
  readonly ancestors?: readonly string[];
  readonly container?: string;
};

export type AgentFacts = {
  /** Profile id, found by measurement; never the name a program gives itself. */
  readonly id?: string;
  readonly type?: string;
  readonly risk?: string;
  /** What the profile says the agent can reach: filesystem, terminal, network, … */
  readonly capabilities?: readonly string[];
  readonly trust?: string;
  readonly session?: string;
};

export type DeviceFacts = {
  readonly id?: string;
  readonly attested?: boolean;
  /** ISO 8601, UTC. */
  readonly attested_at?: string;
  readonly posture?: Readonly<Record<string, unknown>>;
};

export type ContentFinding = {
  readonly class: string;
  /** 85 high, 75 medium, 65 low. */
  readonly confidence: number;
  readonly count: number;
  /** Different values. */
  readonly distinct: number;
};

export type ResourceFacts = {
  /** What the path names: file, directory, symlink, fifo, socket, character_device, block_device. */
  readonly kind?: string;
  /** Hard links: more than one means that the file has other names, too. */
  readonly links?: number;
  /** Names of sensitivity labels, lower case; the id of one whose name is not known. */
  readonly labels?: readonly string[];
  /** Classes of what was found in the content with confidence 75 or more, such as `pii.iban`, and `unread.*` for what could not be read. */
  readonly classification?: readonly string[];
  /** The same with figures, from confidence 65. */
  readonly findings?: readonly ContentFinding[];
  /** What would be replaced: `labels` and `classification` of the file as it is. */
  readonly previous?: { readonly labels?: readonly string[]; readonly classification?: readonly string[] };
  /** What a write would do to the label of the file that it replaces. */
  readonly label_change?: 'none' | 'added' | 'raised' | 'lowered' | 'changed' | 'removed';
  /** Bytes. */
  readonly size?: number;
  readonly mount?: 'local' | 'network' | 'removable';
  readonly owner?: string;
};

export type DestinationFacts = {
  readonly host?: string;
  readonly ip?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly method?: string;
  readonly path?: string;
  /** Without the question mark. */
  readonly query?: string;
  /** Media type of the body, lower case, without parameters. */
  readonly content_type?: string;
  readonly region?: string;
  /** Of the body. */
  readonly bytes?: number;
  /** Bytes of bodies that went to this host in this session before. */
  readonly bytes_before?: number;
  /** Whether the session reaches this host for the first time. */
  readonly first_seen?: boolean;
  /** Storage that the request is about. */
  readonly bucket?: string;
};

export type CredentialFacts = {
  readonly kind: string;
  /** Name of a credential that is known here. */
  readonly id?: string;
  readonly provenance?: 'vault' | 'attested' | 'unknown';
};

/** A time-boxed permission that an approval created. */
export type Grant = {
  readonly id: string;
  readonly action: ActionName;
  readonly path?: string;
  /** ISO 8601, UTC. */
  readonly expires_at: string;
  readonly approved_by?: string;
};

/** The file that an `execute` starts and the arguments it is given. */
export type CommandFacts = {
  readonly argv?: readonly string[];
  readonly cwd?: string;
  readonly sha256?: string;
  /** For a script: the program that will read it. */
  readonly interpreter?: string;
  /** For an interpreter: the script that named it. */
  readonly script?: string;
};

/** The tool or system call behind `call_tool` and `os_api`. */
export type CallFacts = {
  readonly name: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
};

export type DecisionInput = {
  readonly action: ActionName;
  /** Absolute, resolved in the caller's own view. */
  readonly path?: string;
  /** Base64 of the exact bytes, present only when `path` cannot carry them (see `wirePath`). */
  readonly path_bytes?: string;
  /** Where a rename goes. */
  readonly target?: string;
  readonly target_bytes?: string;
  /** What precisely is done, where the action alone does not say it: metadata, link, rename, a DNS record type. */
  readonly operation?: string;
  readonly command?: CommandFacts;
  readonly call?: CallFacts;
  readonly process?: ProcessFacts;
  readonly agent?: AgentFacts;
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly device?: DeviceFacts;
  readonly resource?: ResourceFacts;
  readonly destination?: DestinationFacts;
  readonly credential?: CredentialFacts;
  readonly grants?: readonly Grant[];
  /** ISO 8601, UTC. */
  readonly time?: string;
  readonly mode?: Mode;
  /** Name of the enforcement point that asked, when a signature showed it. */
  readonly pep?: string;
};

const knownActions: ReadonlySet<string> = new Set(actionNames);

export function isActionName(value: unknown): value is ActionName {
  return typeof value === 'string' && knownActions.has(value);
}
