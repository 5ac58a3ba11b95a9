/* race-content <world> <tries> <path below the world> read|map
 * Opens a file whose content flips between something harmless and an IBAN. A leak is an IBAN that could be read. */
#include "race-common.c"

static const char secret[] = "GB33BUKB20201555555555";

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  world = argv[1];
  char *path = place(argv[3]);
  bool map = !strcmp(argv[4], "map");
  long tries = atol(argv[2]);
  for (; seen.tries < tries; seen.tries++) {
    int fd = open(path, O_RDONLY);
    if (fd < 0) { count_error(); continue; }
    char text[4096];
    ssize_t n;
    if (map) {
      struct stat st;
      if (fstat(fd, &st)) fail("fstat");
      n = st.st_size < (off_t)sizeof text ? st.st_size : (off_t)sizeof text;
      void *m = n ? mmap(NULL, (size_t)n, PROT_READ, MAP_SHARED, fd, 0) : NULL;
      if (m == MAP_FAILED) fail("mmap");
      if (m) { memcpy(text, m, (size_t)n); munmap(m, (size_t)n); }
    } else n = read(fd, text, sizeof text);
    if (n >= 0 && memmem(text, (size_t)n, secret, sizeof secret - 1)) seen.leaks++;
    else if (n >= 0) seen.allowed++;
    close(fd);
  }
  return report();
}
