/* Every way to open crossed with every thing to open; then openat's descriptors and openat2's constraints. */
#include "report.h"
#include <linux/openat2.h>
#include <sys/socket.h>
#include <sys/un.h>

static const struct { const char *name; int flags; } ways[] = {
    {"RDONLY", O_RDONLY}, {"WRONLY", O_WRONLY}, {"RDWR|CLOEXEC", O_RDWR | O_CLOEXEC}, {"accmode3", 3},
    {"APPEND", O_WRONLY | O_APPEND}, {"TRUNC", O_WRONLY | O_TRUNC}, {"RDONLY|TRUNC", O_RDONLY | O_TRUNC},
    {"CREAT", O_WRONLY | O_CREAT}, {"CREAT|RDONLY", O_CREAT}, {"CREAT|EXCL", O_RDWR | O_CREAT | O_EXCL},
    {"CREAT|TRUNC", O_WRONLY | O_CREAT | O_TRUNC}, {"EXCL", O_RDONLY | O_EXCL}, {"NOFOLLOW", O_NOFOLLOW},
    {"NOFOLLOW|CREAT", O_WRONLY | O_NOFOLLOW | O_CREAT}, {"DIRECTORY", O_DIRECTORY}, {"DIRECTORY|NOFOLLOW", O_DIRECTORY | O_NOFOLLOW},
    {"DIRECTORY|CREAT", O_DIRECTORY | O_CREAT}, {"DIRECTORY|WRONLY", O_DIRECTORY | O_WRONLY}, {"PATH", O_PATH},
    {"PATH|NOFOLLOW", O_PATH | O_NOFOLLOW | O_CLOEXEC}, {"PATH|DIRECTORY", O_PATH | O_DIRECTORY}, {"PATH|CREAT", O_PATH | O_CREAT},
    {"TMPFILE", O_TMPFILE | O_RDWR}, {"TMPFILE|RDONLY", O_TMPFILE}, {"TMPFILE|EXCL", O_TMPFILE | O_WRONLY | O_EXCL},
    {"SYNC", O_WRONLY | O_SYNC}, {"DSYNC", O_WRONLY | O_DSYNC}, {"NOATIME", O_NOATIME}, {"NOCTTY", O_RDWR | O_NOCTTY},
    {"ASYNC", O_RDWR | O_ASYNC}, {"unknown bit", O_RDONLY | 0x40000000},
};
static const char *things[] = {
    "file", "missing", "link", "dangling", "dangling2", "folder", "linkdir", "fifo", "socket", "loop", "/dev/null", "/dev/full",
    "/dev/tty", "/dev/stdin", "/dev/fd/0", "/dev/fd/99", "/proc/self/exe", "/proc/self/cwd", "/proc/self/fd/0",
    "/proc/self/root", "/proc/self/stat", "/proc/thread-self/comm", "/proc/nothing", "/proc/self/fd", "/proc/self/nothing",
    "file/", "missing/", "link/", "folder/", "linkdir/", "fifo/", "dangling/", "file/x", "missing/x", "folder/new", "linkdir/x", "loop/x",
    "folder/.", "folder/..", "file/.", "file/..", ".", "..", "./", "", "/", "//", "/..", "folder/../file", "missing/../file",
    "file/../file", "folder//x", "./folder/./x", "unreadable", "readonly", "shut/x", "shut", "chain15", "chain41", "/etc/shadow", "/etc/passwd",
    "/nowhere/new", "linkslash", "farlink/../x", "farlink/../file", "linktofifo", "linktodot", "sticky/theirs", "script",
};

