/* Answering a held call: exactly once, whatever happened to its caller. */
#include "gate.h"
#include <sched.h>
#include <sys/ioctl.h>

bool still_there(struct job *j) {
  uint64_t id = j->n.id;
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

static void respond(struct job *j, int64_t val, int err, uint32_t flags) {
  if (j->answered) return;
  j->answered = true;
  struct seccomp_notif_resp r = {.id = j->n.id, .val = val, .error = -err, .flags = flags};
  int sent;
  while ((sent = ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r)) && errno == EINTR) {}
  if (!j->pursued) outcome(j, sent ? ENDED_ABANDONED : err);
}

void answer(struct job *j, int64_t val, int err) { respond(j, val, err, 0); }
void proceed(struct job *j) { respond(j, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE); }

/* A wake-up across CPUs costs more than all the rest of a call. So a thread, once it is about to wait for somebody it
 * wakes, keeps to the CPU on which the kernel put it beside the caller, until the call is answered or may block. */
static __thread cpu_set_t ours, one;
static __thread int one_cpu = -1;

void stay_here(struct job *j) {
  if (j->staying) return;
  int cpu = sched_getcpu();
  if (one_cpu < 0) sched_getaffinity(0, sizeof ours, &ours);
  if (cpu != one_cpu) {
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    one_cpu = cpu;
  }
  j->staying = sched_setaffinity(0, sizeof one, &one) == 0;
}

void move_freely(struct job *j) {
  if (j->staying) sched_setaffinity(0, sizeof ours, &ours);
  j->staying = false;
}

static int add_descriptor(struct job *j, int fd, bool cloexec, uint32_t flags) {
  struct seccomp_notif_addfd a = {.id = j->n.id, .flags = flags, .srcfd = (uint32_t)fd, .newfd_flags = cloexec ? O_CLOEXEC : 0};
  int r;
  while ((r = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &a)) < 0 && errno == EINTR) {}
  return r < 0 ? -errno : r;
}

/* ADDFD wakes the caller inside the kernel, which installs the descriptor, wakes us and sleeps on. It is kept on our CPU
 * for that moment, and has its own mask back before it is answered: no instruction of its own runs under ours. */
static void install(struct job *j, int fd, bool cloexec, bool given) {
  static __thread cpu_set_t theirs;
  pid_t tid = (pid_t)j->n.pid;
  stay_here(j);
  bool glued = j->staying && sched_getaffinity(tid, sizeof theirs, &theirs) == 0 && CPU_ISSET(one_cpu, &theirs) &&
               sched_setaffinity(tid, sizeof one, &one) == 0;
  bool first = glued || given;
  int r = add_descriptor(j, fd, cloexec, first ? 0 : SECCOMP_ADDFD_FLAG_SEND);
  if (given) close(fd);
  if (glued) sched_setaffinity(tid, sizeof theirs, &theirs);
  if (r >= 0 && first) answer(j, r, 0);
  else if (r >= 0 || r == -ENOENT) {
    j->answered = true;
    outcome(j, r >= 0 ? 0 : ENDED_ABANDONED);
  }
  else answer(j, 0, -r);
}

void inject(struct job *j, int fd, bool cloexec) {
  install(j, fd, cloexec, false);
}

/* Ours is closed before the caller goes on: of a pipe it would be a reader or writer that the caller does not know of. */
void give(struct job *j, int fd, bool cloexec) {
  install(j, fd, cloexec, true);
}

/* The kernel switches from caller to gate and back on one CPU (6.6+); older kernels are slower, not less safe. */
void ioctl_sync_wake_up(void) {
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}
