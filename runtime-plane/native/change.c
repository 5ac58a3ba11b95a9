/* Everything that changes the tree or the metadata of a file: decided on the pinned parent and name, or on the held
 * object, and performed there. */
#include "gate.h"
#include <linux/fs.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
enum { NR_SETXATTRAT = 463, NR_REMOVEXATTRAT = 466 };

/* A Unix socket must be bound by the very path that its peers will be shown, so while one is, no name may move. */
pthread_rwlock_t tree = PTHREAD_RWLOCK_INITIALIZER;

static int path_arg(struct job *j, int i, char *out, bool empty_ok) {
  int n = read_string(j, ARG(j, i), out, PATH_CAP);
  if (n == -EPERM || n == -ESRCH) { refuse(j, "unreadable_caller", EACCES); return -1; }
  if (n < 0) { answer(j, 0, -n); return -1; }
  if (n == 0 && !empty_ok) { answer(j, 0, ENOENT); return -1; }
  return 0;
}

static bool parent(struct job *j, int dirfd, const char *path, struct parent *p) {
  int e = resolve_parent(j, dirfd, path, p);
  if (e) answer(j, 0, -e);
  return !e;
}

static bool allowed(struct job *j, enum op op, uint32_t sub, const char *path, const char *path2, const struct facts *f) {
  int object = path == j->obj.path ? PLACE(&j->obj) : -1;
  j->named = path == j->par.path ? &j->par : path == j->par2.path ? &j->par2 : NULL;
  struct answer a = ask(j, op, sub, path, path2, f, NULL, 0, object);
  j->named = NULL;
  if (!a.allow) answer(j, 0, a.err);
  else if (!still_there(j)) { answer(j, 0, EINTR); return false; }
  return a.allow;
}

static void done(struct job *j, long r) {
  int e = errno;
  if (r >= 0 && (in_layer(j->par.path) || in_layer(j->par2.path) || in_layer(j->obj.path))) layer_touched();
  answer(j, r < 0 ? 0 : r, r < 0 ? e : 0);
}

/* @returns false with errno when the name cannot be looked up */
static bool facts_at(struct parent *p, struct facts *f) {
  struct stat st;
  if (fstatat(p->fd, p->name, &st, AT_SYMLINK_NOFOLLOW)) return false;
  *f = (struct facts){.kind = st.st_mode & S_IFMT, .mode = st.st_mode & 07777, .uid = st.st_uid, .nlink = (uint32_t)st.st_nlink,
                      .dev = st.st_dev, .ino = st.st_ino, .size = (uint64_t)st.st_size};
  return true;
}

/* What a nested sandbox has made unchangeable for its own, the session's tree would let be changed. */
static int forbidden_here(struct parent *p, const char *taken) {
  if (p->twin < 0) return 0;
  if (shown_read_only(p->fd)) return EROFS;
  return taken && mounted_on(p->fd, taken) ? EBUSY : 0;
}

/* The last name as the kernel is to see it: with the slash that demands a directory. */
static const char *spelled(struct parent *p) {
  if (p->trailing_slash) strcat(p->name, "/");
  return p->name;
}

static void remove_name(struct job *j, int dirfd, int arg, int flags) {
  if (path_arg(j, arg, j->path, false) || !parent(j, dirfd, j->path, &j->par)) return;
  struct facts f = {0};
  if (!facts_at(&j->par, &f)) { answer(j, 0, errno); return; }
  int e = forbidden_here(&j->par, j->par.name);
  if (e) { answer(j, 0, e); return; }
  if (!allowed(j, OP_DELETE, 0, j->par.path, NULL, &f)) return;
  pthread_rwlock_rdlock(&tree);
  long r = unlinkat(PLACE(&j->par), spelled(&j->par), flags);
  pthread_rwlock_unlock(&tree);
  done(j, r);
}

