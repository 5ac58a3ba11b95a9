/* A user namespace's maps can only be written through a descriptor that was opened inside it or in its parent. For a
 * sandbox that the agent nests deeper, a short-lived child of ours enters that namespace and opens for us: our owner made
 * it, so we may. It shares our descriptors, and nothing else. */
#include "gate.h"
#include <linux/nsfs.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

bool is_user_map(const char *path) {
  static const char *const names[] = {"uid_map", "gid_map", "projid_map", "setgroups", 0};
  if (!foreign_roots || strncmp(path, "/proc/", 6)) return false;
  const char *leaf = strrchr(path, '/') + 1;
  for (int i = 0; names[i]; i++)
    if (!strcmp(leaf, names[i])) return true;
  return false;
}

/* Is the namespace of this process one that was made in the session's own? */
static bool child_of_ours(pid_t tid) {
  char p[64];
  struct stat a, b;
  snprintf(p, sizeof p, "/proc/%d/ns/user", tid);
  int fd = open(p, O_RDONLY | O_CLOEXEC), parent = fd < 0 ? -1 : ioctl(fd, NS_GET_PARENT);
  bool same = parent >= 0 && !fstat(parent, &a) && !stat("/proc/self/ns/user", &b) && a.st_ino == b.st_ino;
  CLOSE(fd);
  CLOSE(parent);
  return same;
}

/* @returns a descriptor or -errno */
int open_user_map(struct job *j, const struct object *o, int flags) {
  promote(j);
  if (nested_mounts && geteuid() == 0 && child_of_ours((pid_t)j->n.pid)) return open_map_of_root(o->fd);
  int *result = mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (result == MAP_FAILED) return -errno;
  *result = -EPERM;
  char ns[64], name[32];
  snprintf(ns, sizeof ns, "/proc/%u/ns/user", j->n.pid);
  snprintf(name, sizeof name, "/proc/self/fd/%d", o->fd);
  pid_t child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) {
    int u = open(ns, O_RDONLY | O_CLOEXEC);
    bool in = u >= 0 && setns(u, CLONE_NEWUSER) == 0;
    if (u >= 0) close(u);
    int fd = in ? open(name, flags) : -1;
    *result = fd < 0 ? -errno : fd;
    _exit(0);
  }
  if (child > 0)
    while (waitpid(child, NULL, __WALL | __WNOTHREAD) < 0 && errno == EINTR) {}
  int fd = child < 0 ? -errno : *result;
  munmap(result, sizeof *result);
  return fd;
}
