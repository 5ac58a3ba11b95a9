/* Changing what policy denies, and stepping out by namespaces and mounts. argv: secret, its folder, open folder. */
#include "attack.h"
#include <linux/fs.h>
#include <sys/mount.h>
#include <sys/xattr.h>
#include <utime.h>
#include <sys/sysmacros.h>

enum { NR_SETXATTRAT = 463, NR_REMOVEXATTRAT = 466, NR_FILE_SETATTR = 469, NR_FCHMODAT2 = 452, NR_OPEN_TREE_ATTR = 467 };

/* Each line is one attempt on the content or the name of the secret. */
static void names(char **a) {
  const char *s = a[0], *o = a[2];
  int d = open(a[1], O_PATH | O_DIRECTORY), p = open(s, O_PATH);
  char alias[64];
  snprintf(alias, sizeof alias, "/proc/self/fd/%d", p);
  write_file(joined(o, "mine"), "mine");
  tried("truncate", truncate(s, 0));
  tried("truncate by alias", truncate(alias, 1));
  tried("open O_TRUNC", open(s, O_RDONLY | O_TRUNC));
  tried("open append", open(s, O_WRONLY | O_APPEND));
  tried("creat", creat(s, 0600));
  tried("unlink", unlink(s));
  tried("unlinkat", unlinkat(d, strrchr(s, '/') + 1, 0));
  tried("rename out", rename(s, joined(o, "out.csv")));
  tried("renameat out", renameat(d, strrchr(s, '/') + 1, AT_FDCWD, joined(o, "out.csv")));
  tried("rename over", rename(joined(o, "mine"), s));
  tried("rename exchange", syscall(SYS_renameat2, AT_FDCWD, joined(o, "mine"), AT_FDCWD, s, 2));
  tried("rename whiteout", syscall(SYS_renameat2, AT_FDCWD, s, AT_FDCWD, joined(o, "out.csv"), 4));
  tried("link", link(s, joined(o, "hard.csv")));
  tried("linkat by descriptor", linkat(p, "", AT_FDCWD, joined(o, "hard2.csv"), AT_EMPTY_PATH));
  tried("linkat by alias", linkat(AT_FDCWD, alias, AT_FDCWD, joined(o, "hard3.csv"), AT_SYMLINK_FOLLOW));
  tried("link into", link(joined(o, "mine"), joined(a[1], "new1")));
  tried("symlink into", symlink(joined(o, "mine"), joined(a[1], "new2")));
  tried("mkdir into", mkdir(joined(a[1], "new3"), 0755));
  tried("mknod into", mknod(joined(a[1], "new4"), S_IFREG | 0644, 0));
  tried("mkfifo into", mknodat(d, "new5", S_IFIFO | 0644, 0));
  tried("create into", open(joined(a[1], "new6"), O_RDWR | O_CREAT, 0644));
  tried("create at descriptor", openat(d, "new7", O_RDWR | O_CREAT | O_EXCL, 0644));
  int t = open(o, O_TMPFILE | O_RDWR, 0644);
  snprintf(alias, sizeof alias, "/proc/self/fd/%d", t);
  if (t >= 0) tried("tmpfile linked into", linkat(AT_FDCWD, alias, AT_FDCWD, joined(a[1], "new8"), AT_SYMLINK_FOLLOW));
  int sock = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un un = {.sun_family = AF_UNIX};
  snprintf(un.sun_path, sizeof un.sun_path, "%s/new9", a[1]);
  tried("bind into", bind(sock, (struct sockaddr *)&un, sizeof un));
}

