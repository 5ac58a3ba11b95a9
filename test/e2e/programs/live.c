/* live <what> ...: small programs whose results must be the same with and without a session; each prints one line. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static volatile sig_atomic_t signals;
static void on_signal(int s) { (void)s; signals++; }
static char **a;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void every_ms(int flags) {
  struct sigaction sa = {.sa_handler = on_signal, .sa_flags = flags};
  sigaction(SIGALRM, &sa, NULL);
  struct itimerval t = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &t, NULL);
}

static void *write_later(void *fifo) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  usleep(150000);
  int fd = open(fifo, O_WRONLY);
  usleep(100000);
  close(fd);
  return NULL;
}

/* storm restart|interrupt open|fifo|connect <path>: what a millisecond timer makes of calls. */
static int storm(void) {
  every_ms(!strcmp(a[2], "restart") ? SA_RESTART : 0);
  if (!strcmp(a[3], "fifo")) {
    pthread_t t;
    pthread_create(&t, NULL, write_later, a[4]);
    int fd = open(a[4], O_RDONLY);
    printf("fifo %s\n", fd >= 0 ? "opened" : strerror(errno));
    fflush(stdout);
    _exit(0); /* the writer may wait for ever */
  }
  int good = 0, interrupted_calls = 0, bad = 0;
  struct sockaddr_un un = {.sun_family = AF_UNIX};
  strncpy(un.sun_path, a[4], sizeof un.sun_path - 1);
  for (int i = 0; i < 3000; i++) {
    int fd = strcmp(a[3], "open") ? socket(AF_UNIX, SOCK_STREAM, 0) : open(a[4], O_RDONLY);
    if (fd >= 0 && strcmp(a[3], "open") && connect(fd, (struct sockaddr *)&un, sizeof un)) {
      int e = errno;
      close(fd);
      fd = -1;
      errno = e;
    }
    if (fd >= 0) good++; else if (errno == EINTR) interrupted_calls++; else bad++;
    if (fd >= 0) close(fd);
  }
  printf("{\"good\":%d,\"interrupted\":%d,\"bad\":%d}\n", good, interrupted_calls, bad);
  return signals == 0;
}

/* alarm <fifo>: a handled signal ends a blocking open. */
static int interrupted(void) {
  struct sigaction sa = {.sa_handler = on_signal};
  sigaction(SIGALRM, &sa, NULL);
  ualarm(200000, 0);
  double start = now();
  int fd = open(a[2], O_RDONLY), e = errno;
  printf("%s after %s\n", fd < 0 ? strerror(e) : "opened", now() - start < 1.5 ? "the signal" : "too long");
  return 0;
}

static int wait_for(pid_t p) {
  int st;
  while (waitpid(p, &st, 0) < 0 && errno == EINTR) {}
  return st;
}

/* spawns <program>: every way to make a process. */
static int spawns(void) {
  char *argv[] = {"x", "/dev/null", NULL};
  pid_t p = vfork();
  if (p == 0) { execve(a[2], argv, environ); _exit(99); }
  int by_vfork = wait_for(p), by_spawn = posix_spawn(&p, a[2], NULL, NULL, argv, environ) ? -1 : wait_for(p);
  p = fork();
  if (p == 0) { execve(a[2], argv, environ); _exit(99); }
  int by_fork = wait_for(p);
  struct clone_args c = {.exit_signal = SIGCHLD};
  long r = syscall(SYS_clone3, &c, sizeof c);
  if (r == 0) _exit(0);
  bool usable = r > 0 ? wait_for((pid_t)r) == 0 : errno == ENOSYS; /* callers fall back to clone */
  printf("vfork %d spawn %d fork %d clone3 %s\n", by_vfork, by_spawn, by_fork, usable ? "usable or absent" : "broken");
  return 0;
}

static int failures;
static void *opens(void *file) {
  for (int i = 0; i < 50; i++) {
    int fd = open(file, O_RDONLY);
    if (fd < 0) __atomic_add_fetch(&failures, 1, __ATOMIC_SEQ_CST);
    else close(fd);
  }
  return NULL;
}

/* threads <count> <file> */
static int threads(void) {
  int n = atoi(a[2]);
  pthread_t t[1000];
  for (int i = 0; i < n; i++) if (pthread_create(&t[i], NULL, opens, a[3])) return 3;
  for (int i = 0; i < n; i++) pthread_join(t[i], NULL);
  printf("%d threads, %d failures\n", n, failures);
  return 0;
}

