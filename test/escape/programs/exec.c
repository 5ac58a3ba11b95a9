/* Running a program that policy does not allow. argv: payload, open folder, … The payload prints PAYLOAD-RAN. */
#include "attack.h"

static char *const none[] = {NULL};

/* In a child, so that the next attempt follows. */
#define ATTEMPT(what, call) do { \
    fflush(stdout); \
    pid_t child_ = fork(); \
    if (!child_) { call; printf("%s: %s\n", what, strerror(errno)); fflush(stdout); _exit(1); } \
    waitpid(child_, NULL, 0); \
  } while (0)

static void copy_to(const char *from, int out) {
  char b[65536];
  ssize_t n;
  int in = open(from, O_RDONLY);
  while ((n = read(in, b, sizeof b)) > 0) if (write(out, b, (size_t)n) < 0) perror("write");
  close(in);
}

static void unnamed(char **a) {
  char p[64];
  char *argv[] = {"payload", NULL};
  int m = (int)syscall(SYS_memfd_create, "x", 0);
  copy_to(a[0], m);
  ATTEMPT("memfd, execveat", syscall(SYS_execveat, m, "", argv, none, AT_EMPTY_PATH));
  snprintf(p, sizeof p, "/proc/self/fd/%d", m);
  ATTEMPT("memfd, by alias", execve(p, argv, none));
  snprintf(p, sizeof p, "/dev/fd/%d", m);
  ATTEMPT("memfd, by /dev/fd", execve(p, argv, none));
  int script = (int)syscall(SYS_memfd_create, "s", 0);
  dprintf(script, "#!%s\n", a[0]);
  snprintf(p, sizeof p, "/proc/self/fd/%d", script);
  ATTEMPT("memfd script", execve(p, argv, none));
  int t = open(a[1], O_TMPFILE | O_RDWR, 0755);
  copy_to(a[0], t);
  snprintf(p, sizeof p, "/proc/self/fd/%d", t);
  int r = open(p, O_RDONLY);
  close(t);
  ATTEMPT("O_TMPFILE", syscall(SYS_execveat, r, "", argv, none, AT_EMPTY_PATH));
  char *gone = joined(a[1], "gone");
  int f = open(gone, O_RDWR | O_CREAT | O_TRUNC, 0755);
  copy_to(a[0], f);
  close(f);
  f = open(gone, O_RDONLY);
  unlink(gone);
  ATTEMPT("deleted file", syscall(SYS_execveat, f, "", argv, none, AT_EMPTY_PATH));
  snprintf(p, sizeof p, "/proc/self/fd/%d", f);
  ATTEMPT("deleted file, by alias", execve(p, argv, none));
}

static void names(char **a) {
  char p[PATH_MAX];
  char *argv[] = {"payload", NULL};
  int o = open(a[0], O_PATH);
  ATTEMPT("execve", execve(a[0], argv, none));
  ATTEMPT("execveat O_PATH", syscall(SYS_execveat, o, "", argv, none, AT_EMPTY_PATH));
  snprintf(p, sizeof p, "/proc/self/fd/%d", o);
  ATTEMPT("descriptor alias", execve(p, argv, none));
  snprintf(p, sizeof p, "/proc/self/root%s", a[0]);
  ATTEMPT("root alias", execve(p, argv, none));
  if (symlink(a[0], joined(a[1], "link"))) perror("symlink");
  ATTEMPT("symlink", execve(joined(a[1], "link"), argv, none));
  argv[0] = "/usr/bin/env"; /* B15: says that it is another */
  prctl(PR_SET_NAME, "env", 0, 0, 0);
  ATTEMPT("false argv[0]", execve(a[0], argv, none));
  argv[0] = NULL;
  ATTEMPT("no argv", execve(a[0], argv, none));
  ATTEMPT("null argv", syscall(SYS_execve, a[0], NULL, NULL));
}

/* A caller whose memory nobody may read. */
static void undumpable(char **a) {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  char *argv[] = {"payload", NULL};
  ATTEMPT("not dumpable", execve(a[0], argv, none));
}

/* The path in memory changes between decision and act. argv[2]: a program that is allowed. */
#include <pthread.h>
static char racing[PATH_MAX];
static char **race_args;
static volatile int stop;
static void *flip(void *x) {
  (void)x;
  size_t n = strlen(race_args[0]) > strlen(race_args[2]) ? strlen(race_args[0]) : strlen(race_args[2]);
  char one[PATH_MAX] = {0}, two[PATH_MAX] = {0};
  strcpy(one, race_args[0]);
  strcpy(two, race_args[2]);
  while (!stop) {
    memcpy(racing, one, n + 1);
    memcpy(racing, two, n + 1);
  }
  return NULL;
}
static void race(char **a) {
  race_args = a;
  strcpy(racing, a[2]);
  pthread_t t;
  pthread_create(&t, NULL, flip, NULL);
  char *argv[] = {"x", NULL};
  int n = 0;
  for (double end = seconds() + 0.8; seconds() < end; n++) {
    pid_t c = vfork(); /* shares the memory that is raced */
    if (c == 0) { execve(racing, argv, none); _exit(9); }
    int st = 0;
    waitpid(c, &st, 0);
  }
  stop = 1;
  pthread_join(t, NULL);
  printf("tried %d\n", n);
}

