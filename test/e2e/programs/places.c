/* Names that mean something else to each process: /proc/self, /proc/thread-self, /dev/fd, /dev/tty, and devices. */
#include "report.h"
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>

static char text[65536];
static long slurp(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) return -1;
  long n = 0, r;
  while (n < (long)sizeof text - 1 && (r = read(fd, text + n, sizeof text - 1 - (size_t)n)) > 0) n += r;
  text[n] = 0;
  close(fd);
  return n;
}
static long number_in(const char *path) { return slurp(path) < 0 ? -1 : atol(text); }
static long line_in(const char *path, const char *name) {
  if (slurp(path) < 0) return -1;
  char *p = strstr(text, name);
  return p ? strtol(p + strlen(name), NULL, 10) : -2;
}
static long spell(const char *path, const char *value) {
  int fd = open(path, O_WRONLY);
  if (fd < 0) return -1;
  long r = write(fd, value, strlen(value)); int e = errno;
  close(fd);
  errno = e;
  return r;
}
static bool leads(const char *path, const char *to) {
  char where[4096]; ssize_t n = readlink(path, where, sizeof where - 1);
  if (n < 0) return false;
  where[n] = 0;
  return !strcmp(where, to);
}

static void *from_thread(void *arg) {
  (void)arg;
  char p[64];
  pid_t tid = gettid();
  R(number_in("/proc/self/stat") == getpid()); R(number_in("/proc/thread-self/stat") == tid);
  R(line_in("/proc/thread-self/status", "\nPid:\t") == tid); R(line_in("/proc/self/status", "\nPid:\t") == getpid());
  R(prctl(PR_SET_NAME, "second")); R(slurp("/proc/thread-self/comm") > 0 && !strcmp(text, "second\n"));
  R(slurp("/proc/self/comm") > 0 && strcmp(text, "second\n"));
  snprintf(p, sizeof p, "/proc/self/task/%d/comm", tid); R(slurp(p) > 0 && !strcmp(text, "second\n")); R(spell(p, "third"));
  R(spell("/proc/thread-self/comm", "fourth"));
  return NULL;
}

