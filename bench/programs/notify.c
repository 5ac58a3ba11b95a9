/*
 * notify [-o] COMMAND...: runs a command whose openat, and nothing else, waits for this process, which says "continue"
 * without looking: the least that any gate of this kind can cost (seccomp_unotify(2)). With -o it opens what an absolute
 * path names and hands the descriptor over, both on one CPU: the least that a gate can cost which opens for its caller.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Linux 6.6: sender and receiver are woken on the same CPU. Newer than the headers of some systems. */
#define SET_FLAGS _IOW('!', 4, __u64)
#define SYNC_WAKE_UP 1UL

static volatile pid_t child;

/* In the handler, so that no end can slip in between a look and a wait. Without SA_RESTART nothing else is needed. */
static void ended(int number) {
  int status;
  (void)number;
  if (child > 0 && waitpid(child, &status, WNOHANG) == child)
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* What the caller asked for, in its hands; -1 when it is left to the kernel. openat2 is not held, so it is used here. */
static int opened(int line, struct seccomp_notif *asked) {
  static char path[4096];
  static cpu_set_t ours, theirs, one;
  unsigned long at = asked->data.args[1], flags = asked->data.args[2];
  struct iovec here = {path, 256}, there = {(void *)at, 4096 - (at & 4095) < 256 ? 4096 - (at & 4095) : 256};
  if (flags & (O_CREAT | O_PATH) || process_vm_readv(asked->pid, &here, 1, &there, 1, 0) <= 0) return -1;
  if (path[0] != '/' || !memchr(path, 0, 256)) return -1;
  struct open_how how = {.flags = flags | O_CLOEXEC};
  int fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
  if (fd < 0) return -1;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_getaffinity(0, sizeof ours, &ours);
  sched_setaffinity(0, sizeof one, &one);
  sched_getaffinity(asked->pid, sizeof theirs, &theirs);
  sched_setaffinity(asked->pid, sizeof one, &one);
  struct seccomp_notif_addfd add = {.id = asked->id, .srcfd = fd, .newfd_flags = flags & O_CLOEXEC};
  int given = ioctl(line, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
  sched_setaffinity(asked->pid, sizeof theirs, &theirs);
  struct seccomp_notif_resp answer = {.id = asked->id, .val = given};
  ioctl(line, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  sched_setaffinity(0, sizeof ours, &ours);
  close(fd);
  return given;
}

int main(int argc, char **argv) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  int opens = argc > 2 && !strcmp(argv[1], "-o");
  argv += opens;
  if (argc < 2) return 2;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  /* The filter holds for this process, too; it opens nothing from here on. The child does not inherit the listener. */
  int line = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  if (line < 0) return perror("seccomp"), 2;
  if (ioctl(line, SET_FLAGS, SYNC_WAKE_UP)) return perror("SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (Linux 6.6)"), 2;
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGCHLD);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  sigaction(SIGCHLD, &(struct sigaction){.sa_handler = ended}, NULL);
  child = fork();
  if (child < 0) return perror("fork"), 2;
  sigprocmask(SIG_UNBLOCK, &blocked, NULL);
  if (child == 0) {
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  for (;;) {
    struct seccomp_notif asked;
    memset(&asked, 0, sizeof asked);
    if (ioctl(line, SECCOMP_IOCTL_NOTIF_RECV, &asked)) {
      if (errno == EINTR || errno == ENOENT) continue;
      return perror("receive"), 2;
    }
    if (opens && opened(line, &asked) >= 0) continue;
    struct seccomp_notif_resp answer = {.id = asked.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    if (ioctl(line, SECCOMP_IOCTL_NOTIF_SEND, &answer) && errno != ENOENT) return perror("answer"), 2;
  }
}
