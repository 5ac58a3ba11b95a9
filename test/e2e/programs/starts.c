/* Starting programs: which errors, which arguments, which environment and which descriptors arrive. */
#include "report.h"
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;
static char me[4096];

/* In a child: the call fails and says why, or the program runs and is waited for. */
#define X(call) \
  do { \
    fflush(stdout); \
    pid_t c_ = fork(); \
    if (!c_) { errno = 0; call; printf(#call " -> %s\n", strerrorname_np(errno)); fflush(stdout); _exit(55); } \
    ended(#call, c_); \
  } while (0)
static void ended(const char *what, pid_t c) {
  int st;
  if (waitpid(c, &st, 0) != c) printf("waitpid %s\n", strerrorname_np(errno));
  else if (WIFSIGNALED(st)) printf("%s: signal %d\n", what, WTERMSIG(st));
  else if (WEXITSTATUS(st) != 55) printf("%s: exit %d\n", what, WEXITSTATUS(st));
}
#define ARGV(...) (char *[]){__VA_ARGS__, NULL}

/* What the started program sees. */
static int show(int argc, char **argv) {
  printf("  argc %d:", argc);
  for (int i = 0; i < argc; i++) {
    printf(" [");
    for (char *p = argv[i]; *p; p++) if (*p > 31 && *p < 127) putchar(*p); else printf("\\x%02x", (unsigned char)*p);
    printf("]");
  }
  printf("\n ");
  for (char **e = environ; *e; e++) if (strncmp(*e, "CHAPERONE_", 10)) { printf(" "); for (char *p = *e; *p; p++) if (*p > 31 && *p < 127) putchar(*p); else printf("\\x%02x", (unsigned char)*p); }
  printf("\n  open:");
  for (int i = 0; i < 64; i++) if (fcntl(i, F_GETFD) >= 0) printf(" %d", i);
  printf("\n  umask %03o ignored", (unsigned)umask(022));
  for (int s = 1; s < 65; s++) { struct sigaction a; if (!sigaction(s, NULL, &a) && a.sa_handler == SIG_IGN) printf(" %d", s); }
  sigset_t set; sigprocmask(SIG_SETMASK, NULL, &set); printf(" blocked");
  for (int s = 1; s < 65; s++) if (sigismember(&set, s) == 1) printf(" %d", s);
  struct rlimit r; getrlimit(RLIMIT_NOFILE, &r); printf(" files %ld/%ld", (long)r.rlim_cur, (long)r.rlim_max); getrlimit(RLIMIT_STACK, &r);
  printf(" stack %ld", (long)r.rlim_cur); getrlimit(RLIMIT_CORE, &r); printf(" core %ld", (long)r.rlim_cur);
  printf("\n"); fflush(stdout);
  return 0;
}

static void fixture(void) {
  char text[8192];
  put("noexec", "#!/bin/sh\n", 0644); put("empty", "", 0755); put("garbage", "\177ELFgarbage", 0755); put("plain", "echo plain\n", 0755);
  put("nointerp", "#!/missing/interpreter\n", 0755); put("badinterp", "#!.\n", 0755); put("nothing", "#!\n", 0755);
  put("spaces", "#!  \t \n", 0755); put("binary", "\1\2\3\4\5\6", 0755); put("unreadable", "#!/bin/false\n", 0111);
  snprintf(text, sizeof text, "#!%s show\n", me); put("script", text, 0755);
  snprintf(text, sizeof text, "#! %s \t show one two  \nrest", me); put("spaced", text, 0755); snprintf(text, sizeof text, "#!%s show", me);
  put("nonewline", text, 0755); put("relative", "#!./prog show\n", 0755);
  char cwd[4096]; getcwd(cwd, sizeof cwd); snprintf(text, sizeof text, "#!%s/script\n", cwd); put("nested1", text, 0755);
  for (int i = 2; i <= 6; i++) { char name[16]; snprintf(text, sizeof text, "#!%s/nested%d\n", cwd, i - 1); snprintf(name, sizeof name,
      "nested%d", i); put(name, text, 0755); }
  snprintf(text, sizeof text, "#!%s/self\n", cwd); put("self", text, 0755); char *deep = repeat('x', 300); memcpy(deep, "#!/", 3);
  put("longline", deep, 0755); snprintf(text, sizeof text, "#!%s show %s\n", me, repeat('a', 300)); put("longarg", text, 0755);
  mkdir("d", 0755); mkdir("shut", 0); put("crlf", "#!/bin/sh\r\necho\n", 0755);
  R(symlink("prog", "toprog")); R(symlink("script", "toscript")); R(symlink("missing", "dangling")); R(symlink("loop", "loop"));
  R(mkfifo("fifo", 0755)); R(symlink(me, "prog"));
}

static void errors(void) {
  char *a[] = {"name", "show", NULL}, *e[] = {"A=1", NULL};
  for (const char **p = (const char *[]){"missing", "noexec", "empty", "garbage", "plain", "nointerp", "badinterp", "nothing", "spaces",
      "binary", "unreadable", "d", ".", "", "shut/x", "loop", "dangling", "fifo", "prog/", "prog/x", "/dev/null", "/proc/self/fd",
      "script", "spaced", "nonewline", "relative", "nested1", "nested4", "nested5", "nested6", "self", "longline", "longarg", "crlf",
      "toprog", "toscript", "./prog", "d/../prog", "/etc/passwd", "/proc/self/exe", 0}; *p; p++) { printf("%s:\n", *p); X(execve(*p, a, e)); }
  X(execve(repeat('n', 256), a, e)); X(execve(repeat('/', 4096), a, e)); X(execve((char *)1, a, e)); X(execve(NULL, a, e));
  X(execve(me, (char **)1, e)); X(execve(me, a, (char **)1)); X(execve(me, ARGV("x", (char *)1), e)); X(execve(me, NULL, e));
  X(execve(me, (char *[]){NULL}, e)); X(execve(me, a, NULL));
  X(execve(me, ARGV("", "show", "", "a b", "\xff\xfe", "\x1b[31m"), (char *[]){"B=\xff", "NOEQUALS", "=", "", "A=1", "A=2", NULL}));
  X(execvp("prog", a)); X(execvp("./script", ARGV("s", "arg 1", "*"))); X(execvp("plain", a)); X(execlp("sh", "sh", "-c", "exit 7", NULL));
  X(execvp("no-such-program", a)); X(execl("/bin/sh", "sh", "-c", "kill -TERM $$", NULL));
  char *big = repeat('b', 131071), *bigger = repeat('b', 131072); X(execve(me, ARGV("n", "count", big), e));
  X(execve(me, ARGV("n", "count", bigger), e)); char **many = calloc(20003, sizeof *many);
  for (int i = 0; i < 20002; i++) many[i] = i == 1 ? "count" : "many"; X(execve(me, many, e)); char **huge = calloc(203, sizeof *huge);
  for (int i = 0; i < 202; i++) huge[i] = i == 1 ? "count" : big; X(execve(me, huge, e));
}

static void descriptors(void) {
  char *a[] = {"name", "show", NULL}, *e[] = {"A=1", NULL};
  int file = open(me, O_RDONLY | O_CLOEXEC), path = open(me, O_PATH | O_CLOEXEC), kept = open(me, O_PATH), dir = open(".",
      O_PATH | O_CLOEXEC), script = open("script", O_RDONLY | O_CLOEXEC), scriptkept = open("script", O_RDONLY), d = open("d", O_RDONLY | O_CLOEXEC);
#define AT(...) syscall(SYS_execveat, __VA_ARGS__)
  X(AT(file, "", a, e, AT_EMPTY_PATH)); X(AT(path, "", a, e, AT_EMPTY_PATH)); X(AT(kept, "", a, e, AT_EMPTY_PATH));
  X(AT(file, "", a, e, 0)); X(AT(script, "", a, e, AT_EMPTY_PATH)); X(AT(scriptkept, "", a, e, AT_EMPTY_PATH));
  X(AT(d, "", a, e, AT_EMPTY_PATH)); X(AT(999, "", a, e, AT_EMPTY_PATH)); X(AT(AT_FDCWD, "", a, e, AT_EMPTY_PATH));
  X(AT(dir, "prog", a, e, 0)); X(AT(dir, "script", a, e, 0)); X(AT(dir, "toprog", a, e, AT_SYMLINK_NOFOLLOW));
  X(AT(AT_FDCWD, "script", a, e, AT_SYMLINK_NOFOLLOW)); X(AT(dir, "prog", a, e, 0x4000)); X(AT(dir, "prog", a, e, AT_EMPTY_PATH));
  X(AT(999, "prog", a, e, 0)); X(AT(999, me, a, e, 0)); X(AT(file, "prog", a, e, 0)); X(AT(AT_FDCWD, "prog", a, e, 0));
  X(fexecve(file, a, e));
  int memory = (int)syscall(SYS_memfd_create, "m", 1), from = open("/bin/true", O_RDONLY | O_CLOEXEC); char b[4096]; long n;
  while ((n = read(from, b, sizeof b)) > 0) write(memory, b, (size_t)n); printf("a program without a name (refused in every session): ");
  X(AT(memory, "", a, e, AT_EMPTY_PATH)); int w = open("copy", O_CREAT | O_RDWR, 0755); lseek(from, 0, SEEK_SET);
  while ((n = read(from, b, sizeof b)) > 0) write(w, b, (size_t)n); X(execl("./copy", "copy", NULL)); close(w);
  X(execl("./copy", "copy", NULL)); R(rename("copy", "copy2")); X(execl("./copy2", "copy", NULL));
}

static void ways(void) {
  char *a[] = {"name", "show", NULL}; pid_t p; fflush(stdout); int r = posix_spawn(&p, me, NULL, NULL, a, (char *[]){"S=1", NULL});
  ended("posix_spawn", p); R(r); R(posix_spawn(&p, "missing", NULL, NULL, a, environ));
  R(posix_spawnp(&p, "sh", NULL, NULL, ARGV("sh", "-c", "exit 4"), environ)); ended("posix_spawnp", p); R(system("exit 5"));
  R(WEXITSTATUS(system("exit 6"))); FILE *f = popen("echo out; exit 2", "r"); char line[32] = ""; R(fgets(line, 32, f) != NULL);
  R(strcmp(line, "out\n")); R(WEXITSTATUS(pclose(f)));
  fflush(stdout); if (!(p = vfork())) { execl(me, "v", "show", NULL); _exit(9); } ended("vfork", p); fflush(stdout);
  if (!(p = fork())) { setsid(); signal(SIGHUP, SIG_IGN); signal(SIGINT, SIG_IGN); sigset_t s; sigemptyset(&s); sigaddset(&s,
      SIGUSR1); sigprocmask(SIG_BLOCK, &s, NULL); umask(0137); struct rlimit r = {77, 99}; setrlimit(RLIMIT_NOFILE, &r); dup2(1,
      40); execve(me, a, (char *[]){"E=e", NULL}); _exit(8); } ended("inherited", p);
}

int main(int argc, char **argv) {
  if (argc > 1 && !strncmp(argv[1], "show", 4)) return show(argc, argv);
  if (argc > 1 && !strcmp(argv[1],
      "count")) { size_t n = 0; for (int i = 0; i < argc; i++) n += strlen(argv[i]); printf("  %d arguments, %zu bytes\n", argc, n); return 0; }
  if (argc == 0 || (argc == 1 && !*argv[0])) return show(argc, argv);
  setvbuf(stdout, NULL, _IOLBF, 0); alarm(15); umask(022);
  readlink("/proc/self/exe", me, sizeof me);
  fixture(); errors(); descriptors(); ways();
  return 0;
}
