/* race-exec <world> <tries> memory|argv|name|number <path below the world>: starts a program again and again, by fork and by
 * vfork, while its path, its argument, what its name means or, by dup2, its descriptor flips. */
#include "race-common.c"

enum { REFUSED = 77, OTHER = 78, MARKS = 9, N = 50 };
extern char **environ;

static const char *path;
static char *list[3];
static bool by_number;

static int child(void *unused) {
  (void)unused;
  if (by_number) syscall(SYS_execveat, N, "", list, environ, AT_EMPTY_PATH);
  else execve(path, list, environ);
  _exit(errno == EACCES || errno == EPERM ? REFUSED : OTHER);
}

/* With CLONE_FILES the child's descriptor numbers keep changing under its call. */
static void start(bool borrowed) {
  static char stack[65536] __attribute__((aligned(16)));
  pid_t p = by_number || borrowed ? clone(child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | (by_number ? CLONE_FILES : 0) | SIGCHLD, NULL) : fork();
  if (p < 0) fail("fork");
  if (p == 0) child(NULL);
  int st;
  while (waitpid(p, &st, 0) < 0) if (errno != EINTR) fail("wait");
  if (WIFSIGNALED(st)) seen.killed++;
  else if (WEXITSTATUS(st) == REFUSED) seen.refused++;
  else if (WEXITSTATUS(st) == OTHER) seen.other++;
}

static void *flip_number(void *arg) {
  int *fds = arg;
  while (!over) {
    dup2(fds[1], N);
    irregular_pause();
    dup2(fds[0], N);
    irregular_pause();
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  world = argv[1];
  long tries = atol(argv[2]);
  bool memory = !strcmp(argv[3], "memory"), arguments = !strcmp(argv[3], "argv");
  by_number = !strcmp(argv[3], "number");
  char *shared_path = shared(4096), *word = shared(4096), *marks = place("1/marks");
  strcpy(shared_path, place(argv[4]));
  strcpy(word, "--Evil");
  int log = open(marks, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
  if (log < 0 || dup2(log, MARKS) < 0) fail("marks");
  close(log);
  struct byte flip = memory ? (struct byte){shared_path + strlen(world) + 1, '1', '2'} : (struct byte){word + 2, 'E', 'e'};
  pthread_t t = 0;
  if (memory || arguments) t = thread(flip_byte, &flip);
  int fds[2] = {open(place("1/tool"), O_PATH), open(place("2/tool"), O_PATH)};
  if (by_number) dup2(fds[0], N), t = thread(flip_number, fds);
  list[0] = "tool";
  list[1] = arguments ? word : "plain";
  path = shared_path;
  for (; seen.tries < tries; seen.tries++) start(seen.tries & 1);
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
