/* Mediated calls with random arguments, whose memory another thread changes meanwhile. Usage: fuzz FOLDER SEED SECONDS.
 * Prints a line for each secret of FOLDER/closed that came out, and what it did. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARENA = 1 << 20, CALLS = 300, FIRST_FD = 10, LAST_FD = 40 };
static char *arena, *folder, *closed;
static uint64_t state;

static uint64_t next(uint64_t *s) {
  *s ^= *s << 13;
  *s ^= *s >> 7;
  return *s ^= *s << 17;
}
static unsigned pick(unsigned n) { return (unsigned)(next(&state) >> 11) % n; }
static char *spot(void) { return arena + (pick(ARENA - 16384) & ~7u); }

static long number(void) {
  switch (pick(8)) {
    case 0: return (long)next(&state);
    case 1: return -(long)pick(5);
    case 2: return 1L << pick(63);
    default: return pick(64);
  }
}

static long descriptor(void) { return pick(6) ? pick(LAST_FD) : pick(2) ? AT_FDCWD : (int)number(); }

static size_t path(char *out) {
  static const char *const starts[] = {"", "", "/", "/proc/self", "/proc/1", "/proc/self/cwd", "/dev/null", "/dev/tty"};
  static const char *const names[] = {"work", "closed", "secret", "program", "a", "b", ".", "..", "self", "fd", "cwd", "root", "\xff\xfe", "n\n"};
  unsigned kind = pick(16);
  if (kind < 8) strcpy(out, starts[kind]);
  else if (kind < 12) strcpy(out, folder);
  else if (kind == 12) sprintf(out, "/proc/self/fd/%u", pick(LAST_FD));
  else if (kind == 13) {
    size_t n = pick(5000);
    memset(out, 'x', n);
    for (size_t i = 0; i < n; i += 1 + pick(300)) out[i] = '/';
    out[n] = 0;
    return n;
  } else *out = 0;
  for (unsigned i = pick(6); i > 0; i--) {
    if (*out || pick(2)) strcat(out, pick(12) ? "/" : "//");
    strcat(out, names[pick(sizeof names / sizeof *names)]);
  }
  if (!pick(8)) strcat(out, "/");
  return strlen(out);
}

/* Sometimes nowhere, sometimes at the very end of what is mapped. */
static long text(void) {
  static char made[8192];
  if (!pick(12)) return pick(2) ? number() : (long)(arena + ARENA - pick(64));
  size_t n = path(made) + 1;
  return (long)memcpy(pick(10) ? spot() : arena + ARENA - n, made, n);
}

static long address(long *length) {
  struct sockaddr_storage made = {0};
  *length = pick(10) ? sizeof(struct sockaddr_in) + pick(2) * 94 : pick(140);
  if (pick(2)) {
    struct sockaddr_un *u = (struct sockaddr_un *)&made;
    char name[8192];
    path(name);
    u->sun_family = AF_UNIX;
    memcpy(u->sun_path, name, sizeof u->sun_path);
  } else {
    struct sockaddr_in *in = (struct sockaddr_in *)&made;
    *in = (struct sockaddr_in){pick(9) ? AF_INET : (sa_family_t)pick(50), htons((uint16_t)(1024 + pick(60000))), {htonl(INADDR_LOOPBACK)}};
  }
  return (long)memcpy(spot(), &made, sizeof made);
}

