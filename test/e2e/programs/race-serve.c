/* race-serve <world>: the allowed and the denied peer of race-socket. Prints their two ports, which differ in the low byte
 * only, and at the end of its input how often each was reached. */
#include "race-common.c"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

static long reached[2];

static int inet(int type, int port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int s = socket(AF_INET, type | SOCK_NONBLOCK, 0), on = 1;
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(s, (struct sockaddr *)&a, sizeof a) || (type == SOCK_STREAM && listen(s, 1024))) {
    close(s);
    return -1;
  }
  return s;
}

static int local(const char *name) {
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  snprintf(a.sun_path, sizeof a.sun_path, "%s/%s", world, name);
  unlink(a.sun_path);
  int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1024)) fail(a.sun_path);
  chmod(a.sun_path, 0666);
  return s;
}

static void serve(int s, int which, bool datagrams) {
  char buf[16];
  for (;;) {
    if (datagrams) {
      if (recv(s, buf, sizeof buf, 0) < 0) return;
    } else {
      int c = accept(s, NULL, NULL);
      if (c < 0) return;
      if (write(c, which ? "B" : "A", 1) < 0) {}
      close(c);
    }
    reached[which]++;
  }
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  world = argv[1];
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct pollfd p[7] = {{.fd = 0, .events = POLLIN}};
  for (int port = 20200 + (getpid() % 100) * 256;; port = port > 60000 ? 20200 : port + 4) {
    if ((port & 255) == 255) continue;
    int s[4] = {inet(SOCK_STREAM, port), inet(SOCK_STREAM, port + 1), inet(SOCK_DGRAM, port), inet(SOCK_DGRAM, port + 1)};
    bool all = true;
    for (int i = 0; i < 4; i++) {
      all &= s[i] >= 0;
      p[i + 1] = (struct pollfd){.fd = s[i], .events = POLLIN};
    }
    if (all) {
      printf("%d %d\n", port, port + 1);
      break;
    }
    for (int i = 0; i < 4; i++) close(s[i]);
  }
  p[5] = (struct pollfd){.fd = local("1/socket"), .events = POLLIN};
  p[6] = (struct pollfd){.fd = local("2/socket"), .events = POLLIN};
  fflush(stdout);
  while (!p[0].revents && poll(p, 7, -1) > 0)
    for (int i = 1; i < 7; i++) if (p[i].revents) serve(p[i].fd, (i - 1) & 1, i == 3 || i == 4);
  printf("{\"allowed\":%ld,\"denied\":%ld}\n", reached[0], reached[1]);
  return 0;
}
