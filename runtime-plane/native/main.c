/* Start, floor, first process, end. */
#include "gate.h"
#include <dirent.h>
#include <linux/filter.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

struct plan plan;
int listener = -1;
pid_t gate_pid, agent_pid;
bool foreign_roots, nested_mounts;
volatile bool ending;

enum { E_READY = 1, E_STOPPED, E_CONTINUED, E_EXITED, E_EXEC_FAILED, E_FAILED };

void die(const char *what) {
  fprintf(stderr, "chaperone: gate: %s: %s\n", what, strerror(errno));
  _exit(125);
}

/* In process isolation no namespace ends with us: kill what descends from us until nothing does. */
static void kill_descendants(void) {
  for (int round = 0; round < 2000; round++) {
    bool any = false;
    DIR *d = opendir("/proc/self/task");
    for (struct dirent *e; d && (e = readdir(d));) {
      char p[320];
      if (e->d_name[0] == '.') continue;
      snprintf(p, sizeof p, "/proc/self/task/%s/children", e->d_name);
      FILE *f = fopen(p, "re");
      for (int pid; f && fscanf(f, "%d", &pid) == 1;) {
        any = true;
        kill(pid, SIGKILL);
      }
      if (f) fclose(f);
    }
    if (d) closedir(d);
    while (waitpid(-1, NULL, WNOHANG | __WALL) > 0) {}
    if (!any) return;
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  }
}

void end_session(int status) {
  static int once;
  if (__atomic_exchange_n(&once, 1, __ATOMIC_SEQ_CST)) for (;;) pause();
  ending = true;
  /* Whatever survives for another moment gets ENOSYS for every mediated call. The number stays taken: our threads use it. */
  dup3(procfd, listener, O_CLOEXEC);
  if (!(plan.flags & PLAN_PID1)) kill_descendants();
  _exit(status);
}

static const char *lookup_path(void) {
  for (char **e = plan.envp; *e; e++)
    if (!strncmp(*e, "PATH=", 5)) return *e + 5;
  return "/usr/local/bin:/usr/bin:/bin";
}

/* As execvp does it, but with the environment of the plan: each try is an execve that policy sees. */
static int exec_agent(void) {
  const char *file = plan.argv[0];
  if (!*file) return ENOENT;
  if (strchr(file, '/')) {
    execve(file, plan.argv, plan.envp);
    return errno;
  }
  int err = ENOENT;
  for (const char *p = lookup_path(); *p;) {
    size_t n = strcspn(p, ":");
    char full[PATH_CAP];
    if (n + strlen(file) + 3 < sizeof full) {
      snprintf(full, sizeof full, "%.*s%s%s", (int)n, p, n ? "/" : "", file);
      execve(full, plan.argv, plan.envp);
      if (errno != ENOENT && errno != ENOTDIR) err = errno;
    }
    p += n + (p[n] == ':');
  }
  return err;
}