/* Half of them in order, for the kernel to take; of the rest every part may lie. */
static long message(void) {
  struct mmsghdr *m = (struct mmsghdr *)spot();
  bool orderly = pick(2);
  struct iovec *io = (struct iovec *)spot();
  char *control = spot();
  for (int i = 0; i < 4; i++) {
    long length = 0;
    io[i] = (struct iovec){pick(10) ? arena : (void *)text(), pick(20) ? pick(300) : (size_t)number()};
    m[i].msg_hdr = (struct msghdr){.msg_iov = io, .msg_iovlen = pick(10) ? pick(4) : (size_t)number()};
    if (!pick(3)) m[i].msg_hdr.msg_name = (void *)address(&length);
    m[i].msg_hdr.msg_namelen = (socklen_t)length;
    m[i].msg_hdr.msg_control = control;
    m[i].msg_hdr.msg_controllen = pick(4) ? pick(200) : (size_t)number();
    if (!orderly) continue;
    io[i] = (struct iovec){arena, 1 + pick(9)};
    m[i].msg_hdr = (struct msghdr){.msg_iov = io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_LEN(0) + CMSG_LEN(sizeof(int))};
  }
  if (orderly) {
    struct cmsghdr none = {CMSG_LEN(0), IPPROTO_TCP, 1}, rights = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    memcpy(control, &none, sizeof none);
    memcpy(control + sizeof none, &rights, sizeof rights);
    memcpy(control + 2 * sizeof none, &(int){(int)pick(LAST_FD)}, sizeof(int));
    return (long)m;
  }
  for (size_t at = 0; at < 200; at += 16 + 8 * pick(4) + !pick(9) * pick(8)) {
    struct cmsghdr c = {pick(4) ? 16 + 4 * pick(5) : (size_t)number(), pick(4) ? SOL_SOCKET : (int)pick(50), pick(4) ? SCM_RIGHTS : (int)pick(60)};
    memcpy(control + at, &c, sizeof c);
    for (int i = 0; i < 4; i++) memcpy(control + at + sizeof c + 4 * i, &(int){(int)pick(LAST_FD)}, 4);
  }
  return (long)m;
}

static long how(void) {
  struct open_how *h = (struct open_how *)spot();
  memset(h, 0, 64);
  *h = (struct open_how){.flags = pick(3) ? pick(4) | pick(2) * O_CREAT | O_NONBLOCK : (uint64_t)number(), .resolve = pick(2) ? 0 : pick(64)};
  if (h->flags & O_CREAT) h->mode = 0600;
  return (long)h;
}

static long vector(void) {
  char **v = (char **)spot();
  unsigned n = pick(5);
  for (unsigned i = 0; i < n; i++) v[i] = (char *)text();
  v[n] = NULL;
  return (long)v;
}

/* p path, d descriptor, n number, o flags of open, m mode, a address and its length, s socket, M message, h how, v
 * vector, w wait for nothing, N the size of it, - nothing. */
static const struct { long nr; const char *form; } calls[] = {
    {SYS_openat, "dpom"}, {SYS_openat, "dpom"}, {SYS_openat, "dpom"}, {SYS_openat2, "dphn"}, {SYS_openat2, "dphN"},
    {SYS_unlinkat, "dpn"}, {SYS_renameat2, "dpdpn"}, {SYS_linkat, "dpdpn"}, {SYS_symlinkat, "pdp"}, {SYS_mkdirat, "dpm"},
    {SYS_mknodat, "dpm"}, {SYS_truncate, "pn"}, {SYS_fchmod, "dm"}, {SYS_fchmodat, "dpm"}, {SYS_fchownat, "dp---"},
    {SYS_utimensat, "dp-n"}, {SYS_setxattr, "pppnn"}, {SYS_fsetxattr, "dppnn"}, {SYS_removexattr, "pp"}, {SYS_chdir, "p"},
    {SYS_fchdir, "d"}, {SYS_connect, "sa"}, {SYS_bind, "sa"}, {SYS_sendto, "spnwa"}, {SYS_sendmsg, "sMw"},
    {SYS_sendmsg, "sMw"}, {SYS_sendmmsg, "sMnw"}, {SYS_socket, "nnn"}, {SYS_setsockopt, "snnpn"}, {SYS_ptrace, "npnn"},
    {SYS_execve, "pvv"}, {SYS_execveat, "dpvvn"},
};

static void arguments(const char *form, long *a) {
  for (int i = 0; i < 6 && *form; form++, i++)
    switch (*form) {
      case 'p': a[i] = text(); break;
      case 'd': a[i] = descriptor(); break;
      case 's': a[i] = FIRST_FD + pick(6); break;
      case 'n': a[i] = number(); break;
      case 'N': a[i] = sizeof(struct open_how); break;
      case 'o': a[i] = (long)((pick(3) ? pick(4) | pick(2) * O_CREAT : (unsigned)number()) | O_NONBLOCK); break;
      case 'm': a[i] = 0600 | (pick(2) * 0100); break;
      case 'a': a[i] = address(&a[i + 1]); i++; break;
      case 'M': a[i] = message(); break;
      case 'h': a[i] = how(); break;
      case 'v': a[i] = vector(); break;
      case 'w': a[i] = MSG_DONTWAIT; break;
      default: a[i] = *form == '-' && pick(2) ? 0 : -1;
    }
}

static void check(int fd) {
  char text[16] = {0};
  if (pread(fd, text, sizeof text - 1, 0) > 0 && !strncmp(text, "closed content", 14)) (void)!write(1, "closed content\n", 15);
}

