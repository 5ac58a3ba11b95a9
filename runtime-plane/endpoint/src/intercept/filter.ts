/**
 * The seccomp filter of a session, as a classic BPF program over `struct seccomp_data` (linux/seccomp.h). What needs a
 * decision or a record goes to the gate; a register argument is judged here, a pointer never.
 */
import { Assembler, JMP_JEQ, JMP_JGE, JMP_JSET } from './bpf.ts';
import { auditArch, firstUnknown, type Machine, numberOf } from './syscalls.ts';

const ALLOW = 0x7fff0000;
const NOTIFY = 0x7fc00000;
const errno = (code: number): number => (0x00050000 | code) >>> 0;
const ENOSYS = 38;

const OFFSET_NR = 0;
const OFFSET_ARCH = 4;
const low = (index: number): number => 16 + 8 * index;
const high = (index: number): number => low(index) + 4;

const O_PATH = 0o10000000;
/** CLONE_NEW{TIME,CGROUP,UTS,IPC,USER,PID,NET,NS} of linux/sched.h. */
const CLONE_NAMESPACES =
  0x80 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000 | 0x00020000;
/** In clone(2) 0x80 belongs to the exit signal. */
const CLONE_NAMESPACES_OF_CLONE = (CLONE_NAMESPACES & ~0x80) >>> 0;
const SECCOMP_FILTER_FLAG_NEW_LISTENER = 8;
const MSG_FASTOPEN = 0x20000000;
/** linux/prctl.h: makes /proc/PID/exe name another program, for whoever has a user namespace of its own. */
const PR_SET_MM = 35;

/**
 * Terminal injection; what an owner may change through a read-only descriptor; files and copies of whole trees that come
 * into being or go without a name in any call; memory that stops its reader (asm/ioctls.h, linux/{fs,fsverity,btrfs,userfaultfd}.h).
 */
const refusedIoctls = [
  0x5412 /* TIOCSTI */, 0x541c /* TIOCLINUX */, 0x40086602 /* FS_IOC_SETFLAGS */,
  0x401c5820 /* FS_IOC_FSSETXATTR */, 0x40806685 /* FS_IOC_ENABLE_VERITY */,
  0x50009401 /* BTRFS_IOC_SNAP_CREATE */, 0x50009417 /* BTRFS_IOC_SNAP_CREATE_V2 */,
  0x5000940e /* BTRFS_IOC_SUBVOL_CREATE */, 0x50009418 /* BTRFS_IOC_SUBVOL_CREATE_V2 */,
  0x5000940f /* BTRFS_IOC_SNAP_DESTROY */, 0x5000943f /* BTRFS_IOC_SNAP_DESTROY_V2 */,
  0xaa00 /* USERFAULTFD_IOC_NEW */,
];

/** Socket options that send packets by way of another host (netinet/in.h): IP_OPTIONS, IPV6_{2292RTHDR,2292PKTOPTIONS,RTHDR}. */
const sourceRoutes = [
  { level: 0, options: [4] },
  { level: 41, options: [5, 6, 57] },
];

const families = { unix: 1, inet: 2, inet6: 10, netlink: 16 } as const;
const types = { stream: 1, dgram: 2, seqpacket: 5 } as const;
/** The default, TCP, UDP, UDP-Lite and multipath TCP (netinet/in.h): others have ways to connect that no call here shows. */
const protocols = [0, 6, 17, 136, 262];

export type FilterOptions = {
  readonly machine: Machine;
  /** User namespaces and chroot belong to the agent's own sandbox; mounts are made for it, or refused. */
  readonly nesting: 'none' | 'userns' | 'mounts';
  /** Unix datagram sockets may exist, or there is no network namespace: every sendmsg is then performed by the gate. */
  readonly sendOnBehalf: boolean;
  /** Internet datagram sockets are bounded by a network namespace. */
  readonly ownNetwork: boolean;
  /** The kernel scopes signals (Landlock ABI 6). */
  readonly signalsScoped: boolean;
};

