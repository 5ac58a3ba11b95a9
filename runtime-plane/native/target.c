/* What we need to know of the calling thread. Everything is read for the thread id of the notification, from the
 * session's own /proc, while the call is held. */
#include "gate.h"
#include <linux/kcmp.h>
#include <signal.h>
#include <sys/uio.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

ssize_t read_target(struct job *j, uint64_t addr, void *buf, size_t len) {
  struct iovec l = {buf, len}, r = {(void *)(uintptr_t)addr, len};
  ssize_t n = process_vm_readv((pid_t)j->n.pid, &l, 1, &r, 1, 0);
  return n < 0 ? -errno : n;
}

bool write_target(struct job *j, uint64_t addr, const void *buf, size_t len) {
  struct iovec l = {(void *)(uintptr_t)buf, len}, r = {(void *)(uintptr_t)addr, len};
  return process_vm_writev((pid_t)j->n.pid, &l, 1, &r, 1, 0) == (ssize_t)len;
}

enum { SHORT = 256 };

/* A NUL-terminated string, read once, page by page. Returns its length or -errno. */
int read_string(struct job *j, uint64_t addr, char *buf, size_t cap) {
  size_t n = 0;
  while (n < cap) {
    size_t l = 4096 - ((addr + n) & 4095);
    if (n == 0 && l > SHORT) l = SHORT; /* most names are short, and copying the rest of a page costs */
    if (l > cap - n) l = cap - n;
    ssize_t r = read_target(j, addr + n, buf + n, l);
    if (r <= 0) return r == 0 ? -EFAULT : (int)r;
    char *z = memchr(buf + n, 0, (size_t)r);
    if (z) return (int)(z - buf);
    n += (size_t)r;
  }
  return -ENAMETOOLONG;
}

static int slurp(const char *path, char *buf, size_t cap) {
  int f = open(path, O_RDONLY | O_CLOEXEC);
  if (f < 0) return -errno;
  ssize_t n = read(f, buf, cap - 1);
  int e = errno;
  close(f);
  if (n < 0) return -e;
  buf[n] = 0;
  return (int)n;
}

static long field(const char *text, const char *name, int base) {
  const char *p = strstr(text, name);
  return p ? strtol(p + strlen(name), NULL, base) : -1;
}

void identify(struct job *j) {
  if (j->known) return;
  char p[64], t[2048];
  snprintf(p, sizeof p, "/proc/%u/status", j->n.pid);
  if (slurp(p, t, sizeof t) < 0) {
    j->tgid = (pid_t)j->n.pid;
    j->umask = 077;
    return;
  }
  j->tgid = (pid_t)field(t, "\nTgid:", 10);
  j->ppid = (pid_t)field(t, "\nPPid:", 10);
  long um = field(t, "\nUmask:", 8);
  j->umask = um < 0 ? 077 : (mode_t)um;
  j->known = true;
}

/* Executables by process, from the last time each could be read. A hint for records only. */
static struct { pid_t tgid; char exe[256]; } seen[256];
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;

void keep_exe(pid_t tgid, const char *exe) {
  pthread_mutex_lock(&seen_lock);
  unsigned i = (unsigned)tgid % 256;
  seen[i].tgid = tgid;
  snprintf(seen[i].exe, sizeof seen[i].exe, "%.255s", exe);
  pthread_mutex_unlock(&seen_lock);
}

static void recall_exe(struct job *j) {
  pthread_mutex_lock(&seen_lock);
  unsigned i = (unsigned)j->tgid % 256;
  if (seen[i].tgid != j->tgid && !nested_mounts) i = (unsigned)j->ppid % 256; /* forked, and silent since */
  if (seen[i].tgid == j->tgid || (seen[i].tgid == j->ppid && !nested_mounts)) memcpy(j->exe, seen[i].exe, sizeof seen[i].exe);
  pthread_mutex_unlock(&seen_lock);
}