/* What arrives over the socket pair are copies of what this process sent, never the gate's own. */
static void receive(int s) {
  char data[64], control[512], name[64], leads[64];
  struct iovec io = {data, sizeof data};
  struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  if (recvmsg(s, &m, MSG_DONTWAIT) < 0) return;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
    for (size_t i = 0; c->cmsg_type == SCM_RIGHTS && i < (c->cmsg_len - sizeof *c) / 4; i++) {
      int fd;
      memcpy(&fd, CMSG_DATA(c) + 4 * i, sizeof fd);
      sprintf(name, "/proc/self/fd/%d", fd);
      ssize_t n = readlink(name, leads, sizeof leads - 1);
      if (n > 0 && memmem(leads, (size_t)n, "seccomp", 7)) (void)!write(1, "listener of the gate\n", 21);
      check(fd);
      if (fd >= LAST_FD) close(fd);
    }
}

static void *change_memory(void *arg) {
  uint64_t s = *(uint64_t *)arg;
  for (size_t n = strlen(closed);;) {
    size_t at = next(&s) % (ARENA - 4096);
    if (s >> 60) arena[at] = (char)(s >> 40);
    else memcpy(arena + at, closed, n);
    if (!(s >> 50 & 255)) usleep(10);
  }
  return NULL;
}

static void run(long nr, const long *a) {
  pid_t child = fork();
  if (!child) {
    syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
    _exit(0);
  }
  for (int i = 0; i < 100 && child > 0 && !waitpid(child, NULL, WNOHANG); i++) usleep(1000);
  if (child > 0 && !kill(child, SIGKILL)) waitpid(child, NULL, 0);
}

static void prepare(void) {
  static const int sockets[][2] = {{AF_INET, SOCK_STREAM}, {AF_INET, SOCK_DGRAM}, {AF_UNIX, SOCK_STREAM}, {AF_UNIX, SOCK_DGRAM}};
  static const char *const held[] = {"closed", "closed/secret", "closed/program", "work"};
  char name[512];
  int pair[2];
  socketpair(AF_UNIX, pick(2) ? SOCK_STREAM : SOCK_SEQPACKET, 0, pair);
  for (int i = 0; i < 2; i++) dup2(pair[i], FIRST_FD + i);
  for (int i = 0; i < 4; i++) {
    int s = socket(sockets[i][0], sockets[i][1] | SOCK_NONBLOCK, 0);
    if (s >= 0) dup2(s, FIRST_FD + 2 + i);
    snprintf(name, sizeof name, "%s/%s", folder, held[i]);
    dup2(open(name, O_PATH), FIRST_FD + 10 + i);
  }
  arena = mmap(NULL, ARENA + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(arena + ARENA, 4096, PROT_NONE);
}

static void attempt(uint64_t seed) {
  pthread_t t;
  state = seed | 1;
  alarm(5);
  signal(SIGPIPE, SIG_IGN);
  prepare();
  if (pick(3)) pthread_create(&t, NULL, change_memory, &seed);
  if (!pick(6)) unshare(CLONE_FILES | CLONE_FS);
  for (int i = 0; i < CALLS; i++) {
    unsigned which = pick(sizeof calls / sizeof *calls);
    long a[6] = {0}, nr = calls[which].nr;
    arguments(calls[which].form, a);
    if (nr == SYS_execve || nr == SYS_execveat) { if (!pick(4)) run(nr, a); continue; }
    long r = syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (nr == SYS_sendmsg) receive(FIRST_FD + 1 - (a[0] & 1));
    if (r > 2 && (nr == SYS_openat || nr == SYS_openat2)) check((int)r);
    if (r >= LAST_FD) close((int)r);
  }
  _exit(0);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  folder = argv[1];
  uint64_t seed = strtoull(argv[2], NULL, 10);
  time_t end = time(NULL) + atoi(argv[3]);
  closed = malloc(strlen(folder) + 8);
  sprintf(closed, "%s/closed", folder);
  if (chdir("work")) return 2;
  for (uint64_t n = 0; time(NULL) < end; n++) {
    for (uint64_t k = 0; k < 2; k++) if (!fork()) attempt((seed * 1000003 + 2 * n + k + 1) * 0x9e3779b97f4a7c15ull);
    while (wait(NULL) > 0) {}
  }
  puts("over");
  return 0;
}
