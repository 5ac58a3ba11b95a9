/* Reaching a service outside through its socket, and sockets of other kinds. argv: socket path, open folder, … */
#include "attack.h"
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stddef.h>

static struct sockaddr_un named(const char *path, socklen_t *len) {
  struct sockaddr_un un = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof un.sun_path) printf("path too long\n");
  memcpy(un.sun_path, path, strnlen(path, sizeof un.sun_path - 1));
  *len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1);
  return un;
}

/* Connects and prints what the service says. */
static int reach(const char *what, const char *path, int type) {
  socklen_t len;
  struct sockaddr_un un = named(path, &len);
  int s = socket(AF_UNIX, type, 0);
  if (s < 0 || connect(s, (struct sockaddr *)&un, len)) {
    printf("%s: %s\n", what, strerror(errno));
    if (s >= 0) close(s);
    return -1;
  }
  printf("%s: connected\n", what);
  fflush(stdout);
  if (write(s, "RUN\n", 4) < 0) perror("write");
  struct timeval t = {1, 0};
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  char b[512];
  ssize_t n = read(s, b, sizeof b);
  if (n > 0 && write(1, b, (size_t)n) < 0) perror("write");
  close(s);
  return 0;
}

static void plain(char **a) { reach("connect", a[0], SOCK_STREAM); }

/* By every other name of the same socket. */
static void aliases(char **a) {
  char p[PATH_MAX];
  int o = open(a[0], O_PATH);
  snprintf(p, sizeof p, "/proc/self/fd/%d", o);
  reach("descriptor alias", p, SOCK_STREAM);
  snprintf(p, sizeof p, "/proc/self/root%s", a[0]);
  reach("root alias", p, SOCK_STREAM);
  if (symlink(a[0], joined(a[1], "s"))) perror("symlink");
  reach("symlink", joined(a[1], "s"), SOCK_STREAM);
  char *dir = strdup(a[0]), *name = strrchr(dir, '/') + 1;
  name[-1] = 0;
  int d = open(dir, O_PATH | O_DIRECTORY);
  snprintf(p, sizeof p, "/proc/self/fd/%d/%s", d, name);
  reach("through its folder", p, SOCK_STREAM);
  if (fchdir(d) == 0) reach("relative", name, SOCK_STREAM);
}

/* The socket takes the name of one that may be reached. argv[2]: that name. */
static void renamed(char **a) {
  unlink(a[2]);
  if (tried("hard link over the allowed name", link(a[0], a[2])) == 0) reach("linked", a[2], SOCK_STREAM);
  if (tried("rename over the allowed name", rename(a[0], a[2])) == 0) reach("renamed", a[2], SOCK_STREAM);
}

/* The agent's own sockets need no question: one of them leaves its inode number to a service that starts afterwards. */
static void reused(char **a) {
  char p[PATH_MAX];
  for (int i = 0; i < 64; i++) {
    snprintf(p, sizeof p, "%s/own%d", a[1], i);
    socklen_t len;
    struct sockaddr_un un = named(p, &len);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(s, (struct sockaddr *)&un, len)) perror("bind");
    close(s);
  }
  for (int i = 0; i < 64; i++) {
    snprintf(p, sizeof p, "%s/own%d", a[1], i);
    unlink(p);
  }
  write_file(joined(a[1], "ready"), "");
  await_file(joined(a[1], "restarted"));
  reach("restarted service", a[0], SOCK_STREAM);
}

static void abstract(char **a) {
  struct sockaddr_un un = {.sun_family = AF_UNIX};
  size_t n = strlen(a[0]);
  memcpy(un.sun_path + 1, a[0], n);
  for (int t = 0; t < 2; t++) {
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(s, (struct sockaddr *)&un, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + n))) printf("abstract: %s\n", strerror(errno));
    else {
      char b[256];
      printf("abstract: connected\n");
      fflush(stdout);
      ssize_t r = read(s, b, sizeof b);
      if (r > 0 && write(1, b, (size_t)r) < 0) perror("write");
    }
    close(s);
  }
}

/* A service that takes datagrams: four ways to send one. */
static void datagrams(char **a) {
  socklen_t len;
  struct sockaddr_un un = named(a[0], &len);
  for (int i = 0; i < 3; i++) {
    int s = -1, pair[2];
    if (i == 0) s = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (i == 1) s = socket(AF_UNIX, SOCK_RAW, 0);
    if (i == 2) s = socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) ? -1 : pair[0];
    if (s < 0) { printf("socket %d: %s\n", i, strerror(errno)); continue; }
    struct iovec io = {"GRAM", 4};
    struct mmsghdr m = {.msg_hdr = {.msg_name = &un, .msg_namelen = len, .msg_iov = &io, .msg_iovlen = 1}};
    printf("sendto: %s\n", sendto(s, "GRAM", 4, 0, (struct sockaddr *)&un, len) < 0 ? strerror(errno) : "sent");
    printf("sendmsg: %s\n", sendmsg(s, &m.msg_hdr, 0) < 0 ? strerror(errno) : "sent");
    printf("sendmmsg: %s\n", sendmmsg(s, &m, 1, 0) < 0 ? strerror(errno) : "sent");
    printf("connect: %s\n", connect(s, (struct sockaddr *)&un, len) < 0 ? strerror(errno) : "connected");
    printf("send: %s\n", send(s, "GRAM", 4, 0) < 0 ? strerror(errno) : "sent");
  }
}

