/* mount, umount2 and pivot_root of a sandbox that the agent builds inside: what bubblewrap needs, and no more. Which names
 * this gives to files does not matter here (twin.c); that nobody makes mounts who could not do so by himself does. */
#include "gate.h"
#include <dirent.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

static bool same_file(int a, int b) {
  struct stat x, y;
  return a >= 0 && b >= 0 && !fstat(a, &x) && !fstat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool may_administer(struct job *j) {
  char p[64], t[256];
  uint64_t caps = 0;
  snprintf(p, sizeof p, "/proc/%u/status", j->n.pid);
  FILE *f = fopen(p, "re");
  while (f && fgets(t, sizeof t, f))
    if (!strncmp(t, "CapEff:", 7)) caps = strtoull(t + 7, NULL, 16);
  if (f) fclose(f);
  return caps >> CAP_SYS_ADMIN & 1;
}

/* The caller's namespaces and root. A mount namespace is administered from the user namespace that made it, by who has
 * the capability there; the session's own by nobody. */
static bool enter(struct job *j, int *fds) {
  char p[64];
  snprintf(p, sizeof p, "/proc/%u/ns/user", j->n.pid);
  fds[MOUNT_USER_NS] = open(p, O_RDONLY | O_CLOEXEC);
  snprintf(p, sizeof p, "/proc/%u/ns/mnt", j->n.pid);
  fds[MOUNT_NS] = open(p, O_RDONLY | O_CLOEXEC);
  snprintf(p, sizeof p, "/proc/%u/root", j->n.pid);
  fds[MOUNT_ROOT] = open(p, O_PATH | O_DIRECTORY | O_CLOEXEC);
  int ours = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), owner = fds[MOUNT_NS] < 0 ? -1 : ioctl(fds[MOUNT_NS], NS_GET_USERNS);
  bool may = ours >= 0 && !same_file(ours, fds[MOUNT_NS]) && same_file(owner, fds[MOUNT_USER_NS]) && fds[MOUNT_ROOT] >= 0 && may_administer(j);
  CLOSE(ours);
  CLOSE(owner);
  return may;
}

static int text(struct job *j, int i, char *out, size_t cap) {
  out[0] = 0;
  int n = ARG(j, i) ? read_string(j, ARG(j, i), out, cap) : 0;
  return n < 0 ? n : 0;
}

/* mount(2) flags that take something away; those that say when times are written are not followed. */
static uint64_t attributes(uint64_t flags) {
  return (flags & MS_RDONLY ? MOUNT_ATTR_RDONLY : 0) | (flags & MS_NOSUID ? MOUNT_ATTR_NOSUID : 0) |
         (flags & MS_NODEV ? MOUNT_ATTR_NODEV : 0) | (flags & MS_NOEXEC ? MOUNT_ATTR_NOEXEC : 0);
}