static void rename_name(struct job *j, int d1, int a1, int d2, int a2, unsigned flags) {
  if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT) || (flags & RENAME_EXCHANGE && flags & ~RENAME_EXCHANGE)) {
    answer(j, 0, EINVAL);
    return;
  }
  if (path_arg(j, a1, j->path, false) || path_arg(j, a2, j->path2, false)) return;
  if (!parent(j, d1, j->path, &j->par) || !parent(j, d2, j->path2, &j->par2)) return;
  struct facts f = {0}, g = {0};
  bool there = facts_at(&j->par2, &g);
  if (!there && errno != ENOENT) { answer(j, 0, errno); return; }
  if (!facts_at(&j->par, &f)) { answer(j, 0, errno); return; }
  int e = forbidden_here(&j->par, j->par.name);
  if (!e) e = forbidden_here(&j->par2, j->par2.name);
  if (!e && (j->par.twin >= 0 || j->par2.twin >= 0) && mount_of(j->par.fd) != mount_of(j->par2.fd)) e = EXDEV;
  if (e) { answer(j, 0, e); return; }
  if (!allowed(j, OP_RENAME, 0, j->par.path, j->par2.path, &f)) return;
  if ((flags & RENAME_EXCHANGE) && there && !allowed(j, OP_RENAME, 0, j->par2.path, j->par.path, &g)) return;
  if (there && !(flags & (RENAME_EXCHANGE | RENAME_NOREPLACE)) && !allowed(j, OP_DELETE, 0, j->par2.path, NULL, &g)) return;
  pthread_rwlock_rdlock(&tree);
  long r = syscall(SYS_renameat2, PLACE(&j->par), spelled(&j->par), PLACE(&j->par2), spelled(&j->par2), flags);
  pthread_rwlock_unlock(&tree);
  if (r < 0 && errno == EXDEV && S_ISDIR(f.kind) && !(flags & ~RENAME_NOREPLACE) && layer_of_both(j->par.path, j->par2.path)) {
    pthread_rwlock_wrlock(&tree);
    r = move_folder(PLACE(&j->par), j->par.name, PLACE(&j->par2), j->par2.name, flags);
    pthread_rwlock_unlock(&tree);
  }
  done(j, r);
}

static void link_name(struct job *j, int d1, int a1, int d2, int a2, int flags) {
  if (path_arg(j, a1, j->path, flags & AT_EMPTY_PATH) || path_arg(j, a2, j->path2, false)) return;
  if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) { answer(j, 0, EINVAL); return; }
  int e;
  if (!j->path[0]) {
    int fd = base_of(j, d1, "", 0);
    e = fd < 0 ? fd : describe(j, fd, &j->obj);
    if (fd >= 0) j->obj.fd = fd;
  } else e = resolve(j, d1, j->path, flags & AT_SYMLINK_FOLLOW ? 0 : O_NOFOLLOW, 0, &j->obj);
  if (e) { answer(j, 0, -e); return; }
  if (!parent(j, d2, j->path2, &j->par2)) return;
  e = forbidden_here(&j->par2, NULL);
  if (!e && j->obj.twin >= 0 && j->par2.twin >= 0 && mount_of(j->obj.fd) != mount_of(j->par2.fd)) e = EXDEV;
  if (e) { answer(j, 0, e); return; }
  if (j->obj.facts.nlink) { if (!allowed(j, OP_LINK, 0, j->obj.path, j->par2.path, &j->obj.facts)) return; }
  else if (!allowed(j, OP_CREATE, j->obj.facts.kind >> 12, j->par2.path, NULL, &j->obj.facts)) return;
  char n[16];
  snprintf(n, sizeof n, "%d", PLACE(&j->obj));
  pthread_rwlock_rdlock(&tree);
  long r = linkat(procfd, n, PLACE(&j->par2), spelled(&j->par2), AT_SYMLINK_FOLLOW);
  pthread_rwlock_unlock(&tree);
  done(j, r);
}

static void make_name(struct job *j, int dirfd, int arg, mode_t mode, uint64_t dev, const char *target) {
  if (path_arg(j, arg, j->path, false) || !parent(j, dirfd, j->path, &j->par)) return;
  struct facts there, f = {.kind = mode & S_IFMT, .mode = mode & 07777};
  if (facts_at(&j->par, &there)) { answer(j, 0, EEXIST); return; }
  int e = forbidden_here(&j->par, NULL);
  if (e) { answer(j, 0, e); return; }
  if (!allowed(j, OP_CREATE, f.kind >> 12, j->par.path, NULL, &f)) return;
  use_umask(j);
  pthread_rwlock_rdlock(&tree);
  long r = S_ISDIR(mode) ? mkdirat(PLACE(&j->par), j->par.name, mode & 07777)
         : S_ISLNK(mode) ? symlinkat(target, PLACE(&j->par), spelled(&j->par))
                         : syscall(SYS_mknodat, PLACE(&j->par), spelled(&j->par), mode, dev);
  pthread_rwlock_unlock(&tree);
  done(j, r);
}

