/* Unix sockets (names, abstract names, datagrams, descriptors and credentials in transit) and internet sockets on loopback. */
#include "report.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

typedef struct sockaddr *SA;
static struct sockaddr_un at(const char *path) { struct sockaddr_un a = {.sun_family = AF_UNIX}; strncpy(a.sun_path, path,
    sizeof a.sun_path); return a; }
static int made(int type) { return socket(AF_UNIX, type, 0); }
static void bound(const char *what, int s, bool peer) {
  struct sockaddr_un a; socklen_t n = sizeof a; memset(&a, 0x55, sizeof a);
  if ((peer ? getpeername : getsockname)(s, (SA)&a, &n)) { printf("%s: %s\n", what, strerrorname_np(errno)); return; }
  printf("%s: length %d family %d '", what, (int)n, a.sun_family);
  for (int i = 0; i < (int)(n - 2) && i < 108; i++) if (a.sun_path[i] > 31) putchar(a.sun_path[i]); else printf("\\%d", a.sun_path[i]);
  printf("'\n");
}
#define BIND(s, path) ({ struct sockaddr_un a_ = at(path); bind(s, (SA)&a_, sizeof a_); })
#define BINDN(s, path, n) ({ struct sockaddr_un a_ = at(path); bind(s, (SA)&a_, (socklen_t)(2 + (n))); })
#define CONNECT(s, path) ({ struct sockaddr_un a_ = at(path); connect(s, (SA)&a_, sizeof a_); })
#define CONNECTN(s, path, n) ({ struct sockaddr_un a_ = at(path); connect(s, (SA)&a_, (socklen_t)(2 + (n))); })

static void names(void) {
  char cwd[4096], full[8192]; getcwd(cwd, sizeof cwd);
  for (int *t = (int[]){SOCK_STREAM, SOCK_SEQPACKET, 0}; *t; t++) {
    int s = made(*t), c = made(*t), x; char b[16];
    umask(027); R(BIND(s, "rel")); umask(022); mode_of("rel"); bound("listener", s, false); R(CONNECT(c, "rel")); R(listen(s, 5));
    R(CONNECT(c, "rel")); bound("client peer", c, true); bound("client", c, false);
    R((x = accept(s, NULL, NULL)) >= 0); bound("accepted", x, false); R(send(c, "ping", 4, 0)); R(recv(x, b, 16, 0));
    R(send(x, "pong!", 5, 0)); R(recv(c, b, 16, 0)); struct ucred u; socklen_t n = sizeof u;
    R(getsockopt(c, SOL_SOCKET, SO_PEERCRED, &u, &n));
    printf("  the listener is me: %d %d %d\n", u.pid == getpid(), u.uid == getuid(), u.gid == getgid());
    R(getsockopt(x, SOL_SOCKET, SO_PEERCRED, &u, &n)); printf("  the client is me: %d %d\n", u.pid == getpid(), u.uid == getuid());
    R(CONNECT(c, "rel")); R(BIND(c, "again")); R(BIND(s, "twice"));
    R(CONNECT(made(*t == SOCK_STREAM ? SOCK_SEQPACKET : SOCK_STREAM), "rel")); R(unlink("rel")); R(CONNECT(made(*t), "rel")); close(s);
    close(c); close(x);
  }
  int s = made(SOCK_STREAM); snprintf(full, sizeof full, "%s/absolute", cwd); R(strlen(full) < 108); R(BIND(s, full));
  bound("absolute", s, false); R(listen(s, 99)); R(CONNECT(made(SOCK_STREAM), full)); R(CONNECT(made(SOCK_STREAM), "./absolute"));
  R(CONNECT(made(SOCK_STREAM), "/proc/self/cwd/absolute")); R(CONNECT(made(SOCK_STREAM), "toabsolute"));
  R(symlink("absolute", "toabsolute")); R(CONNECT(made(SOCK_STREAM), "toabsolute")); R(BIND(made(SOCK_STREAM), "absolute"));
  R(BIND(made(SOCK_STREAM), "missing/x")); R(BIND(made(SOCK_STREAM), "f")); R(BIND(made(SOCK_STREAM), "f/x"));
  R(BIND(made(SOCK_STREAM), "shut/x")); R(BIND(made(SOCK_STREAM), "dangling")); R(BIND(made(SOCK_STREAM), "d/"));
  R(BIND(made(SOCK_STREAM), "."));
  R(CONNECT(made(SOCK_STREAM), "f")); R(CONNECT(made(SOCK_STREAM), "missing")); R(CONNECT(made(SOCK_STREAM), "f/x"));
  R(CONNECT(made(SOCK_STREAM), "shut/x")); R(CONNECT(made(SOCK_STREAM), "d")); R(CONNECT(made(SOCK_STREAM), "dangling"));
  R(chmod("absolute", 0)); R(CONNECT(made(SOCK_STREAM), "absolute")); R(chmod("absolute", 0777));
  int odd = made(SOCK_STREAM); R(BINDN(odd, "short-name-with-tail", 5)); bound("cut name", odd, false); R(listen(odd, 99));
  R(CONNECTN(made(SOCK_STREAM), "short-name", 5)); R(CONNECT(made(SOCK_STREAM), "short")); R(BINDN(made(SOCK_STREAM), "x", 0));
  R(BINDN(made(SOCK_STREAM), "x", 109)); R(CONNECTN(made(SOCK_STREAM), "x", 109)); R(CONNECTN(made(SOCK_STREAM), "x", 0));
  R(CONNECTN(made(SOCK_STREAM), "x", -1)); R(BINDN(made(SOCK_STREAM), "x", -1));
  char *p108 = repeat('p', 108); odd = made(SOCK_STREAM); R(BINDN(odd, p108, 108)); bound("108 bytes", odd, false); R(listen(odd, 99));
  R(CONNECTN(made(SOCK_STREAM), p108, 108)); R(unlink(p108)); R(chdir("d")); R(BIND(made(SOCK_STREAM), "../up")); R(chdir(".."));
  mode_of("up"); R(bind(made(SOCK_STREAM), (SA)1, 10)); R(connect(made(SOCK_STREAM), (SA)1, 10)); R(bind(999, (SA)1, 10));
  R(connect(999, (SA)1, 10)); R(connect(0, (SA)&odd, 10)); R(bind(open("f", O_PATH), (SA)1, 10));
}

