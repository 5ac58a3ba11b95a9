/* race-content-flip <world> <path below the world> write|held|map|mapped|truncate
 * Flips the content of a file until it is killed: by a descriptor or a shared mapping of its own each time, by one that it
 * keeps, or by truncating first. */
#include "race-common.c"
#include <sys/prctl.h>

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  world = argv[1];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const char *how = argv[3], *texts[2] = {"xxxxxxxxxxxxxxxxxxxxxx", "GB33BUKB20201555555555"};
  bool keeps = !strcmp(how, "held") || !strcmp(how, "mapped"), maps = !strncmp(how, "map", 3);
  int flags = !strcmp(how, "truncate") ? O_RDWR | O_TRUNC : O_RDWR, fd = -1;
  char *path = place(argv[2]), *m = NULL;
  for (unsigned i = 0;; i++) {
    if (fd < 0 && (fd = open(path, flags)) < 0) fail("open");
    if (maps && !m && (m = mmap(NULL, 22, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) == MAP_FAILED) fail("mmap");
    if (maps) memcpy(m, texts[i & 1], 22);
    else if (pwrite(fd, texts[i & 1], 22, 0) != 22) fail("write");
    if (!keeps) {
      if (m) munmap(m, 22);
      m = NULL;
      close(fd);
      fd = -1;
    }
    irregular_pause();
  }
}
