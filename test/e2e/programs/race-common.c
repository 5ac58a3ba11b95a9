/* What all racers share; each includes this file. A racer makes one call again and again while something that the call
 * depends on flips between an allowed and a denied state, and prints as JSON how often it met each. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct { long tries, allowed, refused, other, killed, leaks; int last_errno; } seen;
static volatile bool over;
static const char *world;

__attribute__((unused)) static int report(void) {
  printf("{\"tries\":%ld,\"allowed\":%ld,\"refused\":%ld,\"other\":%ld,\"killed\":%ld,\"leaks\":%ld,\"last_errno\":%d}\n",
         seen.tries, seen.allowed, seen.refused, seen.other, seen.killed, seen.leaks, seen.last_errno);
  return 0;
}

__attribute__((unused)) static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(9);
}

__attribute__((unused)) static void count_error(void) {
  if (errno == EACCES || errno == EPERM) seen.refused++;
  else { seen.other++; seen.last_errno = errno; }
}

/* A place below the world. */
__attribute__((unused)) static char *place(const char *name) {
  char *s;
  if (asprintf(&s, "%s/%s", world, name) < 0) abort();
  return s;
}

/* Between two flips: sometimes nothing, sometimes a while, so that no rhythm of the gate is followed by chance. */
__attribute__((unused)) static void irregular_pause(void) {
  static __thread unsigned r = 12345;
  r = r * 1103515245 + 12345;
  for (volatile unsigned i = (r >> 16) & ((r >> 12) & 1 ? 63 : 4095); i; i--) {}
}

/* One byte that a thread flips between two values; what it is part of is always one of two whole strings. */
struct byte { volatile char *at; char a, b; };
__attribute__((unused)) static void *flip_byte(void *arg) {
  struct byte *f = arg;
  while (!over) {
    *f->at = f->b;
    irregular_pause();
    *f->at = f->a;
    irregular_pause();
  }
  return NULL;
}

/* Memory that forked children see change. */
__attribute__((unused)) static char *shared(size_t n) {
  char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) fail("mmap");
  return p;
}

__attribute__((unused)) static pthread_t thread(void *(*f)(void *), void *arg) {
  pthread_t t;
  if (pthread_create(&t, NULL, f, arg)) fail("thread");
  return t;
}
