/* The session's own network: loopback only, on which every address is local. A destination that policy allows gets a
 * listener of exactly its address, carried outside by the relay; any other meets nobody. */
#include "gate.h"
#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

struct request { struct nlmsghdr h; union { struct rtmsg r; struct ifaddrmsg a; } u; char attrs[128]; };

static void attribute(struct request *q, int type, const void *data, size_t n) {
  struct rtattr *a = (struct rtattr *)((char *)q + NLMSG_ALIGN(q->h.nlmsg_len));
  a->rta_type = (unsigned short)type;
  a->rta_len = (unsigned short)RTA_LENGTH(n);
  memcpy(RTA_DATA(a), data, n);
  q->h.nlmsg_len = (uint32_t)(NLMSG_ALIGN(q->h.nlmsg_len) + RTA_ALIGN(a->rta_len));
}

static int transact(int s, struct request *q) {
  char buf[1024];
  if (send(s, q, q->h.nlmsg_len, 0) < 0) return -errno;
  ssize_t n = recv(s, buf, sizeof buf, 0);
  struct nlmsghdr *h = (struct nlmsghdr *)buf;
  if (n < (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)) || h->nlmsg_type != NLMSG_ERROR) return -EIO;
  return ((struct nlmsgerr *)NLMSG_DATA(h))->error;
}

/* Addresses of no loopback class, so that AI_ADDRCONFIG and interface listings see a connected host (RFC 5737, 3849). */
static void address(int s, int family, const char *text, int bits) {
  struct request q = {.h = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifaddrmsg)), .nlmsg_type = RTM_NEWADDR,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE}};
  unsigned char ip[16];
  inet_pton(family, text, ip);
  q.u.a = (struct ifaddrmsg){.ifa_family = (unsigned char)family, .ifa_prefixlen = (unsigned char)bits, .ifa_index = 1,
                             .ifa_flags = family == AF_INET6 ? IFA_F_NODAD : 0};
  size_t n = family == AF_INET ? 4 : 16;
  attribute(&q, IFA_LOCAL, ip, n);
  attribute(&q, IFA_ADDRESS, ip, n);
  transact(s, &q);
}

static int everything_local(int s, int family) {
  struct request q = {.h = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)), .nlmsg_type = RTM_NEWROUTE,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE}};
  q.u.r = (struct rtmsg){.rtm_family = (unsigned char)family, .rtm_table = RT_TABLE_LOCAL, .rtm_protocol = RTPROT_BOOT,
                         .rtm_scope = family == AF_INET ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE, .rtm_type = RTN_LOCAL};
  int lo = 1;
  attribute(&q, RTA_OIF, &lo, sizeof lo);
  return transact(s, &q);
}

void net_setup(void) {
  int q = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct ifreq r = {0};
  strcpy(r.ifr_name, "lo");
  r.ifr_flags = IFF_UP | IFF_RUNNING;
  if (q < 0 || ioctl(q, SIOCSIFFLAGS, &r)) die("session network: loopback");
  close(q);
  int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (s < 0) die("session network: netlink");
  address(s, AF_INET, "192.0.2.1", 32);
  int e = everything_local(s, AF_INET);
  if (e) { errno = -e; die("session network: route"); }
  address(s, AF_INET6, "2001:db8::1", 128);
  everything_local(s, AF_INET6); /* a host without IPv6 has none here either */
  close(s);
}

/* A socket of the session's network bound to exactly this address, taken or -EADDRINUSE. */
int net_socket(const void *addr, socklen_t len, int type) {
  int family = ((const struct sockaddr *)addr)->sa_family, on = 1;
  int s = socket(family, type | SOCK_CLOEXEC, 0);
  if (s < 0) return -errno;
  if (family == AF_INET6) setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind(s, addr, len) == 0) return s;
  int e = errno;
  close(s);
  return -e;
}

/* The same, listening if it is a stream. */
int net_listener(const void *addr, socklen_t len, int type) {
  int s = net_socket(addr, len, type);
  if (s >= 0 && type == SOCK_STREAM && listen(s, 1024)) {
    int e = errno;
    close(s);
    return -e;
  }
  return s;
}
