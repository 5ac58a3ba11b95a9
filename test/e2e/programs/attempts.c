/* attempts <folder> <file> <program> [<port> <socket>]: tries by every way it knows to read, change, run and reach what is
 * forbidden, and prints the names of the ways that worked, one per line. The last line says "tried" and how many. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int tried;
static const char *folder, *file, *program;

static void outcome(const char *way, int worked) {
  tried++;
  if (worked) printf("%s\n", way);
  fflush(stdout);
}

/* A descriptor alone is no reading: the bytes count. */
static int yields(int fd) {
  char c;
  int r = fd >= 0 && read(fd, &c, 1) == 1;
  if (fd >= 0) close(fd);
  return r;
}

static int changes(int fd) {
  int r = fd >= 0 && write(fd, "!", 1) == 1;
  if (fd >= 0) close(fd);
  return r;
}

static const char *in(const char *name) {
  static char s[8][4096];
  static int n;
  n = (n + 1) % 8;
  snprintf(s[n], sizeof s[n], "%s/%s", folder, name);
  return s[n];
}

static const char *through(const char *prefix, const char *path) {
  static char s[4096];
  snprintf(s, sizeof s, "%s%s", prefix, path);
  return s;
}

static void reads(void) {
  struct open_how how = {.flags = O_RDONLY};
  outcome("read", yields(open(file, O_RDONLY)));
  outcome("read by openat2", yields((int)syscall(SYS_openat2, AT_FDCWD, file, &how, sizeof how)));
  outcome("read and write", yields(open(file, O_RDWR)));
  outcome("read without following", yields(open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)));
  outcome("read through the root link", yields(open(through("/proc/self/root", file), O_RDONLY)));
  outcome("read through dots", yields(open(through("/usr/..", file), O_RDONLY)));
  int parent = open(folder, O_PATH | O_DIRECTORY), held = open(file, O_PATH);
  outcome("read below a held folder", yields(openat(parent, strrchr(file, '/') + 1, O_RDONLY)));
  char again[64];
  snprintf(again, sizeof again, "/proc/self/fd/%d", held);
  outcome("read through a held descriptor", yields(open(again, O_RDONLY)));
  snprintf(again, sizeof again, "/dev/fd/%d", held);
  outcome("read through /dev/fd", yields(open(again, O_RDONLY)));
  unlink("by-link");
  outcome("read through a symbolic link", symlink(file, "by-link") == 0 && yields(open("by-link", O_RDONLY)));
  unlink("by-hard-link");
  outcome("read through a hard link", link(file, "by-hard-link") == 0 && yields(open("by-hard-link", O_RDONLY)));
  outcome("read from the working directory", chdir(folder) == 0 && yields(open(strrchr(file, '/') + 1, O_RDONLY)));
  DIR *d = opendir(folder);
  int names = 0;
  for (struct dirent *e; d && (e = readdir(d));) names += e->d_name[0] != '.';
  outcome("list", names > 0);
  if (d) closedir(d);
  int fd = open(file, O_RDONLY);
  outcome("map", fd >= 0 && mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED);
}

static void writes(void) {
  outcome("write", changes(open(file, O_WRONLY)));
  outcome("append", changes(open(file, O_WRONLY | O_APPEND)));
  int fd = open(file, O_RDONLY | O_TRUNC);
  outcome("truncate by opening", fd >= 0);
  outcome("truncate", truncate(file, 1) == 0);
  outcome("create", open(in("new"), O_WRONLY | O_CREAT | O_EXCL, 0644) >= 0);
  outcome("create a folder", mkdir(in("new-folder"), 0755) == 0);
  outcome("create a link", symlink("x", in("new-link")) == 0);
  outcome("create a pipe", mkfifo(in("new-pipe"), 0644) == 0);
  outcome("create without a name", open(folder, O_TMPFILE | O_RDWR, 0600) >= 0);
  outcome("delete", unlink(file) == 0);
  outcome("delete the folder", rmdir(folder) == 0);
  outcome("rename away", rename(file, "taken") == 0);
  outcome("rename the folder", rename(folder, "taken-folder") == 0);
  outcome("exchange", renameat2(AT_FDCWD, file, AT_FDCWD, "by-link", RENAME_EXCHANGE) == 0);
  fd = open("own", O_WRONLY | O_CREAT, 0644);
  if (fd >= 0) close(fd);
  outcome("rename over", rename("own", file) == 0);
  outcome("link into", link("own", in("new-name")) == 0);
}

static int runs(int at, const char *path, int flags) {
  char *argv[] = {"x", NULL}, *env[] = {NULL};
  pid_t p = fork();
  if (p == 0) {
    dup2(open("/dev/null", O_RDWR), 1);
    syscall(SYS_execveat, at, path, argv, env, flags);
    _exit(99);
  }
  int st;
  waitpid(p, &st, 0);
  return WIFEXITED(st) && WEXITSTATUS(st) == 0;
}

static void executes(void) {
  outcome("execute", runs(AT_FDCWD, program, 0));
  outcome("execute a held program", runs(open(program, O_PATH), "", AT_EMPTY_PATH));
  outcome("execute through a link", symlink(program, "run-link") == 0 && runs(AT_FDCWD, "./run-link", 0));
  int fd = open("script", O_WRONLY | O_CREAT | O_TRUNC, 0755);
  dprintf(fd, "#!%s\n", program);
  close(fd);
  outcome("execute as interpreter", runs(AT_FDCWD, "./script", 0));
}

static void reaches(int port, const char *path) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  struct sockaddr_un un = {.sun_family = AF_UNIX};
  strncpy(un.sun_path, path, sizeof un.sun_path - 1);
  int s = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_UNIX, SOCK_STREAM, 0), d = socket(AF_INET, SOCK_DGRAM, 0);
  outcome("connect", connect(s, (struct sockaddr *)&to, sizeof to) == 0);
  outcome("connect by fast open", sendto(socket(AF_INET, SOCK_STREAM, 0), "x", 1, MSG_FASTOPEN, (struct sockaddr *)&to, sizeof to) == 1);
  outcome("connect a datagram socket", connect(d, (struct sockaddr *)&to, sizeof to) == 0);
  outcome("send", sendto(socket(AF_INET, SOCK_DGRAM, 0), "x", 1, 0, (struct sockaddr *)&to, sizeof to) == 1);
  outcome("connect a Unix socket", connect(u, (struct sockaddr *)&un, sizeof un) == 0);
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  folder = argv[1];
  file = argv[2];
  program = argv[3];
  char work[4096];
  if (!getcwd(work, sizeof work)) return 3;
  if (argc > 5) reaches(atoi(argv[4]), argv[5]);
  reads();
  if (chdir(work)) return 3;
  executes();
  writes();
  printf("tried %d\n", tried);
  return 0;
}
