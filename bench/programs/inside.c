/*
 * inside TIMES COMMAND...: runs a command so many times, one after the other, and prints "ns N": what that took.
 * It runs within the sandbox that is measured, so that the start of the sandbox is not part of the figure.
 * What the command prints goes to /dev/null. Ends with the command's status when that is not 0.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (sink < 0) return 2;
  long long start = now();
  for (int i = atoi(argv[1]); i > 0; i--) {
    pid_t child = fork();
    if (child < 0) return 2;
    if (child == 0) {
      dup2(sink, 1);
      execvp(argv[2], argv + 2);
      perror(argv[2]);
      _exit(127);
    }
    int status;
    if (waitpid(child, &status, 0) != child) return 2;
    if (!WIFEXITED(status)) return 128 + WTERMSIG(status);
    if (WEXITSTATUS(status) != 0) return WEXITSTATUS(status);
  }
  printf("ns %lld\n", now() - start);
  return 0;
}
