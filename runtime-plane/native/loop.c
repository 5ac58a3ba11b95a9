/* Leader and followers: one thread receives and handles; before it may block it lets a follower lead. */
#include "gate.h"
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <time.h>

static pthread_mutex_t lead = PTHREAD_MUTEX_INITIALIZER, jobs_lock = PTHREAD_MUTEX_INITIALIZER;
static int followers, threads;
static struct job *blocked[MAX_THREADS];

static void *serve(void *arg);

static bool spawn(void) {
  pthread_t t;
  pthread_attr_t a;
  pthread_attr_init(&a);
  pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&a, 1 << 20);
  bool made = __atomic_add_fetch(&threads, 1, __ATOMIC_SEQ_CST) <= MAX_THREADS && !pthread_create(&t, &a, serve, NULL);
  if (!made) __atomic_sub_fetch(&threads, 1, __ATOMIC_SEQ_CST);
  pthread_attr_destroy(&a);
  return made;
}

/* Stop leading: somebody else receives from now on, so this thread may block. Where no thread can be made any more, it
 * goes on leading, and whoever would wait for long is refused. */
void promote(struct job *j) {
  if (!j->leading) return;
  if (__atomic_load_n(&followers, __ATOMIC_SEQ_CST) == 0 && !spawn()) return;
  move_freely(j);
  j->leading = false;
  pthread_mutex_unlock(&lead);
}

/* @returns false, and the call is answered, when nobody is left who could lead meanwhile */
bool enter_blocking(struct job *j) {
  promote(j);
  if (j->leading) {
    refuse(j, "too_many_held_calls", EAGAIN);
    return false;
  }
  move_freely(j);
  j->thread = pthread_self();
  pthread_mutex_lock(&jobs_lock);
  j->blocking = true;
  j->interrupted = EINTR;
  for (int i = 0; i < MAX_THREADS; i++)
    if (!blocked[i]) { blocked[i] = j; break; }
  pthread_mutex_unlock(&jobs_lock);
  return true;
}

void leave_blocking(struct job *j) {
  pthread_mutex_lock(&jobs_lock);
  j->blocking = false;
  for (int i = 0; i < MAX_THREADS; i++)
    if (blocked[i] == j) blocked[i] = NULL;
  pthread_mutex_unlock(&jobs_lock);
}

static void handle(struct job *j) {
  if (j->n.data.arch != GATE_ARCH
#ifdef __x86_64__
      || ((uint32_t)j->n.data.nr & 0x40000000u)
#endif
  ) {
    refuse(j, "foreign_abi", ENOSYS);
    return;
  }
  switch (j->n.data.nr) {
#ifdef SYS_open
    case SYS_open: case SYS_creat:
#endif
    case SYS_openat: case SYS_openat2: do_open(j); break;
    case SYS_execve: case SYS_execveat: do_exec(j); break;
    case SYS_connect: do_connect(j); break;
    case SYS_bind: do_bind(j); break;
    case SYS_sendto: case SYS_sendmsg: case SYS_sendmmsg: do_send(j); break;
    case SYS_socket: case SYS_socketpair: do_socket(j); break;
    case SYS_kill: case SYS_tkill: case SYS_tgkill: case SYS_pidfd_send_signal: case SYS_rt_sigqueueinfo: case SYS_rt_tgsigqueueinfo:
      do_signal(j); break;
    case SYS_prlimit64: case SYS_setpriority: case SYS_sched_setscheduler: case SYS_sched_setparam: case SYS_sched_setaffinity:
    case SYS_sched_setattr: case SYS_ioprio_set: do_pace(j); break;
    case SYS_mount: case SYS_umount2: case SYS_pivot_root:
      if (nested_mounts) do_mount(j);
      else do_refused(j);
      break;
    default: do_change(j);
  }
  if (!j->answered) answer(j, 0, EPERM);
}

static void *serve(void *arg) {
  (void)arg;
  struct job *j = calloc(1, sizeof *j);
  if (!j) die("memory");
  unshare(CLONE_FS);
  for (;;) {
    __atomic_add_fetch(&followers, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_lock(&lead);
    __atomic_sub_fetch(&followers, 1, __ATOMIC_SEQ_CST);
    do {
      memset(&j->n, 0, sizeof j->n);
      j->leading = true;
      j->answered = j->known = j->staying = j->owed = j->pursued = false;
      j->view = 0;
      j->exe[0] = 0;
      j->content = j->copy = -1;
      j->named = NULL;
      j->content_traits = j->handing = j->hand = 0;
      j->root = j->obj.fd = j->obj2.fd = j->loader.fd = j->par.fd = j->par2.fd = -1;
      j->obj.twin = j->obj2.twin = j->loader.twin = j->par.twin = j->par2.twin = -1;
      if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &j->n)) {
        if (errno == EBADF || ending) for (;;) pause(); /* the session is ending */
        if (errno != EINTR && errno != ENOENT) die("receive");
        continue;
      }
      handle(j);
      move_freely(j);
      release_content(j);
      CLOSE(j->root);
      struct object *objects[] = {&j->obj, &j->obj2, &j->loader};
      struct parent *parents[] = {&j->par, &j->par2};
      for (int i = 0; i < 3; i++) { CLOSE(objects[i]->fd); CLOSE(objects[i]->twin); }
      for (int i = 0; i < 2; i++) { CLOSE(parents[i]->fd); CLOSE(parents[i]->twin); }
    } while (j->leading);
  }
  return NULL;
}

/* Fifty times a second: has the caller of a held call died, or did it get a signal that it handles? */
static void *watch(void *arg) {
  (void)arg;
  for (;;) {
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    pthread_mutex_lock(&jobs_lock);
    for (int i = 0; i < MAX_THREADS; i++) {
      struct job *j = blocked[i];
      if (!j) continue;
      j->interrupted = still_there(j) ? caught_signal_pending((pid_t)j->n.pid) : ECANCELED;
      if (!j->interrupted) continue;
      cancel_hold(j, j->interrupted);
      pthread_kill(j->thread, SIGUSR1);
    }
    pthread_mutex_unlock(&jobs_lock);
    tell_outcomes(false);
    tell_layer();
    watch_mounts();
  }
  return NULL;
}

void start_watch(void) {
  pthread_t t;
  if (pthread_create(&t, NULL, watch, NULL)) die("thread");
}

void run_loop(void) {
  if (!spawn() || !spawn()) die("thread");
}
