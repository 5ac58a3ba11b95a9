/* A folder that is (also) in the real tree cannot be renamed in a layer: the kernel answers EXDEV. Its files can. So a new
 * folder is made beside the destination, everything is moved into it, it takes its place, and the old one goes. */
#include "gate.h"
#include <dirent.h>
#include <linux/fs.h>
#include <sys/xattr.h>

enum { DEPTH = 200 };

static int folder_at(int dir, const char *name) { return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }

static bool dots(const char *name) { return !strcmp(name, ".") || !strcmp(name, ".."); }

static void copy_attributes(int from, int to) {
  char names[8192], value[65536];
  ssize_t n = flistxattr(from, names, sizeof names);
  for (char *name = names; n > 0 && name < names + n; name += strlen(name) + 1) {
    ssize_t l = fgetxattr(from, name, value, sizeof value);
    if (l >= 0) fsetxattr(to, name, value, (size_t)l, 0); /* what only the kernel sets it has set */
  }
}

static bool move_into(int from, int to, int depth);

static bool move_one(int from, const char *name, int to, int depth) {
  if (renameat(from, name, to, name) == 0) return true;
  struct stat st;
  if ((errno != EXDEV && errno != EACCES) || depth >= DEPTH || fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISDIR(st.st_mode)) return false;
  /* Their own modes must not stand in the way: to rename the topmost one took no right to what is in it. */
  if ((st.st_mode & S_IRWXU) != S_IRWXU && fchmodat(from, name, (st.st_mode & 07777) | S_IRWXU, 0)) return false;
  bool whole = renameat(from, name, to, name) == 0, done = whole;
  int old = whole ? -1 : folder_at(from, name), new = whole || (old >= 0 && mkdirat(to, name, 0700) == 0) ? folder_at(to, name) : -1;
  if (!whole && new >= 0) {
    copy_attributes(old, new);
    done = move_into(old, new, depth + 1);
    if (done && unlinkat(from, name, AT_REMOVEDIR)) {
      int e = errno; /* somebody put a file there meanwhile */
      done = false;
      move_into(new, old, depth + 1);
      errno = e;
    }
  }
  int e = errno;
  if (done && fchown(new, (uid_t)-1, st.st_gid)) {} /* of a group that is not ours to give */
  int left = done ? new : old;
  if (left >= 0) {
    fchmod(left, st.st_mode & 07777);
    futimens(left, (struct timespec[2]){st.st_atim, st.st_mtim});
  }
  if (!done && new >= 0) unlinkat(to, name, AT_REMOVEDIR);
  CLOSE(old);
  CLOSE(new);
  errno = e;
  return done;
}

/* Everything in one folder into another; or back, when something stays behind. */
static bool move_into(int from, int to, int depth) {
  DIR *d = fdopendir(fcntl(from, F_DUPFD_CLOEXEC, 8));
  if (!d) return false;
  bool done = true;
  int e = 0;
  rewinddir(d);
  for (struct dirent *one; done && (one = readdir(d));)
    if (!dots(one->d_name) && !move_one(from, one->d_name, to, depth)) {
      done = false;
      e = errno;
    }
  closedir(d);
  if (!done) {
    DIR *back = fdopendir(fcntl(to, F_DUPFD_CLOEXEC, 8));
    for (struct dirent *one; back && (one = readdir(back));)
      if (!dots(one->d_name)) renameat(to, one->d_name, from, one->d_name);
    if (back) closedir(back);
    errno = e;
  }
  return done;
}

static bool is_empty(int dir, const char *name) {
  int fd = folder_at(dir, name);
  DIR *d = fd < 0 ? NULL : fdopendir(fd);
  bool empty = d != NULL;
  for (struct dirent *one; empty && (one = readdir(d));) empty = dots(one->d_name);
  if (d) closedir(d);
  else CLOSE(fd);
  return empty;
}

/* What rename(2) would have done. With the tree locked: no other name changes meanwhile. @returns 0, or -1 with errno */
long move_folder(int from, const char *name, int to, const char *new_name, unsigned flags) {
  char plain[256], as[256], aside[64];
  snprintf(plain, sizeof plain, "%.*s", (int)strcspn(name, "/"), name);
  snprintf(as, sizeof as, "%.*s", (int)strcspn(new_name, "/"), new_name);
  struct stat st;
  if (fstatat(to, as, &st, AT_SYMLINK_NOFOLLOW) == 0 && !is_empty(to, as)) { errno = ENOTEMPTY; return -1; }
  static unsigned count;
  snprintf(aside, sizeof aside, ".chaperone-moving-%u", __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED));
  int made = mkdirat(to, aside, 0700) ? -1 : folder_at(to, aside);
  if (made < 0) return -1;
  /* Moved as the only entry of a new folder, it gets all that it is by the same steps as what is below it. */
  int e = 0;
  if (!move_one(from, plain, made, 0)) e = errno;
  else if (syscall(SYS_renameat2, made, plain, to, as, flags)) {
    e = errno;
    renameat(made, plain, from, plain);
  }
  close(made);
  unlinkat(to, aside, AT_REMOVEDIR);
  errno = e;
  return e ? -1 : 0;
}
