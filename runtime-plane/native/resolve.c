/* From what a caller wrote to the object that it means, held by an O_PATH descriptor, so that nothing can change between
 * decision and act. The kernel resolves without magic links; whatever touches /proc's links is walked by hand, because
 * there "self" must mean the caller and never us. */
#include "gate.h"
#include <linux/magic.h>
#include <sys/statfs.h>

int procfd = -1;

int oat2(int d, const char *p, uint64_t fl, uint64_t mode, uint64_t res) {
  struct open_how h = {.flags = fl, .mode = mode, .resolve = res};
  int r = (int)syscall(SYS_openat2, d, p, &h, sizeof h);
  return r < 0 ? -errno : r;
}

int name_of(int fd, char *out, size_t cap) {
  char n[16];
  snprintf(n, sizeof n, "%d", fd);
  ssize_t l = readlinkat(procfd, n, out, cap - 1);
  if (l < 0) return -errno;
  out[l] = 0;
  return (int)l;
}

/* The kernel marks a name that was removed, although its file may live on under others; a file may also be called so. */
static bool is_removed(const char *path, const struct stat *held) {
  struct stat st;
  return held->st_nlink == 0 || lstat(path, &st) || st.st_ino != held->st_ino || st.st_dev != held->st_dev;
}

/* The twin of what a nested mount shows, and its name. @returns the name's length or -errno; -EACCES is recorded */
int name_of_twin(struct job *j, int fd, int *twin, char *out, size_t cap) {
  CLOSE(*twin);
  promote(j); /* a lookup like any other: its file system may take its time */
  int t = twin_of((pid_t)j->n.pid, fd);
  if (t < 0) {
    if (name_of(fd, out, cap) > 0) report(j, "not_in_session", out);
    out[0] = 0;
    return t;
  }
  *twin = t;
  return name_of(t, out, cap);
}

/* Name and facts of a held descriptor. */
int describe(struct job *j, int fd, struct object *o) {
  struct stat st;
  if (fstat(fd, &st)) return -errno;
  o->facts = (struct facts){.kind = st.st_mode & S_IFMT, .mode = st.st_mode & 07777, .uid = st.st_uid,
                            .nlink = (uint32_t)st.st_nlink, .dev = st.st_dev, .ino = st.st_ino, .size = (uint64_t)st.st_size};
  int l = name_of(fd, o->path, sizeof o->path);
  if (l < 0) return l;
  o->anonymous = o->path[0] != '/';
  if (l > 10 && !strcmp(o->path + l - 10, " (deleted)") && is_removed(o->path, &st)) {
    struct statfs fs;
    o->path[l - 10] = 0; /* a removed file is still what its name said */
    o->anonymous |= st.st_nlink == 0 && !strncmp(o->path, "/memfd:", 7) && !fstatfs(fd, &fs) && fs.f_type == TMPFS_MAGIC;
  }
  CLOSE(o->twin);
  if (o->anonymous || own_mount(fd)) return 0;
  l = name_of_twin(j, fd, &o->twin, o->path, sizeof o->path);
  return l < 0 ? l : 0;
}

/* Does the caller see our tree? It always does, unless nested namespaces are permitted and it made some. */
bool own_view(struct job *j) {
  if (!foreign_roots) return true;
  if (j->view) return j->view == 1;
  char p[64];
  struct stat a, b, c, d;
  snprintf(p, sizeof p, "/proc/%u/ns/mnt", j->n.pid);
  bool same = !stat(p, &a) && !stat("/proc/self/ns/mnt", &b) && a.st_ino == b.st_ino;
  snprintf(p, sizeof p, "/proc/%u/root", j->n.pid);
  same = same && !stat(p, &c) && !stat("/", &d) && c.st_ino == d.st_ino && c.st_dev == d.st_dev;
  if (same && nested_mounts) { /* the root of another's view may be the same folder */
    int root = open(p, O_PATH | O_CLOEXEC);
    same = root >= 0 && own_mount(root);
    CLOSE(root);
  }
  j->view = same ? 1 : 2;
  return same;
}