/* mknod(2): a directory or a link is made by other calls. */
static void make_node(struct job *j, int dirfd, int arg, mode_t mode, uint64_t dev) {
  if (!(mode & S_IFMT)) mode |= S_IFREG;
  switch (mode & S_IFMT) {
    case S_IFREG: case S_IFIFO: case S_IFSOCK: case S_IFCHR: case S_IFBLK: make_name(j, dirfd, arg, mode, dev, NULL); break;
    default: answer(j, 0, S_ISDIR(mode) ? EPERM : EINVAL);
  }
}

static const char *via(struct job *j) {
  snprintf(j->tmp, sizeof j->tmp, "/proc/self/fd/%d", j->obj.fd);
  return j->tmp;
}

enum { LABEL_CHANGED = 1, LABEL_REMOVED = 2 };

/* Does it take away a sensitivity label that is there? Where that cannot be seen, it may. */
static uint32_t label_change(struct job *j, const char *attribute, bool set) {
  if (strcmp(attribute, "user.chaperone.label") && strncasecmp(attribute, "user.MSIP_Label_", 16)) return 0;
  if (getxattr(via(j), attribute, NULL, 0) < 0 && (errno == ENODATA || errno == EOPNOTSUPP)) return 0;
  return set ? LABEL_CHANGED : LABEL_REMOVED;
}

/* Hold the object whose metadata is to change: `fd` >= 0 names a descriptor of the caller, else a path, which may be
 * empty with AT_EMPTY_PATH. `bare`: a call on a plain descriptor, for which an O_PATH one is none. */
static bool attribute_object(struct job *j, int dirfd, int arg, int flags, int fd, const char *attribute, bool set) {
  int e;
  bool bare = arg < 0;
  if (!bare && path_arg(j, arg, j->path, flags & AT_EMPTY_PATH)) return false;
  if (bare) {
    int d = fd < 0 ? -EBADF : target_fd(j, fd);
    if (d >= 0 && fcntl(d, F_GETFL) & O_PATH) { close(d); d = -EBADF; }
    if (d < 0) { answer(j, 0, -d); return false; }
    j->obj.fd = d;
    e = describe(j, d, &j->obj);
  } else if (!j->path[0]) {
    int d = base_of(j, dirfd, "", 0);
    if (d < 0) { answer(j, 0, -d); return false; }
    j->obj.fd = d;
    e = describe(j, d, &j->obj);
  } else e = resolve(j, dirfd, j->path, flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0, 0, &j->obj);
  if (e) { answer(j, 0, -e); return false; }
  if (!may_write_proc(j, j->obj.path)) { refuse(j, "write_to_proc", EACCES); return false; }
  return j->obj.anonymous || allowed(j, OP_META, attribute ? label_change(j, attribute, set) : 0, j->obj.path, NULL, &j->obj.facts);
}

static bool metadata_object(struct job *j, int dirfd, int arg, int flags, int fd) {
  return attribute_object(j, dirfd, arg, flags, fd, NULL, false);
}

static void change_mode(struct job *j, int dirfd, int arg, mode_t mode, int flags, int fd) {
  if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) { answer(j, 0, EINVAL); return; }
  if (!metadata_object(j, dirfd, arg, flags, fd)) return;
  if (S_ISLNK(j->obj.facts.kind)) { answer(j, 0, EOPNOTSUPP); return; }
  done(j, arg < 0 ? fchmod(j->obj.fd, mode) : chmod(via(j), mode));
}

static void change_owner(struct job *j, int dirfd, int arg, uid_t u, gid_t g, int flags, int fd) {
  if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) { answer(j, 0, EINVAL); return; }
  if (metadata_object(j, dirfd, arg, flags, fd)) done(j, fchownat(j->obj.fd, "", u, g, AT_EMPTY_PATH));
}

