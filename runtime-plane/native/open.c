/* open, openat, openat2, creat: decided on the object, opened by the gate, injected into the caller. */
#include "gate.h"
#include <sys/statvfs.h>

enum {
  KNOWN = O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_DSYNC | O_SYNC | O_ASYNC | O_DIRECT |
          O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_TMPFILE,
};

struct request { int dirfd; uint64_t flags, mode, res; };

static bool decode(struct job *j, struct request *q, uint64_t *path) {
  *q = (struct request){.dirfd = AT_FDCWD};
  switch (j->n.data.nr) {
#ifdef SYS_open
    case SYS_open: *path = ARG(j, 0); q->flags = (uint32_t)ARG(j, 1); q->mode = ARG(j, 2); break;
    case SYS_creat: *path = ARG(j, 0); q->flags = O_CREAT | O_WRONLY | O_TRUNC; q->mode = ARG(j, 1); break;
#endif
    case SYS_openat:
      q->dirfd = (int)ARG(j, 0); *path = ARG(j, 1); q->flags = (uint32_t)ARG(j, 2); q->mode = ARG(j, 3);
      break;
    default: {
      struct { struct open_how h; uint64_t more[32]; } how = {0};
      uint64_t size = ARG(j, 3);
      if (size < sizeof how.h) { answer(j, 0, EINVAL); return false; }
      if (size > sizeof how) { answer(j, 0, E2BIG); return false; }
      if (read_target(j, ARG(j, 2), &how, size) != (ssize_t)size) { answer(j, 0, EFAULT); return false; }
      for (int i = 0; i < 32; i++) if (how.more[i]) { answer(j, 0, E2BIG); return false; }
      q->dirfd = (int)ARG(j, 0); *path = ARG(j, 1);
      q->flags = how.h.flags; q->mode = how.h.mode; q->res = how.h.resolve;
      /* What the kernel refuses as malformed it must see unchanged; probing an impossible name has no effect. */
      if (oat2(-1, "", q->flags, q->mode, q->res) == -EINVAL) { answer(j, 0, EINVAL); return false; }
      /* An O_PATH descriptor cannot be injected; callers fall back to openat, whose O_PATH the filter lets through. */
      if (q->flags & O_PATH) { answer(j, 0, ENOSYS); return false; }
      return true;
    }
  }
  q->flags &= (uint64_t)(unsigned)KNOWN | O_LARGEFILE;
  if (!(q->flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)))) q->mode = 0;
  q->mode &= 07777;
  bool odd = (q->flags & O_CREAT && q->flags & O_DIRECTORY) || q->flags & O_TMPFILE & ~O_DIRECTORY;
  if (odd && syscall(SYS_openat, -1, "", (int)q->flags, (int)q->mode) < 0 && errno == EINVAL) { answer(j, 0, EINVAL); return false; }
  return true;
}

static int kernel_flags(const struct request *q) {
  return ((int)q->flags & KNOWN & ~(O_CREAT | O_EXCL | O_NOFOLLOW)) | O_CLOEXEC | O_NOCTTY;
}

static bool permitted(struct job *j, bool read, bool write, const char *path, struct object *o, const struct request *q) {
  struct answer a = {.allow = true};
  if (write) a = ask(j, OP_WRITE, 0, path, NULL, &o->facts, NULL, 0, PLACE(o));
  if (a.allow && read) {
    release_content(j);
    j->flags = kernel_flags(q);
    /* Of what is truncated nothing is handed over. */
    if (S_ISREG(o->facts.kind) && !(q->flags & O_TRUNC)) j->handing = write ? HANDING_BOTH : HANDING_READ;
    a = ask(j, OP_READ, 0, path, NULL, &o->facts, NULL, 0, PLACE(o));
    /* Somebody waits to write to it: what is handed over is then what was looked at, and not the file. */
    if (a.allow && j->hand == HAND_SCANNED && awaited(j)) {
      give_up_lease(j);
      a = ask(j, OP_READ, 0, path, NULL, &o->facts, NULL, 0, PLACE(o));
    }
  }
  if (!a.allow) answer(j, 0, a.err);
  return a.allow;
}

static void hand_over(struct job *j, int fd, const struct request *q) {
  if (q->flags & (O_ACCMODE | O_CREAT | O_TRUNC)) layer_written(fd);
  inject(j, fd, q->flags & O_CLOEXEC);
  close(fd);
}