static void metadata(char **a) {
  const char *s = a[0];
  int p = open(s, O_PATH);
  char alias[64];
  snprintf(alias, sizeof alias, "/proc/self/fd/%d", p);
  struct timeval tv[2] = {{1, 0}, {1, 0}};
  struct timespec ts[2] = {{1, 0}, {1, 0}};
  struct utimbuf ub = {1, 1};
  tried("chmod", chmod(s, 0777));
  tried("chmod by alias", chmod(alias, 0777));
  tried("fchmod on O_PATH", fchmod(p, 0777));
  tried("fchmodat", fchmodat(AT_FDCWD, s, 0777, 0));
  tried("fchmodat2 nofollow", syscall(NR_FCHMODAT2, AT_FDCWD, s, 0777, AT_SYMLINK_NOFOLLOW));
  tried("fchmodat2 empty", syscall(NR_FCHMODAT2, p, "", 0777, AT_EMPTY_PATH));
  tried("chown", chown(s, getuid(), getgid()));
  tried("lchown", lchown(s, getuid(), getgid()));
  tried("fchownat empty", fchownat(p, "", getuid(), getgid(), AT_EMPTY_PATH));
  tried("utime", utime(s, &ub));
  tried("utimes", utimes(s, tv));
  tried("utimensat", utimensat(AT_FDCWD, s, ts, 0));
  tried("utimensat null", syscall(SYS_utimensat, p, NULL, ts, 0));
  tried("utimensat empty", syscall(SYS_utimensat, p, "", ts, AT_EMPTY_PATH));
  tried("futimesat", syscall(SYS_futimesat, AT_FDCWD, s, tv));
  tried("setxattr", setxattr(s, "user.note", "x", 1, 0));
  tried("lsetxattr", lsetxattr(s, "user.note", "x", 1, 0));
  tried("setxattr by alias", setxattr(alias, "user.note", "x", 1, 0));
  struct { uint64_t value; uint32_t size, flags; } xa = {(uint64_t)(uintptr_t)"x", 1, 0};
  tried("setxattrat", syscall(NR_SETXATTRAT, AT_FDCWD, s, 0, "user.note", &xa, sizeof xa));
  tried("setxattrat empty", syscall(NR_SETXATTRAT, p, "", AT_EMPTY_PATH, "user.note", &xa, sizeof xa));
  tried("removexattr", removexattr(s, "user.kept"));
  tried("lremovexattr", lremovexattr(s, "user.kept"));
  tried("removexattrat", syscall(NR_REMOVEXATTRAT, AT_FDCWD, s, 0, "user.kept"));
}

/* Linux 6.17: inode flags by path. struct file_attr of linux/fs.h. */
static void file_setattr(char **a) {
  struct { uint64_t xflags; uint32_t extsize, nextents, projid, cowextsize; } fa = {.xflags = 0x80 /* FS_XFLAG_NODUMP */};
  tried("file_setattr", syscall(NR_FILE_SETATTR, AT_FDCWD, a[0], &fa, sizeof fa, 0));
}

/* The folder above, and what is above that, moves; the secret with it. argv[3]: the grandparent. */
static void ancestors(char **a) {
  const char *o = a[2];
  const char *file = strrchr(a[0], '/') + 1, *folder = strrchr(a[1], '/') + 1;
  char moved[PATH_MAX];
  if (tried("rename the folder", rename(a[1], joined(o, "moved"))) == 0) show("moved", open(joined(joined(o, "moved"), file), O_RDONLY));
  if (tried("rename the grandparent", rename(a[3], joined(o, "above"))) == 0) {
    snprintf(moved, sizeof moved, "%s/above/%s/%s", o, folder, file);
    show("moved", open(moved, O_RDONLY));
  }
  mkdir(joined(o, "decoy"), 0755);
  if (tried("exchange the folder", syscall(SYS_renameat2, AT_FDCWD, a[1], AT_FDCWD, joined(o, "decoy"), 2)) == 0)
    show("exchanged", open(joined(joined(o, "decoy"), file), O_RDONLY));
  if (tried("exchange the other way", syscall(SYS_renameat2, AT_FDCWD, joined(o, "decoy"), AT_FDCWD, a[3], 2)) == 0) {
    snprintf(moved, sizeof moved, "%s/decoy/%s/%s", o, folder, file);
    show("exchanged", open(moved, O_RDONLY));
  }
  tried("rmdir", rmdir(a[1]));
  show("where it was", open(a[0], O_RDONLY));
}

