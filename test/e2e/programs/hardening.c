/* Input that is made to break the gate itself. Prints one line for each that got through or hurt. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* An address without a family: UDP takes it for IPv4. */
static void unspecified(int port) {
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in to = {.sin_family = AF_UNSPEC, .sin_port = htons((unsigned short)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  if (sendto(s, "leak", 4, 0, (struct sockaddr *)&to, sizeof to) >= 0) puts("sent without a family");
  struct iovec io = {"leak", 4};
  struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &io, .msg_iovlen = 1};
  if (sendmsg(s, &m, 0) >= 0) puts("sent a message without a family");
  to.sin_family = AF_INET;
  if (sendto(s, "open", 4, 0, (struct sockaddr *)&to, sizeof to) >= 0) puts("sent with a family");
}

/* The longest name, and a slash that demands a directory. */
static void long_name(void) {
  char name[300];
  memset(name, 'n', 255);
  strcpy(name + 255, "/");
  if (mkdir(name, 0700) || rmdir(name)) printf("long name: %s\n", strerror(errno));
}

/* Control data whose lengths lie. */
static void lying_control(void) {
  int pair[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  for (size_t length = 0; length < 40; length++) {
    char control[64] = {0};
    struct cmsghdr *c = (struct cmsghdr *)control;
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = length < 32 ? length : (size_t)-length;
    struct iovec io = {"x", 1};
    struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    sendmsg(pair[0], &m, MSG_DONTWAIT);
  }
}

int main(int argc, char **argv) {
  if (argc > 1) unspecified(atoi(argv[1]));
  long_name();
  lying_control();
  int f = open("data", O_RDONLY);
  puts(f >= 0 ? "alive" : "dead");
  return 0;
}