static void families(char **a) {
  (void)a;
  struct { const char *name; int family, type, protocol; } const kinds[] = {
      {"vsock", 40, SOCK_STREAM, 0}, {"alg", 38, SOCK_SEQPACKET, 0}, {"packet", 17, SOCK_RAW, 0}, {"packet dgram", 17, SOCK_DGRAM, 0},
      {"netlink audit", AF_NETLINK, SOCK_RAW, 9}, {"netlink uevent", AF_NETLINK, SOCK_DGRAM, 15}, {"netlink diag", AF_NETLINK, SOCK_RAW, 4},
      {"netlink generic", AF_NETLINK, SOCK_RAW, 16}, {"netlink netfilter", AF_NETLINK, SOCK_RAW, 12}, {"bluetooth", 31, SOCK_RAW, 1},
      {"can", 29, SOCK_RAW, 1}, {"tipc", 30, SOCK_STREAM, 0}, {"xdp", 44, SOCK_RAW, 0}, {"smc", 43, SOCK_STREAM, 0}, {"kcm", 41, SOCK_DGRAM, 0},
      {"rds", 21, SOCK_SEQPACKET, 0}, {"unix raw", AF_UNIX, SOCK_RAW, 0}, {"inet raw", AF_INET, SOCK_RAW, 1}, {"inet6 raw", AF_INET6, SOCK_RAW, 58},
      {"qipcrtr", 42, SOCK_DGRAM, 0}, {"key", 15, SOCK_RAW, 2}, {"llc", 26, SOCK_STREAM, 0}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) tried(kinds[i].name, socket(kinds[i].family, kinds[i].type, kinds[i].protocol));
}

/* A service outside hands over a descriptor of the secret. */
static void rights(char **a) {
  socklen_t len;
  struct sockaddr_un un = named(a[0], &len);
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(s, (struct sockaddr *)&un, len)) { printf("connect: %s\n", strerror(errno)); return; }
  char b[16];
  union { char raw[CMSG_SPACE(sizeof(int))]; struct cmsghdr a; } c;
  struct iovec io = {b, sizeof b};
  struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = c.raw, .msg_controllen = sizeof c.raw};
  struct timeval t = {2, 0};
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  if (recvmsg(s, &m, 0) < 0) perror("recvmsg");
  struct cmsghdr *h = CMSG_FIRSTHDR(&m);
  if (!h) return;
  int fd;
  memcpy(&fd, CMSG_DATA(h), sizeof fd);
  show("descriptor of the secret", fd);
}

/* Typing for the person: characters pushed into a terminal's input. */
static void terminal(char **a) {
  (void)a;
  int m = open("/dev/ptmx", O_RDWR | O_NOCTTY), n = 0, zero = 0;
  if (m < 0 || ioctl(m, TIOCSPTLCK, &zero) || ioctl(m, TIOCGPTN, &n)) perror("ptmx");
  char p[64];
  snprintf(p, sizeof p, "/dev/pts/%d", n);
  if (fork() == 0) {
    setsid();
    int s = open(p, O_RDWR);
    ioctl(s, TIOCSCTTY, 0);
    tried("TIOCSTI", ioctl(s, TIOCSTI, "x"));
    tried("TIOCSTI with high bits", syscall(SYS_ioctl, s, 0x100005412ul, "x"));
    long r = syscall(SYS_ioctl, s, TIOCLINUX, "\x03");
    printf("TIOCLINUX: %s\n", r < 0 ? strerror(errno) : "GAINED");
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
}

/* As a service outside: says argv[1] to whoever comes, or hands over a descriptor (`@`). For the set-up, not an attack. */
static void serve(char **a) {
  socklen_t len;
  struct sockaddr_un un = named(a[0], &len);
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  umask(0);
  if (a[0][0] == '@') {
    un.sun_path[0] = 0;
    len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(a[0]));
  } else unlink(a[0]);
  if (bind(s, (struct sockaddr *)&un, len) || listen(s, 16)) { perror("bind"); exit(1); }
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    int c = accept(s, NULL, NULL);
    if (c < 0) continue;
    struct timeval t = {0, 200000};
    char heard[16];
    setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    if (recv(c, heard, sizeof heard, 0) < 0 && errno != EAGAIN) printf("recv: %s\n", strerror(errno)); /* unread bytes would reset the line */
    if (a[1][0] == '@') {
      int fd = open(a[1] + 1, O_RDONLY);
      union { char raw[CMSG_SPACE(sizeof(int))]; struct cmsghdr h; } u = {0};
      struct iovec io = {"x", 1};
      struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = u.raw, .msg_controllen = sizeof u.raw};
      u.h.cmsg_level = SOL_SOCKET;
      u.h.cmsg_type = SCM_RIGHTS;
      u.h.cmsg_len = CMSG_LEN(sizeof fd);
      memcpy(CMSG_DATA(&u.h), &fd, sizeof fd);
      sendmsg(c, &m, MSG_NOSIGNAL);
      close(fd);
    } else send(c, a[1], strlen(a[1]), MSG_NOSIGNAL);
    close(c);
  }
}
/* Takes datagrams into a file: argv[1]. */
static void collect(char **a) {
  socklen_t len;
  struct sockaddr_un un = named(a[0], &len);
  int s = socket(AF_UNIX, SOCK_DGRAM, 0);
  umask(0);
  if (bind(s, (struct sockaddr *)&un, len)) { perror("bind"); exit(1); }
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    char b[256];
    ssize_t n = recv(s, b, sizeof b, 0);
    int f = open(a[1], O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (n > 0 && write(f, b, (size_t)n) < 0) perror("write");
    close(f);
  }
}

static const struct attack attacks[] = {
    {"plain", plain}, {"aliases", aliases}, {"renamed", renamed}, {"reused", reused}, {"abstract", abstract}, {"datagrams", datagrams},
    {"families", families}, {"rights", rights}, {"terminal", terminal}, {"serve", serve}, {"collect", collect}, {0},
};
int main(int argc, char **argv) { (void)argc; return run_attack(attacks, argv); }
