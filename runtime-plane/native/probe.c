/* What this host lets a session do, found by doing it: each value is an errno, 0 where it works, -1 where it
 * could not be tried. What would stay is tried in children that end with us. */
#include "gate.h"
#include <ifaddrs.h>
#include <linux/filter.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/wait.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif
enum { ROUNDS = 2, LIMIT_SECONDS = 5, UNTRIED = -1 };

static bool first = true;

static void put(const char *name, int value) {
  printf("%s\"%s\":%d", first ? "{" : ",", name, value);
  first = false;
}

static int after(long result) { return result < 0 ? errno : 0; }

/* Runs `try` in a child of its own. @returns what it returned */
static int in_child(int (*try)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child < 0) return errno;
  if (!child) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    _exit(try());
  }
  int status;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return WIFEXITED(status) ? WEXITSTATUS(status) : EFAULT;
}

/* A domain that handles reading and grants nothing must refuse to read. */
static int try_landlock(void) {
  uint64_t reading = 1 << 2;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return errno;
  int rules = (int)syscall(SYS_landlock_create_ruleset, &reading, sizeof reading, 0);
  if (rules < 0 || syscall(SYS_landlock_restrict_self, rules, 0)) return errno;
  return open("/proc/self/status", O_RDONLY | O_CLOEXEC) >= 0 ? EFAULT : errno == EACCES ? 0 : errno;
}

/* What a sandbox that the agent brings would do: a user namespace in which it may do something. */
static int try_user_namespace(void) {
  if (unshare(CLONE_NEWUSER | CLONE_NEWUTS)) return errno;
  return sethostname("probe", 5) ? errno : 0;
}

/* Landlock and file systems that are hidden under others forbid mounts, whatever the namespace. */
static int try_mount(void) {
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS)) return errno;
  return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ? errno : 0;
}

static int try_memory_file(void) {
  int fd = memfd_create("probe", MFD_CLOEXEC);
  return fd < 0 || ftruncate(fd, 4096) ? errno : 0;
}

static int install(unsigned flags) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

static int try_wait_killable(void) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return errno;
  return after(install(SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV));
}

/* The held process: each of its calls is answered with a descriptor, which it must then hold. */
static int held(int up) {
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  int l = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -1 : install(SECCOMP_FILTER_FLAG_NEW_LISTENER);
  int report = l < 0 ? -errno : l;
  if (write(up, &report, sizeof report) != sizeof report || l < 0) return EFAULT;
  int e = 0;
  for (int i = 0; i < ROUNDS; i++)
    if (fcntl((int)syscall(SYS_getppid), F_GETFD) < 0) e = EFAULT; /* still asks again: somebody waits for it */
  return e;
}

/* Holds one call, reads and seizes its caller as the gate does, answers it with a descriptor. */
static int serve(int l, pid_t child, bool send, int *peek, int *seize) {
  static const char marker[] = "held";
  struct seccomp_notif n = {0};
  if (ioctl(l, SECCOMP_IOCTL_NOTIF_RECV, &n)) return errno;
  char seen[sizeof marker] = "";
  struct iovec ours = {seen, sizeof seen}, theirs = {(void *)(uintptr_t)marker, sizeof marker};
  *peek = after(process_vm_readv(child, &ours, 1, &theirs, 1, 0)); /* a fork has our addresses */
  *seize = after(ptrace(PTRACE_SEIZE, child, 0, 0));
  struct seccomp_notif_addfd a = {.id = n.id, .srcfd = STDIN_FILENO, .flags = send ? SECCOMP_ADDFD_FLAG_SEND : 0};
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  a.srcfd = (uint32_t)null;
  int fd = ioctl(l, SECCOMP_IOCTL_NOTIF_ADDFD, &a), e = after(fd);
  close(null);
  struct seccomp_notif_resp r = {.id = n.id, .val = fd, .error = e ? -e : 0};
  if ((e || !send) && ioctl(l, SECCOMP_IOCTL_NOTIF_SEND, &r) && !e) e = errno;
  return e;
}

static void try_notification(void) {
  int up[2], peek = UNTRIED, seize = UNTRIED, sync = UNTRIED, send = UNTRIED, add = UNTRIED, report = -EPIPE, status = 0;
  int pidfd = UNTRIED, getfd = UNTRIED, l = -1;
  if (pipe2(up, O_CLOEXEC)) die("pipe");
  fflush(stdout);
  pid_t child = fork();
  if (child < 0) die("fork");
  if (!child) _exit(held(up[1]));
  close(up[1]);
  if (read(up[0], &report, sizeof report) != sizeof report) report = -EPIPE;
  int p = (int)syscall(SYS_pidfd_open, child, 0);
  pidfd = after(p);
  if (report >= 0 && p >= 0) getfd = after(l = (int)syscall(SYS_pidfd_getfd, p, report, 0));
  if (l >= 0) {
    sync = after(ioctl(l, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP));
    send = serve(l, child, true, &peek, &seize);
    int again;
    add = serve(l, child, false, &again, &again);
    if (seize == 0) ptrace(PTRACE_DETACH, child, 0, 0);
    close(l);
  }
  kill(child, report >= 0 && l < 0 ? SIGKILL : 0);
  while (waitpid(child, &status, __WALL) < 0 && errno == EINTR) {}
  if (l >= 0 && add == 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) add = EFAULT;
  put("listener", report < 0 ? -report : 0);
  put("pidfd_open", pidfd);
  put("pidfd_getfd", getfd);
  put("sync_wake_up", sync);
  put("addfd_send", send);
  put("addfd", add);
  put("read_memory", peek);
  put("seize", seize);
}

int probe_kernel(void) {
  alarm(LIMIT_SECONDS);
  put("landlock", landlock_abi());
  long v = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
  put("landlock_errno", after(v));
  put("landlock_holds", landlock_abi() ? in_child(try_landlock) : UNTRIED);
  try_notification();
  put("wait_killable", in_child(try_wait_killable));
  put("pidfd_thread", after(syscall(SYS_pidfd_open, getpid(), PIDFD_THREAD)));
  put("memfd", try_memory_file());
  put("user_namespace", in_child(try_user_namespace));
  put("mount", in_child(try_mount));
  struct timex t = {0};
  int clock = adjtimex(&t);
  put("clock", clock < 0 ? errno : 0);
  put("clock_synchronised", clock < 0 ? UNTRIED : !(t.status & STA_UNSYNC));
  printf("}\n");
  return 0;
}

/* The session's network, made where we are: only as the first process of a namespace whose network nobody uses. */
int probe_network(void) {
  struct ifaddrs *all;
  if (getpid() != 1) { errno = EPERM; die("not the first process of a session"); }
  if (getifaddrs(&all)) die("session network: interfaces");
  for (struct ifaddrs *i = all; i; i = i->ifa_next)
    if ((i->ifa_flags & IFF_UP) && !(i->ifa_flags & IFF_LOOPBACK)) {
      errno = EEXIST;
      die("this network is in use");
    }
  freeifaddrs(all);
  net_setup();
  printf("{\"network\":0}\n");
  return 0;
}