/* argv[0]: a path that may never exist, <folder>/<name>; argv[1]: that folder, absent; argv[2]: open folder. */
static void later_direct(char **a) {
  tried("mkdir", mkdir(a[1], 0755));
  tried("create", open(a[0], O_RDWR | O_CREAT, 0644));
  tried("mknod", mknod(a[0], S_IFREG | 0644, 0));
  tried("symlink", symlink("/etc/passwd", a[0]));
  write_file(joined(a[2], "ours"), "ours");
  tried("rename", rename(joined(a[2], "ours"), a[0]));
  tried("link", link(joined(a[2], "ours"), a[0]));
  tried("mkdir there", mkdir(a[0], 0755));
}
static void later_moved(char **a) {
  const char *made = joined(a[2], "made");
  mkdir(made, 0755);
  write_file(joined(joined(a[2], "made"), strrchr(a[0], '/') + 1), "planted");
  tried("rename the folder into place", rename(joined(a[2], "made"), a[1]));
}
static void later_linked(char **a) {
  mkdir(joined(a[2], "made"), 0755);
  write_file(joined(joined(a[2], "made"), strrchr(a[0], '/') + 1), "planted");
  tried("link the folder into place", symlink(joined(a[2], "made"), a[1]));
}

static void namespaces(char **a) {
  (void)a;
  struct { const char *name; int flag; } ns[] = {{"user", CLONE_NEWUSER}, {"mount", CLONE_NEWNS}, {"pid", CLONE_NEWPID},
      {"network", CLONE_NEWNET}, {"user and mount", CLONE_NEWUSER | CLONE_NEWNS}, {"time", 0x80}};
  for (size_t i = 0; i < sizeof ns / sizeof *ns; i++) {
    if (fork() == 0) { tried(ns[i].name, syscall(SYS_unshare, (long)ns[i].flag)); _exit(0); }
    wait(NULL);
    if (ns[i].flag == 0x80) continue;
    long r = syscall(SYS_clone, (long)ns[i].flag | SIGCHLD, 0, 0, 0, 0);
    if (r == 0) _exit(0);
    tried("clone", r);
    if (r > 0) wait(NULL);
    uint64_t args[11] = {(uint64_t)ns[i].flag};
    args[4] = SIGCHLD;
    r = syscall(435, args, sizeof args);
    if (r == 0) _exit(0);
    tried("clone3", r);
    if (r > 0) wait(NULL);
  }
  int fd = open("/proc/self/ns/user", O_RDONLY);
  long r = syscall(SYS_setns, fd, 0);
  printf("setns: %s\n", r < 0 ? strerror(errno) : "GAINED");
}

static void mounts(char **a) {
  if (getuid() != 0) { /* without chaperone a user needs a namespace of his own first */
    char m[64];
    int u = (int)getuid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) {
      snprintf(m, sizeof m, "0 %d 1", u);
      write_file("/proc/self/uid_map", m);
    }
  } else if (unshare(CLONE_NEWNS) == 0) mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
  mkdir(joined(a[2], "bind"), 0755);
  if (tried("bind mount", mount(a[1], joined(a[2], "bind"), NULL, MS_BIND, NULL)) == 0)
    show("bound", open(joined(joined(a[2], "bind"), strrchr(a[0], '/') + 1), O_RDONLY));
  tried("open_tree", syscall(428, AT_FDCWD, a[1], 1));
  tried("open_tree_attr", syscall(NR_OPEN_TREE_ATTR, AT_FDCWD, a[1], 1, NULL, 0));
  tried("fsopen", syscall(430, "tmpfs", 0));
  tried("umount", umount2("/proc", MNT_DETACH) ? -1 : 0);
  int r = syscall(SYS_pivot_root, a[2], a[2]) ? -1 : 0;
  printf("pivot_root: %s\n", r ? strerror(errno) : "GAINED");
  if (chdir(a[1]) == 0 && tried("chroot", chroot(".")) == 0) show("in the root", open(joined("", strrchr(a[0], '/') + 1), O_RDONLY));
}

static const struct attack attacks[] = {
    {"names", names}, {"metadata", metadata}, {"file_setattr", file_setattr}, {"ancestors", ancestors}, {"later_direct", later_direct},
    {"later_moved", later_moved}, {"later_linked", later_linked}, {"namespaces", namespaces}, {"mounts", mounts}, {0},
};
int main(int argc, char **argv) { (void)argc; return run_attack(attacks, argv); }
