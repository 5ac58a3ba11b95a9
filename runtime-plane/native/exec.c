/* execve, execveat. A program cannot be started on another's behalf, so the kernel does it and we look: the image is
 * decided on as a held object; the caller is seized for this one exec; at the exec stop, before the first instruction,
 * the mapped image and the argument vector must be what was decided, else the process is killed. */
#include "gate.h"
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP 128
#endif
enum { ARGV_CAP = 32768, HEAD_CAP = 256, SCRIPT_DEPTH = 5 };

struct image {
  struct stat st;
  bool whole;      /* all of argv fits; what fits is compared */
  size_t argv_len; /* bytes of `argv`, NUL-terminated strings */
  char argv[ARGV_CAP + 2 * BUF_CAP];
};

static bool read_argv(struct job *j, uint64_t at, struct image *im) {
  im->whole = true;
  im->argv_len = 0;
  for (int i = 0;; i++) {
    uint64_t p = 0;
    if (at && read_target(j, at + 8 * (uint64_t)i, &p, 8) != 8) return false;
    if (!p) {
      if (i == 0) im->argv[im->argv_len++] = 0; /* the kernel supplies an empty argv[0] */
      return true;
    }
    if (im->argv_len + 64 > ARGV_CAP) break;
    int n = read_string(j, p, im->argv + im->argv_len, ARGV_CAP - im->argv_len);
    if (n == -ENAMETOOLONG) break;
    if (n < 0) return false;
    im->argv_len += (size_t)n + 1;
  }
  im->whole = false;
  return true;
}

/* Put strings before the argument vector and drop its first, as the kernel does for "#!". */
static bool wrap_argv(struct image *im, const char *interp, const char *opt, const char *file) {
  size_t first = im->argv_len ? strlen(im->argv) + 1 : 0, a = strlen(interp) + 1, b = opt ? strlen(opt) + 1 : 0, c = strlen(file) + 1;
  if (im->argv_len - first + a + b + c > sizeof im->argv) return false;
  memmove(im->argv + a + b + c, im->argv + first, im->argv_len - first);
  memcpy(im->argv, interp, a);
  if (opt) memcpy(im->argv + a, opt, b);
  memcpy(im->argv + a + b, file, c);
  im->argv_len += a + b + c - first;
  return true;
}

/* "#!interpreter [argument]" as fs/binfmt_script.c reads it. */
static bool script_line(char *head, ssize_t n, char **interp, char **opt) {
  if (n < 2 || head[0] != '#' || head[1] != '!') return false;
  head[n < HEAD_CAP - 1 ? n : HEAD_CAP - 1] = 0;
  head[strcspn(head, "\n")] = 0;
  char *p = head + 2 + strspn(head + 2, " \t");
  char *e = p + strcspn(p, " \t");
  *interp = p;
  *opt = NULL;
  if (*e) {
    *e++ = 0;
    e += strspn(e, " \t");
    size_t l = strlen(e);
    while (l && (e[l - 1] == ' ' || e[l - 1] == '\t')) e[--l] = 0;
    if (l) *opt = e;
  }
  return *p != 0;
}

static ssize_t head_of(int opath, char *head) {
  char n[16];
  snprintf(n, sizeof n, "%d", opath);
  int f = openat(procfd, n, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (f < 0) return -errno;
  ssize_t r = pread(f, head, HEAD_CAP - 1, 0);
  close(f);
  return r;
}

/* While it runs nobody can write to an image: hashed now, its content is what executes. */
static bool same_digest(struct job *j, pid_t p) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/exe", p);
  int f = open(path, O_RDONLY | O_CLOEXEC);
  bool same = f >= 0 && confirm_digest(j, f);
  CLOSE(f);
  return same;
}

