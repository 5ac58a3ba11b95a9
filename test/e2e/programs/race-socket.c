/* race-socket <world> <tries> unix|tcp|udp|sendto|sendmsg <allowed port> <denied port>: one byte of the address flips.
 * What arrives is counted by race-serve, outside. */
#include "race-common.c"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static union { struct sockaddr_un un; struct sockaddr_in in; struct sockaddr sa; } to;
static socklen_t length;
static int denied_port;

static void stream(int family) {
  int s = socket(family, SOCK_STREAM, 0);
  if (s < 0) fail("socket");
  if (connect(s, &to.sa, length)) count_error();
  else {
    char c;
    if (recv(s, &c, 1, 0) == 1 && c == 'B') seen.leaks++; /* the denied listener's greeting */
    else seen.allowed++;
  }
  setsockopt(s, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger)); /* no TIME_WAIT */
  close(s);
}

static void datagram(int s, const char *how) {
  struct sockaddr_in peer;
  socklen_t l = sizeof peer;
  struct iovec io = {"x", 1};
  struct msghdr m = {.msg_name = &to, .msg_namelen = length, .msg_iov = &io, .msg_iovlen = 1};
  long r = !strcmp(how, "udp") ? connect(s, &to.sa, length) : !strcmp(how, "sendto") ? sendto(s, "x", 1, 0, &to.sa, length) : sendmsg(s, &m, 0);
  if (r < 0) { count_error(); return; }
  seen.allowed++;
  if (!strcmp(how, "udp") && getpeername(s, (struct sockaddr *)&peer, &l) == 0 && ntohs(peer.sin_port) == denied_port) seen.leaks++;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  world = argv[1];
  long tries = atol(argv[2]);
  const char *how = argv[3];
  bool local = !strcmp(how, "unix");
  int port = atoi(argv[4]);
  denied_port = atoi(argv[5]);
  struct byte flip;
  if (local) {
    to.un.sun_family = AF_UNIX;
    snprintf(to.un.sun_path, sizeof to.un.sun_path, "%s/1/socket", world);
    flip = (struct byte){to.un.sun_path + strlen(world) + 1, '1', '2'};
    length = sizeof to.un;
  } else {
    to.in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    flip = (struct byte){(char *)&to.in.sin_port + 1, (char)port, (char)denied_port}; /* the low byte, in network order */
    length = sizeof to.in;
  }
  pthread_t t = thread(flip_byte, &flip);
  bool packets = !local && strcmp(how, "tcp");
  int s = packets ? socket(AF_INET, SOCK_DGRAM, 0) : -1;
  for (; seen.tries < tries; seen.tries++) {
    if (packets) datagram(s, how);
    else stream(local ? AF_UNIX : AF_INET);
  }
  over = true;
  pthread_join(t, NULL);
  return report();
}