/* Open the object that was decided on, through our descriptor of it. */
static void reopen(struct job *j, struct object *o, const struct request *q) {
  if (j->hand == HAND_COPY) {
    if (j->copy < 0) { answer(j, 0, EACCES); return; }
    fcntl(j->copy, F_SETFL, kernel_flags(q));
    inject(j, j->copy, q->flags & O_CLOEXEC);
    return;
  }
  if (j->hand == HAND_SCANNED && j->content_traits & CONTENT_LEASED) {
    if (!still_leased(j)) { answer(j, 0, EAGAIN); return; }
    int as_scanned = take_content(j);
    if (as_scanned >= 0) { inject(j, as_scanned, q->flags & O_CLOEXEC); return; }
  }
  char name[64];
  int dir = procfd;
  snprintf(name, sizeof name, "%d", PLACE(o));
  /* A disk holds every file, and none of their names. */
  if (S_ISBLK(o->facts.kind)) { refuse(j, "block_device", EACCES); return; }
  bool chr = S_ISCHR(o->facts.kind);
  struct stat st;
  if (chr && fstat(o->fd, &st) == 0 && st.st_rdev == makedev(5, 0)) {
    int e = target_tty(j, name, sizeof name); /* /dev/tty is the caller's terminal, not ours */
    if (e) { answer(j, 0, -e); return; }
    dir = AT_FDCWD;
  }
  int flags = kernel_flags(q);
  struct statvfs here;
  if ((chr || S_ISBLK(o->facts.kind)) && o->twin >= 0 && (fstatvfs(o->fd, &here) || here.f_flag & ST_NODEV)) {
    answer(j, 0, EACCES);
    return;
  }
  if (((int)q->flags & O_ACCMODE) != O_RDONLY && is_user_map(o->path)) {
    int map = open_user_map(j, o, flags);
    if (map < 0) answer(j, 0, -map);
    else hand_over(j, map, q);
    return;
  }
  bool slow = (S_ISFIFO(o->facts.kind) || chr) && !(flags & O_NONBLOCK);
  if (!slow && !S_ISDIR(o->facts.kind)) slow = fs_may_hang(o->fd);
  if (slow && !enter_blocking(j)) return;
  /* A lease on a regular file would hold up its open; so it is first tried without waiting. */
  bool leased = S_ISREG(o->facts.kind) && !slow && !(flags & O_NONBLOCK);
  int fd = openat(dir, name, leased ? flags | O_NONBLOCK : flags), e = errno;
  if (leased && fd >= 0) fcntl(fd, F_SETFL, flags);
  if (leased && fd < 0 && e == EWOULDBLOCK) {
    if (!enter_blocking(j)) return;
    slow = true;
    fd = openat(dir, name, flags);
    e = errno;
  }
  if (slow) leave_blocking(j);
  if (fd < 0 && e == EINTR && slow) e = j->interrupted;
  /* The floor lets it be opened in the session. What the caller holds is its own sandbox's file, with that one's limits. */
  if (fd >= 0 && o->twin >= 0 && (S_ISREG(o->facts.kind) || S_ISDIR(o->facts.kind))) {
    close(fd);
    snprintf(name, sizeof name, "%d", o->fd);
    fd = openat(procfd, name, flags & ~O_TRUNC);
    e = errno;
  }
  if (fd < 0) answer(j, 0, e);
  else if (S_ISFIFO(o->facts.kind)) give(j, fd, q->flags & O_CLOEXEC);
  else hand_over(j, fd, q);
}

static bool read_only_here(const struct object *o) {
  return o->twin >= 0 && (S_ISREG(o->facts.kind) || S_ISDIR(o->facts.kind)) && shown_read_only(o->fd);
}