static void abstract(void) {
  char name[108] = "\0chaperone\0test"; struct sockaddr_un a = {.sun_family = AF_UNIX}; memcpy(a.sun_path, name, 16);
  int s = made(SOCK_STREAM), c = made(SOCK_STREAM), x;
  R(connect(c, (SA)&a, 18)); R(bind(s, (SA)&a, 18)); bound("abstract", s, false); R(listen(s, 99)); R(connect(c, (SA)&a, 18));
  bound("peer", c, true); R((x = accept(s, NULL, NULL)) >= 0); R(connect(made(SOCK_STREAM), (SA)&a, 17));
  R(connect(made(SOCK_STREAM), (SA)&a, sizeof a)); R(bind(made(SOCK_STREAM), (SA)&a, 18)); int autobound = made(SOCK_STREAM);
  sa_family_t f = AF_UNIX; R(bind(autobound, (SA)&f, 2)); struct sockaddr_un b; socklen_t n = sizeof b;
  R(getsockname(autobound, (SA)&b, &n)); R(n);
  sa_family_t none = AF_UNSPEC; R(connect(c, (SA)&none, 2)); struct sockaddr odd = {.sa_family = 77};
  R(connect(made(SOCK_STREAM), &odd, sizeof odd)); R(bind(made(SOCK_STREAM), &odd, sizeof odd));
  struct sockaddr_in in = {.sin_family = AF_INET}; R(connect(made(SOCK_STREAM), (SA)&in, sizeof in));
}

static void datagrams(void) {
  int s = made(SOCK_DGRAM), c = made(SOCK_DGRAM); printf("datagram sockets: %s\n", s < 0 ? strerrorname_np(errno) : "yes"); if (s < 0) return;
  char b[64]; struct sockaddr_un from, to = at("dg"); socklen_t n = sizeof from; R(BIND(s, "dg")); R(BIND(c, "dgc"));
  R(sendto(c, "hello", 5, 0, (SA)&to, sizeof to)); R(recvfrom(s, b, sizeof b, 0, (SA)&from, &n));
  printf("  from '%s' length %d\n", from.sun_path, (int)n); R(sendto(s, "back", 4, 0, (SA)&from, n)); R(recv(c, b, sizeof b, 0));
  R(sendto(c, "x", 1, 0, (SA)1, 20)); struct sockaddr_un no = at("nobody"); R(sendto(c, "x", 1, 0, (SA)&no, sizeof no));
  struct iovec io[3] = {{"ab", 2}, {"", 0}, {"cd", 2}};
  struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = io, .msg_iovlen = 3}; R(sendmsg(c, &m, 0));
  R(recv(s, b, sizeof b, 0)); R(memcmp(b, "abcd", 4)); struct mmsghdr mm[2] = {{m, 0}, {m, 0}}; R(sendmmsg(c, mm, 2, 0));
  R(mm[0].msg_len + mm[1].msg_len); R(recv(s, b, sizeof b, 0)); R(recv(s, b, sizeof b, 0));
  R(connect(c, (SA)&to, sizeof to)); bound("connected", c, true); R(send(c, "yes", 3, 0)); R(recv(s, b, sizeof b, MSG_DONTWAIT));
  int pair[2]; R(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)); R(send(pair[0], "pair", 4, 0)); R(recv(pair[1], b, sizeof b, 0));
  R(unlink("dg")); R(sendto(made(SOCK_DGRAM), "x", 1, 0, (SA)&to, sizeof to));
  R(sendto(c, repeat('y', 300000), 300000, MSG_DONTWAIT, (SA)&to, sizeof to));
}

