/* race-exec <world> <tries> memory|argv|name <path below the world>: starts a program again and again, by fork and by
 * vfork, while its path, its argument or what its name means flips. */
#include "race-common.c"

enum { REFUSED = 77, OTHER = 78, MARKS = 9 };
extern char **environ;

static void start(const char *path, char *const argv[], bool borrowed) {
  pid_t p = borrowed ? vfork() : fork();
  if (p < 0) fail("fork");
  if (p == 0) {
    execve(path, argv, environ);
    _exit(errno == EACCES || errno == EPERM ? REFUSED : OTHER);
  }
  int st;
  while (waitpid(p, &st, 0) < 0) {}
  if (WIFSIGNALED(st)) seen.killed++;
  else if (WEXITSTATUS(st) == REFUSED) seen.refused++;
  else if (WEXITSTATUS(st) == OTHER) seen.other++;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  world = argv[1];
  long tries = atol(argv[2]);
  bool memory = !strcmp(argv[3], "memory"), arguments = !strcmp(argv[3], "argv");
  char *shared_path = shared(4096), *word = shared(4096), *marks = place("1/marks");
  strcpy(shared_path, place(argv[4]));
  strcpy(word, "--Evil");
  int log = open(marks, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
  if (log < 0 || dup2(log, MARKS) < 0) fail("marks");
  close(log);
  struct byte flip = memory ? (struct byte){shared_path + strlen(world) + 1, '1', '2'} : (struct byte){word + 2, 'E', 'e'};
  pthread_t t = 0;
  if (memory || arguments) t = thread(flip_byte, &flip);
  char *list[] = {"tool", arguments ? word : "plain", NULL};
  for (; seen.tries < tries; seen.tries++) start(shared_path, list, seen.tries & 1);
  over = true;
  if (t) pthread_join(t, NULL);
  char c;
  lseek(MARKS, 0, SEEK_SET);
  while (read(MARKS, &c, 1) == 1) {
    if (c == 'g') seen.allowed++;
    else seen.leaks++;
  }
  return report();
}