static void create(struct job *j, struct request *q) {
  promote(j);
  for (int hops = 0; hops < 40; hops++) {
    CLOSE(j->par.fd);
    int e = q->res ? resolve_parent_within(j, q->dirfd, j->path, q->res, &j->par) : resolve_parent(j, q->dirfd, j->path, &j->par);
    if (e) { answer(j, 0, -e); return; }
    struct parent *p = &j->par;
    bool dots = !strcmp(p->name, ".") || !strcmp(p->name, "..");
    if (dots || p->trailing_slash) { answer(j, 0, dots && q->flags & O_EXCL ? EEXIST : EISDIR); return; }
    struct facts f = {.kind = S_IFREG, .mode = (uint32_t)q->mode};
    bool unwritable = shown_read_only(p->fd) && faccessat(p->fd, p->name, F_OK, AT_SYMLINK_NOFOLLOW);
    if (unwritable) { answer(j, 0, EROFS); return; }
    struct answer a = ask(j, OP_CREATE, S_IFREG >> 12, p->path, NULL, &f, NULL, 0, -1);
    if (!a.allow) { answer(j, 0, a.err); return; }
    if (!still_there(j)) { answer(j, 0, EINTR); return; }
    use_umask(j);
    int flags = ((int)q->flags & KNOWN) | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY;
    int fd = oat2(PLACE(p), p->name, (uint64_t)flags, q->mode, RESOLVE_NO_SYMLINKS);
    if (fd >= 0) { hand_over(j, fd, q); return; }
    if (fd != -EEXIST || (q->flags & O_EXCL)) { answer(j, 0, -fd); return; }
    /* Something is there after all: a dangling link to follow, or a file that just appeared. */
    ssize_t n = readlinkat(p->fd, p->name, j->path2, PATH_CAP - 1);
    if (n < 0) {
      CLOSE(j->obj.fd);
      e = resolve(j, q->dirfd, j->path, (int)q->flags & (O_NOFOLLOW | O_DIRECTORY), q->res, &j->obj);
      if (e == -ENOENT) continue;
      if (e) { answer(j, 0, -e); return; }
      if (S_ISDIR(j->obj.facts.kind)) { answer(j, 0, EISDIR); return; }
      int acc = (int)q->flags & O_ACCMODE;
      if ((acc != O_RDONLY || q->flags & O_TRUNC) && !may_write_proc(j, j->obj.path)) { refuse(j, "write_to_proc", EACCES); return; }
      if ((acc != O_RDONLY || q->flags & O_TRUNC) && read_only_here(&j->obj)) { answer(j, 0, EROFS); return; }
      if (permitted(j, acc != O_WRONLY, acc != O_RDONLY || (q->flags & O_TRUNC), j->obj.path, &j->obj, q))
        reopen(j, &j->obj, q);
      return;
    }
    if ((q->flags & O_NOFOLLOW) || (q->res & RESOLVE_NO_SYMLINKS)) { answer(j, 0, ELOOP); return; }
    j->path2[n] = 0;
    if (j->path2[0] == '/') memcpy(j->path, j->path2, (size_t)n + 1);
    else { /* relative to the link: below the pinned parent, or under constraints and in a nested mount below what the caller wrote */
      bool as_written = q->res || p->twin >= 0;
      char *dir = as_written ? j->path : p->path;
      size_t l = as_written ? (size_t)(strrchr(j->path, '/') ? strrchr(j->path, '/') + 1 - j->path : 0) : strlen(p->path) - strlen(p->name);
      if (l + (size_t)n >= PATH_CAP) { answer(j, 0, ENAMETOOLONG); return; }
      memmove(j->path, dir, l);
      memcpy(j->path + l, j->path2, (size_t)n + 1);
    }
  }
  answer(j, 0, ELOOP);
}

/* Every class needed is cached: one lstat to see that nothing blocks, one open that crosses no link. */
static bool fast(struct job *j, struct request *q, bool read, bool write) {
  if (q->res || !own_view(j)) return false;
  int dir = absolute(j, q->dirfd, j->path, j->path2, sizeof j->path2);
  const char *abs = j->path2;
  if (dir < 0 || !strncmp(abs, "/proc", 5) || !strncmp(abs, "/dev", 4) || below_hanging(abs)) return false;
  /* One name below a directory that the caller holds, and no link followed: where it leads is already known. */
  bool direct = q->flags & O_NOFOLLOW && !strchr(j->path, '/');
  if (write && in_layer(abs)) layer_touched();
  if (!(q->flags & O_CREAT) && !direct && static_known(abs, write) && !(read && write && !static_known(abs, false))) {
    proceed(j);
    return true;
  }
  if (write && !cache_get(j, OP_WRITE, 0, abs)) return false;
  if (read && !cache_get(j, OP_READ, 0, abs)) return false;
  bool creat = q->flags & O_CREAT;
  if (creat && (dir > 0 || !cache_get(j, OP_CREATE, S_IFREG >> 12, abs))) return false;
  if (!creat && dir == 0 && under_static(abs, write) && (!(read && write) || under_static(abs, false))) {
    int seen = direct ? -1 : oat2(AT_FDCWD, abs, O_PATH | O_CLOEXEC, 0, RESOLVE_NO_SYMLINKS);
    if (seen >= 0) { /* no link leads out of what is static: from now on the kernel opens it by itself */
      close(seen);
      static_remember(abs, write);
    }
    if (direct || seen >= 0) {
      proceed(j);
      return true;
    }
  }
  struct stat st;
  int flags = ((int)q->flags & KNOWN) | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  if (lstat(abs, &st)) {
    if (errno != ENOENT || !creat) {
      if (errno == ENOENT || errno == ENOTDIR) { answer(j, 0, errno); return true; }
      return false;
    }
    use_umask(j);
    if (!still_there(j)) return true;
  } else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) return false;
  int fd = oat2(AT_FDCWD, abs, (uint64_t)flags, creat ? q->mode : 0, RESOLVE_NO_SYMLINKS);
  if (fd == -ELOOP || fd == -ENXIO || fd == -EINVAL || fd == -EWOULDBLOCK) return false;
  if (fd < 0) { answer(j, 0, -fd); return true; }
  if (!(q->flags & O_NONBLOCK)) fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
  hand_over(j, fd, q);
  return true;
}