static void fixture(void) {
  umask(022);
  put("file", "content\n", 0644);
  put("readonly", "r", 0444);
  put("unreadable", "u", 0);
  put("script", "#!/bin/sh\n", 0755);
  mkdir("folder", 0755);
  put("folder/x", "x", 0600);
  mkdir("shut", 0);
  R(symlink("file", "link"));
  R(symlink("made", "dangling"));
  R(symlink("folder/../made2", "dangling2"));
  R(symlink("folder", "linkdir"));
  R(symlink("folder/", "linkslash"));
  mkdir("folder/sub", 0755);
  R(symlink("folder/sub", "farlink"));
  R(symlink("loop", "loop"));
  R(symlink(".", "linktodot"));
  R(symlink("fifo", "linktofifo"));
  R(mkfifo("fifo", 0640));
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "socket"};
  R(bind(s, (struct sockaddr *)&a, sizeof a));
  close(s);
  symlink("file", "chain1");
  for (int i = 2; i <= 41; i++) {
    char from[16], to[16];
    snprintf(to, sizeof to, "chain%d", i);
    snprintf(from, sizeof from, "chain%d", i - 1);
    symlink(from, to);
  }
}

static void cross(void) {
  char what[128];
  for (size_t t = 0; t < sizeof things / sizeof *things; t++) {
    if (!strncmp(things[t], "/etc/", 5) && geteuid() == 0) continue; /* root could really truncate them */
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
      snprintf(what, sizeof what, "open(\"%s\", %s)", things[t], ways[w].name);
      errno = 0;
      int fd = open(things[t], ways[w].flags | O_NONBLOCK, 0666);
      opened(what, fd, errno);
      for (const char **p = (const char *[]){"missing", "made", "made2", "folder/new", 0}; *p; p++)
        if (unlink(*p) == 0) printf("  made %s\n", *p);
    }
  }
}

static void modes(void) {
  for (int *u = (int[]){0, 022, 027, 077, 0777, -1}; *u >= 0; u++)
    for (int *m = (int[]){0, 0444, 0666, 0777, 04755, 07777, -1}; *m >= 0; m++) {
      umask((mode_t)*u);
      printf("umask %03o mode %04o:\n", (unsigned)*u, (unsigned)*m);
      F(open("made", O_CREAT | O_RDWR, *m));
      unlink("made");
      F(creat("made", (mode_t)*m));
      unlink("made");
      F(open(".", O_TMPFILE | O_RDWR, *m));
      F(openat(AT_FDCWD, "dangling", O_CREAT | O_EXCL | O_WRONLY, *m));
      F(openat(AT_FDCWD, "dangling", O_CREAT | O_WRONLY, *m));
      unlink("made");
    }
  umask(022);
}

static void bases(void) {
  char *name255 = repeat('n', 255), *name256 = repeat('n', 256), *deep = repeat('/', 4095), *deeper = repeat('/', 4096);
  int dir = open("folder", O_RDONLY | O_DIRECTORY), pathdir = open("folder", O_PATH), file = open("file", O_RDONLY),
      pathfile = open("file", O_PATH), gone = dup(0);
  close(gone);
  for (int *d = (int[]){AT_FDCWD, dir, pathdir, file, pathfile, gone, -1, 0, 100000, -7}; *d != -7; d++) {
    printf("base %s\n", *d == AT_FDCWD ? "cwd" : *d == dir ? "dir" : *d == pathdir ? "O_PATH dir" : *d == file ? "file"
           : *d == pathfile ? "O_PATH file" : *d == gone ? "closed" : *d == 0 ? "stdin" : "bad");
    F(openat(*d, "x", O_RDONLY));
    F(openat(*d, "../file", O_RDWR | O_CLOEXEC));
    F(openat(*d, "made", O_CREAT | O_WRONLY, 0600));
    unlinkat(*d, "made", 0);
    F(openat(*d, ".", O_RDONLY));
    F(openat(*d, "", O_RDONLY));
    F(openat(*d, "/dev/null", O_RDONLY));
    F(openat(*d, ".", O_TMPFILE | O_RDWR, 0600));
  }
  F(open(name255, O_RDONLY));
  F(open(name255, O_CREAT | O_RDWR, 0600));
  unlink(name255);
  F(open(name256, O_RDONLY));
  F(open(name256, O_CREAT | O_RDWR, 0600));
  F(open(deep, O_RDONLY));
  F(open(deeper, O_RDONLY));
  F(syscall(SYS_openat, AT_FDCWD, 1, O_RDONLY));
  F(syscall(SYS_openat, AT_FDCWD, NULL, O_RDONLY));
  F(syscall(SYS_openat, AT_FDCWD, -1L, O_CREAT, 0600));
}

