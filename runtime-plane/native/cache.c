/* Answers that the decision loop gave, and the classes for which they hold: one path, or every path below a directory.
 * Only allows are kept; a denial is asked again each time, so that each is recorded. */
#include "gate.h"
#include <sys/mman.h>

enum { SLOTS = 1 << 16 };
struct entry {
  uint64_t hash;
  char *key; /* op, sub, flag, exe '\0' path */
  uint32_t len, counter;
};
static struct entry *table;
static uint32_t used;
static bool any_per_exe, any_prefix;
static uint32_t generation;
static volatile uint64_t *counters;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

enum { STATICS = 1 << 16 };
static struct entry statics[STATICS];
static uint32_t statics_used;

static uint64_t hash_of(const char *p, size_t n) {
  uint64_t h = 1469598103934665603ull;
  for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)p[i]) * 1099511628211ull;
  return h ^ (h >> 29);
}

static struct entry *slot(struct entry *t, uint32_t mask, const char *key, uint32_t len, uint64_t h) {
  for (uint32_t i = (uint32_t)h & mask;; i = (i + 1) & mask) {
    if (!t[i].key) return &t[i];
    if (t[i].hash == h && t[i].len == len && !memcmp(t[i].key, key, len)) return &t[i];
  }
}

static void empty(struct entry *t, uint32_t slots) {
  for (uint32_t i = 0; i < slots; i++) free(t[i].key);
  memset(t, 0, slots * sizeof *t);
}

static uint32_t head(char *k, enum op op, uint32_t sub, bool prefix, const char *exe) {
  k[0] = (char)op;
  k[1] = (char)sub;
  k[2] = prefix ? 'p' : 'x';
  k[3] = exe ? 'e' : 'a';
  size_t n = exe ? strlen(exe) : 0;
  memcpy(k + 4, exe ? exe : "", n);
  k[4 + n] = 0;
  return (uint32_t)(5 + n);
}

static bool hit(const char *key, uint32_t len) {
  struct entry *e = slot(table, SLOTS - 1, key, len, hash_of(key, len));
  if (!e->key) return false;
  if (counters) __atomic_fetch_add(&counters[e->counter % COUNTERS], 1, __ATOMIC_RELAXED);
  return true;
}

static bool lookup(enum op op, uint32_t sub, const char *exe, const char *path) {
  static __thread char k[2 * BUF_CAP];
  size_t n = strlen(path);
  uint32_t h = head(k, op, sub, false, exe);
  memcpy(k + h, path, n);
  if (hit(k, h + (uint32_t)n)) return true;
  if (!any_prefix) return false;
  k[2] = 'p';
  for (size_t i = n; i > 0; i--)
    if (path[i - 1] == '/' && i < n && hit(k, h + (uint32_t)i)) return true;
  return false;
}

bool cache_get(struct job *j, enum op op, uint32_t sub, const char *path) {
  pthread_mutex_lock(&lock);
  bool found = table && (lookup(op, sub, NULL, path) || (any_per_exe && lookup(op, sub, exe_of(j), path) && still_there(j)));
  pthread_mutex_unlock(&lock);
  return found;
}

void cache_put(struct job *j, enum op op, uint32_t sub, const char *path, uint32_t prefix_len, bool per_exe, uint32_t counter,
               uint32_t asked_in) {
  static __thread char k[2 * BUF_CAP];
  size_t n = prefix_len ? prefix_len : strlen(path);
  uint32_t h = head(k, op, sub, prefix_len != 0, per_exe ? exe_of(j) : NULL);
  memcpy(k + h, path, n);
  uint32_t len = h + (uint32_t)n;
  pthread_mutex_lock(&lock);
  if (asked_in != generation) { /* flushed since: the answer may be that of a policy that is gone */
    pthread_mutex_unlock(&lock);
    return;
  }
  if (!table) {
    table = calloc(SLOTS, sizeof *table);
    counters = mmap(NULL, COUNTERS * sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED, FD_COUNTERS, 0);
    if (counters == MAP_FAILED) counters = NULL;
  }
  if (table && used > SLOTS / 2) {
    empty(table, SLOTS);
    used = 0;
  }
  struct entry *e = table ? slot(table, SLOTS - 1, k, len, hash_of(k, len)) : NULL;
  if (e && !e->key && (e->key = malloc(len))) {
    memcpy(e->key, k, len);
    e->hash = hash_of(k, len);
    e->len = len;
    used++;
  }
  if (e) e->counter = counter;
  any_per_exe |= per_exe;
  any_prefix |= prefix_len != 0;
  pthread_mutex_unlock(&lock);
}

uint32_t cache_generation(void) {
  pthread_mutex_lock(&lock);
  uint32_t g = generation;
  pthread_mutex_unlock(&lock);
  return g;
}

void cache_flush(void) {
  pthread_mutex_lock(&lock);
  generation++;
  if (table) empty(table, SLOTS);
  used = 0;
  empty(statics, STATICS);
  statics_used = 0;
  pthread_mutex_unlock(&lock);
}

bool under_static(const char *path, bool write) {
  char **list = write ? plan.static_write : plan.static_read;
  for (; list && *list; list++) {
    size_t n = strlen(*list);
    if (!strncmp(path, *list, n) && (path[n] == '/' || path[n] == 0 || (n && (*list)[n - 1] == '/'))) return true;
  }
  return false;
}

/* Raw absolute paths that were resolved once and found inside what the agent's own Landlock domain grants. Only a
 * hint that the kernel may do the open itself: where it leads later is bounded by that domain. */
bool static_known(const char *raw, bool write) {
  if (!statics_used) return false;
  char k[BUF_CAP];
  size_t n = strlen(raw);
  k[0] = write ? 'w' : 'r';
  memcpy(k + 1, raw, n);
  pthread_mutex_lock(&lock);
  bool r = slot(statics, STATICS - 1, k, (uint32_t)n + 1, hash_of(k, n + 1))->key != NULL;
  pthread_mutex_unlock(&lock);
  return r;
}

void static_remember(const char *raw, bool write) {
  char k[BUF_CAP];
  size_t n = strlen(raw);
  k[0] = write ? 'w' : 'r';
  memcpy(k + 1, raw, n);
  pthread_mutex_lock(&lock);
  if (statics_used > STATICS / 2) {
    empty(statics, STATICS);
    statics_used = 0;
  }
  struct entry *e = slot(statics, STATICS - 1, k, (uint32_t)n + 1, hash_of(k, n + 1));
  if (!e->key && (e->key = malloc(n + 1))) {
    memcpy(e->key, k, n + 1);
    e->hash = hash_of(k, n + 1);
    e->len = (uint32_t)n + 1;
    statics_used++;
  }
  pthread_mutex_unlock(&lock);
}
