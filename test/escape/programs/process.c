/* Acting on the gate, on chaperone, on processes outside; outliving the session. argv: open folder, … */
#include "attack.h"
#include <sys/ptrace.h>
#include <sys/resource.h>

/* The gate is the parent. What started it leads the process group, unless we are in a namespace of our own and cannot name it. */
static int above(int *pids) {
  int n = 0;
  pids[n++] = getppid();
  if (getpgrp() > 1 && getpgrp() != getpid() && getpgrp() != getppid()) pids[n++] = getpgrp();
  return n;
}

static void memory(char **a) {
  (void)a;
  int pids[2];
  char b[64];
  for (int i = above(pids) - 1; i >= 0; i--) {
    struct iovec l = {b, sizeof b}, r = {(void *)0x400000, sizeof b};
    tried("ptrace", ptrace(PTRACE_SEIZE, pids[i], 0, 0));
    tried("process_vm_readv", process_vm_readv(pids[i], &l, 1, &r, 1, 0) < 0 && errno != EFAULT ? -1 : 0);
    tried("process_vm_writev", process_vm_writev(pids[i], &l, 1, &r, 1, 0) < 0 && errno != EFAULT ? -1 : 0);
    int p = (int)syscall(SYS_pidfd_open, pids[i], 0);
    for (int fd = 0; fd < 12; fd++) {
      int got = (int)syscall(SYS_pidfd_getfd, p, fd, 0);
      if (fd == 3 || got >= 0) tried("pidfd_getfd", got);
    }
    tried("kcmp", syscall(SYS_kcmp, pids[i], pids[i], 0, 0, 0));
    close(p);
  }
}

static void limits(char **a) {
  (void)a;
  int pids[2];
  for (int i = above(pids) - 1; i >= 0; i--) {
    struct rlimit was, l, now;
    if (prlimit(pids[i], RLIMIT_CORE, NULL, &was)) { printf("prlimit: %s\n", strerror(errno)); continue; }
    l = (struct rlimit){was.rlim_cur / 2, was.rlim_max == RLIM_INFINITY ? RLIM_INFINITY - 1 : was.rlim_max};
    if (prlimit(pids[i], RLIMIT_CORE, &l, NULL) == 0 && prlimit(pids[i], RLIMIT_CORE, NULL, &now) == 0) printf("prlimit: GAINED\n");
    else printf("prlimit: %s\n", strerror(errno));
  }
}

static void pace(char **a) {
  (void)a;
  int pids[2];
  for (int i = above(pids) - 1; i >= 0; i--) {
    struct sched_param sp = {0};
    tried("setpriority", setpriority(PRIO_PROCESS, (id_t)pids[i], 19));
    tried("sched_setscheduler", sched_setscheduler(pids[i], 5 /* SCHED_IDLE */, &sp));
    cpu_set_t c;
    CPU_ZERO(&c);
    CPU_SET(0, &c);
    tried("sched_setaffinity", sched_setaffinity(pids[i], sizeof c, &c));
    tried("ioprio_set", syscall(SYS_ioprio_set, 1, pids[i], 3 << 13));
  }
}

/* SIGKILL at the gate and at chaperone. */
static void killing(char **a) {
  (void)a;
  int pids[2];
  for (int i = above(pids) - 1; i >= 0; i--) {
    int p = (int)syscall(SYS_pidfd_open, pids[i], 0);
    siginfo_t si = {.si_signo = SIGKILL, .si_code = SI_QUEUE};
    tried("kill", kill(pids[i], SIGKILL));
    tried("kill SIGSTOP", kill(pids[i], SIGSTOP));
    tried("tgkill", syscall(SYS_tgkill, pids[i], pids[i], SIGKILL));
    tried("tkill", syscall(SYS_tkill, pids[i], SIGKILL));
    tried("rt_sigqueueinfo", syscall(SYS_rt_sigqueueinfo, pids[i], SIGKILL, &si));
    if (p >= 0) tried("pidfd_send_signal", syscall(SYS_pidfd_send_signal, p, SIGKILL, NULL, 0));
    int own = fcntl(0, F_SETOWN, pids[i]);
    (void)own;
  }
  printf("still here\n");
}

