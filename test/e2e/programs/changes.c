/* What changes names: mkdir, rmdir, unlink, rename, link, symlink, mknod; in a working directory that exists and in one
 * that was removed. */
#include "report.h"
#include <linux/fs.h>
#include <sys/sysmacros.h>

#define AT AT_FDCWD
static long rename2(const char *a, const char *b, unsigned flags) { return syscall(SYS_renameat2, AT, a, AT, b, flags); }

static void folders(void) {
  char *long256 = repeat('d', 256), *deep = repeat('x', 5000);
  for (int *u = (int[]){0, 022, 077, -1}; *u >= 0; u++) {
    umask((mode_t)*u);
    R(mkdir("d", 07777)); mode_of("d"); R(rmdir("d"));
    R(mkdir("d", 0)); mode_of("d"); R(rmdir("d"));
    R(mkdirat(AT, "d/", 0777)); mode_of("d"); R(rmdir("d/"));
  }
  umask(022);
  R(mkdir("d", 0755)); R(mkdir("d", 0755)); R(mkdir("d/", 0755)); R(mkdir("d/.", 0755)); R(mkdir("d/..", 0755)); R(mkdir("d/../e", 0755));
  R(rmdir("e/")); R(mkdir(".", 0755)); R(mkdir("..", 0755)); R(mkdir("/", 0755)); R(mkdir("", 0755)); R(mkdir("missing/d", 0755));
  R(mkdir("file/d", 0755)); R(mkdir("file", 0755)); R(mkdir("file/", 0755)); R(mkdir("dangling", 0755)); R(mkdir("dangling/", 0755));
  R(mkdir("link", 0755)); R(mkdir("loop/d", 0755)); R(mkdir(long256, 0755)); R(mkdir(deep, 0755)); R(mkdir((char *)1, 0755));
  R(mkdir("/proc/d", 0755)); R(mkdir("/proc/self/d", 0755)); R(mkdir("shut/d", 0755));
  R(mkdir("made", 0700)); R(rmdir("made"));
  R(rmdir(".")); R(rmdir("..")); R(rmdir("d/.")); R(rmdir("d/..")); R(rmdir("/")); R(rmdir("")); R(rmdir("file")); R(rmdir("file/"));
  R(mkdir("d/full", 0755)); R(rmdir("d")); R(symlink("d", "tod")); R(rmdir("tod")); R(rmdir("tod/")); R(rmdir("tod/full")); R(rmdir("missing"));
  R(rmdir("missing/x")); R(rmdir("file/x")); R(rmdir("/proc")); R(rmdir(long256)); R(unlinkat(AT, "d", AT_REMOVEDIR)); R(unlinkat(AT, "tod", 7));
  R(mkdir("s", 0755)); R(chmod("s", 02775)); R(mkdir("s/in", 0755)); mode_of("s/in"); put("s/f", "", 0644); mode_of("s/f");
  R(mkdirat(open("s", O_PATH), "viapath", 0700)); R(mkdirat(open("s", O_RDONLY), "viadir", 0700)); R(mkdirat(open("file", O_RDONLY), "x", 0700));
  R(mkdirat(999, "x", 0700)); R(mkdirat(-1, "x", 0700)); R(mkdirat(999, "/proc/x", 0700));
}

static void unlinks(void) {
  R(unlink("d2")); R(mkdir("d2", 0755)); R(unlink("d2")); R(unlink("d2/")); R(unlink("d2/.")); R(unlink(".")); R(unlink("..")); R(unlink("/"));
  R(unlink("")); R(unlink("file/")); R(unlink("file/x")); R(unlink("missing")); R(unlink("missing/")); put("u", "", 0600); R(symlink("u", "tou"));
  R(symlink("d2", "tod2")); R(unlink("tod2/")); R(unlink("tod2")); R(unlink("tou/")); R(unlink("tou")); R(unlink("u")); R(unlink("u"));
  R(unlink("sticky/theirs")); U(unlink("/etc/passwd")); R(unlink("/proc/self/stat")); U(unlink("/dev/null")); R(unlink("shut/x"));
  R(unlink("loop/x")); R(unlink("loop")); R(symlink("loop", "loop")); R(unlink((char *)1)); put("ro", "", 0); R(unlink("ro"));
  R(unlinkat(AT, "d2", 0)); R(unlinkat(AT, "d2", 0x1000)); R(unlinkat(AT, "d2", AT_REMOVEDIR)); R(unlinkat(999, "d2", 0));
  R(unlinkat(AT, "file", AT_REMOVEDIR));
}