static void restore_world(void) {
  struct rlimit r;
  if (plan.nofile && !getrlimit(RLIMIT_NOFILE, &r)) {
    r.rlim_cur = plan.nofile > r.rlim_max ? r.rlim_max : plan.nofile;
    setrlimit(RLIMIT_NOFILE, &r);
  }
  for (int s = 1; s < 65; s++)
    if (s != SIGKILL && s != SIGSTOP && s != 32 && s != 33) signal(s, plan.sigign >> (s - 1) & 1 ? SIG_IGN : SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The agent's first process: inner floor, no capabilities, the filter; then it waits until the gate serves. */
static void agent(int up, int down) {
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (chdir(plan.cwd)) {
    fprintf(stderr, "chaperone: cannot enter the working directory inside the session: %s\n", strerror(errno));
    _exit(126);
  }
  floor_inner();
  drop_capabilities();
  struct sock_fprog prog = {(unsigned short)plan.filter_len, plan.filter};
  int l = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                       SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &prog);
  if (l < 0 && errno == EINVAL)
    l = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
  int report = l < 0 ? -errno : l;
  if (write(up, &report, sizeof report) != sizeof report || l < 0) _exit(125);
  char go;
  if (read(down, &go, 1) != 1) _exit(125);
  syscall(SYS_close_range, 3, ~0u, 4 /* CLOSE_RANGE_CLOEXEC */);
  restore_world();
  int err = exec_agent();
  if (write(up, &err, sizeof err) < 0) _exit(125);
  _exit(err == ENOENT ? 127 : 126);
}

static int take_listener(int up) {
  int l, p, fd;
  if (read(up, &l, sizeof l) != sizeof l) die("agent process did not start");
  if (l < 0) { errno = -l; die("seccomp filter"); }
  if ((p = (int)syscall(SYS_pidfd_open, agent_pid, 0)) < 0) die("pidfd");
  if ((fd = (int)syscall(SYS_pidfd_getfd, p, l, 0)) < 0) die("seccomp listener");
  close(p);
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  return fd;
}

static void *exec_report(void *arg) {
  int up = *(int *)arg, err;
  if (read(up, &err, sizeof err) == sizeof err) event(E_EXEC_FAILED, (uint64_t)err, 0);
  close(up);
  return NULL;
}

static pthread_t exec_reporter;

static void on_usr1(int s) { (void)s; }

/* The agent's own end is the session's end. */
void agent_ended(int status) {
  if (!(plan.flags & PLAN_PID1)) kill_descendants();
  pthread_join(exec_reporter, NULL); /* why it could not be started is told before that it ended */
  tell_outcomes(true);
  event(E_EXITED, (uint64_t)status, 0);
  end_session(0);
}

/* PID 1 reaps everybody, and the agent's stops are mirrored outside. A child of ours that a handler has seized for an
 * exec shows its stops here, too (same thread group): they are the handler's, so they are looked at before they are taken. */
static void reap(void) {
  enum { EVENTS = WEXITED | WSTOPPED | WCONTINUED | __WALL | __WNOTHREAD };
  for (;;) {
    siginfo_t i = {0};
    if (waitid(P_ALL, 0, &i, EVENTS | WNOWAIT)) {
      if (errno == EINTR) continue;
      event(E_EXITED, 125, 0);
      end_session(125);
    }
    int st;
    bool seized = i.si_code == CLD_TRAPPED;
    pid_t p = seized ? 0 : waitpid(i.si_pid, &st, WNOHANG | WUNTRACED | WCONTINUED | __WALL | __WNOTHREAD);
    if (p <= 0) nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    if (p <= 0 || p != agent_pid) continue;
    if (WIFSTOPPED(st)) event(E_STOPPED, (uint64_t)WSTOPSIG(st), 0);
    else if (WIFCONTINUED(st)) event(E_CONTINUED, 0, 0);
    else agent_ended(st);
  }
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[1], "--probe")) {
#ifdef GATE_WITHOUT_LANDLOCK
    printf("{\"landlock\":0,\"optional\":1}\n");
#else
    printf("{\"landlock\":%d}\n", landlock_abi());
#endif
    return 0;
  }
  if (argc == 2 && !strcmp(argv[1], "--probe-kernel")) return probe_kernel();
  if (argc == 2 && !strcmp(argv[1], "--probe-network")) return probe_network();
  if (argc == 3 && !strcmp(argv[1], "--probe-layer")) return probe_layer(argv[2]);
  if (argc > 2 && !strcmp(argv[1], "--layers")) return run_in_layers(argc, argv);
  for (int fd = FD_CHANNEL; fd <= FD_COUNTERS; fd++)
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) && fd != FD_SELF) die("not started by chaperone run; descriptors");
  read_plan(FD_PLAN);
  gate_pid = getpid();
  foreign_roots = plan.flags & PLAN_NEST_USERNS;
  nested_mounts = plan.flags & PLAN_NEST_MOUNTS;
  if (nested_mounts && !(plan.flags & PLAN_PID1)) die("nested mounts need namespace isolation");
  if ((plan.flags & PLAN_PID1) && gate_pid != 1) die("expected to be the first process of the session");
  struct rlimit files;
  if (!getrlimit(RLIMIT_NOFILE, &files)) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) die("no_new_privs");
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  if (plan.flags & PLAN_NETNS) net_setup();
  if (nested_mounts) start_mounter();
  keep_capabilities();
  content_setup();
#ifndef GATE_WITHOUT_LANDLOCK
  if (!landlock_abi()) { errno = ENOSYS; die("the kernel has no Landlock"); }
#endif
  floor_outer();
  if ((procfd = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0) die("/proc");

  sigset_t all;
  sigfillset(&all);
  sigdelset(&all, SIGUSR1);
  sigprocmask(SIG_SETMASK, &all, NULL);
  struct sigaction sa = {.sa_handler = on_usr1};
  sigaction(SIGUSR1, &sa, NULL);
  signal(SIGPIPE, SIG_IGN);

  int up[2], down[2];
  if (pipe2(up, O_CLOEXEC) || pipe2(down, O_CLOEXEC)) die("pipe");
  if ((agent_pid = fork()) < 0) die("fork");
  if (!agent_pid) agent(up[1], down[0]);
  close(up[1]);
  close(down[0]);
  listener = take_listener(up[0]);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ioctl_sync_wake_up();
  start_events();
  watch_mounts();
  start_watch();
  run_loop();
  if (pthread_create(&exec_reporter, NULL, exec_report, &up[0])) die("thread");
  event(E_READY, (uint64_t)landlock_abi(), 0);
  if (write(down[1], "g", 1) != 1) die("go");
  close(down[1]);
  reap();
}
