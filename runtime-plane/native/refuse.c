/* What no policy can lift: calls that would step around the gate. Each is refused with a record. */
#include "gate.h"
#include <signal.h>
#include <sys/socket.h>

static const struct { int nr; const char *name; int err; } table[] = {
    {SYS_io_uring_setup, "io_uring_setup", ENOSYS}, {SYS_io_uring_enter, "io_uring_enter", ENOSYS},
    {SYS_io_uring_register, "io_uring_register", ENOSYS}, {SYS_ptrace, "ptrace", EPERM},
    {SYS_process_vm_readv, "process_vm_readv", EPERM}, {SYS_process_vm_writev, "process_vm_writev", EPERM},
    {SYS_pidfd_getfd, "pidfd_getfd", EPERM}, {SYS_kcmp, "kcmp", EPERM}, {SYS_bpf, "bpf", EPERM},
    {SYS_perf_event_open, "perf_event_open", EPERM}, {SYS_userfaultfd, "userfaultfd", EPERM},
    {SYS_name_to_handle_at, "name_to_handle_at", EOPNOTSUPP}, {SYS_open_by_handle_at, "open_by_handle_at", EPERM},
    {SYS_mount, "mount", EPERM}, {SYS_umount2, "umount2", EPERM}, {SYS_pivot_root, "pivot_root", EPERM},
    {SYS_chroot, "chroot", EPERM}, {SYS_open_tree, "open_tree", EPERM}, {SYS_move_mount, "move_mount", EPERM},
    {SYS_fsopen, "fsopen", EPERM}, {SYS_fsconfig, "fsconfig", EPERM}, {SYS_fsmount, "fsmount", EPERM},
    {SYS_fspick, "fspick", EPERM}, {SYS_mount_setattr, "mount_setattr", EPERM}, {SYS_setns, "setns", EPERM},
    {SYS_unshare, "unshare", EPERM}, {SYS_clone, "clone_namespace", EPERM}, {SYS_keyctl, "keyctl", EPERM},
    {SYS_add_key, "add_key", EPERM}, {SYS_request_key, "request_key", EPERM}, {SYS_kexec_load, "kexec_load", EPERM},
    {SYS_kexec_file_load, "kexec_file_load", EPERM}, {SYS_init_module, "init_module", EPERM},
    {SYS_finit_module, "finit_module", EPERM}, {SYS_delete_module, "delete_module", EPERM}, {SYS_seccomp, "seccomp_listener", EBUSY},
    {SYS_ioctl, "ioctl", EPERM}, {SYS_fanotify_init, "fanotify_init", EPERM}, {SYS_quotactl, "quotactl", EPERM},
    {SYS_swapon, "swapon", EPERM}, {SYS_swapoff, "swapoff", EPERM}, {SYS_reboot, "reboot", EPERM}, {SYS_acct, "acct", EPERM},
    {SYS_setsockopt, "source_route", EPERM}, {SYS_prctl, "prctl_set_mm", EPERM},
    {SYS_process_madvise, "process_madvise", EPERM}, {467 /* open_tree_attr */, "open_tree_attr", EPERM}, {469 /* file_setattr */, "file_setattr", EOPNOTSUPP},
};

void do_refused(struct job *j) {
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (table[i].nr == j->n.data.nr) {
      refuse(j, table[i].name, table[i].err);
      return;
    }
  char name[32];
  snprintf(name, sizeof name, "syscall_%d", j->n.data.nr);
  refuse(j, name, EPERM);
}

/* Sockets of families that reach past the session; a Unix datagram socket is the only one a policy may permit. */
void do_socket(struct job *j) {
  int family = (int)ARG(j, 0), type = (int)ARG(j, 1) & 0xf;
  if (family == AF_UNIX && type == SOCK_DGRAM) {
    struct answer a = ask(j, OP_IPC, 1, "socket:unixgram", NULL, NULL, NULL, 0, -1);
    if (a.allow) proceed(j); /* every argument is a number */
    else answer(j, 0, a.err);
    return;
  }
  char what[64];
  snprintf(what, sizeof what, "socket:family=%d,type=%d,protocol=%d", family, type, (int)ARG(j, 2));
  bool inet = family == AF_INET || family == AF_INET6;
  refuse(j, what, !inet ? EAFNOSUPPORT : type == SOCK_RAW ? EPERM : EPROTONOSUPPORT);
}

/* prlimit, sched_*, setpriority, ioprio_set on somebody else: the session's own processes only, never the gate. The
 * process is a number in a register; what is set does not matter. */
void do_pace(struct job *j) {
  pid_t pid = (pid_t)ARG(j, 0);
  if (j->n.data.nr == SYS_setpriority || j->n.data.nr == SYS_ioprio_set) {
    int process = j->n.data.nr == SYS_setpriority ? 0 /* PRIO_PROCESS */ : 1 /* IOPRIO_WHO_PROCESS */;
    if ((int)ARG(j, 0) != process) { refuse(j, "pace_of_others", EPERM); return; }
    pid = (pid_t)ARG(j, 1);
  }
  if (pid == 0 || may_steer(pid)) proceed(j);
  else refuse(j, "pace_of_others", EPERM);
}

/* A thread is signalled by its own number, too. */
static bool is_thread_of(pid_t process, pid_t thread) {
  char p[64];
  snprintf(p, sizeof p, "/proc/%d/task/%d", process, thread);
  return process == thread || access(p, F_OK) == 0;
}

/* Only notified where Landlock cannot scope signals (before 6.12): never to the gate or its supervisor. */
void do_signal(struct job *j) {
  pid_t pid = (pid_t)ARG(j, 0);
  if (j->n.data.nr == SYS_pidfd_send_signal || (pid <= 0 && !(plan.flags & PLAN_PID1)) || 
      (pid > 0 && is_thread_of(gate_pid, pid)) || (pid > 0 && nested_mounts && is_gate(pid)) ||
      (pid > 0 && plan.supervisor_pid && is_thread_of((pid_t)plan.supervisor_pid, pid))) {
    refuse(j, "signal_supervisor", EPERM);
    return;
  }
  proceed(j);
}
