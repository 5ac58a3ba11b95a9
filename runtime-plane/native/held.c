/* Calls that wait for a late answer, and the line to the decision loop for what is late or unasked: FD_EVENTS carries events up,
 * releases of held calls and cache flushes down. Frame layouts are mirrored in endpoint/src/intercept/wire.ts. */
#include "gate.h"
#include <signal.h>

enum { DOWN_RELEASE = 1, DOWN_FLUSH = 2, DOWN_SIGNAL = 3 };

struct down { uint32_t type, verdict; uint64_t id; int32_t err; uint32_t pad; };
struct up { uint32_t type, pad; uint64_t a, b; };

static pthread_mutex_t held_lock = PTHREAD_MUTEX_INITIALIZER, up_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static struct job *held[MAX_THREADS];

/* The supervisor is gone or lies: nothing that the agent asks can be decided any more. */
void supervisor_lost(void) {
  extern void end_session(int) __attribute__((noreturn));
  end_session(137);
}

/* From now on a release or a cancellation of this call finds it. */
void hold(struct job *j) {
  pthread_mutex_lock(&held_lock);
  j->hold_done = false;
  for (int i = 0; i < MAX_THREADS; i++)
    if (!held[i]) { held[i] = j; break; }
  pthread_mutex_unlock(&held_lock);
}

/* With the list locked. */
static void let_go(struct job *j) {
  for (int i = 0; i < MAX_THREADS; i++)
    if (held[i] == j) held[i] = NULL;
}

struct answer released_answer(struct job *j) {
  bool allow = j->hold_verdict == V_ALLOW;
  return (struct answer){.allow = allow, .err = j->hold_errno ? j->hold_errno : EACCES, .redirect = allow ? j->hold_errno : 0};
}

/* Wait, without holding up anybody else, until the main thread of the decision loop releases this call, its caller
 * dies, or a signal that the caller handles arrives. */
void await_release(struct job *j) {
  if (!enter_blocking(j)) {
    pthread_mutex_lock(&held_lock);
    let_go(j);
    pthread_mutex_unlock(&held_lock);
    j->hold_verdict = V_DENY;
    j->hold_errno = EAGAIN;
    return;
  }
  pthread_mutex_lock(&held_lock);
  while (!j->hold_done) pthread_cond_wait(&released, &held_lock);
  let_go(j);
  pthread_mutex_unlock(&held_lock);
  leave_blocking(j);
}

/* Called by the watch: a held call whose caller died or was signalled. */
void cancel_hold(struct job *j, int err) {
  pthread_mutex_lock(&held_lock);
  bool mine = false;
  for (int i = 0; i < MAX_THREADS; i++) mine |= held[i] == j;
  if (mine && !j->hold_done) {
    j->hold_done = true;
    j->hold_verdict = V_DENY;
    j->hold_errno = err;
    event(7, j->n.id, 0);
    pthread_cond_broadcast(&released);
  }
  pthread_mutex_unlock(&held_lock);
}

void event(uint32_t type, uint64_t a, uint64_t b) {
  struct up u = {type, 0, a, b};
  pthread_mutex_lock(&up_lock);
  size_t n = 0;
  while (n < sizeof u) {
    ssize_t r = write(FD_EVENTS, (char *)&u + n, sizeof u - n);
    if (r < 0 && errno != EINTR) break;
    if (r > 0) n += (size_t)r;
  }
  pthread_mutex_unlock(&up_lock);
}

static void *events_loop(void *arg) {
  (void)arg;
  struct down d;
  size_t n = 0;
  for (;;) {
    ssize_t r = read(FD_EVENTS, (char *)&d + n, sizeof d - n);
    if (r < 0 && errno == EINTR) continue;
    if (r <= 0) supervisor_lost();
    if ((n += (size_t)r) < sizeof d) continue;
    n = 0;
    if (d.type == DOWN_FLUSH) cache_flush();
    if (d.type == DOWN_SIGNAL) kill(agent_pid, (int)d.verdict);
    if (d.type != DOWN_RELEASE) continue;
    pthread_mutex_lock(&held_lock);
    for (int i = 0; i < MAX_THREADS; i++)
      if (held[i] && held[i]->n.id == d.id && !held[i]->hold_done) {
        held[i]->hold_done = true;
        held[i]->hold_verdict = (int)d.verdict;
        held[i]->hold_errno = d.err;
      }
    pthread_cond_broadcast(&released);
    pthread_mutex_unlock(&held_lock);
  }
  return NULL;
}

void start_events(void) {
  pthread_t t;
  if (pthread_create(&t, NULL, events_loop, NULL)) die("thread");
}
