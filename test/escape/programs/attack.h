/* What every attack program shares: one process is one attack, chosen by its first argument. It prints what it gained. */
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Prints all that a descriptor gives; on failure the attempt and its errno. */
static inline void show(const char *what, int fd) {
  char b[65536];
  ssize_t n;
  if (fd < 0) {
    printf("%s: %s\n", what, strerror(errno));
    fflush(stdout);
    return;
  }
  printf("%s: open\n", what);
  fflush(stdout);
  while ((n = read(fd, b, sizeof b)) > 0)
    if (write(1, b, (size_t)n) < 0) break;
  close(fd);
}

/* Prints how a call ended. `GAINED` is the word that the suite looks for where nothing can be read. */
static inline long tried(const char *what, long result) {
  int e = errno;
  printf("%s: %s\n", what, result < 0 ? strerror(e) : "GAINED");
  fflush(stdout);
  return result;
}

/* Never freed: an attack is short. */
static inline char *joined(const char *dir, const char *name) {
  char *b = NULL;
  if (asprintf(&b, "%s/%s", dir, name) < 0) abort();
  return b;
}

static inline void write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) printf("write_file %s: %s\n", path, strerror(errno));
  if (fd >= 0) close(fd);
}

/* Waits until somebody outside has made a file; gives up after five seconds. */
static inline int await_file(const char *path) {
  for (int i = 0; i < 500; i++) {
    if (access(path, F_OK) == 0) return 0;
    usleep(10000);
  }
  return -1;
}

static inline double seconds(void) {
  struct timeval t;
  gettimeofday(&t, NULL);
  return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

struct attack { const char *name; void (*run)(char **argv); };

static inline int run_attack(const struct attack *list, char **argv) {
  for (; list->name; list++)
    if (argv[1] && !strcmp(list->name, argv[1])) {
      list->run(argv + 2);
      fflush(stdout);
      return 0;
    }
  fprintf(stderr, "no attack of that name\n");
  return 2;
}
