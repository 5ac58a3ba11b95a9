/* Objects that a nested mount shows. Policy knows the session's own tree, so such an object is looked up there: the
 * descriptor found, its twin, gives the name that is asked about, and acts go through it, under the session's floor. The
 * tables of mounts only say where to look; what counts is that the very same inode is found. */
#include "gate.h"
#include <poll.h>
#include <sys/statvfs.h>

struct mount { uint64_t id, dev; char *root, *point; };
struct mounts { int n; struct mount *list; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct mounts *session;
static int watch = -1;

/* mountinfo shows blanks and backslashes as three octal digits (proc_pid_mountinfo(5)). */
static char *plain(char *s) {
  char *w = s;
  for (char *r = s; *r; w++)
    if (r[0] == '\\' && r[1] >= '0' && r[1] <= '3' && r[2] && r[3]) {
      *w = (char)((r[1] - '0') << 6 | (r[2] - '0') << 3 | (r[3] - '0'));
      r += 4;
    } else *w = *r++;
  *w = 0;
  return s;
}

static void forget(struct mounts *m) {
  for (int i = 0; i < m->n; i++) free(m->list[i].root);
  free(m->list);
  free(m);
}

static struct mounts *read_mounts(const char *file) {
  FILE *f = fopen(file, "re");
  struct mounts *m = calloc(1, sizeof *m);
  char *line = NULL;
  size_t cap = 0;
  while (f && m && getline(&line, &cap, f) > 0) {
    unsigned long long id;
    unsigned maj, min;
    int at = 0;
    if (sscanf(line, "%llu %*u %u:%u %n", &id, &maj, &min, &at) < 3 || !at) continue;
    if (!(m->n & (m->n + 1))) { /* grows at 0, 1, 3, 7, … */
      struct mount *more = realloc(m->list, (size_t)(2 * m->n + 2) * sizeof *more);
      if (!more) break;
      m->list = more;
    }
    char *root = strdup(line + at), *point = root ? strchr(root, ' ') : NULL;
    if (!point) { free(root); continue; }
    *point++ = 0;
    point[strcspn(point, " ")] = 0;
    m->list[m->n++] = (struct mount){id, makedev(maj, min), plain(root), plain(point)};
  }
  free(line);
  if (f) fclose(f);
  return m;
}

/* The session's own mounts. They change only when the machine's do; an old table may still be in use and stays. */
static struct mounts *own_mounts(void) {
  pthread_mutex_lock(&lock);
  if (watch < 0) watch = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
  struct pollfd p = {watch, POLLPRI, 0};
  bool changed = poll(&p, 1, 0) > 0 && p.revents & (POLLERR | POLLPRI);
  if (!session || changed) session = read_mounts("/proc/self/mountinfo");
  struct mounts *m = session;
  pthread_mutex_unlock(&lock);
  return m;
}

static struct mount *by_id(struct mounts *m, uint64_t id) {
  for (int i = 0; m && i < m->n; i++)
    if (m->list[i].id == id) return &m->list[i];
  return NULL;
}

/* The number of the mount through which a descriptor was opened (struct statx of linux/stat.h), 0 if it has none. */
uint64_t mount_of(int fd) {
  enum { MASK_MNT_ID = 0x1000, AT_MNT_ID = 144 / 8 };
  uint64_t x[32] = {0};
  bool told = !syscall(SYS_statx, fd, "", AT_EMPTY_PATH, MASK_MNT_ID, x) && (uint32_t)x[0] & MASK_MNT_ID;
  return told ? x[AT_MNT_ID] : 0;
}

bool own_mount(int fd) {
  return !nested_mounts || by_id(own_mounts(), mount_of(fd));
}

/* The number of the file system as /proc/PID/maps shows it, which is not always that of stat(2). */
uint64_t device_of(int fd) {
  struct mount *m = by_id(own_mounts(), mount_of(fd));
  return m ? m->dev : 0;
}

static const char *below(const char *path, const char *base) {
  size_t n = strcmp(base, "/") ? strlen(base) : 0;
  return strncmp(path, base, n) || (path[n] && path[n] != '/') ? NULL : path[n] == '/' && !path[n + 1] ? "" : path + n;
}

/* Path of the object within its file system, if the caller's table has its mount. */
static bool within(pid_t tid, int fd, char *out, size_t cap, uint64_t *dev) {
  char p[64], name[BUF_CAP], root[BUF_CAP], point[2 * BUF_CAP];
  snprintf(p, sizeof p, "/proc/%d/root", tid);
  ssize_t l = readlink(p, root, sizeof root - 1);
  if (l <= 0 || name_of(fd, name, sizeof name) <= 0) return false;
  root[l] = 0;
  snprintf(p, sizeof p, "/proc/%d/mountinfo", tid);
  struct mounts *theirs = read_mounts(p);
  struct mount *m = by_id(theirs, mount_of(fd));
  bool ok = false;
  if (m) {
    snprintf(point, sizeof point, "%s%s", strcmp(root, "/") ? root : "", strcmp(m->point, "/") || !root[1] ? m->point : "");
    const char *rest = below(name, point);
    *dev = m->dev;
    ok = rest && (size_t)snprintf(out, cap, "%s%s", strcmp(m->root, "/") || !*rest ? m->root : "", rest) < cap;
  }
  if (theirs) forget(theirs);
  return ok;
}

/* A new O_PATH descriptor of the same inode in the session's own tree, or -EACCES. */
int twin_of(pid_t tid, int fd) {
  char inner[2 * BUF_CAP], name[3 * BUF_CAP];
  uint64_t dev;
  struct stat a, b;
  struct mounts *ours = own_mounts();
  if (!ours || fstat(fd, &a) || !within(tid, fd, inner, sizeof inner, &dev)) return -EACCES;
  for (size_t longest = PATH_CAP; longest > 0;) {
    size_t next = 0;
    for (int i = 0; i < ours->n; i++) {
      struct mount *m = &ours->list[i];
      size_t n = strlen(m->root);
      const char *rest = m->dev == dev ? below(inner, m->root) : NULL;
      if (!rest || n > longest) continue;
      if (n < longest) { if (n > next) next = n; continue; }
      snprintf(name, sizeof name, "%s%s", strcmp(m->point, "/") || !*rest ? m->point : "", rest);
      int t = oat2(AT_FDCWD, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0, RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
      if (t >= 0 && !fstat(t, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino && own_mount(t)) return t;
      CLOSE(t);
    }
    longest = next;
  }
  return -EACCES;
}

/* The session's name of what a magic link in /proc leads to. @returns its length, or -errno */
int name_of_link(pid_t tid, const char *link, char *out, size_t cap) {
  if (!nested_mounts) {
    ssize_t l = readlink(link, out, cap - 1);
    if (l < 0) return -errno;
    out[l] = 0;
    return (int)l;
  }
  int fd = open(link, O_PATH | O_CLOEXEC);
  if (fd < 0) return -errno;
  int t = own_mount(fd) ? fcntl(fd, F_DUPFD_CLOEXEC, 8) : twin_of(tid, fd);
  int l = t < 0 ? t : name_of(t, out, cap);
  CLOSE(t);
  close(fd);
  return l;
}

/* Nothing is changed through a mount that is read-only for the caller, though the session's own is not. */
bool shown_read_only(int fd) {
  struct statvfs s;
  return !own_mount(fd) && fstatvfs(fd, &s) == 0 && s.f_flag & ST_RDONLY;
}

/* A name at which something is mounted for the caller cannot be taken away from under it. */
bool mounted_on(int dir, const char *name) {
  if (own_mount(dir)) return false;
  int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  bool other = fd >= 0 && mount_of(fd) != mount_of(dir);
  CLOSE(fd);
  return other;
}