static void self(void) {
  char p[128], cwd[4096], name[64];
  int fd = open("f", O_RDWR), gone, pipes[2], memory = (int)syscall(SYS_memfd_create, "m", 0);
  R(getcwd(cwd, sizeof cwd) ? 0 : -1); R(leads("/proc/self/cwd", cwd)); R(leads("/proc/self/root", "/"));
  F(open("/proc/self/cwd/f", O_RDONLY)); F(open("/proc/self/root/dev/null", O_RDWR)); F(open("/proc/self/cwd/../nothing", O_RDONLY));
  F(open("/proc/self/cwd", O_RDONLY | O_DIRECTORY));
  R(slurp("/proc/self/exe") > 4 && !memcmp(text, "\177ELF", 4)); F(open("/proc/self/exe", O_WRONLY));
  F(open("/proc/self/exe", O_RDONLY | O_NOFOLLOW)); F(open("/proc/self/exe", O_PATH | O_NOFOLLOW)); F(open("/proc/self", O_RDONLY));
  F(open("/proc/self", O_RDONLY | O_NOFOLLOW)); F(open("/proc/thread-self", O_RDONLY)); F(open("/proc/self/", O_RDONLY | O_NOFOLLOW));
  R(slurp("/proc/self/environ") > 0 && strchr(text, '=') != NULL); R(slurp("/proc/self/cmdline") > 0); R(slurp("/proc/self/maps") > 0);
  R(slurp("/proc/self/status") > 0); R(slurp("/proc/self/mountinfo") > 0); R(slurp("/proc/self/limits") > 0);
  R(slurp("/proc/self/smaps") > 0); R(slurp("/proc/self/io") >= 0); R(slurp("/proc/self/auxv") > 0);
  R(slurp("/proc/self/oom_score_adj") > 0);
  R(spell("/proc/self/oom_score_adj", "500")); R(spell("/proc/self/comm", "renamed"));
  R(slurp("/proc/self/comm") > 0 && !strcmp(text, "renamed\n")); R(spell("/proc/self/coredump_filter", "33"));
  R(spell("/proc/self/timerslack_ns", "50000")); R(spell("/proc/self/clear_refs", "1"));
  F(open("/proc/self/mem", O_RDONLY)); F(open("/proc/self/mem", O_RDWR)); F(open("/proc/self/pagemap", O_RDONLY));
  F(open("/proc/self/ns/net", O_RDONLY)); F(open("/proc/self/attr/current", O_RDONLY)); F(open("/proc/self/fdinfo", O_RDONLY));
  F(open("/proc/self/task", O_RDONLY));
  snprintf(p, sizeof p, "/proc/self/fd/%d", fd); F(open(p, O_RDONLY)); F(open(p, O_WRONLY | O_TRUNC)); F(open(p, O_RDONLY | O_NOFOLLOW));
  F(open(p, O_RDONLY | O_CREAT, 0600)); F(open(p, O_RDONLY | O_CREAT | O_EXCL, 0600)); snprintf(p, sizeof p, "/dev/fd/%d", fd);
  F(open(p, O_RDWR | O_APPEND)); snprintf(p, sizeof p, "/proc/%d/fd/%d", getpid(), fd); F(open(p, O_RDONLY));
  snprintf(p, sizeof p, "/proc/self/fdinfo/%d", fd); R(slurp(p) > 0);
  snprintf(p, sizeof p, "/proc/thread-self/fd/%d", fd); F(open(p, O_RDONLY)); snprintf(p, sizeof p, "/proc/self/fd/%d", open("d", O_PATH));
  F(open(p, O_RDONLY)); strcat(p, "/in"); F(open(p, O_RDWR)); snprintf(p, sizeof p, "/proc/self/fd/%d", open("f", O_PATH));
  F(open(p, O_RDWR));
  put("g", "gone", 0600); gone = open("g", O_RDONLY); unlink("g"); snprintf(p, sizeof p, "/proc/self/fd/%d", gone); F(open(p, O_RDWR));
  F(open(p, O_RDONLY | O_CREAT, 0600)); snprintf(p, sizeof p, "/proc/self/fd/%d", memory); F(open(p, O_RDWR)); F(open(p, O_RDONLY));
  R(write(memory, "abc", 3)); R(slurp(p));
  pipe(pipes); snprintf(p, sizeof p, "/proc/self/fd/%d", pipes[0]); F(open(p, O_RDONLY | O_NONBLOCK)); F(open(p, O_WRONLY | O_NONBLOCK));
  snprintf(p, sizeof p, "/dev/fd/%d", pipes[1]); R(spell(p, "through")); R(read(pipes[0], name, sizeof name));
  snprintf(p, sizeof p, "/dev/fd/%d", memory + 500); F(open(p, O_RDONLY));
  F(open("/dev/stdin", O_RDONLY)); F(open("/dev/stdout", O_WRONLY)); F(open("/dev/stderr", O_WRONLY | O_APPEND));
  F(open("/proc/self/fd/1", O_WRONLY)); F(open("/proc/self/fd/x", O_RDONLY)); F(open("/proc/self/fd/", O_RDONLY));
  F(open("/proc/self/fd/00", O_RDONLY)); F(open("/proc/./self/../self/stat", O_RDONLY)); F(open("/proc//self//stat", O_RDONLY));
  F(open("/./proc/self/stat", O_RDONLY));
  int proc = open("/proc", O_PATH), me = open("/proc/self", O_PATH | O_DIRECTORY), fds = open("/proc/self/fd", O_RDONLY);
  F(openat(proc, "self/stat", O_RDONLY)); F(openat(me, "stat", O_RDONLY)); F(openat(fds, "0", O_RDONLY)); F(openat(me, "fd/0", O_RDONLY));
  R(symlink("/proc/self/stat", "toself")); R(number_in("toself") == getpid()); R(symlink("/proc/self", "tome"));
  R(number_in("tome/stat") == getpid());
  R(chdir("/proc/self")); R(number_in("stat") == getpid()); R(number_in("task/../stat") == getpid()); R(chdir("/proc"));
  R(number_in("self/stat") == getpid()); R(number_in("./self/stat") == getpid()); R(chdir(cwd));
  DIR *list = opendir("/proc/self/fd"); int count = 0; while (list && readdir(list)) count++; R(count > 5); closedir(list);
  list = opendir("/proc/self/task"); count = 0; while (list && readdir(list)) count++; R(count);
  pid_t child = fork(); if (!child) pause(); snprintf(p, sizeof p, "/proc/%d/stat", child); R(number_in(p) == child);
  snprintf(p, sizeof p, "/proc/%d/environ", child); R(slurp(p) > 0); snprintf(p, sizeof p, "/proc/%d/fd/%d", child, fd);
  F(open(p, O_RDONLY)); snprintf(p, sizeof p, "/proc/%d/cwd/f", child); F(open(p, O_RDONLY)); snprintf(p, sizeof p, "/proc/%d/comm", child);
  R(spell(p, "kid")); R(kill(child, SIGKILL)); R(waitpid(child, NULL, 0) == child); snprintf(p, sizeof p, "/proc/%d/stat", child);
  R(slurp(p));
  R(slurp("/proc/meminfo") > 0); R(slurp("/proc/cpuinfo") > 0); R(slurp("/proc/version") > 0); R(slurp("/proc/sys/kernel/ostype") > 0);
  R(spell("/proc/sys/kernel/ostype", "x")); R(slurp("/proc/mounts") > 0); R(slurp("/proc/net/tcp") > 0); R(slurp("/proc/uptime") > 0);
  R(slurp("/proc/self/net/unix") > 0); R(slurp("/sys/kernel/mm/transparent_hugepage/enabled") > 0); R(slurp("/proc/kcore"));
  pthread_t t; pthread_create(&t, NULL, from_thread, NULL); pthread_join(t, NULL);
}

