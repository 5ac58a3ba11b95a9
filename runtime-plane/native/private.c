/* A file system of a nested sandbox's own. A new one would be unknown to the session's floor, so it gets a folder of the
 * session that nobody else uses: made and granted at launch, emptied before it is given out. */
#include "gate.h"
#include <dirent.h>

enum { DEPTH = 128, MOST = 1024 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool taken[MOST];

/* Something inside such a folder; the folder itself is no one's to remove. */
bool is_private(const char *path) {
  for (char **one = plan.private; one && *one; one++) {
    size_t n = strlen(*one);
    if (!strncmp(path, *one, n) && path[n] == '/' && path[n + 1]) return true;
  }
  return false;
}

static bool empty_folder(int fd, int depth) {
  DIR *d = fdopendir(fd);
  if (!d) { close(fd); return false; }
  bool done = depth < DEPTH;
  for (struct dirent *e; done && (e = readdir(d));) {
    if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
    if (unlinkat(dirfd(d), e->d_name, 0) == 0) continue;
    int below = fchmodat(dirfd(d), e->d_name, 0700, 0) ? -1 : openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    done = below >= 0 && empty_folder(below, depth + 1) && unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR) == 0;
  }
  closedir(d);
  return done;
}

/* Which folders are still mounted somewhere: a mount names the folder that it shows as its root. */
static void look_who_is_left(void) {
  memset(taken, 0, sizeof taken);
  DIR *d = opendir("/proc");
  ino_t last = 0;
  struct stat own, ns;
  bool known = !stat("/proc/self/ns/mnt", &own);
  for (struct dirent *e; d && known && (e = readdir(d));) {
    char p[300], text[4096];
    if (e->d_name[0] < '0' || e->d_name[0] > '9') continue;
    snprintf(p, sizeof p, "/proc/%s/ns/mnt", e->d_name);
    if (stat(p, &ns) || ns.st_ino == own.st_ino || ns.st_ino == last) continue;
    last = ns.st_ino;
    snprintf(p, sizeof p, "/proc/%s/mountinfo", e->d_name);
    FILE *f = fopen(p, "re");
    while (f && fgets(text, sizeof text, f)) {
      char root[64];
      if (sscanf(text, "%*u %*u %*s /%63[^/ ]", root) != 1) continue;
      for (int i = 0; i < MOST && plan.private[i]; i++)
        if (!strcmp(strrchr(plan.private[i], '/') + 1, root)) taken[i] = true;
    }
    if (f) fclose(f);
  }
  if (d) closedir(d);
}

static int free_folder(void) {
  for (int i = 0; plan.private && i < MOST && plan.private[i]; i++) {
    if (taken[i]) continue;
    taken[i] = true;
    int fd = open(plan.private[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && empty_folder(fd, 0)) return i;
  }
  return -1;
}

/* @returns an O_PATH descriptor of an empty folder with this mode, or -ENOSPC when all are in use */
int take_private(mode_t mode) {
  pthread_mutex_lock(&lock);
  int i = free_folder();
  if (i < 0 && plan.private) {
    look_who_is_left();
    i = free_folder();
  }
  pthread_mutex_unlock(&lock);
  if (i < 0 || chmod(plan.private[i], mode)) return -ENOSPC;
  int fd = open(plan.private[i], O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return fd < 0 ? -ENOSPC : fd;
}