/* utimensat and its elders; a null path of utimensat and futimesat means the descriptor itself. */
static void change_times(struct job *j, int dirfd, int arg, uint64_t at, int kind, int flags) {
  struct timespec t[2], *tp = NULL;
  if (at) {
    int64_t raw[4];
    size_t n = kind == 'u' ? 16 : 32;
    if (read_target(j, at, raw, n) != (ssize_t)n) { answer(j, 0, EFAULT); return; }
    if (kind == 'u') t[0] = (struct timespec){raw[0], 0}, t[1] = (struct timespec){raw[1], 0};
    else for (int i = 0; i < 2; i++) {
      if (kind == 'v' && (raw[2 * i + 1] < 0 || raw[2 * i + 1] >= 1000000)) { answer(j, 0, EINVAL); return; }
      t[i] = (struct timespec){raw[2 * i], raw[2 * i + 1] * (kind == 'v' ? 1000 : 1)};
    }
    if (kind == 'n' && t[0].tv_nsec == UTIME_OMIT && t[1].tv_nsec == UTIME_OMIT) { answer(j, 0, 0); return; }
    tp = t;
  }
  if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) { answer(j, 0, EINVAL); return; }
  bool bare = ARG(j, arg) == 0 && kind != 'u' && dirfd != AT_FDCWD;
  if (bare && flags) { answer(j, 0, EINVAL); return; }
  if (!metadata_object(j, dirfd, bare ? -1 : arg, flags, dirfd)) return;
  if (bare) done(j, futimens(j->obj.fd, tp));
  else done(j, syscall(SYS_utimensat, j->obj.fd, "", tp, AT_EMPTY_PATH));
}

static void change_xattr(struct job *j, bool nofollow, bool bare, bool set) {
  char *value = NULL, name[256];
  int n = read_string(j, ARG(j, 1), name, sizeof name);
  if (n < 0) { answer(j, 0, n == -ENAMETOOLONG ? ERANGE : -n); return; }
  uint64_t size = set ? ARG(j, 3) : 0;
  if (size > 65536) { answer(j, 0, E2BIG); return; }
  if (!attribute_object(j, AT_FDCWD, bare ? -1 : 0, nofollow ? AT_SYMLINK_NOFOLLOW : 0, (int)ARG(j, 0), name, set)) return;
  if (S_ISLNK(j->obj.facts.kind)) { answer(j, 0, EPERM); return; }
  if (set && size && (!(value = malloc(size)) || read_target(j, ARG(j, 2), value, size) != (ssize_t)size)) {
    free(value);
    answer(j, 0, EFAULT);
    return;
  }
  done(j, set ? setxattr(via(j), name, value, size, (int)ARG(j, 4)) : removexattr(via(j), name));
  free(value);
}

static void change_length(struct job *j) {
  int64_t len = (int64_t)ARG(j, 1);
  if (len < 0) { answer(j, 0, EINVAL); return; }
  if (path_arg(j, 0, j->path, false)) return;
  int e = resolve(j, AT_FDCWD, j->path, 0, 0, &j->obj);
  if (e) { answer(j, 0, -e); return; }
  if (!may_write_proc(j, j->obj.path)) { refuse(j, "write_to_proc", EACCES); return; }
  if (!j->obj.anonymous && !allowed(j, OP_WRITE, 0, j->obj.path, NULL, &j->obj.facts)) return;
  if (j->obj.twin >= 0 && shown_read_only(j->obj.fd)) { answer(j, 0, EROFS); return; }
  snprintf(j->tmp, sizeof j->tmp, "/proc/self/fd/%d", PLACE(&j->obj));
  done(j, truncate(j->tmp, len));
}

static void make_symlink(struct job *j, int dirfd, int arg) {
  char *target = j->obj2.path; /* free here: this call has no second object */
  if (path_arg(j, 0, target, false)) return;
  make_name(j, dirfd, arg, S_IFLNK | 0777, 0, target);
}