/* Wait for the seized caller's exec, look, and let go of it. @returns how the exec ended */
static int verify(struct job *j, struct image *im, bool digest) {
  pid_t tid = (pid_t)j->n.pid;
  int ended = ENDED_FAILED;
  for (;;) {
    int st;
    pid_t p = waitpid(-1, &st, __WALL | __WNOTHREAD);
    if (p < 0 && errno == EINTR) continue;
    if (p < 0) return ENDED_ABANDONED;
    if (WIFEXITED(st) || WIFSIGNALED(st)) {
      if (ended == ENDED_FAILED) ended = ENDED_ABANDONED;
      outcome(j, ended);
      if (p == agent_pid) agent_ended(st);
      return ended;
    }
    int ev = st >> 16, sig = WSTOPSIG(st);
    if (ev == PTRACE_EVENT_EXEC) {
      char path[64];
      struct stat exe;
      static __thread char got[sizeof im->argv + 1];
      snprintf(path, sizeof path, "/proc/%d/exe", p);
      if (stat(path, &exe)) { /* it is dying already */
        kill(p, SIGKILL);
        continue;
      }
      bool same = exe.st_dev == im->st.st_dev && exe.st_ino == im->st.st_ino && exe.st_size == im->st.st_size &&
                  exe.st_nlink > 0 && exe.st_mtim.tv_sec == im->st.st_mtim.tv_sec && exe.st_mtim.tv_nsec == im->st.st_mtim.tv_nsec &&
                  exe.st_ctim.tv_sec == im->st.st_ctim.tv_sec && exe.st_ctim.tv_nsec == im->st.st_ctim.tv_nsec;
      if (same) {
        snprintf(path, sizeof path, "/proc/%d/cmdline", p);
        int f = open(path, O_RDONLY | O_CLOEXEC);
        size_t n = 0;
        for (ssize_t r; f >= 0 && n < sizeof got && (r = read(f, got + n, sizeof got - n)) > 0;) n += (size_t)r;
        if (f >= 0) close(f);
        same = (im->whole ? n == im->argv_len : n >= im->argv_len) && !memcmp(got, im->argv, im->argv_len);
      }
      char *other = j->tmp;
      bool usual = !same || loaded_as_usual(p, other, sizeof j->tmp);
      if (same && digest) same = same_digest(j, p);
      if (same && nested_mounts) same = mapped_as_decided(j, p, j->obj2.fd >= 0 ? &j->obj2 : &j->obj);
      if (!same || !usual) {
        kill(p, SIGKILL);
        ended = EACCES;
        report(j, usual ? "execute_mismatch" : "execute_loader", usual ? j->obj.path : other);
        continue; /* until it is gone: only then does its own parent see its end */
      }
      ended = 0;
      keep_exe(p, j->obj2.fd >= 0 ? j->obj2.path : j->obj.path);
    }
    /* A stop by our interrupt means that the exec failed and the caller goes on. A tracee that somebody killed just now
     * cannot be detached; its end is waited for like any other. */
    if (ev == PTRACE_EVENT_EXEC || ev == PTRACE_EVENT_STOP) {
      if (ptrace(PTRACE_DETACH, p, 0, 0) == 0) return ended;
      continue;
    }
    ptrace(PTRACE_CONT, p, 0, sig);
    ptrace(PTRACE_INTERRUPT, tid, 0, 0);
  }
}

/* Scripts that are run by scripts: those between the first and the program that reads the last. */
struct between { struct object script[SCRIPT_DEPTH]; int n; };

static void drop(struct between *b) {
  while (b->n > 0) {
    struct object *o = &b->script[--b->n];
    CLOSE(o->fd);
    CLOSE(o->twin);
  }
}