const char *exe_of(struct job *j) {
  if (j->exe[0]) return j->exe;
  char p[64];
  snprintf(p, sizeof p, "/proc/%u/exe", j->n.pid);
  int n = name_of_link((pid_t)j->n.pid, p, j->exe, sizeof j->exe);
  j->exe[n > 0 ? n : 0] = 0;
  if (n <= 0) { /* it made itself unreadable: what it was when we last could look */
    identify(j);
    recall_exe(j);
  } else if (j->known) keep_exe(j->tgid, j->exe);
  return j->exe;
}

/* File creation happens under the caller's own umask, so that default ACLs override it exactly as they would. The
 * mask is private to this thread (CLONE_FS was unshared). */
void use_umask(struct job *j) {
  static __thread mode_t current = (mode_t)-1;
  identify(j);
  if (current != j->umask) umask(current = j->umask);
}

/* The caller's controlling terminal: what /dev/tty means to it. */
int target_tty(struct job *j, char *out, size_t cap) {
  char p[64], t[1024];
  identify(j);
  snprintf(p, sizeof p, "/proc/%d/stat", j->tgid);
  if (slurp(p, t, sizeof t) < 0) return -ENXIO;
  char *s = strrchr(t, ')');
  for (int i = 0; s && i < 5; i++) s = strchr(s + 1, ' ');
  long nr = s ? strtol(s + 1, NULL, 10) : 0;
  if (!nr) return -ENXIO;
  unsigned maj = (unsigned)(nr >> 8) & 0xfff, min = ((unsigned)nr & 0xff) | (((unsigned)nr >> 12) & 0xfff00);
  if (maj >= 136 && maj <= 143) snprintf(out, cap, "/dev/pts/%u", min + (maj - 136) * 256);
  else if (maj == 4 && min < 64) snprintf(out, cap, "/dev/tty%u", min);
  else if (maj == 4) snprintf(out, cap, "/dev/ttyS%u", min - 64);
  else return -ENXIO;
  return 0;
}

/* A duplicate of the caller's descriptor. Before PIDFD_THREAD (6.9) only threads that share the leader's table are
 * served: another table could hold something else at that number. */
int target_fd(struct job *j, int fd) {
  int p = (int)syscall(SYS_pidfd_open, j->n.pid, PIDFD_THREAD);
  if (p < 0) {
    identify(j);
    if (j->tgid != (pid_t)j->n.pid && syscall(SYS_kcmp, j->n.pid, j->tgid, KCMP_FILES, 0, 0) != 0) return -EPERM;
    p = (int)syscall(SYS_pidfd_open, j->tgid, 0);
    if (p < 0) return -errno;
  }
  int d = (int)syscall(SYS_pidfd_getfd, p, fd, 0), e = errno;
  close(p);
  return d < 0 ? -e : d;
}

static bool in_session(pid_t pid) {
  char p[64], t[2048];
  if (plan.flags & PLAN_PID1) return true; /* the PID namespace holds nobody else */
  for (int i = 0; i < 4096 && pid > 1; i++) {
    if (pid == gate_pid) return true;
    snprintf(p, sizeof p, "/proc/%d/status", pid);
    if (slurp(p, t, sizeof t) < 0) return false;
    pid = (pid_t)field(t, "\nPPid:", 10);
  }
  return false;
}

/* The gate, or what it keeps beside it to make mounts: none of the agent's. */
bool is_gate(pid_t tgid) {
  if (tgid == gate_pid || (plan.supervisor_pid && tgid == (pid_t)plan.supervisor_pid)) return true;
  if (!nested_mounts) return false;
  char p[64], t[2048];
  snprintf(p, sizeof p, "/proc/%d/status", tgid);
  return tgid == mounter_pid || (slurp(p, t, sizeof t) > 0 && field(t, "\nPPid:", 10) == mounter_pid);
}

/* A process or thread of the session other than the gate. */
bool may_steer(pid_t pid) {
  char p[64], t[2048];
  snprintf(p, sizeof p, "/proc/%d/status", pid);
  if (slurp(p, t, sizeof t) < 0) return false;
  pid_t tgid = (pid_t)field(t, "\nTgid:", 10);
  return !is_gate(tgid) && (plan.flags & PLAN_PID1 || in_session((pid_t)field(t, "\nPPid:", 10)));
}