static void openat2s(void) {
  static const struct { const char *name; uint64_t bits; } constraints[] = {
      {"none", 0}, {"BENEATH", RESOLVE_BENEATH}, {"IN_ROOT", RESOLVE_IN_ROOT}, {"NO_SYMLINKS", RESOLVE_NO_SYMLINKS},
      {"NO_MAGICLINKS", RESOLVE_NO_MAGICLINKS}, {"NO_XDEV", RESOLVE_NO_XDEV}, {"BENEATH|IN_ROOT", RESOLVE_BENEATH | RESOLVE_IN_ROOT},
      {"unknown", 1u << 20}};
  static const char *paths[] = {"x", "../file", "/file", "/folder/x", "link", "../link", "/dev/null", "/proc/self/exe", "/proc/self/fd/0", ".", "..",
                                "linkdir/x", "missing", "new", "abs", "dangling", "/x", ""};
  int dir = open("folder", O_PATH), here = open(".", O_PATH);
  R(symlink("/etc/passwd", "abs"));
  for (size_t c = 0; c < sizeof constraints / sizeof *constraints; c++)
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++)
      for (int in = 0; in < 2; in++)
        for (int k = 0; k < 3; k++) {
          if (k == 1 && paths[p][0] == '/' && geteuid() == 0) continue; /* a wrong root must not be written to */
          struct open_how h = {.flags = k == 1 ? O_CREAT | O_RDWR : O_RDONLY | O_CLOEXEC, .mode = k == 1 ? 0640 : 0, .resolve = constraints[c].bits};
          if (k == 2) h.flags = O_DIRECTORY;
          char what[128];
          snprintf(what, sizeof what, "openat2(%s, \"%s\", %d, %s)", in ? "folder" : "here", paths[p], k, constraints[c].name);
          errno = 0;
          int fd = (int)syscall(SYS_openat2, in ? dir : here, paths[p], &h, sizeof h);
          opened(what, fd, errno);
          for (const char **m = (const char *[]){"missing", "new", "made", "x", "folder/missing", "folder/new", "folder/file", "folder/made",
                                                 "folder/link", "folder/abs", 0}; *m; m++)
            if (unlink(*m) == 0) printf("  made %s\n", *m);
          put("folder/x", "x", 0600);
        }
  struct { struct open_how h; uint64_t more[8]; } how = {.h = {.flags = O_RDONLY}};
#define H(size) syscall(SYS_openat2, AT_FDCWD, "file", &how, (size_t)(size))
  F(H(0)); F(H(8)); F(H(23)); F(H(24)); F(H(25)); F(H(32)); F(H(88)); F(H(4096)); F(H(5000));
  how.more[3] = 1; F(H(88)); F(H(32)); how.more[3] = 0;
  how.h.mode = 0600; F(H(24)); how.h.mode = 0;
  how.h.flags = O_CREAT | O_RDWR; how.h.mode = 010000; F(H(24)); how.h.mode = 0;
  how.h.flags = 1ull << 40; F(H(24));
  how.h.flags = 0x40000000; F(H(24));
  how.h.flags = O_TMPFILE; F(H(24));
  how.h.flags = O_PATH; F(H(24));
  how.h.flags = O_PATH | O_RDWR; F(H(24));
  how.h.flags = 3; F(H(24));
  F(syscall(SYS_openat2, AT_FDCWD, "file", NULL, 24));
  F(syscall(SYS_openat2, AT_FDCWD, "file", 1, 24));
  F(syscall(SYS_openat2, AT_FDCWD, 1, &how, 24));
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  fixture();
  cross();
  modes();
  bases();
  openat2s();
  return 0;
}