static void devices(void) {
  char b[16];
  int fd = open("/dev/zero", O_RDWR); R(read(fd, b, 16)); R(write(fd, b, 16)); fd = open("/dev/full", O_RDWR); R(write(fd, b, 1));
  R(read(fd, b, 4)); fd = open("/dev/null", O_RDWR); R(read(fd, b, 4)); R(write(fd, b, 4)); fd = open("/dev/urandom", O_RDONLY);
  R(read(fd, b, 4)); fd = open("/dev/random", O_RDONLY); R(read(fd, b, 4));
  F(open("/dev/tty", O_RDWR)); F(open("/dev/console", O_RDONLY | O_NOCTTY)); F(open("/dev/kmsg", O_WRONLY)); F(open("/dev/mem", O_RDONLY));
  F(open("/dev", O_RDONLY)); F(open("/dev/shm", O_RDONLY)); F(open("/dev/shm/chaperone-test", O_CREAT | O_RDWR, 0600));
  R(unlink("/dev/shm/chaperone-test")); F(open("/dev/pts", O_RDONLY)); F(open("/dev/fd", O_RDONLY));
  F(open("/dev/fd/", O_RDONLY | O_DIRECTORY));
  R(write(open("fifo", O_RDWR), "x", 1)); pid_t c = fork();
  if (!c) { int w = open("fifo", O_WRONLY); _exit(write(w, "late", 4) == 4 ? 7 : 8); } usleep(50000); fd = open("fifo", O_RDONLY);
  R(read(fd, b, 4)); int st; R(waitpid(c, &st, 0) == c); R(WEXITSTATUS(st));
}

static void terminals(void) {
  int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), st, locked = 0; char name[64] = "";
  R(master >= 0); R(ioctl(master, TIOCSPTLCK, &locked)); R(ptsname_r(master, name, sizeof name)); F(open(name, O_RDWR | O_NOCTTY));
  R(open("/dev/pts/9999", O_RDWR));
  fflush(stdout);
  pid_t c = fork();
  if (!c) {
    setsid(); F(open("/dev/tty", O_RDWR)); int slave = open(name, O_RDWR | O_NOCTTY); F(open("/dev/tty", O_RDWR));
    R(ioctl(slave, TIOCSCTTY, 0)); F(open("/dev/tty", O_RDWR)); int tty = open("/dev/tty", O_RDWR), other = open("/dev/tty", O_RDONLY);
    R(tcgetpgrp(tty) == getpid()); R(isatty(tty)); R(write(tty, "hi\n", 3)); R(isatty(other));
    char own[64], p[64]; R(strcmp(ttyname_r(slave, own, sizeof own) ? "" : own, name)); snprintf(p, sizeof p, "/proc/self/fd/%d", slave);
    R(leads(p, name)); F(open(p, O_RDWR)); _exit(0);
  }
  R(waitpid(c, &st, 0) == c); char b[64]; R(read(master, b, sizeof b)); R(unlockpt(master)); R(grantpt(master));
  fflush(stdout);
  if (!(c = fork())) { setsid(); int slave = open(name,
      O_RDWR); printf("a session leader's open of a terminal makes it the controlling one: "); R(tcgetpgrp(slave) == getpid()); _exit(0); }
  R(waitpid(c, &st, 0) == c);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  signal(SIGHUP, SIG_IGN);
  umask(022); put("f", "content\n", 0644); mkdir("d", 0755); put("d/in", "in", 0644); R(mkfifo("fifo", 0600));
  self(); devices(); terminals();
  return 0;
}
