/* Flips a name in the file system until it is killed: race-flip <world> link <name> <file>, between 1/<file> and 2/<file>,
 * or exchange <name> <other name>.
 * Outside of a session it is faster than any thread inside could be. */
#include "race-common.c"
#include <sys/prctl.h>

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  world = argv[1];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  char *name = place(argv[3]);
  if (!strcmp(argv[2], "exchange")) {
    char *other = place(argv[4]);
    for (;;) {
      if (renameat2(AT_FDCWD, name, AT_FDCWD, other, RENAME_EXCHANGE)) fail("exchange");
      irregular_pause();
    }
  }
  char *targets[2], *fresh;
  if (asprintf(&fresh, "%s.new", name) < 0 || asprintf(&targets[0], "%s/1/%s", world, argv[4]) < 0 ||
      asprintf(&targets[1], "%s/2/%s", world, argv[4]) < 0) return 2;
  for (unsigned i = 0;; i++) {
    if (symlink(targets[i & 1], fresh) || rename(fresh, name)) fail("link");
    irregular_pause();
  }
}
