/* A path walked by hand, component by component, where the kernel would take the links of /proc for ours. */
#include "gate.h"
#include <linux/magic.h>
#include <sys/statfs.h>

bool is_proc(int fd) {
  struct statfs s;
  return fstatfs(fd, &s) == 0 && s.f_type == PROC_SUPER_MAGIC;
}

static bool same_place(int a, int b) {
  struct stat x, y;
  return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino &&
         (!nested_mounts || mount_of(a) == mount_of(b));
}

/* The caller's number in the PID namespace of a procfs that is not ours (nested sandboxes mount their own). */
static pid_t pid_in(struct job *j, int procfs, bool thread) {
  identify(j);
  pid_t mine = thread ? (pid_t)j->n.pid : j->tgid;
  struct stat a, b;
  if (fstat(procfs, &a) || stat("/proc", &b) || a.st_dev == b.st_dev) return mine;
  char p[64], t[2048];
  snprintf(p, sizeof p, "/proc/%d/status", mine);
  FILE *f = fopen(p, "re");
  pid_t inner = mine;
  while (f && fgets(t, sizeof t, f))
    if (!strncmp(t, "NSpid:", 6)) inner = (pid_t)strtol(strrchr(t, '\t') + 1, NULL, 10);
  if (f) fclose(f);
  return inner;
}

/* Component by component, following links by hand. Returns the final O_PATH descriptor, or with WALK_PARENT that of the
 * parent with the last name in `last`. */
int walk(struct job *j, int base, const char *path, int how, char *last, bool *trailing) {
  char *rest = j->tmp;
  if (strlen(path) >= PATH_CAP) return -ENAMETOOLONG;
  strcpy(rest, path);
  int cur = base, hops = 0;
  int root = base_of(j, AT_FDCWD, "/", 0);
  if (root < 0) { close(cur); return root; }
#define FAIL(e) do { close(cur); close(root); return -(e); } while (0)
  for (;;) {
    while (*rest == '/') rest++;
    if (!*rest) {
      if (how & WALK_PARENT) strcpy(last, "/"); /* the root itself: the kernel says what that means */
      close(root);
      return cur;
    }
    size_t l = strcspn(rest, "/");
    if (l > 255) FAIL(ENAMETOOLONG);
    char name[256];
    memcpy(name, rest, l);
    name[l] = 0;
    rest += l;
    bool slash = *rest == '/';
    size_t more = strspn(rest, "/");
    bool final = rest[more] == 0;
    if (final && (how & WALK_PARENT)) {
      strcpy(last, name);
      *trailing = slash;
      close(root);
      return cur;
    }
    if (!strcmp(name, ".")) continue;
    if (!strcmp(name, "..") && same_place(cur, root)) continue;
    int next = openat(cur, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (next < 0) FAIL(errno);
    struct stat st;
    if (fstat(next, &st)) { close(next); FAIL(errno); }
    if (S_ISLNK(st.st_mode) && !(final && !slash && (how & WALK_NOFOLLOW))) {
      if (++hops > 40) { close(next); FAIL(ELOOP); }
      char text[PATH_CAP], full[BUF_CAP];
      ssize_t n = readlinkat(next, "", text, sizeof text - 1);
      int e = errno;
      if (n < 0) { close(next); FAIL(e); }
      text[n] = 0;
      if (is_proc(next)) {
        bool own;
        int twin = -1, named = own_mount(cur) ? name_of(cur, full, sizeof full) : name_of_twin(j, cur, &twin, full, sizeof full);
        CLOSE(twin);
        if (named < 0) { close(next); FAIL(EACCES); }
        bool top = strncmp(full, "/proc/", 6) != 0 || full[6] < '0' || full[6] > '9';
        if (top && !strcmp(name, "self")) snprintf(text, sizeof text, "%d", pid_in(j, cur, false));
        else if (top && !strcmp(name, "thread-self"))
          snprintf(text, sizeof text, "%d/task/%d", pid_in(j, cur, false), pid_in(j, cur, true));
        else if (!top) { /* a magic link: what it leads to, not what it says */
          size_t fl = strlen(full);
          snprintf(full + fl, sizeof full - fl, "/%s", name);
          close(next);
          if (!may_touch_proc(j, full, &own)) FAIL(EACCES);
          next = openat(cur, name, O_PATH | O_CLOEXEC);
          if (next < 0) FAIL(errno);
          close(cur);
          cur = next;
          if (final && !slash) { close(root); return cur; }
          continue;
        }
      }
      close(next);
      char tail[PATH_CAP];
      snprintf(tail, sizeof tail, "%s", rest);
      if ((size_t)snprintf(j->tmp, sizeof j->tmp, "%s%s", text, tail) >= PATH_CAP) FAIL(ENAMETOOLONG);
      rest = j->tmp;
      if (*rest == '/') {
        int r = fcntl(root, F_DUPFD_CLOEXEC, 8);
        close(cur);
        cur = r;
        if (cur < 0) { close(root); return -EMFILE; }
      }
      continue;
    }
    if (!S_ISDIR(st.st_mode) && (!final || slash)) { close(next); FAIL(ENOTDIR); }
    close(cur);
    cur = next;
    if (final) { close(root); return cur; }
  }
#undef FAIL
}