void do_change(struct job *j) {
  switch (j->n.data.nr) {
#ifdef SYS_unlink
    case SYS_unlink: case SYS_rmdir: case SYS_rename: case SYS_link: case SYS_symlink: case SYS_mkdir: case SYS_mknod:
    case SYS_chmod: case SYS_chown: case SYS_lchown: case SYS_utime: case SYS_utimes: case SYS_futimesat:
#endif
    case SYS_unlinkat: case SYS_renameat2: case SYS_linkat: case SYS_symlinkat: case SYS_mkdirat: case SYS_mknodat: case SYS_truncate:
#ifdef SYS_renameat
    case SYS_renameat:
#endif
    case SYS_fchmodat: case SYS_fchmodat2: case SYS_fchmod: case SYS_fchownat: case SYS_fchown: case SYS_utimensat:
    case SYS_setxattr: case SYS_lsetxattr: case SYS_fsetxattr: case SYS_removexattr: case SYS_lremovexattr: case SYS_fremovexattr:
      promote(j); /* these may wait for a disk; and the lock below must never be waited for by the leader */
      break;
    case NR_SETXATTRAT: case NR_REMOVEXATTRAT: answer(j, 0, ENOSYS); return; /* callers fall back to the calls above */
    default: do_refused(j); return;
  }
  switch (j->n.data.nr) {
#ifdef SYS_unlink
    case SYS_unlink: remove_name(j, AT_FDCWD, 0, 0); break;
    case SYS_rmdir: remove_name(j, AT_FDCWD, 0, AT_REMOVEDIR); break;
    case SYS_rename: rename_name(j, AT_FDCWD, 0, AT_FDCWD, 1, 0); break;
    case SYS_link: link_name(j, AT_FDCWD, 0, AT_FDCWD, 1, 0); break;
    case SYS_symlink: make_symlink(j, AT_FDCWD, 1); break;
    case SYS_mkdir: make_name(j, AT_FDCWD, 0, S_IFDIR | ((mode_t)ARG(j, 1) & 07777), 0, NULL); break;
    case SYS_mknod: make_node(j, AT_FDCWD, 0, (mode_t)ARG(j, 1), ARG(j, 2)); break;
    case SYS_chmod: change_mode(j, AT_FDCWD, 0, (mode_t)ARG(j, 1) & 07777, 0, -1); break;
    case SYS_chown: change_owner(j, AT_FDCWD, 0, (uid_t)ARG(j, 1), (gid_t)ARG(j, 2), 0, -1); break;
    case SYS_lchown: change_owner(j, AT_FDCWD, 0, (uid_t)ARG(j, 1), (gid_t)ARG(j, 2), AT_SYMLINK_NOFOLLOW, -1); break;
    case SYS_utime: change_times(j, AT_FDCWD, 0, ARG(j, 1), 'u', 0); break;
    case SYS_utimes: change_times(j, AT_FDCWD, 0, ARG(j, 1), 'v', 0); break;
    case SYS_futimesat: change_times(j, (int)ARG(j, 0), 1, ARG(j, 2), 'v', 0); break;
#endif
#ifdef SYS_renameat
    case SYS_renameat: rename_name(j, (int)ARG(j, 0), 1, (int)ARG(j, 2), 3, 0); break;
#endif
    case SYS_unlinkat:
      if ((int)ARG(j, 2) & ~AT_REMOVEDIR) answer(j, 0, EINVAL);
      else remove_name(j, (int)ARG(j, 0), 1, (int)ARG(j, 2));
      break;
    case SYS_renameat2: rename_name(j, (int)ARG(j, 0), 1, (int)ARG(j, 2), 3, (unsigned)ARG(j, 4)); break;
    case SYS_linkat: link_name(j, (int)ARG(j, 0), 1, (int)ARG(j, 2), 3, (int)ARG(j, 4)); break;
    case SYS_symlinkat: make_symlink(j, (int)ARG(j, 1), 2); break;
    case SYS_mkdirat: make_name(j, (int)ARG(j, 0), 1, S_IFDIR | ((mode_t)ARG(j, 2) & 07777), 0, NULL); break;
    case SYS_mknodat: make_node(j, (int)ARG(j, 0), 1, (mode_t)ARG(j, 2), ARG(j, 3)); break;
    case SYS_truncate: change_length(j); break;
    case SYS_fchmodat: change_mode(j, (int)ARG(j, 0), 1, (mode_t)ARG(j, 2) & 07777, 0, -1); break;
    case SYS_fchmodat2: change_mode(j, (int)ARG(j, 0), 1, (mode_t)ARG(j, 2) & 07777, (int)ARG(j, 3), -1); break;
    case SYS_fchmod: change_mode(j, AT_FDCWD, -1, (mode_t)ARG(j, 1) & 07777, 0, (int)ARG(j, 0)); break;
    case SYS_fchownat: change_owner(j, (int)ARG(j, 0), 1, (uid_t)ARG(j, 2), (gid_t)ARG(j, 3), (int)ARG(j, 4), -1); break;
    case SYS_fchown: change_owner(j, AT_FDCWD, -1, (uid_t)ARG(j, 1), (gid_t)ARG(j, 2), 0, (int)ARG(j, 0)); break;
    case SYS_utimensat: change_times(j, (int)ARG(j, 0), 1, ARG(j, 2), 'n', (int)ARG(j, 3)); break;
    case SYS_setxattr: change_xattr(j, false, false, true); break;
    case SYS_lsetxattr: change_xattr(j, true, false, true); break;
    case SYS_fsetxattr: change_xattr(j, false, true, true); break;
    case SYS_removexattr: change_xattr(j, false, false, false); break;
    case SYS_lremovexattr: change_xattr(j, true, false, false); break;
    case SYS_fremovexattr: change_xattr(j, false, true, false); break;
  }
}