/* processors <file>: a caller that the gate moves between processors never sees it, and passes on no other mask. */
static int processors(void) {
  cpu_set_t all, mine;
  int seen = 0, inherited = 0, st;
  sched_getaffinity(0, sizeof all, &all);
  for (int i = 0; i < 500; i++) {
    int fd = open(a[2], O_RDONLY);
    if (i & 1) {
      sched_getaffinity(0, sizeof mine, &mine);
      seen += !CPU_EQUAL(&mine, &all);
    } else {
      pid_t p = fork();
      if (p == 0) {
        usleep(20000);
        sched_getaffinity(0, sizeof mine, &mine);
        _exit(!CPU_EQUAL(&mine, &all));
      }
      st = wait_for(p);
      inherited += st != 0;
    }
    close(fd);
  }
  printf("another mask seen %d, inherited %d\n", seen, inherited);
  return 0;
}

/* forks <count> <file>: never more than fifty at once. */
static int forks(void) {
  int n = atoi(a[2]), bad = 0, alive = 0, st;
  for (int i = 0; i < n; i++) {
    if (alive == 50 && wait(&st) > 0) { alive--; bad += st != 0; }
    pid_t p = fork();
    if (p < 0) return 3;
    if (p == 0) _exit(open(a[3], O_RDONLY) < 0);
    alive++;
  }
  while (wait(&st) > 0) bad += st != 0;
  printf("%d processes, %d failures\n", n, bad);
  return 0;
}

static void *blocks(void *fifo) {
  open(fifo, O_RDONLY);
  __atomic_add_fetch(&failures, 1, __ATOMIC_SEQ_CST); /* nobody writes: this is never reached */
  return NULL;
}

/* fifos <count> <fifo> <file>: while so many wait, others open. */
static int fifos(void) {
  pthread_t t;
  for (int i = 0, n = atoi(a[2]); i < n; i++) if (pthread_create(&t, NULL, blocks, a[3])) return 3;
  usleep(200000);
  double start = now(), worst = 0;
  for (int i = 0; i < 1000; i++) {
    double before = now();
    int fd = open(a[4], O_RDONLY);
    if (fd < 0) return 4;
    close(fd);
    if (now() - before > worst) worst = now() - before;
  }
  printf("{\"ms\":%.0f,\"worst_ms\":%.0f,\"woken\":%d}\n", (now() - start) * 1000, worst * 1000, failures);
  fflush(stdout);
  _exit(0);
}

/* busy <file> <log>: opens for ever, in three generations; each success is one byte in the log. */
static int busy(void) {
  int log = open(a[3], O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (fork() == 0) setsid(), (void)!fork();
  for (;;) {
    int fd = open(a[2], O_RDONLY);
    if (fd >= 0) { if (write(log, "o", 1) < 0) {} close(fd); }
    else { if (errno == ENOSYS) usleep(1000); }
  }
}

/* stuck unix|tcp <path>: connects to a listener that accepts nobody, until a connect waits; says so first. */
static int stuck(void) {
  bool local = !strcmp(a[2], "unix");
  struct sockaddr_un un = {.sun_family = AF_UNIX};
  struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  strncpy(un.sun_path, a[3], sizeof un.sun_path - 1);
  struct sockaddr *to = local ? (struct sockaddr *)&un : (struct sockaddr *)&in;
  socklen_t n = local ? sizeof un : sizeof in;
  int l = socket(to->sa_family, SOCK_STREAM, 0);
  if (bind(l, to, n) || listen(l, 0)) return perror("listen"), 5;
  if (!local) getsockname(l, to, &n);
  printf("connecting\n");
  fflush(stdout);
  for (int i = 0; i < 20; i++) connect(socket(to->sa_family, SOCK_STREAM, 0), to, n);
  printf("never stuck\n");
  return 0;
}

int main(int argc, char **argv) {
  a = argv;
  static const struct { const char *name; int (*run)(void); int args; } all[] = {
      {"storm", storm, 5}, {"alarm", interrupted, 3}, {"spawns", spawns, 3}, {"processors", processors, 3}, {"threads", threads, 4}, {"forks", forks, 4},
      {"fifos", fifos, 5}, {"busy", busy, 4}, {"stuck", stuck, 4}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (argc == all[i].args && !strcmp(argv[1], all[i].name)) return all[i].run();
  return 2;
}
