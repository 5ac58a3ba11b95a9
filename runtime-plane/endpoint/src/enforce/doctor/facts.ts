/** What was found out about a host, as plain data: gathered by trying, judged without any I/O. */
import type { Isolation, Nesting } from '../floor.ts';
import type { NamespaceFacts } from './namespaces.ts';

/** What a try gave: 0 it works, an errno it does not, -1 it could not be tried. */
export type Tried = number;

/** The answer of `chaperone-gate --probe-kernel`. */
export type KernelProbe = {
  /** Landlock ABI version, 0 for none. */
  readonly landlock: number;
  /** Of landlock_create_ruleset: EOPNOTSUPP where it is built but not enabled at boot. */
  readonly landlock_errno: Tried;
  /** A domain that grants nothing refuses to read. */
  readonly landlock_holds: Tried;
  readonly listener: Tried;
  readonly wait_killable: Tried;
  readonly sync_wake_up: Tried;
  readonly addfd: Tried;
  readonly addfd_send: Tried;
  readonly pidfd_open: Tried;
  readonly pidfd_getfd: Tried;
  readonly pidfd_thread: Tried;
  readonly memfd: Tried;
  /** process_vm_readv of the held caller, and PTRACE_SEIZE of it. */
  readonly read_memory: Tried;
  readonly seize: Tried;
  /** A user namespace in which its maker has capabilities. */
  readonly user_namespace: Tried;
  readonly mount: Tried;
  readonly clock: Tried;
  /** 1 or 0; -1 when unknown. */
  readonly clock_synchronised: number;
};

export type Distribution = {
  /** `ID` and `ID_LIKE` of os-release(5), most specific first. */
  readonly ids: readonly string[];
  readonly name: string;
};

export type SystemFacts = {
  readonly platform: string;
  readonly machine: string;
  /** Release of the kernel, `uname -r`. */
  readonly kernel: string;
  readonly distribution: Distribution;
  readonly root: boolean;
  /** docker, podman, lxc …; undefined outside of any. */
  readonly container: string | undefined;
  readonly wsl: boolean;
  /** Version of the Node that runs this, without the v. */
  readonly node: string;
};

export type GateFacts = {
  readonly file: string;
  readonly state: 'ready' | 'missing' | 'broken';
  /** What it printed instead of an answer. */
  readonly said?: string;
  readonly compiler: string | undefined;
};

/** What limits this very process already (proc_pid_status(5)). */
export type LimitFacts = {
  /** The chaperone session that this runs in. */
  readonly session: string | undefined;
  /** 0 none, 1 strict, 2 filters. */
  readonly seccomp: number;
  readonly noNewPrivileges: boolean;
  /** Some capability is gone from the bounding set for good. */
  readonly bounded: boolean;
};

export type SecurityFacts = {
  /** Active security modules; undefined when securityfs is not mounted or not readable. */
  readonly modules: readonly string[] | undefined;
  /** The value of `lsm=` on the kernel's command line. */
  readonly bootModules: string | undefined;
  /** kernel.yama.ptrace_scope; undefined without Yama. */
  readonly ptraceScope: number | undefined;
};

export type JournalFacts = {
  readonly folder: string;
  /** Where a file was written and synced: the folder, or the nearest one above it that exists. */
  readonly tried: string;
  readonly outcome: 'written' | 'failed' | 'timed_out';
  /** An errno name, or `unsafe` when others can write there. */
  readonly problem?: string;
  readonly freeBytes?: number;
  /** 0 also where the file system does not count them. */
  readonly freeFiles?: number;
  readonly totalFiles?: number;
};

export type KeyFacts = {
  readonly state: 'present' | 'absent' | 'unusable';
  readonly folder: string;
  readonly id?: string;
  readonly problem?: string;
};

export type DesktopFacts = {
  readonly x11: string | undefined;
  readonly wayland: string | undefined;
  readonly sessionBus: string | undefined;
  readonly dbusProxy: string | undefined;
  readonly socat: string | undefined;
  readonly tpm: boolean;
  /** undefined: could not be found out. */
  readonly homeEncrypted: boolean | undefined;
};

export type PolicyFacts =
  | { readonly location: string; readonly isolation: Isolation; readonly nesting: Nesting }
  | { readonly location: string; readonly problem: string };

export type LayerFacts = { readonly problem?: { readonly what: string; readonly remedy: string } };

export type HostFacts = {
  readonly system: SystemFacts;
  readonly gate: GateFacts;
  /** Absent when the gate cannot be run, and inside a session, where trying would only be refused. */
  readonly kernel?: KernelProbe;
  readonly limits: LimitFacts;
  readonly security: SecurityFacts;
  readonly namespaces?: NamespaceFacts;
  /** Whether a quarantine layer can be mounted; absent where that was not tried. */
  readonly layer?: LayerFacts;
  readonly journal?: JournalFacts;
  readonly key?: KeyFacts;
  readonly desktop: DesktopFacts;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly policy?: PolicyFacts;
};
