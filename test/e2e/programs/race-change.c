/* race-change <world> <tries> memory|link|directory unlink|rename|truncate|chmod: the name of the call's object flips
 * between a file of the agent's and a denied one, which must stay as it is. */
#include "race-common.c"

static char *denied;
static int own; /* the folder of the agent's file, whatever its name is for the moment */

static void intact(void) {
  struct stat st;
  if (stat(denied, &st)) { seen.leaks++; fail("the denied file is gone"); }
  if (st.st_size != 7 || (st.st_mode & 07777) != 0644 || st.st_nlink != 1) {
    seen.leaks++;
    fprintf(stderr, "the denied file changed: size %ld mode %o\n", (long)st.st_size, st.st_mode);
    report();
    exit(8);
  }
}

static void make(void) {
  int fd = openat(own, "data", O_WRONLY | O_CREAT, 0644);
  if (fd < 0) fail("cannot make the file again");
  close(fd);
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  world = argv[1];
  long tries = atol(argv[2]);
  bool memory = !strcmp(argv[3], "memory"), link = !strcmp(argv[3], "link");
  const char *act = argv[4];
  denied = place("2/data");
  char *path = place(memory ? "1/data" : link ? "1/link" : "1/dir/data"), *away = place("1/away");
  char *folder = place(memory || link ? "1" : "1/dir");
  while ((own = open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW)) < 0) {}
  struct byte flip = {path + strlen(world) + 1, '1', '2'};
  pthread_t t = 0;
  if (memory) t = thread(flip_byte, &flip);
  for (; seen.tries < tries; seen.tries++) {
    int r;
    if (!strcmp(act, "unlink")) r = seen.tries & 1 ? unlink(path) : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    else if (!strcmp(act, "rename")) r = rename(path, away);
    else if (!strcmp(act, "truncate")) r = truncate(path, 3);
    else r = seen.tries & 1 ? chmod(path, 0600) : fchmodat(AT_FDCWD, path, 0600, 0);
    bool away_now = r == 0 || errno == ENOENT;
    if (r) count_error();
    else seen.allowed++;
    intact();
    if (away_now && (!strcmp(act, "unlink") || !strcmp(act, "rename"))) make();
  }
  over = true;
  if (memory) pthread_join(t, NULL);
  return report();
}