static int image_of(struct job *j, int dirfd, int flags, struct image *im, struct between *b, bool *is_script) {
  static __thread char head[HEAD_CAP], file[BUF_CAP + 32];
  struct object *o = &j->obj, *img = &j->obj2;
  int e;
  if (!j->path[0]) {
    if (!(flags & AT_EMPTY_PATH)) return -ENOENT;
    int fd = base_of(j, dirfd, "", 0);
    if (fd < 0) return fd;
    o->fd = fd;
    e = describe(j, fd, o);
    snprintf(file, sizeof file, "/dev/fd/%d", dirfd);
  } else {
    e = resolve(j, dirfd, j->path, flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0, 0, o);
    if (dirfd != AT_FDCWD && j->path[0] != '/') snprintf(file, sizeof file, "/dev/fd/%d/%s", dirfd, j->path);
    else snprintf(file, sizeof file, "%s", j->path);
  }
  if (e) return e;
  *is_script = false;
  struct object *at = o;
  for (int depth = 0;; depth++) {
    if (S_ISLNK(at->facts.kind)) return -ELOOP;
    if (!S_ISREG(at->facts.kind)) return -EACCES;
    if (fstat(at->fd, &im->st)) return -errno;
    if (at->anonymous || im->st.st_nlink == 0) return -ECANCELED; /* refused with a record: nothing names it */
    char *interp, *opt;
    ssize_t n = head_of(PLACE(at), head);
    if (n < 0) return -EKEYREJECTED; /* what cannot be read cannot be decided */
    head[n] = 0;
    if (n == HEAD_CAP - 1 && !strncmp(head, "#!", 2) && !strpbrk(head + 2 + strspn(head + 2, " \t"), " \t\n")) return -ENOEXEC;
    if (!script_line(head, n, &interp, &opt)) return 0;
    if (depth == SCRIPT_DEPTH) return -ELOOP;
    *is_script = true;
    if (!wrap_argv(im, interp, opt, file)) return -E2BIG;
    snprintf(file, sizeof file, "%s", interp);
    snprintf(j->path2, sizeof j->path2, "%s", interp);
    if (at == img) { b->script[b->n++] = *img; img->fd = img->twin = -1; }
    if ((e = resolve(j, AT_FDCWD, j->path2, 0, 0, img))) return e;
    at = img;
  }
}

/* Every script on the way is started as much as the first. */
static struct answer decide(struct job *j, struct image *im, struct between *b, bool script, const char *argv, size_t len) {
  struct answer a = {.allow = true};
  for (int i = 0; i < b->n && a.allow; i++)
    a = ask(j, OP_EXECUTE, im->whole, b->script[i].path, j->obj2.path, &b->script[i].facts, argv, len, PLACE(&b->script[i]));
  if (a.allow) a = ask(j, OP_EXECUTE, im->whole, j->obj.path, script ? j->obj2.path : NULL, &j->obj.facts, argv, len, PLACE(&j->obj));
  return a;
}

void do_exec(struct job *j) {
  static __thread struct image im;
  static __thread struct between b;
  bool at = j->n.data.nr == SYS_execveat, script = false;
  int dirfd = at ? (int)ARG(j, 0) : AT_FDCWD, flags = at ? (int)ARG(j, 4) : 0;
  int n = read_string(j, ARG(j, at), j->path, PATH_CAP);
  if (n == -EPERM || n == -ESRCH) { refuse(j, "unreadable_caller", EACCES); return; }
  if (n < 0) { answer(j, 0, -n); return; }
  if (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) { answer(j, 0, EINVAL); return; }
  if (!read_argv(j, ARG(j, at + 1), &im)) { answer(j, 0, EFAULT); return; }
  size_t own_len = im.argv_len;
  static __thread char own[ARGV_CAP];
  memcpy(own, im.argv, own_len > sizeof own ? own_len = sizeof own : own_len);
  promote(j); /* reading the head of a file may wait for its disk */
  int e = image_of(j, dirfd, flags, &im, &b, &script);
  if (!e && nested_mounts) e = loader_of(j, script ? &j->obj2 : &j->obj);
  struct answer a = {.allow = false};
  if (!e) a = decide(j, &im, &b, script, own, own_len);
  drop(&b);
  if (e == -EKEYREJECTED) { refuse(j, "execute_unreadable_file", EACCES); return; }
  if (e == -ECANCELED) { refuse(j, "execute_unnamed_file", EACCES); return; }
  if (e == -ENOTSUP) { refuse(j, "execute_unknown_format", ENOEXEC); return; }
  if (e) { answer(j, 0, -e); return; }
  if (!a.allow) { answer(j, 0, a.err); return; }
  if (!still_there(j)) { answer(j, 0, EINTR); return; }
  pid_t tid = (pid_t)j->n.pid;
  if (ptrace(PTRACE_SEIZE, tid, 0, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)) {
    refuse(j, "execute_unverifiable", EPERM);
    return;
  }
  ptrace(PTRACE_INTERRUPT, tid, 0, 0);
  j->pursued = true;
  proceed(j);
  outcome(j, verify(j, &im, a.digest));
}
