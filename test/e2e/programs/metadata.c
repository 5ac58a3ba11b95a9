/* What changes a file but no name: length, mode, owner, times, extended attributes, default ACLs. */
#include "report.h"
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

#define AT AT_FDCWD
static long mode2(int dir, const char *path, unsigned mode, unsigned flags) { return syscall(452, dir, path, mode, flags); }
static long times(int dir, const char *path, const struct timespec *t, int flags) { return syscall(SYS_utimensat, dir, path, t, flags); }

static void when(const char *path) {
  struct stat st;
  if (lstat(path, &st)) { printf("  %s: %s\n", path, strerrorname_np(errno)); return; }
  bool recent = st.st_mtim.tv_sec > 1700000000, recently = st.st_atim.tv_sec > 1700000000;
  if (recent) printf("  %s: mtime=recent", path);
  else printf("  %s: mtime=%ld.%09ld", path, (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  if (recently) printf(" atime=recent\n");
  else printf(" atime=%ld.%09ld\n", (long)st.st_atim.tv_sec, st.st_atim.tv_nsec);
}

static void lengths(void) {
  R(truncate("f", 5)); mode_of("f"); R(truncate("f", 0)); R(truncate("f", -1)); R(truncate("f", INT64_MAX)); R(truncate("d", 0));
  R(truncate("fifo", 0)); R(truncate("missing", 0));
  R(truncate("f/", 0)); R(truncate("link", 3)); R(truncate("dangling", 0)); R(truncate("loop", 0)); R(truncate("", 0));
  R(truncate("ro", 0)); R(truncate("shut/x", 0)); R(truncate("/dev/null", 0));
  R(truncate("f/x", 0)); R(truncate("/proc/self/comm", 0)); R(truncate("sticky/theirs", 0)); R(truncate((char *)1, 0));
  R(truncate("d", -1)); R(truncate("missing", -1));
  char self[64]; int fd = open("f", O_RDWR); snprintf(self, sizeof self, "/proc/self/fd/%d", fd); R(truncate(self, 2)); R(ftruncate(fd, 9));
  R(truncate("/proc/self/exe", 0));
}

static void changes_of_mode(void) {
  int rd = open("f", O_RDONLY), path = open("f", O_PATH), sock = socket(AF_UNIX, SOCK_STREAM, 0), pipes[2], dir = open("d", O_PATH); pipe(pipes);
  R(chmod("f", 07777)); mode_of("f"); R(chmod("f", 0)); mode_of("f"); R(chmod("f", 0200000 | 0644)); mode_of("f"); R(chmod("d", 03755));
  mode_of("d"); R(chmod("d", 0755)); R(chmod("link", 0600)); mode_of("f"); mode_of("link");
  R(chmod("dangling", 0600)); R(chmod("missing", 0600)); R(chmod("f/", 0600)); R(chmod("d/", 0700)); R(chmod("", 0)); R(chmod("f/x", 0));
  R(chmod("loop", 0)); R(chmod("fifo", 0640)); mode_of("fifo"); R(chmod((char *)1, 0));
  U(chmod("/etc/passwd", 0644)); U(chmod("/dev/null", 0666)); U(chmod("/", 0755)); R(chmod("/proc/self/comm", 0644));
  R(chmod("/proc/self/fd/0", 0666)); R(chmod("sticky/theirs", 0644)); R(chmod("shut/x", 0600)); R(chmod("shut", 0));
  R(fchmod(rd, 0640)); mode_of("f"); R(fchmod(path, 0644)); R(fchmod(sock, 0600)); R(fchmod(pipes[0], 0600)); R(fchmod(999, 0600));
  R(fchmod(-1, 0600)); R(fchmod(dir, 0700));
  R(fchmodat(AT, "f", 0604, 0)); R(fchmodat(AT, "f", 0604, AT_SYMLINK_NOFOLLOW)); R(fchmodat(AT, "link", 0604, AT_SYMLINK_NOFOLLOW));
  R(fchmodat(dir, "in", 0600, 0)); R(fchmodat(999, "f", 0600, 0)); R(fchmodat(rd, "x", 0600, 0));
  R(mode2(AT, "f", 0644, 0)); R(mode2(AT, "f", 0640, AT_SYMLINK_NOFOLLOW)); mode_of("f"); R(mode2(AT, "link", 0600, AT_SYMLINK_NOFOLLOW));
  R(mode2(rd, "", 0644, AT_EMPTY_PATH)); R(mode2(path, "", 0600, AT_EMPTY_PATH)); mode_of("f");
  R(mode2(rd, "", 0644, 0)); R(mode2(AT, "f", 0644, 0x10000)); R(mode2(AT, "", 0755, AT_EMPTY_PATH));
  R(mode2(999, "", 0644, AT_EMPTY_PATH)); R(mode2(AT, "f", 0644, AT_EMPTY_PATH)); R(mode2(dir, "in", 0644, AT_EMPTY_PATH)); mode_of("d/in");
  mode_of("d");
}

static void owners(void) {
  uid_t u = getuid(); gid_t g = getgid(); int rd = open("f", O_RDONLY), path = open("f", O_PATH), dir = open("d", O_PATH);
  R(chmod("f", 06755)); R(chown("f", u, g)); mode_of("f"); R(chown("f", (uid_t)-1, (gid_t)-1)); R(chown("f", u, (gid_t)-1));
  R(chown("f", (uid_t)-1, g)); R(chown("f", 54321, (gid_t)-1)); R(chown("f", (uid_t)-1, 54321));
  R(chown("link", u, g)); R(lchown("link", u, g)); R(lchown("dangling", u, g)); R(chown("dangling", u, g)); R(chown("missing", u, g));
  R(chown("", u, g)); R(chown("f/", u, g)); R(chown("sticky/theirs", u, g)); R(chown("sticky/theirs", (uid_t)-1, (gid_t)-1));
  R(fchown(rd, u, g)); R(fchown(path, u, g)); R(fchown(999, u, g)); R(fchownat(path, "", u, g, AT_EMPTY_PATH));
  R(fchownat(AT, "link", u, g, AT_SYMLINK_NOFOLLOW)); R(fchownat(dir, "in", u, g, 0)); R(fchownat(dir, "in", u, g, AT_EMPTY_PATH));
  R(fchownat(AT, "", u, g, AT_EMPTY_PATH)); R(fchownat(AT, "", u, g, 0)); R(fchownat(AT, "f", u, g, 0x10000));
  R(fchownat(999, "f", u, g, 0)); R(chown((char *)1, u, g)); R(lchown("shut/x", u, g)); R(chmod("f", 0644));
}

static void moments(void) {
  struct timespec both[2] = {{1000, 5}, {2000, 999999999}}, omit[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}}, now[2] = {{0, UTIME_NOW}, {0,
      UTIME_NOW}}, mixed[2] = {{0, UTIME_OMIT}, {3000, 0}}, mixed2[2] = {{4000, 0}, {0, UTIME_NOW}},
                  bad[2] = {{0, 1000000000}, {0, 0}}, early[2] = {{-5, 0}, {-1, 1}}, odd[2] = {{77, UTIME_OMIT}, {88, UTIME_NOW}};
  struct timeval v[2] = {{10, 20}, {30, 40}}, badv[2] = {{0, 1000000}, {0, 0}}, negative[2] = {{0, -1}, {0, 0}};
  struct utimbuf b = {50, 60};
  int rd = open("f", O_RDONLY), path = open("f", O_PATH), dir = open("d", O_PATH);
  R(times(AT, "f", both, 0)); when("f"); R(times(AT, "f", omit, 0)); when("f"); R(times(AT, "f", mixed, 0)); when("f");
  R(times(AT, "f", mixed2, 0)); when("f"); R(times(AT, "f", now, 0)); when("f"); R(times(AT, "f", NULL, 0)); when("f");
  R(times(AT, "f", bad, 0)); R(times(AT, "f", early, 0)); when("f"); R(times(AT, "f", odd, 0)); when("f"); R(times(AT, "missing", omit, 0));
  R(times(999, "missing", omit, 0)); R(times(AT, "missing", both, 0)); R(times(AT, "", both, 0));
  R(times(AT, "link", both, AT_SYMLINK_NOFOLLOW)); when("link"); when("f"); R(times(AT, "link", both, 0)); when("f");
  R(times(AT, "dangling", both, AT_SYMLINK_NOFOLLOW)); R(times(AT, "dangling", both, 0)); R(times(AT, "f", both, 0x10000));
  R(times(AT, "f/", both, 0)); R(times(AT, "d/", both, 0)); when("d");
  R(times(rd, NULL, both, 0)); R(times(path, NULL, both, 0)); R(times(999, NULL, both, 0)); R(times(AT, NULL, both, 0));
  R(times(rd, NULL, both, AT_SYMLINK_NOFOLLOW)); R(times(rd, "", mixed, AT_EMPTY_PATH)); when("f"); R(times(path, "", both, AT_EMPTY_PATH));
  R(times(AT, "", both, AT_EMPTY_PATH));
  R(times(dir, "in", both, 0)); when("d/in"); R(times(dir, "in", both, AT_EMPTY_PATH)); R(times(rd, "x", both, 0));
  R(times(AT, "f", (void *)1, 0)); R(times(AT, (char *)1, both, 0)); R(times(AT, "sticky/theirs", NULL, 0));
  R(times(AT, "sticky/theirs", both, 0)); R(times(AT, "sticky/theirs", now, 0));
  R(times(AT, "ro", NULL, 0)); R(times(AT, "fifo", both, 0)); R(times(AT, "/proc/self/comm", both, 0));
  R(times(AT, "/proc/self/fd/0", omit, 0)); R(futimens(rd, both)); R(futimens(path, both)); R(futimens(999, both)); R(futimens(rd, NULL));
  R(futimens(rd, omit)); R(futimens(999, omit));
  R(utime("f", &b)); when("f"); R(utime("f", NULL)); when("f"); R(utime("missing", &b)); R(utimes("f", v)); when("f"); R(utimes("f", NULL));
  R(utimes("f", badv)); R(utimes("f", negative)); R(futimesat(dir, "in", v)); when("d/in"); R(lutimes("link", v)); when("link");
  R(futimes(rd, v)); when("f"); R(futimesat(rd, NULL, v));
#ifdef SYS_utime
  R(syscall(SYS_utime, "f", &b)); when("f"); R(syscall(SYS_utime, "f", 1)); R(syscall(SYS_utimes, "f", v)); when("f");
  R(syscall(SYS_futimesat, rd, NULL, v)); R(syscall(SYS_futimesat, AT, "f", badv));
#endif
}

static void value(const char *path, const char *name) {
  char v[256];
  ssize_t n = lgetxattr(path, name, v, sizeof v);
  if (n < 0) printf("  %s %s: %s\n", path, name, strerrorname_np(errno));
  else printf("  %s %s: %zd '%.*s'\n", path, name, n, (int)n, v);
}

static void attributes(void) {
  char *big = repeat('v', 70000), *name255 = repeat('n', 255), *name256 = repeat('n', 256);
  memcpy(name255, "user.", 5); memcpy(name256, "user.", 5);
  int rd = open("f", O_RDONLY), path = open("f", O_PATH), pipes[2]; pipe(pipes);
  R(setxattr("f", "user.a", "one", 3, 0)); value("f", "user.a"); R(setxattr("f", "user.a", "two", 3, XATTR_CREATE));
  R(setxattr("f", "user.a", "two", 3, XATTR_REPLACE)); value("f", "user.a"); R(setxattr("f", "user.b", "x", 1, XATTR_REPLACE));
  R(setxattr("f", "user.e", "", 0, 0)); value("f", "user.e");
  R(setxattr("f", "user.e", NULL, 0, 0)); R(setxattr("f", "user.a", "x", 1, 3)); R(setxattr("f", "user.a", "x", 1, 8));
  R(setxattr("f", "a", "x", 1, 0)); R(setxattr("f", "user.", "x", 1, 0)); R(setxattr("f", "", "x", 1, 0));
  R(setxattr("f", "trusted.a", "x", 1, 0)); R(setxattr("f", "security.a", "x", 1, 0)); R(setxattr("f", "system.a", "x", 1, 0));
  R(setxattr("f", name255, "x", 1, 0)); R(setxattr("f", name256, "x", 1, 0)); R(setxattr("f", "user.big", big, 65536, 0));
  R(setxattr("f", "user.big", big, 65537, 0)); R(setxattr("f", "user.big", big, 70000, 0)); R(setxattr("f", "user.big", big, 3000, 0));
  R(setxattr("f", (char *)1, "x", 1, 0)); R(setxattr("f", "user.a", (void *)1, 1, 0)); R(setxattr((char *)1, "user.a", "x", 1, 0));
  R(setxattr("link", "user.l", "l", 1, 0)); value("f", "user.l"); R(lsetxattr("link", "user.l", "l", 1, 0));
  R(lsetxattr("f", "user.m", "m", 1, 0)); R(lsetxattr("dangling", "trusted.x", "l", 1, 0)); R(setxattr("dangling", "user.l", "l", 1, 0));
  R(setxattr("missing", "user.l", "l", 1, 0)); R(setxattr("f/", "user.l", "l", 1, 0)); R(setxattr("d", "user.d", "d", 1, 0));
  R(setxattr("fifo", "user.f", "f", 1, 0)); R(setxattr("", "user.f", "f", 1, 0));
  R(setxattr("ro", "user.f", "f", 1, 0)); R(setxattr("sticky/theirs", "user.f", "f", 1, 0));
  R(setxattr("/proc/self/comm", "user.f", "f", 1, 0)); R(fsetxattr(rd, "user.r", "r", 1, 0)); R(fsetxattr(path, "user.r", "r", 1, 0));
  R(fsetxattr(999, "user.r", "r", 1, 0)); R(fsetxattr(pipes[0], "user.r", "r", 1, 0));
  R(removexattr("f", "user.l")); R(removexattr("f", "user.l")); R(lremovexattr("f", "user.m")); R(lremovexattr("link", "user.m"));
  R(fremovexattr(rd, "user.r")); R(fremovexattr(path, "user.a")); R(fremovexattr(999, "user.a")); R(removexattr("f", "nonsense"));
  R(removexattr("f", "")); R(removexattr("f", name256)); R(removexattr("missing", "user.a")); R(removexattr("f", (char *)1));
  R(removexattr("f", "trusted.a"));
}

/* struct posix_acl_xattr_header and entries (linux/posix_acl_xattr.h): user::rwx user:self:rwx group::r-x mask::rwx other::--- */
static void default_acls(void) {
  struct { uint32_t version; struct { uint16_t tag, perm; uint32_t id; } e[5]; } acl = {2, {{1, 7, -1}, {2, 7, getuid()}, {4, 5, -1}, {16,
      7, -1}, {32, 0, -1}}};
  mkdir("acl", 0755);
  R(setxattr("acl", "system.posix_acl_default", &acl, sizeof acl, 0));
  for (int *u = (int[]){0, 077, -1}; *u >= 0; u++) {
    umask((mode_t)*u);
    R(close(open("acl/f", O_CREAT | O_RDWR, 0666))); mode_of("acl/f"); R(unlink("acl/f")); R(mkdir("acl/d", 0777)); mode_of("acl/d");
    R(rmdir("acl/d")); R(mkfifo("acl/p", 0660)); mode_of("acl/p"); R(unlink("acl/p")); F(open("acl", O_TMPFILE | O_RDWR, 0666));
  }
  umask(022);
  R(setxattr("f", "system.posix_acl_access", &acl, sizeof acl, 0)); mode_of("f"); R(chmod("f", 0600)); mode_of("f");
  R(setxattr("f", "system.posix_acl_access", &acl, 7, 0)); R(removexattr("f", "system.posix_acl_access")); mode_of("f");
  R(setxattr("f", "system.posix_acl_default", &acl, sizeof acl, 0));
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  umask(022);
  put("f", "content\n", 0644); put("ro", "r", 0444); mkdir("d", 0755); put("d/in", "", 0644); mkdir("shut", 0); R(symlink("f", "link"));
  R(symlink("nowhere", "dangling")); R(symlink("loop", "loop")); R(mkfifo("fifo", 0600));
  lengths(); changes_of_mode(); owners(); moments(); attributes(); default_acls();
  return 0;
}