/* The caller's root directory. Ours, unless nested namespaces are permitted and it changed its own. */
int root_of(struct job *j) {
  if (own_view(j)) return AT_FDCWD;
  if (j->root < 0) {
    char p[64];
    snprintf(p, sizeof p, "/proc/%u/root", j->n.pid);
    j->root = open(p, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (j->root < 0) return -errno;
  }
  return j->root;
}

/* Where resolution starts: a new O_PATH descriptor of the root, the working directory or the given descriptor. */
int base_of(struct job *j, int dirfd, const char *path, uint64_t res) {
  char p[64];
  if (path[0] == '/' && !(res & RESOLVE_IN_ROOT)) {
    int r = root_of(j);
    int fd = r == AT_FDCWD ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) : fcntl(r, F_DUPFD_CLOEXEC, 8);
    return fd < 0 ? -errno : fd;
  }
  if (dirfd == AT_FDCWD) snprintf(p, sizeof p, "/proc/%u/cwd", j->n.pid);
  else if (dirfd < 0) return -EBADF;
  else snprintf(p, sizeof p, "/proc/%u/fd/%d", j->n.pid, dirfd);
  int fd = open(p, O_PATH | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT ? -EBADF : -errno;
  return fd;
}

/* Where the caller's descriptor leads, by name. The folder of its descriptors is kept open between calls: that is of the
 * task itself, so when the task is gone and its number given to another one, nothing is found through it. */
static ssize_t name_of_target_fd(struct job *j, int fd, char *out, size_t cap) {
  static __thread pid_t of;
  static __thread int folder = -1;
  char p[64], n[16];
  snprintf(n, sizeof n, "%d", fd);
  for (int fresh = 0; fresh < 2; fresh++) {
    if (fresh || of != (pid_t)j->n.pid || folder < 0) {
      CLOSE(folder);
      fresh = 1;
      snprintf(p, sizeof p, "/proc/%u/fd", j->n.pid);
      if ((folder = open(p, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0) return -1;
      of = (pid_t)j->n.pid;
    }
    ssize_t l = readlinkat(folder, n, out, cap);
    if (l > 0) return l;
  }
  return -1;
}

/* The absolute form of a path without "." and ".." inside; only ever used together with RESOLVE_NO_SYMLINKS, under which
 * it names the same object. @returns 1 when it ends in a slash (kept: it demands a directory), -1 when there is none. */
int absolute(struct job *j, int dirfd, const char *path, char *out, size_t cap) {
  size_t n = 0;
  while (path[0] == '.' && path[1] == '/') path += 1 + strspn(path + 1, "/");
  if (!*path) return -1;
  if (!own_view(j) && nested_mounts) return -1; /* names that mean something else there */
  if (path[0] != '/') {
    char p[64];
    snprintf(p, sizeof p, "/proc/%u/cwd", j->n.pid);
    ssize_t l = dirfd == AT_FDCWD ? readlink(p, out, cap - 2) : name_of_target_fd(j, dirfd, out, cap - 2);
    if (l <= 0 || out[0] != '/') return -1;
    if (nested_mounts) {
      int fd = open(p, O_PATH | O_CLOEXEC);
      bool ours = fd >= 0 && own_mount(fd);
      CLOSE(fd);
      if (!ours) return -1;
    }
    out[l] = 0;
    if (l > 10 && !strcmp(out + l - 10, " (deleted)")) return -1;
    n = l == 1 ? 0 : (size_t)l;
  }
  bool slash = false;
  for (const char *s = path; *s;) {
    while (*s == '/') s++;
    size_t l = strcspn(s, "/");
    if (l == 0) break;
    slash = s[l] == '/';
    if (s[0] == '.' && (l == 1 || (l == 2 && s[1] == '.'))) return -1; /* meaning depends on links before it */
    if (n + l + 3 >= cap) return -1;
    out[n++] = '/';
    memcpy(out + n, s, l);
    n += l;
    s += l;
  }
  if (n == 0) out[n++] = '/';
  else if (slash) out[n++] = '/';
  out[n] = 0;
  return slash ? 1 : 0;
}

/* Did the kernel, resolving for us, end below our own /proc entry? Then "self" meant the wrong process. */
static bool ours(const char *path) {
  char p[64];
  int n = snprintf(p, sizeof p, "/proc/%d", gate_pid);
  return !strncmp(path, p, (size_t)n) && (path[n] == 0 || path[n] == '/');
}

static int name_in_session(struct job *j, int fd, char *out, size_t cap) {
  if (own_mount(fd)) return name_of(fd, out, cap);
  promote(j);
  int t = twin_of((pid_t)j->n.pid, fd), l = t < 0 ? t : name_of(t, out, cap);
  CLOSE(t);
  return l;
}

/* `base` matters for a relative path, and for an absolute one where the caller's root may not be ours. */
static int fetch(struct job *j, int base, const char *path, uint64_t fl, uint64_t res) {
  uint64_t in = !own_view(j) && path[0] == '/' && !(res & RESOLVE_BENEATH) ? RESOLVE_IN_ROOT : 0;
  const char *p = path;
  int fd = oat2(base, p, fl, 0, res | in | RESOLVE_NO_MAGICLINKS | RESOLVE_CACHED);
  if (fd != -EAGAIN) return fd;
  promote(j); /* the path is not in memory: its file system may take its time */
  return oat2(base, p, fl, 0, res | in | RESOLVE_NO_MAGICLINKS);
}

/* What the path means to the caller. `oflags`: O_NOFOLLOW, O_DIRECTORY; `res`: the caller's own openat2 constraints. */
int resolve(struct job *j, int dirfd, const char *path, int oflags, uint64_t res, struct object *o) {
  bool plain = path[0] == '/' && own_view(j) && !(res & RESOLVE_IN_ROOT);
  int base = plain ? AT_FDCWD : base_of(j, dirfd, path, res);
  if (base < 0 && !plain) return base;
  int fl = O_PATH | O_CLOEXEC | (oflags & (O_NOFOLLOW | O_DIRECTORY));
  int fd = -ELOOP;
  bool procish = !strncmp(path, "/proc/", 6) || !strncmp(path, "/dev/", 5);
  if (res || !procish) fd = fetch(j, base, path, (uint64_t)fl, res);
  if (!res && (fd == -ELOOP || (fd >= 0 && name_in_session(j, fd, o->path, sizeof o->path) > 0 && ours(o->path)))) {
    if (fd >= 0) close(fd);
    bool t;
    promote(j);
    if (plain) base = base_of(j, dirfd, path, 0);
    fd = base < 0 ? base : walk(j, base, path, oflags & O_NOFOLLOW ? WALK_NOFOLLOW : 0, NULL, &t);
    base = -1;
    struct stat st;
    if (fd >= 0 && (oflags & O_DIRECTORY) && fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode)) {
      close(fd);
      fd = -ENOTDIR;
    }
  }
  CLOSE(base);
  if (fd < 0) return fd;
  int e = describe(j, fd, o);
  bool own;
  if (!e && !o->anonymous && !may_touch_proc(j, o->path, &own)) e = -EACCES;
  /* A procfs at another place shows the same processes under names that nothing here looks at. */
  if (!e && (own_view(j) || nested_mounts) && strncmp(o->path, "/proc", 5) && is_proc(fd)) e = -EACCES;
  if (e) { close(fd); return e; }
  CLOSE(o->fd);
  o->fd = fd;
  return 0;
}

/* Completes a parent of which the directory is held and the name is known. Takes the descriptor. */
static int pin(struct job *j, int fd, struct parent *p) {
  CLOSE(p->twin);
  int l = own_mount(fd) ? name_of(fd, p->path, sizeof p->path) : name_of_twin(j, fd, &p->twin, p->path, sizeof p->path);
  struct stat st;
  bool own;
  if (l < 0 || fstat(fd, &st)) { close(fd); return -EACCES; }
  if (!S_ISDIR(st.st_mode)) { close(fd); return -ENOTDIR; }
  if (!may_touch_proc(j, p->path, &own)) { close(fd); return -EACCES; }
  if (l == 1) l = 0;
  snprintf(p->path + l, sizeof p->path - (size_t)l, "/%s", strcmp(p->name, "/") ? p->name : "");
  CLOSE(p->fd);
  p->fd = fd;
  return 0;
}

/* The directory in which the last name of a path is to be changed, and that name. */
int resolve_parent(struct job *j, int dirfd, const char *path, struct parent *p) {
  int base = base_of(j, dirfd, path, 0);
  if (base < 0) return base;
  p->trailing_slash = false;
  int fd = walk(j, base, path, WALK_PARENT, p->name, &p->trailing_slash);
  return fd < 0 ? fd : pin(j, fd, p);
}

/* The same under the caller's own openat2 constraints, which the kernel applies to the directory part. */
int resolve_parent_within(struct job *j, int dirfd, const char *path, uint64_t res, struct parent *p) {
  char dir[BUF_CAP];
  size_t n = strlen(path);
  while (n > 1 && path[n - 1] == '/') n--;
  p->trailing_slash = path[n] == '/';
  size_t start = n;
  while (start > 0 && path[start - 1] != '/') start--;
  if (n - start > 255) return -ENAMETOOLONG;
  memcpy(p->name, path + start, n - start);
  p->name[n - start] = 0;
  if (!p->name[0]) strcpy(p->name, ".");
  snprintf(dir, sizeof dir, "%.*s", (int)start, path);
  if (!dir[0]) strcpy(dir, ".");
  struct object *d = &j->obj2;
  CLOSE(d->fd);
  int e = resolve(j, dirfd, dir, O_DIRECTORY, res, d);
  if (e) return e;
  int fd = d->fd;
  d->fd = -1;
  CLOSE(d->twin);
  return pin(j, fd, p);
}