static long pass(int s, int type, const void *data, size_t len, int payload) {
  union { char raw[512]; struct cmsghdr align; } u = {{0}}; struct iovec io = {"z", (size_t)payload};
  struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = u.raw, .msg_controllen = CMSG_SPACE(len)};
  struct cmsghdr *c = CMSG_FIRSTHDR(&m); c->cmsg_level = SOL_SOCKET; c->cmsg_type = type; c->cmsg_len = CMSG_LEN(len);
  memcpy(CMSG_DATA(c), data, len); return sendmsg(s, &m, 0);
}
static long take(int s, int *fds, struct ucred *who) {
  union { char raw[512]; struct cmsghdr align; } u; char b[8]; struct iovec io = {b, 8};
  struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = u.raw, .msg_controllen = sizeof u};
  long r = recvmsg(s, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT), n = 0; if (r < 0) return r;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m,
      c)) { if (c->cmsg_type == SCM_RIGHTS) { n = (long)((c->cmsg_len - CMSG_LEN(0)) / 4); memcpy(fds, CMSG_DATA(c),
      (size_t)n * 4); } if (c->cmsg_type == SCM_CREDENTIALS) memcpy(who, CMSG_DATA(c), sizeof *who); } return n;
}
static void transit(void) {
  int p[2], fds[64] = {0}, yes = 1, list[3] = {open("f", O_RDONLY), open("d", O_PATH), 1}, bad[2] = {0, 999};
  struct ucred who = {0}, me = {getpid(), getuid(), getgid()}, other = {1, 0, 0};
  R(socketpair(AF_UNIX, SOCK_STREAM, 0, p)); R(pass(p[0], SCM_RIGHTS, list, sizeof list, 1)); R(take(p[1], fds, &who)); F(fds[0]);
  F(fds[1]); R(pass(p[0], SCM_RIGHTS, bad, sizeof bad, 1)); R(pass(p[0], SCM_RIGHTS, list, 4, 0)); R(take(p[1], fds, &who));
  R(setsockopt(p[1], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes)); R(pass(p[0], SCM_CREDENTIALS, &me, sizeof me, 1));
  R(take(p[1], fds, &who)); printf("  from me: %d %d %d\n", who.pid == getpid(), who.uid == getuid(), who.gid == getgid());
  U(pass(p[0], SCM_CREDENTIALS, &other, sizeof other, 1)); R(send(p[0], "k", 1, 0)); who.pid = 0; R(take(p[1], fds, &who));
  printf("  from me: %d %d\n", who.pid == getpid(), who.uid == getuid()); R(pass(p[0], SCM_CREDENTIALS, &me, 4, 1));
  R(pass(p[0], 77, &me, 4, 1)); pid_t c = fork();
  if (!c) { close(p[1]); me.pid = getpid(); _exit(pass(p[0], SCM_CREDENTIALS, &me, sizeof me, 1) == 1 ? 0 : 1); } int st;
  waitpid(c, &st, 0); R(WEXITSTATUS(st)); R(take(p[1], fds, &who)); printf("  from the child: %d\n", who.pid == c);
  int r[2]; R(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, r)); R(sendmsg(r[0], (struct msghdr *)1, 0));
  signal(SIGPIPE, SIG_IGN); close(r[1]); R(send(r[0], "x", 1, 0)); struct iovec io = {"x", 1};
  struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1}; R(sendmsg(r[0], &m, 0)); R(sendmsg(r[0], &m, MSG_NOSIGNAL)); m.msg_iov = (void *)8;
  R(sendmsg(p[0], &m, 0)); m.msg_iovlen = 5000; R(sendmsg(p[0], &m, 0)); R(sendmsg(0, &m, 0));
  R(socketpair(AF_UNIX, SOCK_STREAM, 0, r)); int flags = fcntl(r[0], F_SETFL, O_NONBLOCK); char *big = repeat('b', 3 << 20);
  io = (struct iovec){big, 3 << 20}; m = (struct msghdr){.msg_iov = &io, .msg_iovlen = 1}; long n = 0, k = 0;
  while ((k = sendmsg(r[0], &m, 0)) > 0) n += k; R(flags); R(n > 1000); R(errno == EAGAIN); signal(SIGPIPE, SIG_DFL); close(r[1]);
  close(p[1]); if (!(c = fork())) { sendmsg(p[0], &m, 0); _exit(9); } waitpid(c, &st, 0);
  printf("  broken pipe: signal %d exit %d\n", WIFSIGNALED(st) ? WTERMSIG(st) : 0, WIFEXITED(st) ? WEXITSTATUS(st) : 0);
}