const alwaysNotified = [
  'openat2',
  'execve',
  'execveat',
  'connect',
  'bind',
  'creat',
  'unlink',
  'unlinkat',
  'rmdir',
  'rename',
  'renameat',
  'renameat2',
  'link',
  'linkat',
  'symlink',
  'symlinkat',
  'mkdir',
  'mkdirat',
  'mknod',
  'mknodat',
  'truncate',
  'chmod',
  'fchmod',
  'fchmodat',
  'fchmodat2',
  'chown',
  'lchown',
  'fchown',
  'fchownat',
  'utime',
  'utimes',
  'futimesat',
  'utimensat',
  'setxattr',
  'lsetxattr',
  'fsetxattr',
  'removexattr',
  'lremovexattr',
  'fremovexattr',
  'setxattrat',
  'removexattrat',
  'io_uring_setup',
  'io_uring_enter',
  'io_uring_register',
  'ptrace',
  'process_vm_readv',
  'process_vm_writev',
  'pidfd_getfd',
  'kcmp',
  'bpf',
  'perf_event_open',
  'userfaultfd',
  'name_to_handle_at',
  'open_by_handle_at',
  'keyctl',
  'add_key',
  'request_key',
  'kexec_load',
  'kexec_file_load',
  'init_module',
  'finit_module',
  'delete_module',
  'fanotify_init',
  'quotactl',
  'swapon',
  'swapoff',
  'reboot',
  'acct',
  'process_madvise',
  'file_setattr',
] as const;

const mountFamily = [
  'mount',
  'umount2',
  'pivot_root',
  'open_tree',
  'move_mount',
  'fsopen',
  'fsconfig',
  'fsmount',
  'fspick',
  'mount_setattr',
  'open_tree_attr',
] as const;

const signalFamily = [
  'kill',
  'tkill',
  'tgkill',
  'pidfd_send_signal',
  'rt_sigqueueinfo',
  'rt_tgsigqueueinfo',
] as const;

/** @returns `struct sock_filter[]`, 8 bytes each, for SECCOMP_SET_MODE_FILTER. */
export function buildFilter(options: FilterOptions): Buffer {
  const { machine } = options;
  const a = new Assembler();
  const number = (name: string): number | undefined => numberOf(name, machine);
  const notify = (names: readonly string[]): void => {
    for (const name of names) a.when(number(name), () => a.ret(NOTIFY));
  };
  /** Branch on one bit test or comparison of the low word of an argument. */
  const either = (code: number, argument: number, k: number, yes: number, no: number): void => {
    const [y, n] = [a.fresh(), a.fresh()];
    a.load(low(argument));
    a.jump(code, k, y, n);
    a.label(y);
    a.ret(yes);
    a.label(n);
    a.ret(no);
  };

  a.load(OFFSET_ARCH);
  a.jump(JMP_JEQ, auditArch[machine], 'native', 'foreign');
  a.label('foreign');
  a.ret(NOTIFY); // refused with a record: 32-bit calls
  a.label('native');
  a.load(OFFSET_NR);
  if (machine === 'x64') {
    a.jump(JMP_JGE, 0x40000000, 'x32', 'x64');
    a.label('x32');
    a.ret(NOTIFY);
    a.label('x64');
  }

  a.jump(JMP_JGE, firstUnknown, 'unknown', 'known');
  a.label('unknown');
  a.ret(errno(ENOSYS));
  a.label('known');

  // O_PATH gives no data and cannot be injected; its flag is a register here.
  a.when(number('openat'), () => either(JMP_JSET, 2, O_PATH, ALLOW, NOTIFY));
  a.when(number('open'), () => either(JMP_JSET, 1, O_PATH, ALLOW, NOTIFY));
  // Its flags are in memory; glibc falls back to clone.
  a.when(number('clone3'), () => a.ret(errno(ENOSYS)));
  notify(alwaysNotified);

  a.when(number('ioctl'), () => {
    a.load(low(1));
    for (const request of refusedIoctls) a.when(request, () => a.ret(NOTIFY));
    a.ret(ALLOW);
  });
  a.when(number('prctl'), () => either(JMP_JEQ, 0, PR_SET_MM, NOTIFY, ALLOW));
  a.when(number('setsockopt'), () => {
    a.load(low(1));
    for (const { level, options } of sourceRoutes) {
      a.when(level, () => {
        a.load(low(2));
        for (const option of options) a.when(option, () => a.ret(NOTIFY));
        a.ret(ALLOW);
      });
    }
    a.ret(ALLOW);
  });
  paceRules(a, number, either);
  a.when(number('seccomp'), () => either(JMP_JSET, 1, SECCOMP_FILTER_FLAG_NEW_LISTENER, NOTIFY, ALLOW));
  socketRules(a, options, number);
  sendRules(a, options, number, either);
  if (!options.signalsScoped) notify(signalFamily);
  notify(mountFamily);
  if (options.nesting === 'none') {
    notify(['chroot', 'setns']);
    a.when(number('clone'), () => either(JMP_JSET, 0, CLONE_NAMESPACES_OF_CLONE, NOTIFY, ALLOW));
    a.when(number('unshare'), () => either(JMP_JSET, 0, CLONE_NAMESPACES, NOTIFY, ALLOW));
  }
  a.ret(ALLOW);
  return a.bytes();
}

