/* Leaving by system calls of a static program, which asks no library and no variable for a proxy. argv: address, port, text. */
#include "attack.h"
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/vm_sockets.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <poll.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static struct sockaddr_in at(char **a) {
  struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(a[1]))};
  inet_pton(AF_INET, a[0], &in.sin_addr);
  return in;
}

static void said(const char *what, int s, const char *text) {
  tried(what, write(s, text, strlen(text)));
  usleep(20000);
  close(s);
}

static void plainly(const char *what, int protocol, char **a) {
  struct sockaddr_in in = at(a);
  int s = socket(AF_INET, SOCK_STREAM, protocol);
  if (s < 0 || connect(s, (struct sockaddr *)&in, sizeof in)) tried(what, -1);
  else said(what, s, a[2]);
}

/* Every way in which a stream is opened, with and without a call to connect. */
static void streams(char **a) {
  struct sockaddr_in in = at(a);
  struct sockaddr *to = (struct sockaddr *)&in;
  size_t length = strlen(a[2]);
  plainly("connect", 0, a);
  plainly("connect by another protocol", IPPROTO_MPTCP, a);
  plainly("and another", IPPROTO_SCTP, a);

  int s = (int)syscall(SYS_socket, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (syscall(SYS_connect, s, to, sizeof in) && errno != EINPROGRESS) tried("without waiting", -1);
  else {
    struct pollfd p = {s, POLLOUT, 0};
    poll(&p, 1, 2000);
    said("without waiting", s, a[2]);
  }
  s = socket(AF_INET, SOCK_STREAM, 0);
  tried("data with the first packet", sendto(s, a[2], length, MSG_FASTOPEN, to, sizeof in));
  usleep(20000);
  s = socket(AF_INET, SOCK_STREAM, 0);
  struct iovec v = {a[2], length};
  struct msghdr m = {.msg_name = &in, .msg_namelen = sizeof in, .msg_iov = &v, .msg_iovlen = 1};
  tried("the same by sendmsg", sendmsg(s, &m, MSG_FASTOPEN));
  usleep(20000);
  s = socket(AF_INET, SOCK_STREAM, 0);
  int one = 1;
  setsockopt(s, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &one, sizeof one);
  if (connect(s, to, sizeof in)) tried("a connect that waits for data", -1);
  else said("a connect that waits for data", s, a[2]);
}

static void datagram(const char *what, struct sockaddr_in to, int protocol, char **a) {
  int s = socket(AF_INET, SOCK_DGRAM, protocol);
  if (s < 0) {
    tried(what, -1);
    return;
  }
  size_t length = strlen(a[2]);
  struct iovec v = {a[2], length};
  struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &v, .msg_iovlen = 1};
  struct mmsghdr many[2] = {{.msg_hdr = m}, {.msg_hdr = m}};
  tried(what, sendto(s, a[2], length, 0, (struct sockaddr *)&to, sizeof to));
  tried("  sendmsg", sendmsg(s, &m, 0));
  tried("  sendmmsg", sendmmsg(s, many, 2, 0));
  if (connect(s, (struct sockaddr *)&to, sizeof to) == 0) tried("  send", send(s, a[2], length, 0));
  close(s);
}

/* QUIC is datagrams, too. */
static void datagrams(char **a) {
  struct sockaddr_in to = at(a);
  datagram("udp", to, 0, a);
  datagram("udp-lite", to, IPPROTO_UDPLITE, a);
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = to.sin_port, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  int s = socket(AF_INET6, SOCK_DGRAM, 0);
  tried("udp over IPv6", sendto(s, a[2], strlen(a[2]), 0, (struct sockaddr *)&six, sizeof six));
  inet_pton(AF_INET6, "::ffff:127.0.0.1", &six.sin6_addr);
  tried("udp to a mapped address", sendto(s, a[2], strlen(a[2]), 0, (struct sockaddr *)&six, sizeof six));
  struct sockaddr_in none = to;
  none.sin_addr.s_addr = 0;
  datagram("udp to no address", none, 0, a);
  to.sin_family = AF_UNSPEC;
  datagram("udp to an address of no family", to, 0, a);
  usleep(50000);
}

static void made(const char *what, int family, int type, int protocol) {
  int s = socket(family, type, protocol);
  tried(what, s);
  if (s >= 0) close(s);
}

/* Sockets that need no connect, or that no name can be told of. */
static void others(char **a) {
  struct sockaddr_in to = at(a);
  made("raw icmp", AF_INET, SOCK_RAW, IPPROTO_ICMP);
  made("raw tcp", AF_INET, SOCK_RAW, IPPROTO_TCP);
  made("raw", AF_INET, SOCK_RAW, IPPROTO_RAW);
  made("raw over IPv6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
  made("packet", AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  made("packet datagram", AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
  made("vsock", AF_VSOCK, SOCK_STREAM, 0);
  made("vsock datagram", AF_VSOCK, SOCK_DGRAM, 0);
  made("express data path", 44, SOCK_RAW, 0);
  /* Any user may open this one where the kernel's ping_group_range says so. */
  struct { struct icmphdr head; char text[64]; } echo = {.head = {.type = ICMP_ECHO}};
  snprintf(echo.text, sizeof echo.text, "%s", a[2]);
  int s = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
  if (s < 0) tried("ping socket", -1);
  else if (tried("ping", sendto(s, &echo, sizeof echo, 0, (struct sockaddr *)&to, sizeof to)) >= 0) {
    char b[256];
    struct timeval t = {1, 0};
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    if (recv(s, b, sizeof b, 0) > 0) printf("PING ANSWERED\n");
  }
}

static const struct attack attacks[] = {
    {"streams", streams}, {"datagrams", datagrams}, {"others", others}, {NULL, NULL}};

int main(int argc, char **argv) { return argc > 4 ? run_attack(attacks, argv) : 2; }
