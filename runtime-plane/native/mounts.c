/* Which file systems may answer late or never. */
#include "gate.h"
#include <linux/magic.h>
#include <poll.h>
#include <sys/statfs.h>

enum { FUSE = 0x65735546, CIFS = 0xff534d42, SMB2 = 0xfe534d42, CEPH = 0x00c36400, V9 = 0x01021997, AFS = 0x5346414f };

bool fs_may_hang(int fd) {
  struct statfs s;
  if (fstatfs(fd, &s)) return true;
  switch ((uint32_t)s.f_type) {
    case FUSE: case CIFS: case SMB2: case CEPH: case V9: case AFS: case NFS_SUPER_MAGIC: return true;
    default: return false;
  }
}

/* Where such file systems are mounted, so that a name below them is known without touching them. */
enum { MOUNTS = 64 };
static char *hanging[MOUNTS];
static int nhanging;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static bool type_may_hang(const char *type) {
  static const char *const prefixes[] = {"fuse", "nfs", "cifs", "smb", "ceph", "9p", "afs", "autofs", "virtiofs", "lustre", "glusterfs", 0};
  for (int i = 0; prefixes[i]; i++)
    if (!strncmp(type, prefixes[i], strlen(prefixes[i])) && strcmp(type, "fusectl")) return true;
  return false;
}

/* mountinfo writes space, tab, newline and backslash as \ooo (proc_pid_mountinfo(5)). */
static void unescape(char *s) {
  char *out = s;
  for (; *s; s++)
    if (s[0] == '\\' && s[1] && s[2] && s[3]) {
      *out++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0'));
      s += 3;
    } else *out++ = *s;
  *out = 0;
}

static void read_mounts(FILE *f) {
  char line[2 * PATH_CAP];
  pthread_rwlock_wrlock(&lock);
  while (nhanging > 0) free(hanging[--nhanging]);
  rewind(f);
  while (fgets(line, sizeof line, f)) {
    char *dash = strstr(line, " - "), *at = line;
    for (int field = 0; field < 4 && at; field++) at = strchr(at + 1, ' ');
    if (!dash || !at || !type_may_hang(dash + 3)) continue;
    at++;
    at[strcspn(at, " ")] = 0;
    unescape(at);
    /* More than fit: then every name may be below one. */
    if (nhanging == MOUNTS) strcpy(hanging[0], "/");
    else if ((hanging[nhanging] = strdup(at))) nhanging++;
  }
  pthread_rwlock_unlock(&lock);
}

/* Called by the watch: mounts outside propagate into the session while it runs. */
void watch_mounts(void) {
  static FILE *f;
  bool first = !f;
  if (!f && !(f = fopen("/proc/self/mountinfo", "re"))) return;
  struct pollfd p = {fileno(f), POLLPRI, 0};
  if (first || (poll(&p, 1, 0) > 0 && p.revents & (POLLPRI | POLLERR))) read_mounts(f);
}

bool below_hanging(const char *path) {
  if (!__atomic_load_n(&nhanging, __ATOMIC_RELAXED)) return false;
  bool below = false;
  pthread_rwlock_rdlock(&lock);
  for (int i = 0; i < nhanging && !below; i++) {
    size_t n = strlen(hanging[i]);
    below = n == 1 || (!strncmp(path, hanging[i], n) && (path[n] == '/' || !path[n]));
  }
  pthread_rwlock_unlock(&lock);
  return below;
}