/* Names below /proc/<pid> that show or hand over more than `ps` does. */
static bool revealing(const char *rest) {
  static const char *const names[] = {"mem",     "environ", "fd",      "fdinfo", "root", "cwd",   "exe", "maps", "smaps",
                                      "pagemap", "map_files", "syscall", "stack", "auxv", "ns", "task", "personality",
                                      "clear_refs", "coredump_filter", "attr", "io", "numa_maps", "smaps_rollup", 0};
  size_t l = strcspn(rest, "/");
  for (int i = 0; names[i]; i++)
    if (strlen(names[i]) == l && !memcmp(names[i], rest, l)) return true;
  return false;
}

/* From a user namespace of its own a caller reaches no process outside, in spite of what we could do: the kernel's rule
 * (ptrace(2), access mode checking), without its exceptions. */
static bool reaches(struct job *j, pid_t pid) {
  char p[64];
  struct stat own, theirs, ours;
  snprintf(p, sizeof p, "/proc/%u/ns/user", j->n.pid);
  if (stat(p, &own) || stat("/proc/self/ns/user", &ours)) return false;
  if (own.st_ino == ours.st_ino) return true;
  snprintf(p, sizeof p, "/proc/%d/ns/user", pid);
  return !stat(p, &theirs) && theirs.st_ino == own.st_ino;
}

/* Whether a canonical path below /proc may be reached at all, before any policy: never the gate or its supervisor,
 * no foreign process's memory, descriptors or environment, memory only the caller's own. */
bool may_touch_proc(struct job *j, const char *path, bool *own) {
  char p[64], t[2048];
  *own = false;
  if (strncmp(path, "/proc/", 6)) return true;
  char *rest;
  pid_t pid = (pid_t)strtol(path + 6, &rest, 10);
  if (rest == path + 6) return true;
  snprintf(p, sizeof p, "/proc/%d/status", pid);
  int n = slurp(p, t, sizeof t);
  if (n < 0) return n == -ENOENT || n == -ESRCH; /* gone: the open will say so */
  pid_t tgid = (pid_t)field(t, "\nTgid:", 10);
  if (is_gate(tgid)) return false;
  identify(j);
  *own = tgid == j->tgid;
  if (*own || *rest != '/') return true;
  const char *leaf = strrchr(rest, '/') + 1;
  if (!strcmp(leaf, "mem")) return false;
  if (nested_mounts && revealing(rest + 1) && !reaches(j, tgid)) return false;
  return !revealing(rest + 1) || in_session(tgid);
}

/* Nothing below /proc is written but the caller's own entries: the rest changes the machine, and a root user without
 * capabilities could. */
bool may_write_proc(struct job *j, const char *path) {
  bool own;
  return strncmp(path, "/proc/", 6) || (may_touch_proc(j, path, &own) && own);
}

/* Is a signal with a handler pending for this thread? It would have interrupted the call that we hold. @returns 0, or the
 * errno for the call: one that is pending for the whole process may be another thread's, and then only EINTR is safe. */
int caught_signal_pending(pid_t tid) {
  char p[64], t[4096];
  snprintf(p, sizeof p, "/proc/%d/status", tid);
  if (slurp(p, t, sizeof t) < 0) return 0;
  const char *s;
  uint64_t own = (s = strstr(t, "\nSigPnd:")) ? strtoull(s + 8, NULL, 16) : 0;
  uint64_t shared = (s = strstr(t, "\nShdPnd:")) ? strtoull(s + 8, NULL, 16) : 0;
  uint64_t blk = (s = strstr(t, "\nSigBlk:")) ? strtoull(s + 8, NULL, 16) : 0;
  uint64_t cgt = (s = strstr(t, "\nSigCgt:")) ? strtoull(s + 8, NULL, 16) : 0;
  if (own & ~blk & cgt) return E_RESTARTSYS;
  if (!(shared & ~blk & cgt)) return 0;
  return tid == (pid_t)field(t, "\nTgid:", 10) ? E_RESTARTSYS : EINTR;
}