void do_open(struct job *j) {
  struct request q;
  uint64_t at;
  if (!decode(j, &q, &at)) return;
  int n = read_string(j, at, j->path, PATH_CAP);
  if (n < 0) {
    if (n == -EPERM || n == -ESRCH) refuse(j, "unreadable_caller", EACCES);
    else answer(j, 0, -n);
    return;
  }
  if (n == 0) { answer(j, 0, ENOENT); return; }
  int acc = (int)q.flags & O_ACCMODE;
  bool tmp = (q.flags & O_TMPFILE) == O_TMPFILE;
  bool write = acc != O_RDONLY || (q.flags & O_TRUNC), read = acc == O_RDONLY || acc == O_RDWR;
  if (!tmp && !(q.flags & O_EXCL) && fast(j, &q, read, write)) return;
  bool slash = n > 1 && j->path[n - 1] == '/';
  if ((q.flags & O_CREAT) && ((q.flags & O_EXCL) || slash)) { create(j, &q); return; }

  j->obj.path[0] = 0;
  int e = resolve(j, q.dirfd, j->path, (int)q.flags & (O_NOFOLLOW | O_DIRECTORY), q.res, &j->obj);
  if (e == -ENOENT && (q.flags & O_CREAT)) { create(j, &q); return; }
  struct object *o = &j->obj;
  if (e == -EACCES && o->path[0] && !strncmp(o->path, "/proc/", 6)) { refuse(j, "proc_of_supervisor", EACCES); return; }
  if (e == -EACCES && absolute(j, q.dirfd, j->path, j->path2, sizeof j->path2) >= 0)
    ask(j, write ? OP_WRITE : OP_READ, 0, j->path2, NULL, NULL, NULL, 0, -1); /* masked, perhaps: then that has a record */
  if (e) { answer(j, 0, -e); return; }
  if (S_ISLNK(o->facts.kind)) { answer(j, 0, ELOOP); return; }
  if (S_ISDIR(o->facts.kind) && ((q.flags & O_CREAT) || (write && !tmp))) { answer(j, 0, EISDIR); return; }
  if (write && read_only_here(o)) { answer(j, 0, EROFS); return; }
  if (tmp) {
    size_t l = strlen(o->path);
    snprintf(o->path + l, sizeof o->path - l, "%s#tmpfile", l == 1 ? "" : "/");
    struct facts f = {.kind = S_IFREG, .mode = (uint32_t)q.mode};
    struct answer a = ask(j, OP_CREATE, S_IFREG >> 12, o->path, NULL, &f, NULL, 0, -1);
    if (!a.allow) { answer(j, 0, a.err); return; }
    use_umask(j);
    int fd = oat2(PLACE(o), ".", q.flags | O_CLOEXEC, q.mode, 0);
    if (fd < 0) answer(j, 0, -fd);
    else hand_over(j, fd, &q);
    return;
  }
  if (write && !may_write_proc(j, o->path)) { refuse(j, "write_to_proc", EACCES); return; }
  if (!o->anonymous) {
    if (!permitted(j, read, write, o->path, o, &q)) return;
    if (under_static(o->path, write) && (!(read && write) || under_static(o->path, false)) && S_ISREG(o->facts.kind) &&
        absolute(j, q.dirfd, j->path, j->path2, sizeof j->path2) == 0) {
      static_remember(j->path2, write);
    }
  }
  reopen(j, o, &q);
}
