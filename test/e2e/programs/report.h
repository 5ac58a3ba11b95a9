/* One line per operation: what was done, and what came of it. Lines hold nothing that differs between two runs (no
 * numbers of processes or inodes, no times), so that the output of two worlds can be compared byte by byte. */
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* Result of a call that answers 0 or an errno. */
#define R(call) do { errno = 0; long r_ = (long)(call); result(#call, r_, errno); } while (0)
/* What root could really do to the machine is only tried by others. */
#define U(call) do { if (geteuid()) R(call); } while (0)
/* Result of a call that answers a descriptor: its flags and what it is; closed afterwards. */
#define F(call) do { errno = 0; int f_ = (int)(call); opened(#call, f_, errno); } while (0)

static inline void result(const char *what, long r, int e) {
  if (r < 0) printf("%s -> %s\n", what, strerrorname_np(e));
  else printf("%s -> %ld\n", what, r);
}

static inline void opened(const char *what, int fd, int e) {
  struct stat st;
  if (fd < 0) { printf("%s -> %s\n", what, strerrorname_np(e)); return; }
  if (fstat(fd, &st)) { printf("%s -> fstat %s\n", what, strerrorname_np(errno)); return; }
  printf("%s -> fd flags=%o cloexec=%d mode=%o", what, (unsigned)fcntl(fd, F_GETFL), fcntl(fd, F_GETFD), st.st_mode);
  if (S_ISREG(st.st_mode) && st.st_size < 100) printf(" size=%ld links=%ld", (long)st.st_size, (long)st.st_nlink);
  printf("\n");
  close(fd);
}

static inline void mode_of(const char *path) {
  struct stat st;
  if (lstat(path, &st)) printf("  %s: %s\n", path, strerrorname_np(errno));
  else printf("  %s: mode=%o links=%ld own=%d%d\n", path, st.st_mode, S_ISDIR(st.st_mode) ? 0L : (long)st.st_nlink,
              st.st_uid == getuid(), st.st_gid == getgid());
}

static inline void put(const char *path, const char *text, mode_t mode) {
  int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
  if (fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, mode) || close(fd)) {
    printf("fixture %s: %s\n", path, strerrorname_np(errno));
  }
}

static inline char *repeat(char c, size_t n) {
  char *s = malloc(n + 1);
  memset(s, c, n);
  s[n] = 0;
  return s;
}