/* The content changes under a digest that was taken: a page that is dirty and mapped changes without a new time.
 * argv[0]: allowed program (its digest is listed), argv[1]: open folder, argv[2]: what is to run instead; equal sizes. */
static void remapped(char **a) {
  struct stat good, bad;
  stat(a[0], &good);
  stat(a[2], &bad);
  char *file = joined(a[1], "tool");
  int in = open(a[0], O_RDONLY), other = open(a[2], O_RDONLY), f = open(file, O_RDWR | O_CREAT | O_TRUNC, 0755);
  size_t n = (size_t)good.st_size;
  char *g = mmap(NULL, n, PROT_READ, MAP_PRIVATE, in, 0), *b = mmap(NULL, n, PROT_READ, MAP_PRIVATE, other, 0);
  if (good.st_size != bad.st_size) printf("sizes differ\n");
  if (ftruncate(f, good.st_size)) perror("ftruncate");
  char *m = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  memcpy(m, g, n); /* every page dirty and writable from here on */
  char *argv[] = {"tool", NULL};
  ATTEMPT("while it is open for writing", execve(file, argv, none)); /* decided, digested; the kernel says ETXTBSY */
  memcpy(m, b, n);
  munmap(m, n);
  close(f);
  ATTEMPT("after the change", execve(file, argv, none));
  chmod(file, 0755);
  ATTEMPT("after another change", execve(file, argv, none));
}
/* The same with a script. argv[0]: ignored. */
static void remapped_script(char **a) {
  char *file = joined(a[1], "script");
  const char *good = "#!/bin/sh\necho harmless; exit 0\n####################\n", *bad = "#!/bin/sh\necho PAYLOAD-RAN; exit 0\n##################";
  int f = open(file, O_RDWR | O_CREAT | O_TRUNC, 0755);
  size_t n = strlen(good) < strlen(bad) ? strlen(good) : strlen(bad);
  if (ftruncate(f, (off_t)n)) perror("ftruncate");
  char *m = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  memcpy(m, good, n);
  char *argv[] = {"script", NULL};
  ATTEMPT("while it is open for writing", execve(file, argv, none));
  memcpy(m, bad, n);
  munmap(m, n);
  close(f);
  ATTEMPT("changed", execve(file, argv, none));
}

/* In place, same size, same modification time. argv as for remapped. */
static void replaced(char **a) {
  char *file = joined(a[1], "tool");
  char *argv[] = {"tool", NULL};
  int f = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  copy_to(a[0], f);
  close(f);
  ATTEMPT("allowed content", execve(file, argv, none));
  struct stat st;
  stat(file, &st);
  f = open(file, O_WRONLY);
  copy_to(a[2], f);
  close(f);
  struct timespec ts[2] = {st.st_atim, st.st_mtim};
  utimensat(AT_FDCWD, file, ts, 0);
  ATTEMPT("changed in place", execve(file, argv, none));
  f = open(joined(a[1], "other"), O_WRONLY | O_CREAT | O_TRUNC, 0755);
  copy_to(a[2], f);
  close(f);
  utimensat(AT_FDCWD, joined(a[1], "other"), ts, 0);
  rename(joined(a[1], "other"), file);
  ATTEMPT("renamed over", execve(file, argv, none));
}

/* argv[0]: payload, argv[1]: open folder, argv[2]: a listed name that the agent may write. */
static void takes_name(char **a) {
  char *argv[] = {"x", NULL};
  unlink(a[2]);
  tried("link", link(a[0], a[2]));
  ATTEMPT("linked", execve(a[2], argv, none));
  tried("rename", rename(a[0], a[2]));
  ATTEMPT("renamed", execve(a[2], argv, none));
}

/* Says who it is, as the kernel knows it: a set-user-ID copy of this shows whether anything was gained. */
static void whoami(char **a) {
  (void)a;
  printf("uid=%d euid=%d\n", (int)getuid(), (int)geteuid());
}

static const struct attack attacks[] = {
    {"unnamed", unnamed}, {"names", names}, {"undumpable", undumpable}, {"race", race}, {"remapped", remapped},
    {"remapped_script", remapped_script}, {"replaced", replaced}, {"takes_name", takes_name}, {"whoami", whoami}, {0},
};
int main(int argc, char **argv) { (void)argc; return run_attack(attacks, argv); }