/* A new file system is one that the session has already. */
static int of_the_session(struct job *j, const char *type) {
  if (!strcmp(type, "proc")) return open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (!strcmp(type, "devpts")) return open("/dev/pts", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (strcmp(type, "tmpfs")) return -EPERM;
  char options[512];
  mode_t mode = 01777;
  if (text(j, 4, options, sizeof options)) return -EINVAL;
  for (char *rest, *one = strtok_r(options, ",", &rest); one; one = strtok_r(NULL, ",", &rest))
    if (!strncmp(one, "mode=", 5)) mode = (mode_t)strtoul(one + 5, NULL, 8) & 01777;
  return take_private(mode);
}

/* bubblewrap mounts an empty folder of its own on itself to have a root. A folder that the floor knows serves better. */
static int instead_of(const struct object *from, const struct object *to) {
  if (!same_file(from->fd, to->fd) || !S_ISDIR(from->facts.kind) || !is_private(from->path)) return -1;
  int fd = openat(PLACE(from), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *d = fd < 0 ? NULL : fdopendir(fd);
  int entries = 0;
  while (d && readdir(d)) entries++;
  if (d) closedir(d);
  return d && entries == 2 ? take_private(from->facts.mode) : -1;
}

/* @returns 0, an errno, or -1 for what is refused with a record */
static int mount_it(struct job *j, int *fds) {
  char type[32];
  uint64_t flags = ARG(j, 3);
  if ((flags & MS_MGC_MSK) == MS_MGC_VAL) flags &= ~(uint64_t)MS_MGC_MSK;
  struct mount_request q = {.recursive = (flags & MS_REC) != 0};
  int e = text(j, 1, j->path, PATH_CAP);
  if (!e) e = resolve(j, AT_FDCWD, j->path, 0, 0, &j->obj);
  if (e) return -e;
  fds[MOUNT_B] = j->obj.fd;
  enum { OTHERS = MS_MOVE | MS_SHARED | MS_UNBINDABLE };
  if (flags & OTHERS) return -1;
  if (flags & MS_REMOUNT) {
    if (!(flags & MS_BIND)) return -1;
    q.what = MOUNT_CHANGE;
    q.attributes = attributes(flags);
    q.recursive = 0;
  } else if (flags & (MS_SLAVE | MS_PRIVATE)) {
    q.what = MOUNT_CHANGE;
    q.propagation = flags & MS_SLAVE ? MS_SLAVE : MS_PRIVATE;
  } else if (flags & MS_BIND) {
    e = text(j, 0, j->path2, PATH_CAP);
    if (!e) e = resolve(j, AT_FDCWD, j->path2, 0, 0, &j->obj2);
    if (e) return -e;
    q.what = MOUNT_BIND;
    int other = instead_of(&j->obj2, &j->obj);
    if (other >= 0) {
      close(j->obj2.fd);
      j->obj2.fd = other;
      q.what = MOUNT_SESSION;
      q.recursive = 0;
    }
    fds[MOUNT_A] = j->obj2.fd;
  } else {
    e = text(j, 2, type, sizeof type);
    if (e) return -1;
    q.what = MOUNT_SESSION;
    q.attributes = attributes(flags);
    q.recursive = 0;
    j->obj2.fd = of_the_session(j, type);
    if (j->obj2.fd == -EPERM) { j->obj2.fd = -1; return -1; }
    if (j->obj2.fd < 0) { e = -j->obj2.fd; j->obj2.fd = -1; return e; }
    fds[MOUNT_A] = j->obj2.fd;
  }
  return make_mount(&q, fds);
}

static int umount_it(struct job *j, int *fds) {
  int flags = (int)ARG(j, 1), e = text(j, 0, j->path, PATH_CAP);
  if (flags & ~(MNT_FORCE | MNT_DETACH | UMOUNT_NOFOLLOW)) return EINVAL;
  if (!e) e = resolve(j, AT_FDCWD, j->path, flags & UMOUNT_NOFOLLOW ? O_NOFOLLOW : 0, 0, &j->obj);
  if (e) return -e;
  fds[MOUNT_B] = j->obj.fd;
  return make_mount(&(struct mount_request){.what = MOUNT_REMOVE}, fds);
}

static int pivot_it(struct job *j, int *fds) {
  int e = text(j, 0, j->path, PATH_CAP);
  if (!e) e = text(j, 1, j->path2, PATH_CAP);
  if (!e) e = resolve(j, AT_FDCWD, j->path, O_DIRECTORY, 0, &j->obj);
  if (!e) e = resolve(j, AT_FDCWD, j->path2, O_DIRECTORY, 0, &j->obj2);
  if (e) return -e;
  fds[MOUNT_A] = j->obj.fd;
  fds[MOUNT_B] = j->obj2.fd;
  return make_mount(&(struct mount_request){.what = MOUNT_PIVOT}, fds);
}

void do_mount(struct job *j) {
  int nr = j->n.data.nr, fds[MOUNT_FDS] = {-1, -1, -1, -1, -1}, e = -1;
  promote(j);
  if (enter(j, fds)) {
    fds[MOUNT_A] = fds[MOUNT_B] = fds[MOUNT_ROOT]; /* every request carries all of them */
    e = nr == SYS_mount ? mount_it(j, fds) : nr == SYS_umount2 ? umount_it(j, fds) : pivot_it(j, fds);
  }
  if (e < 0) refuse(j, nr == SYS_mount ? "mount" : nr == SYS_umount2 ? "umount2" : "pivot_root", EPERM);
  else answer(j, 0, e);
  close(fds[MOUNT_USER_NS]);
  close(fds[MOUNT_NS]);
  close(fds[MOUNT_ROOT]);
}
