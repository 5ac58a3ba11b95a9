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
  while (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r) && errno == EINTR) {}
}

void answer(struct job *j, int64_t val, int err) { respond(j, val, err, 0); }
void proceed(struct job *j) { respond(j, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE); }

/* A wake-up across CPUs costs more than all the rest of a call. So the leader, once it is about to wait for somebody it
 * wakes, keeps to the CPU on which the kernel put it beside the caller, until the call is answered. */
static __thread cpu_set_t ours, one;
static __thread int one_cpu = -1;

void stay_here(struct job *j) {
  if (j->staying || !j->leading) return;
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

/* ADDFD wakes the target, which installs the descriptor and wakes us: the sleeping target is kept on our CPU around the
 * call and gets its own mask back. */
void inject(struct job *j, int fd, bool cloexec) {
  static __thread cpu_set_t theirs;
  struct seccomp_notif_addfd a = {
      .id = j->n.id, .flags = SECCOMP_ADDFD_FLAG_SEND, .srcfd = (uint32_t)fd, .newfd_flags = cloexec ? O_CLOEXEC : 0};
  pid_t tid = (pid_t)j->n.pid;
  bool glued = false;
  stay_here(j);
  if (j->staying)
    glued = sched_getaffinity(tid, sizeof theirs, &theirs) == 0 && CPU_ISSET(one_cpu, &theirs) &&
            sched_setaffinity(tid, sizeof one, &one) == 0;
  j->answered = true;
  int r;
  while ((r = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &a)) < 0 && errno == EINTR) {}
  int e = errno;
  if (glued) sched_setaffinity(tid, sizeof theirs, &theirs);
  if (r < 0 && e != ENOENT) {
    j->answered = false;
    answer(j, 0, e);
  }
}

/* The kernel switches from caller to gate and back on one CPU (6.6+); older kernels are slower, not less safe. */
void ioctl_sync_wake_up(void) {
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}