static void renames(void) {
  put("a", "a", 0644); put("b", "bb", 0600); mkdir("da", 0755); mkdir("db", 0755); put("db/x", "x", 0644); mkdir("dc", 0755);
  R(link("a", "a2")); R(rename("a", "a2")); mode_of("a"); R(rename("a", "a")); R(rename("a", "da")); R(rename("da", "a")); R(rename("da", "db"));
  R(rename("da", "dc")); mode_of("dc"); R(rename("db", "db/in")); R(rename("db/x", "db")); R(rename("db", "db")); R(rename(".", "e"));
  R(rename("db", "."));
  R(rename("db/.", "e")); R(rename("..", "e")); R(rename("db", "..")); R(rename("/", "e")); R(rename("a/", "e")); R(rename("a", "e/"));
  R(rename("db/", "e"));
  R(rename("e", "db/")); R(rename("db/", "e/")); R(rename("e", "db")); R(rename("missing", "e")); R(rename("a", "missing/e")); R(rename("a/x", "e"));
  R(rename("a", "b/x")); R(rename("", "e")); R(rename("a", "")); R(rename("a", repeat('n', 256))); R(rename("a", "/proc/x"));
  R(rename("a", "/dev/shm/chaperone-x"));
  R(symlink("missing", "dl")); R(rename("dl", "dl2")); R(rename("dl2/", "dl")); R(rename("a", "dl2")); mode_of("dl2"); R(rename("dl2", "a"));
  R(rename("sticky/theirs", "e")); R(rename("a", "sticky/theirs")); R(rename("a", "shut/a")); R(rename((char *)1, "a")); R(rename("a", (char *)1));
  R(rename2("a", "b", RENAME_NOREPLACE)); R(rename2("a", "n", RENAME_NOREPLACE)); R(rename2("n", "a", 0));
  R(rename2("a", "b", RENAME_EXCHANGE)); mode_of("a");
  mode_of("b"); R(rename2("a", "missing", RENAME_EXCHANGE)); R(rename2("missing", "a", RENAME_EXCHANGE));
  R(rename2("a", "db", RENAME_EXCHANGE)); mode_of("a"); R(rename2("a", "db", RENAME_EXCHANGE));
  R(rename2("a", "b", RENAME_EXCHANGE | RENAME_NOREPLACE)); R(rename2("a", "b", 64)); R(rename2("a", "a", RENAME_NOREPLACE));
  R(rename2("a", "db/", RENAME_NOREPLACE));
  R(rename2("missing", "b", RENAME_NOREPLACE)); R(rename2("db", "a", RENAME_NOREPLACE)); R(rename2("db", "db/in", RENAME_EXCHANGE));
  R(rename2("b", "w", RENAME_WHITEOUT)); mode_of("b"); mode_of("w"); R(rename2("w", "b", RENAME_WHITEOUT | RENAME_EXCHANGE));
  R(unlink("b")); R(rename("w", "b"));
  R(renameat(open("db", O_PATH), "x", AT, "moved")); R(renameat(AT, "moved", open("db", O_RDONLY), "x")); R(renameat(999, "a", AT, "b"));
  R(renameat(AT, "a", 999, "b"));
  R(renameat(999, "missing", 998, "b")); R(renameat(open("a", O_RDONLY), "x", AT, "b"));
}

static void links(void) {
  char self[64];
  put("l", "l", 0644);
  R(link("l", "l2")); mode_of("l"); R(link("l", "l2")); R(link("l", "l3/")); R(link("l/", "l3")); R(link("missing", "l3"));
  R(link("l", "missing/l3")); R(link("db", "l3"));
  R(link("", "l3")); R(link("l", "")); R(link("l", ".")); R(link("l", "db/..")); R(symlink("l", "tol")); R(link("tol", "l3"));
  mode_of("l3"); R(unlink("l3"));
  R(linkat(AT, "tol", AT, "l3", AT_SYMLINK_FOLLOW)); mode_of("l3"); R(unlink("l3")); R(linkat(AT, "l", AT, "l3", 0x1));
  R(linkat(AT, "l", AT, "l3", AT_REMOVEDIR));
  R(link("dangling", "l3")); mode_of("l3"); R(unlink("l3")); R(linkat(AT, "dangling", AT, "l3", AT_SYMLINK_FOLLOW)); R(link("loop", "l3"));
  R(unlink("l3"));
  R(link("/etc/passwd", "l3")); R(link("/proc/self/stat", "l3")); R(link("/dev/null", "l3")); R(link("sticky/theirs", "l3"));
  R(link("fifo", "l3")); R(unlink("l3"));
  R(link("l", "shut/l3")); R(link("shut/x", "l3")); R(link((char *)1, "l3")); R(link("l", (char *)1)); R(link("l", "/proc/l3"));
  R(link("l", "/dev/shm/chaperone-l3"));
  int tmp = open(".", O_TMPFILE | O_RDWR, 0644), excl = open(".", O_TMPFILE | O_RDWR | O_EXCL, 0644), known = open("l", O_RDONLY),
      path = open("l", O_PATH), gone;
  put("g", "g", 0600); gone = open("g", O_RDONLY); unlink("g");
  snprintf(self, sizeof self, "/proc/self/fd/%d", tmp); R(linkat(AT, self, AT, "fromtmp", AT_SYMLINK_FOLLOW)); mode_of("fromtmp");
  R(linkat(AT, self, AT, "fromtmp2", 0));
  snprintf(self, sizeof self, "/proc/self/fd/%d", excl); R(linkat(AT, self, AT, "fromexcl", AT_SYMLINK_FOLLOW));
  snprintf(self, sizeof self, "/proc/self/fd/%d", gone); R(linkat(AT, self, AT, "fromgone", AT_SYMLINK_FOLLOW));
  R(linkat(known, "", AT, "empty", AT_EMPTY_PATH)); R(linkat(path, "", AT, "empty2", AT_EMPTY_PATH)); R(linkat(known, "", AT, "empty3", 0));
  R(linkat(AT, "", AT, "empty4", AT_EMPTY_PATH));
  R(linkat(known, "x", AT, "l4", 0)); R(linkat(999, "l", AT, "l4", 0)); R(linkat(AT, "l", 999, "l4", 0));
  R(linkat(open("db", O_PATH), "x", open("dc", O_RDONLY), "x", 0));
  R(symlink("t", "l")); R(symlink("", "sl")); R(symlink("t", "")); R(symlink("t", "sl/")); R(symlink("t", "missing/sl"));
  R(symlink("t", ".")); R(symlink("t", "db/"));
  R(symlink(repeat('t', 4095), "sl")); R(unlink("sl")); R(symlink(repeat('t', 4096), "sl")); R(symlink((char *)1, "sl"));
  R(symlink("t", "shut/sl")); R(symlink("t", "dangling"));
  R(symlinkat("t", open("db", O_PATH), "sl")); R(symlinkat("t", 999, "sl")); R(symlink("a b\n\xff", "sl")); mode_of("sl");
  char text[64]; ssize_t n = readlink("sl", text, sizeof text); R(n); R(unlink("sl"));
}

