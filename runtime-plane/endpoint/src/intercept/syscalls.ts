/** System call numbers of the two ABIs the gate serves: asm/unistd_64.h (x86-64) and asm-generic/unistd.h (arm64). */

export type Machine = 'x64' | 'arm64';

/** AUDIT_ARCH_* of linux/audit.h. */
export const auditArch: Readonly<Record<Machine, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };

type Row = readonly [name: string, x64: number, arm64: number];

/** -1: the ABI has no such call. */
const rows: readonly Row[] = [
  ['open', 2, -1],
  ['creat', 85, -1],
  ['openat', 257, 56],
  ['openat2', 437, 437],
  ['execve', 59, 221],
  ['execveat', 322, 281],
  ['connect', 42, 203],
  ['bind', 49, 200],
  ['sendto', 44, 206],
  ['sendmsg', 46, 211],
  ['sendmmsg', 307, 269],
  ['setsockopt', 54, 208],
  ['prctl', 157, 167],
  ['socket', 41, 198],
  ['socketpair', 53, 199],
  ['unlink', 87, -1],
  ['unlinkat', 263, 35],
  ['rmdir', 84, -1],
  ['rename', 82, -1],
  ['renameat', 264, 38],
  ['renameat2', 316, 276],
  ['link', 86, -1],
  ['linkat', 265, 37],
  ['symlink', 88, -1],
  ['symlinkat', 266, 36],
  ['mkdir', 83, -1],
  ['mkdirat', 258, 34],
  ['mknod', 133, -1],
  ['mknodat', 259, 33],
  ['truncate', 76, 45],
  ['chmod', 90, -1],
  ['fchmod', 91, 52],
  ['fchmodat', 268, 53],
  ['fchmodat2', 452, 452],
  ['chown', 92, -1],
  ['lchown', 94, -1],
  ['fchown', 93, 55],
  ['fchownat', 260, 54],
  ['utime', 132, -1],
  ['utimes', 235, -1],
  ['futimesat', 261, -1],
  ['utimensat', 280, 88],
  ['setxattr', 188, 5],
  ['lsetxattr', 189, 6],
  ['fsetxattr', 190, 7],
  ['removexattr', 197, 14],
  ['lremovexattr', 198, 15],
  ['fremovexattr', 199, 16],
  ['setxattrat', 463, 463],
  ['removexattrat', 466, 466],
  ['io_uring_setup', 425, 425],
  ['io_uring_enter', 426, 426],
  ['io_uring_register', 427, 427],
  ['ptrace', 101, 117],
  ['process_vm_readv', 310, 270],
  ['process_vm_writev', 311, 271],
  ['pidfd_getfd', 438, 438],
  ['kcmp', 312, 272],
  ['bpf', 321, 280],
  ['perf_event_open', 298, 241],
  ['userfaultfd', 323, 282],
  ['name_to_handle_at', 303, 264],
  ['open_by_handle_at', 304, 265],
  ['mount', 165, 40],
  ['umount2', 166, 39],
  ['pivot_root', 155, 41],
  ['chroot', 161, 51],
  ['open_tree', 428, 428],
  ['move_mount', 429, 429],
  ['fsopen', 430, 430],
  ['fsconfig', 431, 431],
  ['fsmount', 432, 432],
  ['fspick', 433, 433],
  ['mount_setattr', 442, 442],
  ['open_tree_attr', 467, 467],
  ['setns', 308, 268],
  ['unshare', 272, 97],
  ['clone', 56, 220],
  ['clone3', 435, 435],
  ['keyctl', 250, 219],
  ['add_key', 248, 217],
  ['request_key', 249, 218],
  ['kexec_load', 246, 104],
  ['kexec_file_load', 320, 294],
  ['init_module', 175, 105],
  ['finit_module', 313, 273],
  ['delete_module', 176, 106],
  ['seccomp', 317, 277],
  ['ioctl', 16, 29],
  ['fanotify_init', 300, 262],
  ['quotactl', 179, 60],
  ['swapon', 167, 224],
  ['swapoff', 168, 225],
  ['reboot', 169, 142],
  ['acct', 163, 89],
  ['process_madvise', 440, 440],
  ['kill', 62, 129],
  ['tkill', 200, 130],
  ['tgkill', 234, 131],
  ['pidfd_send_signal', 424, 424],
  ['rt_sigqueueinfo', 129, 138],
  ['rt_tgsigqueueinfo', 297, 240],
  ['prlimit64', 302, 261],
  ['setpriority', 141, 140],
  ['sched_setscheduler', 144, 119],
  ['sched_setparam', 142, 118],
  ['sched_setaffinity', 203, 122],
  ['sched_setattr', 314, 274],
  ['ioprio_set', 251, 30],
  ['file_setattr', 469, 469],
];

/** Calls of newer kernels than these tables are unknown, so they do not exist in a session (6.18 ends with 470). */
export const firstUnknown = 471;

const byName: ReadonlyMap<string, Row> = new Map(rows.map((row) => [row[0], row]));

/** @returns undefined when the machine has no such call; throws for a name that is in no table. */
export function numberOf(name: string, machine: Machine): number | undefined {
  const row = byName.get(name);
  if (!row) throw new Error(`no system call ${name} in the table`);
  const number = machine === 'x64' ? row[1] : row[2];
  return number < 0 ? undefined : number;
}

export function nameOf(number: number, machine: Machine): string {
  const column = machine === 'x64' ? 1 : 2;
  return rows.find((row) => row[column] === number)?.[0] ?? `syscall_${number}`;
}
