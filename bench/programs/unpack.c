/*
 * unpack FOLDER COUNT: what a package manager does to a tree. For each of COUNT files: create under another name, write,
 * rename into place, chmod; a new pair of folders for every tenth. Prints "ns N".
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

static int failed(const char *what) {
  perror(what);
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  char folder[4096], fresh[4200], file[4200], content[400];
  memset(content, 'x', sizeof content);
  int count = atoi(argv[2]);
  long long start = now();
  for (int i = 0; i < count; i++) {
    if (i % 10 == 0) {
      snprintf(folder, sizeof folder, "%s/package-%d", argv[1], i / 10);
      if (mkdir(folder, 0755)) return failed(folder);
      snprintf(folder, sizeof folder, "%s/package-%d/lib", argv[1], i / 10);
      if (mkdir(folder, 0755)) return failed(folder);
    }
    snprintf(fresh, sizeof fresh, "%s/.file-%d.tmp", folder, i);
    snprintf(file, sizeof file, "%s/file-%d.js", folder, i);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return failed(fresh);
    if (write(fd, content, sizeof content) != sizeof content) return failed(fresh);
    close(fd);
    if (rename(fresh, file)) return failed(file);
    if (chmod(file, 0644)) return failed(file);
  }
  printf("ns %lld\n", now() - start);
  return 0;
}