static void nodes(void) {
  for (int *u = (int[]){0, 027, -1}; *u >= 0; u++) {
    umask((mode_t)*u);
    R(mkfifo("n", 0666)); mode_of("n"); R(unlink("n"));
    R(mknod("n", 0666, 0)); mode_of("n"); R(unlink("n"));
    R(mknod("n", S_IFREG | 04755, 0)); mode_of("n"); R(unlink("n"));
    R(mknod("n", S_IFSOCK | 0777, 0)); mode_of("n"); R(unlink("n"));
    R(mknod("n", S_IFCHR | 0600, makedev(0, 0))); mode_of("n"); R(unlink("n"));
  }
  umask(022);
  R(mknod("n", S_IFCHR | 0600, makedev(1, 3))); R(mknod("n", S_IFBLK | 0600, makedev(8, 0))); R(mknod("n", S_IFDIR | 0700, 0));
  R(mknod("n", S_IFLNK | 0700, 0));
  R(mknod("n", 0030000 | 0600, 0)); R(mknod("l", S_IFREG, 0)); R(mknod("n/", S_IFREG | 0600, 0)); R(mknod("l/", S_IFREG | 0600, 0));
  R(mknod("", S_IFREG, 0));
  R(mknod("missing/n", S_IFREG, 0)); R(mknod("dangling", S_IFREG | 0600, 0)); R(mknod(".", S_IFREG, 0)); R(mknod("shut/n", S_IFIFO, 0));
  R(mkfifoat(open("db", O_PATH), "n", 0600));
  R(mkfifoat(999, "n", 0600)); R(mknod((char *)1, S_IFREG, 0)); R(mknod("/proc/n", S_IFREG, 0));
}

static void removed(void) {
  char cwd[4096];
  R(mkdir("gone", 0755)); R(mkdir("gone/deeper", 0755)); R(chdir("gone/deeper")); R(rmdir("../deeper")); R(rmdir("../../gone"));
  F(open("x", O_RDONLY)); F(open("x", O_CREAT | O_RDWR, 0600)); F(open(".", O_RDONLY)); F(open("..", O_RDONLY));
  F(open(".", O_TMPFILE | O_RDWR, 0600)); F(open("./x", O_WRONLY | O_CREAT | O_EXCL, 0600));
  R(mkdir("y", 0700)); R(rmdir(".")); R(unlink("x")); R(rename("x", "y")); R(symlink("x", "y")); R(mkfifo("y", 0600));
  R(link("/proc/self/exe", "y")); R(chmod(".", 0700)); R(access(".", R_OK));
  R(getcwd(cwd, sizeof cwd) ? 0 : -1); R(readlink("/proc/self/cwd", cwd, sizeof cwd) > 0); F(open("/proc/self/cwd", O_RDONLY));
  F(open("/proc/self/cwd/x", O_CREAT | O_RDWR, 0600));
  R(truncate("x", 0)); R(execl("./x", "x", NULL));
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  umask(022);
  put("file", "content\n", 0644); mkdir("shut", 0); R(symlink("file", "link")); R(symlink("nowhere", "dangling"));
  R(symlink("loop", "loop")); R(mkfifo("fifo", 0600));
  folders(); unlinks(); renames(); links(); nodes(); removed();
  return 0;
}
