/* race-open <world> <tries> memory|name|how [<path below the world> [link|exchange <name> <other>]]
 * memory: a byte of the path flips, over open, openat and openat2; name: the file system flips below the path, by
 * another process or, if asked, by a thread of this one; how: struct open_how flips between reading and truncating. */
#include "race-common.c"

static char **arguments;

/* The flips of race-flip.c, as mediated calls of the session's own thread. */
static void *flip_name(void *arg) {
  (void)arg;
  bool exchange = !strcmp(arguments[5], "exchange");
  char *name = place(arguments[6]), *fresh = place("1/own.new");
  char *other = exchange ? place(arguments[7]) : NULL, *targets[2] = {place("1/data"), place("2/data")};
  for (unsigned i = 0; !over; i++) {
    if (exchange) renameat2(AT_FDCWD, name, AT_FDCWD, other, RENAME_EXCHANGE);
    else if (!symlink(targets[i & 1], fresh)) rename(fresh, name);
  }
  return NULL;
}

static int open_somehow(const char *path, long i) {
  struct open_how how = {.flags = O_RDONLY};
  switch (i % 3) {
    case 0: return (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
#ifdef SYS_open
    case 1: return (int)syscall(SYS_open, path, O_RDONLY, 0);
#endif
    default: return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
  }
}

static void look(int fd) {
  char c = 0;
  if (fd < 0) { count_error(); return; }
  if (read(fd, &c, 1) == 1 && c == 'A') seen.allowed++;
  else seen.leaks++;
  close(fd);
}

/* 1/data may be read, never written; what flips is whether the call would truncate it. */
static int race_how(long tries) {
  struct open_how *how = (void *)shared(4096);
  volatile struct open_how *v = how;
  v->flags = O_RDONLY;
  char *path = place("3/data");
  /* O_RDONLY is 0; the low byte is the access mode, the second holds O_TRUNC. */
  struct byte mode = {(volatile char *)&how->flags, O_RDONLY, O_RDWR}, trunc = {(volatile char *)&how->flags + 1, 0, O_TRUNC >> 8};
  pthread_t a = thread(flip_byte, &mode), b = thread(flip_byte, &trunc);
  for (; seen.tries < tries; seen.tries++) {
    int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, how, sizeof *how);
    if (fd < 0) { count_error(); continue; }
    struct stat st;
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY || fstat(fd, &st) || st.st_size == 0) seen.leaks++;
    else seen.allowed++;
    close(fd);
  }
  over = true;
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return report();
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  world = argv[1];
  arguments = argv;
  long tries = atol(argv[2]);
  if (!strcmp(argv[3], "how")) return race_how(tries);
  bool memory = !strcmp(argv[3], "memory");
  char *path = place(memory ? "1/data" : argv[4]);
  struct byte flip = {path + strlen(world) + 1, '1', '2'};
  bool own = memory || argc > 5;
  pthread_t t = 0;
  if (own) t = memory ? thread(flip_byte, &flip) : thread(flip_name, NULL);
  for (; seen.tries < tries; seen.tries++) look(open_somehow(path, seen.tries));
  over = true;
  if (own) pthread_join(t, NULL);
  return report();
}
