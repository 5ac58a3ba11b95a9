/* Folders whose changes land in a layer of the session: an overlay over the real folder. bubblewrap cannot mount one for
 * an unprivileged user, so this program does it first, in namespaces of its own, and then becomes bubblewrap.
 * https://docs.kernel.org/filesystems/overlayfs.html */
#include "gate.h"
#include <linux/magic.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/xattr.h>

static bool put(const char *file, const char *text) {
  int fd = open(file, O_WRONLY | O_CLOEXEC);
  bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
  CLOSE(fd);
  return done;
}

/* Mounts of our own. Root needs no user namespace for that, and in one would lose its other users' files. */
static const char *own_mounts(void) {
  char uid[64], gid[64];
  snprintf(uid, sizeof uid, "%u %u 1", geteuid(), geteuid());
  snprintf(gid, sizeof gid, "%u %u 1", getegid(), getegid());
  if (unshare(CLONE_NEWNS)) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS)) return "user namespace";
    if (!put("/proc/self/setgroups", "deny") || !put("/proc/self/uid_map", uid) || !put("/proc/self/gid_map", gid)) return "user map";
  }
  return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) ? "mount propagation" : NULL;
}

/* All three by descriptor: names may hold what separates mount options. */
static bool overlay(const char *lower, const char *upper, const char *work) {
  int how = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  int l = open(lower, how), u = open(upper, how), w = open(work, how);
  char options[200], target[64];
  snprintf(options, sizeof options, "userxattr,lowerdir=/proc/self/fd/%d,upperdir=/proc/self/fd/%d,workdir=/proc/self/fd/%d", l, u, w);
  snprintf(target, sizeof target, "/proc/self/fd/%d", l);
  bool done = l >= 0 && u >= 0 && w >= 0 && mount("chaperone", target, "overlay", MS_NOSUID | MS_NODEV, options) == 0;
  int e = errno;
  CLOSE(l);
  CLOSE(u);
  CLOSE(w);
  errno = e;
  return done;
}

/* --layers (LOWER UPPER WORK)… -- PROGRAM ARGS… */
int run_in_layers(int argc, char **argv) {
  const char *failed = own_mounts();
  if (failed) die(failed);
  int i = 2;
  for (; i + 3 < argc && strcmp(argv[i], "--"); i += 3)
    if (!overlay(argv[i], argv[i + 1], argv[i + 2])) die("quarantine layer");
  if (i + 1 >= argc || strcmp(argv[i], "--")) die("quarantine layer: arguments");
  execv(argv[i + 1], argv + i + 1);
  die("quarantine layer: bubblewrap");
}

/* Does a layer hold here what a session needs of it? In an empty folder of ours. */
static const char *try_layer(void) {
  if (mkdir("lower", 0700) || mkdir("lower/d", 0700) || mknod("lower/f", S_IFREG | 0600, 0) || mkdir("upper", 0700) || mkdir("work", 0700))
    return "folder";
  const char *failed = own_mounts();
  if (failed) return failed;
  if (!overlay("lower", "upper", "work")) return "overlay";
  struct stat st;
  if (unlink("lower/f") || lstat("upper/f", &st) || !S_ISCHR(st.st_mode)) return "whiteout";
  if (rmdir("lower/d") || mkdir("lower/d", 0700) || getxattr("upper/d", "user.overlay.opaque", NULL, 0) < 1) return "extended attributes";
  return NULL;
}

/* --probe-layer FOLDER: prints {"layer":"ok"}, or what failed with its errno. The caller removes the folder. */
int probe_layer(const char *folder) {
  errno = 0;
  const char *failed = chdir(folder) ? "folder" : try_layer();
  printf("{\"layer\":\"%s\",\"errno\":%d}\n", failed ? failed : "ok", failed ? errno : 0);
  return 0;
}

bool in_layer(const char *path) {
  for (char **one = plan.layers; one && *one; one++) {
    size_t n = strlen(*one);
    if (!strncmp(path, *one, n) && (path[n] == '/' || !path[n])) return true;
  }
  return false;
}

/* The same folder of the plan for both, or NULL. */
const char *layer_of_both(const char *a, const char *b) {
  for (char **one = plan.layers; one && *one; one++) {
    size_t n = strlen(*one);
    if (!strncmp(a, *one, n) && a[n] == '/' && !strncmp(b, *one, n) && b[n] == '/') return *one;
  }
  return NULL;
}

static int touched;

/* Somebody was let change something in a layer: the watch tells so, once for all that happened since it last did. */
void layer_touched(void) { __atomic_store_n(&touched, 1, __ATOMIC_RELAXED); }

void layer_written(int fd) {
  struct statfs s;
  if (plan.layers && (fstatfs(fd, &s) || s.f_type == OVERLAYFS_SUPER_MAGIC)) layer_touched();
}

void tell_layer(void) {
  if (__atomic_exchange_n(&touched, 0, __ATOMIC_RELAXED)) event(8, 0, 0);
}
