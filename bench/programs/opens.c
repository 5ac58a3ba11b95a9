/*
 * opens FOLDER COUNT TIMES UNMEASURED: opens for reading and closes COUNT files of the tree below FOLDER (folders of
 * 100: d000/f00 ...), UNMEASURED times and then TIMES times, and prints "ns N" for the latter.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  int count = atoi(argv[2]), times = atoi(argv[3]), unmeasured = atoi(argv[4]);
  char **names = calloc(count, sizeof *names);
  if (!names) return 2;
  for (int i = 0; i < count; i++)
    if (asprintf(&names[i], "%s/d%03d/f%02d", argv[1], i / 100, i % 100) < 0) return 2;
  long long start = now();
  for (int round = -unmeasured; round < times; round++) {
    if (round == 0) start = now();
    for (int i = 0; i < count; i++) {
      int fd = open(names[i], O_RDONLY | O_CLOEXEC);
      if (fd < 0) {
        perror(names[i]);
        return 1;
      }
      close(fd);
    }
  }
  printf("ns %lld\n", now() - start);
  return 0;
}
