/* What became of the acts that were allowed, told to the decision loop in batches: with the next question, or within the
 * watch's tick. Nobody waits for it. */
#include "gate.h"

enum { BATCH = 512 };
static struct ended batch[BATCH];
static unsigned waiting;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void outcome(struct job *j, int err) {
  if (!j->owed) return;
  j->owed = false;
  pthread_mutex_lock(&lock);
  while (waiting == BATCH) {
    pthread_mutex_unlock(&lock);
    tell_outcomes(true);
    pthread_mutex_lock(&lock);
  }
  batch[waiting++] = (struct ended){j->n.id, err};
  pthread_mutex_unlock(&lock);
}

unsigned take_outcomes(struct ended *out, unsigned room) {
  if (!__atomic_load_n(&waiting, __ATOMIC_RELAXED)) return 0;
  pthread_mutex_lock(&lock);
  unsigned n = waiting < room ? waiting : room;
  memcpy(out, batch, n * sizeof *out);
  memmove(batch, batch + n, (waiting - n) * sizeof *batch);
  waiting -= n;
  pthread_mutex_unlock(&lock);
  return n;
}