static void internet(int family) {
  struct sockaddr_storage a = {.ss_family = (sa_family_t)family};
  socklen_t n = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
  if (family == AF_INET) ((struct sockaddr_in *)&a)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  else ((struct sockaddr_in6 *)&a)->sin6_addr = in6addr_loopback; printf("family %d\n", family);
  int s = socket(family, SOCK_STREAM, 0), c = socket(family, SOCK_STREAM, 0), x, v = 1; char b[32]; struct sockaddr_storage who;
  socklen_t w = sizeof who; R(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &v, 4)); R(bind(s, (SA)&a, n)); R(getsockname(s, (SA)&a, &n));
  R(connect(c, (SA)&a, n)); R(listen(s, 5)); close(c); c = socket(family, SOCK_STREAM, 0); R(connect(c, (SA)&a, n));
  R((x = accept4(s, (SA)&who, &w, SOCK_CLOEXEC)) >= 0); R(send(c, "tcp", 3, 0)); R(recv(x, b, 32, 0)); R(connect(c, (SA)&a, n));
  R(shutdown(c, SHUT_WR)); R(recv(x, b, 32, 0)); R(send(x, "half", 4, 0)); R(recv(c, b, 32, 0));
  R(bind(socket(family, SOCK_STREAM, 0), (SA)&a, n)); R(connect(socket(family, SOCK_STREAM, 0), (SA)&a, 4));
  int nb = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0); long r = connect(nb, (SA)&a, n); R(r == 0 || errno == EINPROGRESS);
  struct pollfd p = {nb, POLLOUT, 0}; R(poll(&p, 1, 2000)); socklen_t l = 4; R(getsockopt(nb, SOL_SOCKET, SO_ERROR, &v, &l)); R(v);
  close(s); nb = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0); r = connect(nb, (SA)&a, n); v = errno; p.fd = nb;
  if (r && v == EINPROGRESS) { R(poll(&p, 1, 2000)); getsockopt(nb, SOL_SOCKET, SO_ERROR, &v, &l); } printf("  nobody listens: %s\n",
      strerrorname_np(v));
  int u = socket(family, SOCK_DGRAM, 0), k = socket(family, SOCK_DGRAM, 0); if (family == AF_INET) ((struct sockaddr_in *)&a)->sin_port = 0;
  else ((struct sockaddr_in6 *)&a)->sin6_port = 0; R(bind(u, (SA)&a, n)); R(getsockname(u, (SA)&a, &n));
  R(sendto(k, "udp", 3, 0, (SA)&a, n)); w = sizeof who; R(recvfrom(u, b, 32, 0, (SA)&who, &w)); R(sendto(u, "reply", 5, 0, (SA)&who, w));
  R(recv(k, b, 32, 0)); R(connect(k, (SA)&a, n)); R(send(k, "con", 3, 0)); R(recv(u, b, 32, 0)); struct iovec io = {"msg", 3};
  struct msghdr m = {.msg_name = &a, .msg_namelen = n, .msg_iov = &io, .msg_iovlen = 1}; R(sendmsg(socket(family, SOCK_DGRAM, 0), &m, 0));
  R(recv(u, b, 32, 0)); sa_family_t none = AF_UNSPEC; R(connect(k, (SA)&none, 2)); R(send(k, "x", 1, 0));
  R(sendto(u, repeat('u', 70000), 70000, 0, (SA)&a, n));
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0); alarm(20);
  umask(022); put("f", "content\n", 0644); mkdir("d", 0755); mkdir("shut", 0); R(symlink("nowhere", "dangling"));
  names(); abstract(); datagrams(); transit(); internet(AF_INET); internet(AF_INET6);
  R(socket(AF_INET, SOCK_RAW, 1)); R(socket(99, SOCK_STREAM, 0)); R(socket(AF_UNIX, 77, 0)); R(socket(AF_INET, SOCK_STREAM, 77));
  R(socket(AF_PACKET, SOCK_RAW, 0)); struct addrinfo *ai = NULL, hint = {.ai_flags = AI_ADDRCONFIG, .ai_socktype = SOCK_STREAM};
  R(getaddrinfo("localhost", "80", &hint, &ai)); R(getaddrinfo("127.0.0.1", "80", &hint, &ai));
  return 0;
}