/* Everybody, and everybody in the group, gets a signal that hurts nobody but is counted by the bystander outside. */
static void everybody(char **a) {
  (void)a;
  signal(SIGWINCH, SIG_IGN);
  printf("kill(0): %s\n", kill(0, SIGWINCH) ? strerror(errno) : "sent");
  printf("kill(-group): %s\n", kill(-getpgrp(), SIGWINCH) ? strerror(errno) : "sent");
  printf("kill(-1): %s\n", kill(-1, SIGWINCH) ? strerror(errno) : "sent");
}
/* Outside: makes argv[0] when SIGWINCH comes. */
static volatile sig_atomic_t came;
static void on_signal(int s) { (void)s; came = 1; }
static void bystander(char **a) {
  struct sigaction sa = {.sa_handler = on_signal};
  sigaction(SIGWINCH, &sa, NULL);
  write_file(a[1], "ready");
  for (int i = 0; i < 1500; i++) {
    if (came) write_file(a[0], "signalled");
    usleep(10000);
  }
}

/* Descendants that leave every group and session, and would write a file after the session's end. */
static void leave(const char *mark, int ms) {
  if (fork()) return;
  setsid();
  if (fork()) _exit(0);
  for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
  close(0); close(1); close(2);
  usleep((useconds_t)ms * 1000);
  write_file(mark, "survived");
  for (;;) { /* and leaves again and again, so that a single look at the children misses it */
    if (fork()) _exit(0);
    setsid();
    usleep(500);
    static double until;
    if (!until) until = seconds() + 2;
    if (seconds() > until) _exit(0);
  }
}
static void survive(char **a) {
  prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
  for (int i = 0; i < 5; i++) leave(joined(a[0], "survivor"), 900);
  if (fork() == 0) { /* a reaper of its own between the gate and its children */
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    setsid();
    for (int i = 0; i < 3; i++) leave(joined(a[0], "survivor"), 900);
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    usleep(900000);
    write_file(joined(a[0], "survivor"), "survived");
    _exit(0);
  }
  usleep(100000);
}
/* A storm of forks while the session ends. */
static void storm(char **a) {
  double until = seconds() + 1.3;
  for (int i = 0; i < 8; i++)
    if (fork() == 0) {
      setsid();
      close(1); close(2); close(0);
      while (seconds() < until) { if (fork() > 0) _exit(0); usleep(3000); }
      write_file(joined(a[0], "survivor"), "survived");
      _exit(0);
    }
  usleep(200000);
}

/* B18: signals that interrupt every call, not restarted. argv[1]: secret */
static volatile long interrupted;
static void tick(int s) { (void)s; interrupted++; }
static void signals(char **a) {
  struct sigaction sa = {.sa_handler = tick};
  sigaction(SIGALRM, &sa, NULL);
  struct itimerval it = {{0, 700}, {0, 700}};
  setitimer(ITIMER_REAL, &it, NULL);
  write_file(joined(a[0], "note"), "note");
  long good = 0, eintr = 0, bad = 0;
  for (double end = seconds() + 0.8; seconds() < end;) {
    int fd = open(joined(a[0], "note"), O_RDONLY);
    if (fd >= 0) { good++; close(fd); }
    else if (errno == EINTR) eintr++;
    else bad++;
    fd = open(a[1], O_RDONLY);
    if (fd >= 0) show("secret", fd);
  }
  printf("opened %s, other failures %ld\n", good > 20 ? "many" : "few", bad);
  (void)eintr;
}

/* Pretends to be another program: argv[0] the secret, argv[1] the program it would like to be. */
static void pretend(char **a) {
  int exe = open(a[1], O_RDONLY);
  tried("PR_SET_MM_EXE_FILE", prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, exe, 0, 0));
  prctl(PR_SET_NAME, "cat", 0, 0, 0);
  show("secret", open(a[0], O_RDONLY));
}

static const struct attack attacks[] = {
    {"memory", memory}, {"limits", limits}, {"pace", pace}, {"killing", killing}, {"everybody", everybody}, {"bystander", bystander},
    {"survive", survive}, {"storm", storm}, {"signals", signals}, {"pretend", pretend}, {0},
};
int main(int argc, char **argv) { (void)argc; return run_attack(attacks, argv); }
