/* Landlock forbids mounts to whoever has a domain, so a process without one makes those of nested sandboxes: forked
 * from the gate before its floor, it serves the gate alone. Each request is carried out by a child that has entered the
 * caller's own user and mount namespaces: the kernel holds it to what the caller itself could do without Landlock. */
#include "gate.h"
#include <linux/capability.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
enum { UMOUNT_DETACH = 2 };
struct mount_line { struct mount_request q; int32_t err; };

static int line = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pid_t mounter_pid;

static int transfer(int s, struct mount_line *m, int *fds, size_t count, bool out) {
  struct iovec io = {m, sizeof *m};
  union { char b[CMSG_SPACE(MOUNT_FDS * sizeof(int))]; struct cmsghdr align; } c = {0};
  struct msghdr h = {.msg_iov = &io, .msg_iovlen = 1};
  if (count) { h.msg_control = c.b; h.msg_controllen = CMSG_SPACE(count * sizeof(int)); }
  if (count && out) {
    struct cmsghdr *a = CMSG_FIRSTHDR(&h);
    a->cmsg_level = SOL_SOCKET;
    a->cmsg_type = SCM_RIGHTS;
    a->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(a), fds, count * sizeof(int));
  }
  ssize_t r;
  while ((r = out ? sendmsg(s, &h, MSG_NOSIGNAL) : recvmsg(s, &h, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {}
  if (r != sizeof *m) return -EPIPE;
  if (!count || out) return 0;
  struct cmsghdr *a = h.msg_controllen ? CMSG_FIRSTHDR(&h) : NULL;
  if (!a || a->cmsg_len != CMSG_LEN(count * sizeof(int))) return m->err ? 0 : -EPROTO;
  memcpy(fds, CMSG_DATA(a), count * sizeof(int));
  return 0;
}

static int set_attributes(int fd, const struct mount_request *q) {
  struct mount_attr a = {.attr_set = q->attributes, .propagation = q->propagation};
  if (!a.attr_set && !a.propagation) return 0;
  return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | (q->recursive ? AT_RECURSIVE : 0), &a, sizeof a);
}

static int attach(int tree, int at, const struct mount_request *q) {
  if (tree < 0 || syscall(SYS_move_mount, tree, "", at, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH)) return -1;
  return set_attributes(tree, q);
}

/* In a child of its own, which ends after it. */
static int carry_out(const struct mount_request *q, int *fds) {
  int self = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC), tree = -1;
  char a[16], b[16];
  snprintf(a, sizeof a, "%d", fds[MOUNT_A]);
  snprintf(b, sizeof b, "%d", fds[MOUNT_B]);
  unsigned clone = AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (q->recursive ? AT_RECURSIVE : 0);
  if (q->what == MOUNT_SESSION && (tree = (int)syscall(SYS_open_tree, fds[MOUNT_A], "", clone)) < 0) return -1;
  if (self < 0 || setns(fds[MOUNT_USER_NS], CLONE_NEWUSER) || setns(fds[MOUNT_NS], CLONE_NEWNS)) return -1;
  if (fchdir(fds[MOUNT_ROOT]) || chroot(".") || fchdir(self)) return -1;
  switch (q->what) {
    case MOUNT_SESSION: return attach(tree, fds[MOUNT_B], q);
    case MOUNT_BIND: return attach((int)syscall(SYS_open_tree, fds[MOUNT_A], "", clone), fds[MOUNT_B], q);
    case MOUNT_CHANGE: return set_attributes(fds[MOUNT_B], q);
    case MOUNT_REMOVE: return (int)syscall(SYS_umount2, b, UMOUNT_DETACH);
    case MOUNT_PIVOT: return (int)syscall(SYS_pivot_root, a, b);
  }
  errno = EINVAL;
  return -1;
}

static void serve_mounts(int s) {
  struct stat own, given;
  if (stat("/proc/self/ns/mnt", &own)) _exit(1);
  for (;;) {
    struct mount_line m;
    int fds[MOUNT_FDS], st, opened = -1;
    if (transfer(s, &m, fds, MOUNT_FDS, false)) _exit(0);
    m.err = EPERM;
    if (m.q.what == MOUNT_USER_MAP) {
      char n[32];
      snprintf(n, sizeof n, "/proc/self/fd/%d", fds[MOUNT_A]);
      opened = open(n, O_WRONLY | O_CLOEXEC);
      m.err = opened < 0 ? errno : 0;
    }
    /* Never in the session's own namespace, whoever asks. */
    else if (!fstat(fds[MOUNT_NS], &given) && (given.st_ino != own.st_ino || given.st_dev != own.st_dev)) {
      pid_t child = fork();
      if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        errno = EINVAL;
        _exit(carry_out(&m.q, fds) ? errno & 0xff : 0);
      }
      m.err = child < 0 ? EAGAIN : waitpid(child, &st, 0) != child || !WIFEXITED(st) ? EINTR : WEXITSTATUS(st);
    }
    for (int i = 0; i < MOUNT_FDS; i++) close(fds[i]);
    if (transfer(s, &m, &opened, opened >= 0, true)) _exit(0);
    CLOSE(opened);
  }
}

void start_mounter(void) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) die("mounter");
  if ((mounter_pid = fork()) < 0) die("mounter");
  if (mounter_pid) {
    line = pair[0];
    close(pair[1]);
    return;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (dup2(pair[1], 3) != 3 || syscall(SYS_close_range, 4, ~0u, 0)) _exit(1);
  fcntl(3, F_SETFD, FD_CLOEXEC);
  for (int fd = 0; fd < 3; fd++) close(fd);
  limit_capabilities((1ull << CAP_SYS_ADMIN) | (1ull << CAP_SETFCAP));
  serve_mounts(3);
}

static int request(const struct mount_request *q, int *fds, int *opened) {
  struct mount_line m = {.q = *q};
  pthread_mutex_lock(&lock);
  int e = transfer(line, &m, fds, MOUNT_FDS, true);
  if (!e) e = transfer(line, &m, opened, opened != NULL, false);
  pthread_mutex_unlock(&lock);
  return e ? EPERM : m.err;
}

int make_mount(const struct mount_request *q, int *fds) { return request(q, fds, NULL); }

/* Root may only be mapped by who has CAP_SETFCAP outside of the new namespace: not the gate, which sets attributes for
 * the agent (capabilities(7)). */
int open_map_of_root(int fd) {
  int fds[MOUNT_FDS] = {fd, fd, fd, fd, fd}, opened = -1;
  int e = request(&(struct mount_request){.what = MOUNT_USER_MAP}, fds, &opened);
  return e ? -e : opened;
}
