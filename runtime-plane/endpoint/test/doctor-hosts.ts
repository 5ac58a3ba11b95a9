/**
 * Hosts that are not here, as facts. `here` was recorded; the others are composed from what their kernels and profiles
 * are documented to do: Landlock versions by release, the errno of a missing flag, bubblewrap's own words.
 */
import type { HostFacts, KernelProbe } from '../src/enforce/doctor/facts.ts';
import type { NamespaceFacts } from '../src/enforce/doctor/namespaces.ts';

const EPERM = 1;
const EINVAL = 22;

const whole: KernelProbe = {
  landlock: 7,
  landlock_errno: 0,
  landlock_holds: 0,
  listener: 0,
  wait_killable: 0,
  sync_wake_up: 0,
  addfd: 0,
  addfd_send: 0,
  pidfd_open: 0,
  pidfd_getfd: 0,
  pidfd_thread: 0,
  memfd: 0,
  read_memory: 0,
  seize: 0,
  user_namespace: 0,
  mount: 0,
  clock: 0,
  clock_synchronised: 1,
};

type Given = {
  readonly kernel?: Partial<KernelProbe>;
  readonly system?: Partial<HostFacts['system']>;
  readonly namespaces?: Partial<NamespaceFacts>;
  readonly limits?: Partial<HostFacts['limits']>;
  readonly security?: Partial<HostFacts['security']>;
  readonly journal?: Partial<NonNullable<HostFacts['journal']>>;
} & Partial<Pick<HostFacts, 'gate' | 'key' | 'nowMs' | 'policy'>>;

/** A host where everything works, but for what is given. */
export function aHost(given: Given = {}): HostFacts {
  const system = {
    platform: 'linux',
    machine: 'x64',
    kernel: '6.18.44',
    distribution: { ids: ['debian'], name: 'Debian GNU/Linux 13 (trixie)' },
    root: false,
    container: undefined,
    wsl: false,
    node: '24.21.0',
    ...given.system,
  };
  const { root, distribution, container, wsl } = system;
  return {
    system,
    gate: { file: '/opt/chaperone/gate', state: 'ready', compiler: '/usr/bin/cc' },
    kernel: { ...whole, ...given.kernel },
    limits: { session: undefined, seccomp: 0, noNewPrivileges: false, bounded: false, ...given.limits },
    security: { modules: undefined, bootModules: undefined, ptraceScope: undefined, ...given.security },
    namespaces: {
      root,
      distribution,
      container,
      wsl,
      bubblewrap: '/usr/bin/bwrap',
      said: undefined,
      timedOut: false,
      admin: root,
      confined: false,
      maxUserNamespaces: 63_000,
      unprivilegedClone: undefined,
      apparmorRestricted: undefined,
      strippingProfile: false,
      ...given.namespaces,
    },
    journal: {
      folder: '/home/ada/.local/state/chaperone/journal',
      tried: '/home/ada/.local',
      outcome: 'written',
      freeBytes: 50 * 1024 ** 3,
      freeFiles: 1_000_000,
      totalFiles: 2_000_000,
      ...given.journal,
    },
    key: given.key ?? { state: 'absent', folder: '/home/ada/.local/state/chaperone' },
    desktop: {
      x11: ':0',
      wayland: '/run/user/1000/wayland-0',
      sessionBus: 'unix:path=/run/user/1000/bus',
      dbusProxy: undefined,
      socat: undefined,
      tpm: true,
      homeEncrypted: true,
    },
    nowMs: given.nowMs ?? Date.UTC(2026, 10, 22),
    ...(given.gate ? { gate: given.gate } : {}),
    ...(given.policy ? { policy: given.policy } : {}),
  };
}

const ubuntu = (name: string): HostFacts['system']['distribution'] => ({ ids: ['ubuntu', 'debian'], name });

/** Linux 6.1: Landlock 2, no SYNC_WAKE_UP, no PIDFD_THREAD. */
export const debian12 = aHost({
  system: {
    kernel: '6.1.0-41-amd64',
    distribution: { ids: ['debian'], name: 'Debian GNU/Linux 12 (bookworm)' },
  },
  kernel: { landlock: 2, sync_wake_up: EINVAL, pidfd_thread: EINVAL },
  namespaces: { unprivilegedClone: 1 },
  security: { ptraceScope: 0 },
});

/** Linux 6.8: Landlock 4. A user namespace can be made, and whoever makes it has no capability in it. */
export const ubuntu2404 = aHost({
  system: { kernel: '6.8.0-90-generic', distribution: ubuntu('Ubuntu 24.04.3 LTS') },
  kernel: { landlock: 4, pidfd_thread: EINVAL, user_namespace: EPERM, mount: EPERM },
  namespaces: {
    said: 'bwrap: setting up uid map: Permission denied',
    unprivilegedClone: 1,
    apparmorRestricted: 1,
  },
  security: { ptraceScope: 1 },
});

/** Its profile lets bubblewrap make namespaces, and leaves the gate in them without capabilities. */
export const ubuntu2504 = aHost({
  system: { kernel: '6.14.0-37-generic', distribution: ubuntu('Ubuntu 25.04') },
  kernel: { landlock: 6, user_namespace: EPERM },
  namespaces: {
    said: 'chaperone: gate: session network: loopback: Operation not permitted',
    apparmorRestricted: 1,
    strippingProfile: true,
  },
  security: { ptraceScope: 1 },
});

export const fedora = aHost({
  system: { kernel: '6.17.9-300.fc43.x86_64', distribution: { ids: ['fedora'], name: 'Fedora Linux 43' } },
  security: { ptraceScope: 0 },
});

/** Docker's own filter: no namespaces without CAP_SYS_ADMIN, no pidfd_getfd without CAP_SYS_PTRACE. */
export const docker = aHost({
  system: { root: true, container: 'docker', kernel: '6.8.0-90-generic' },
  kernel: {
    landlock: 4,
    pidfd_thread: EINVAL,
    pidfd_getfd: EPERM,
    sync_wake_up: -1,
    addfd: -1,
    addfd_send: -1,
    read_memory: -1,
    seize: -1,
    user_namespace: EPERM,
    mount: EPERM,
  },
  limits: { seccomp: 2, bounded: true },
  namespaces: {
    admin: false,
    confined: true,
    said: 'bwrap: Creating new namespace failed: Operation not permitted',
  },
});

/** Microsoft's 6.6 kernel: Landlock 3, no AppArmor. */
export const wsl2 = aHost({
  system: {
    kernel: '6.6.87.2-microsoft-standard-WSL2',
    wsl: true,
    distribution: ubuntu('Ubuntu 24.04.3 LTS'),
  },
  kernel: { landlock: 3, pidfd_thread: EINVAL },
  security: { ptraceScope: 1 },
});