/** Limits and scheduling: one's own are one's own; whose else is looked at. */
function paceRules(
  a: Assembler,
  number: (name: string) => number | undefined,
  either: (code: number, argument: number, k: number, yes: number, no: number) => void,
): void {
  for (const name of ['sched_setscheduler', 'sched_setparam', 'sched_setaffinity', 'sched_setattr'])
    a.when(number(name), () => either(JMP_JEQ, 0, 0, ALLOW, NOTIFY));
  for (const name of ['setpriority', 'ioprio_set']) a.when(number(name), () => a.ret(NOTIFY));
  // Its third argument is what to set; reading limits changes nothing.
  a.when(number('prlimit64'), () => {
    const [others, own, set, maybe] = [a.fresh(), a.fresh(), a.fresh(), a.fresh()];
    a.load(low(0));
    a.jump(JMP_JEQ, 0, own, others);
    a.label(others);
    a.load(low(2));
    a.jump(JMP_JEQ, 0, maybe, set);
    a.label(maybe);
    a.load(high(2));
    a.jump(JMP_JEQ, 0, own, set);
    a.label(set);
    a.ret(NOTIFY);
    a.label(own);
    a.ret(ALLOW);
  });
}

/** Unix and internet streams are free to exist; what else may is decided or refused when it is made. */
function socketRules(
  a: Assembler,
  options: FilterOptions,
  number: (name: string) => number | undefined,
): void {
  const kind = (allowed: readonly number[], other: number): void => {
    const known = a.fresh();
    a.load(low(2));
    for (const protocol of protocols) {
      const next = a.fresh();
      a.jump(JMP_JEQ, protocol, known, next);
      a.label(next);
    }
    a.ret(other);
    a.label(known);
    a.load(low(1));
    for (const type of allowed) {
      // The type shares its word with SOCK_NONBLOCK and SOCK_CLOEXEC.
      for (const flags of [0, 0o4000, 0o2000000, 0o2004000]) {
        a.when(type | flags, () => a.ret(ALLOW));
      }
    }
    a.ret(other);
  };
  const inetTypes = options.ownNetwork || options.sendOnBehalf ? [types.stream, types.dgram] : [types.stream];
  for (const name of ['socket', 'socketpair']) {
    a.when(number(name), () => {
      a.load(low(0));
      a.when(families.unix, () => kind([types.stream, types.seqpacket], NOTIFY));
      a.when(families.inet, () => kind(inetTypes, NOTIFY));
      a.when(families.inet6, () => kind(inetTypes, NOTIFY));
      a.when(families.netlink, () => {
        // NETLINK_ROUTE is how programs list interfaces.
        a.load(low(2));
        a.when(0, () => a.ret(ALLOW));
        a.ret(NOTIFY);
      });
      a.ret(NOTIFY);
    });
  }
}

function sendRules(
  a: Assembler,
  options: FilterOptions,
  number: (name: string) => number | undefined,
  either: (code: number, argument: number, k: number, yes: number, no: number) => void,
): void {
  a.when(number('sendto'), () => {
    const [addressed, maybe] = [a.fresh(), a.fresh()];
    a.load(low(4));
    a.jump(JMP_JEQ, 0, maybe, addressed);
    a.label(maybe);
    const [none, some] = [a.fresh(), addressed];
    a.load(high(4));
    a.jump(JMP_JEQ, 0, none, some);
    a.label(none);
    a.ret(ALLOW);
    a.label(addressed);
    a.ret(NOTIFY);
  });
  if (options.sendOnBehalf) {
    for (const name of ['sendmsg', 'sendmmsg']) a.when(number(name), () => a.ret(NOTIFY));
    return;
  }
  a.when(number('sendmsg'), () => either(JMP_JSET, 2, MSG_FASTOPEN, NOTIFY, ALLOW));
  a.when(number('sendmmsg'), () => either(JMP_JSET, 3, MSG_FASTOPEN, NOTIFY, ALLOW));
}
