/* Addressed sends. sendto shows its address in a register and is always mediated when it has one; sendmsg and sendmmsg
 * hide theirs in memory and are performed for the caller only where a policy permits datagram sockets that reach out. */
#include "gate.h"
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

enum { DATA_CAP = 1 << 20, IOV_CAP = 1024, CONTROL_CAP = 16384, RIGHTS_CAP = 253 };

union address { struct sockaddr sa; struct sockaddr_un un; struct sockaddr_in in; struct sockaddr_in6 in6; char raw[128]; };
struct answer may_reach(struct job *j, int s, union address *a, socklen_t *len);

struct message {
  union address to;
  socklen_t to_len;
  char *data;
  size_t len;
  union { char raw[CONTROL_CAP]; struct cmsghdr align; } control;
  size_t control_len;
  int fds[RIGHTS_CAP], nfds;
};

static long deliver(struct job *j, int s, struct message *m, int flags) {
  struct iovec io = {m->data, m->len};
  struct msghdr h = {.msg_name = m->to_len ? m->to.raw : NULL, .msg_namelen = m->to_len, .msg_iov = &io, .msg_iovlen = 1,
                     .msg_control = m->control_len ? m->control.raw : NULL, .msg_controllen = m->control_len};
  if (!enter_blocking(j)) return -EAGAIN;
  long r = sendmsg(s, &h, flags | MSG_NOSIGNAL);
  int e = errno;
  leave_blocking(j);
  if (r < 0 && e == EPIPE && !(flags & MSG_NOSIGNAL)) {
    identify(j);
    syscall(SYS_tgkill, j->tgid, j->n.pid, SIGPIPE);
  }
  return r < 0 ? -(e == EINTR ? j->interrupted : e) : r;
}

/* Descriptors in transit are the caller's numbers: exchange each for our duplicate. */
static int translate_control(struct job *j, struct message *m) {
  /* As the kernel walks them (for_each_cmsghdr): some C libraries skip a last header that lacks its padding. */
  struct cmsghdr *c;
  for (size_t at = 0; at + sizeof *c <= m->control_len; at += CMSG_ALIGN(c->cmsg_len)) {
    c = (struct cmsghdr *)(m->control.raw + at);
    if (c->cmsg_len < CMSG_LEN(0) || c->cmsg_len > m->control_len - at) return -EINVAL;
    bool routes = (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RETOPTS) ||
                  (c->cmsg_level == IPPROTO_IPV6 && (c->cmsg_type == IPV6_RTHDR || c->cmsg_type == 5 /* IPV6_2292RTHDR */));
    if (routes) return -EPERM; /* by way of another host */
    if (c->cmsg_level != SOL_SOCKET) continue;
    if (c->cmsg_type == SCM_CREDENTIALS) {
      struct { pid_t pid; uid_t uid; gid_t gid; } own = {gate_pid, geteuid(), getegid()}, told;
      if (c->cmsg_len != CMSG_LEN(sizeof own)) return -EINVAL;
      memcpy(&told, CMSG_DATA(c), sizeof told);
      identify(j);
      if (told.pid != j->tgid || told.uid != own.uid || told.gid != own.gid) return -EPERM;
      memcpy(CMSG_DATA(c), &own, sizeof own); /* the kernel insists on the sender, who is us */
    }
    if (c->cmsg_type != SCM_RIGHTS) continue;
    size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < n; i++) {
      int fd;
      memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
      if (m->nfds == RIGHTS_CAP) return -EINVAL;
      if ((fd = target_fd(j, fd)) < 0) return fd;
      m->fds[m->nfds++] = fd;
      memcpy(CMSG_DATA(c) + i * sizeof fd, &fd, sizeof fd);
    }
  }
  return 0;
}

static int read_message(struct job *j, uint64_t at, struct message *m) {
  struct msghdr h;
  struct iovec io[IOV_CAP];
  m->to_len = 0;
  m->control_len = m->len = 0;
  m->nfds = 0;
  if (read_target(j, at, &h, sizeof h) != sizeof h) return -EFAULT;
  if (h.msg_iovlen > IOV_CAP) return -EMSGSIZE;
  if (h.msg_iovlen && read_target(j, (uintptr_t)h.msg_iov, io, h.msg_iovlen * sizeof *io) != (ssize_t)(h.msg_iovlen * sizeof *io)) return -EFAULT;
  for (size_t i = 0; i < h.msg_iovlen; i++) {
    size_t n = io[i].iov_len < DATA_CAP - m->len ? io[i].iov_len : DATA_CAP - m->len;
    if (n && read_target(j, (uintptr_t)io[i].iov_base, m->data + m->len, n) != (ssize_t)n) return -EFAULT;
    m->len += n;
  }
  if (h.msg_name && h.msg_namelen) {
    if (h.msg_namelen > sizeof m->to) return -EINVAL;
    memset(&m->to, 0, sizeof m->to);
    if (read_target(j, (uintptr_t)h.msg_name, m->to.raw, h.msg_namelen) != (ssize_t)h.msg_namelen) return -EFAULT;
    m->to_len = h.msg_namelen;
  }
  if (h.msg_control && h.msg_controllen) {
    if (h.msg_controllen > CONTROL_CAP) return -ENOBUFS;
    m->control_len = h.msg_controllen;
    if (read_target(j, (uintptr_t)h.msg_control, m->control.raw, m->control_len) != (ssize_t)m->control_len) return -EFAULT;
    return translate_control(j, m);
  }
  return 0;
}

static long one(struct job *j, int s, struct message *m, int flags) {
  if (m->to_len) {
    if (m->to_len < sizeof(sa_family_t)) return -EINVAL;
    if (m->to.sa.sa_family == AF_UNSPEC) return -EAFNOSUPPORT; /* UDP would take it for AF_INET (udp_sendmsg) */
    struct answer a = may_reach(j, s, &m->to, &m->to_len);
    if (!a.allow) return -a.err;
  }
  return deliver(j, s, m, flags);
}

static void release(struct message *m) {
  while (m->nfds > 0) close(m->fds[--m->nfds]);
}

static long many(struct job *j, int s, struct message *m, uint64_t vec, unsigned count, int flags) {
  enum { STRIDE = sizeof(struct mmsghdr) };
  long sent = 0;
  if (count > IOV_CAP) count = IOV_CAP;
  for (; sent < (long)count; sent++) {
    uint64_t at = vec + (uint64_t)sent * STRIDE;
    int e = read_message(j, at, m);
    long r = e ? e : one(j, s, m, flags);
    release(m);
    if (r < 0) return sent ? sent : r;
    unsigned n = (unsigned)r;
    if (!write_target(j, at + offsetof(struct mmsghdr, msg_len), &n, sizeof n)) return sent ? sent : -EFAULT;
  }
  return sent;
}

void do_send(struct job *j) {
  promote(j);
  int nr = j->n.data.nr, flags = (int)ARG(j, nr == SYS_sendmsg ? 2 : 3);
  if (flags & MSG_FASTOPEN) { answer(j, 0, EOPNOTSUPP); return; } /* a connect in disguise; callers fall back */
  if (flags & MSG_ZEROCOPY) { answer(j, 0, ENOBUFS); return; } /* the data is ours for this call only; callers fall back */
  int s = target_fd(j, (int)ARG(j, 0));
  if (s < 0) { answer(j, 0, -s); return; }
  struct message *m = calloc(1, sizeof *m);
  long r = -ENOMEM;
  if (m && (m->data = malloc(DATA_CAP))) {
    if (nr == SYS_sendto) {
      m->len = ARG(j, 2) < DATA_CAP ? ARG(j, 2) : DATA_CAP;
      m->to_len = (socklen_t)ARG(j, 5);
      r = m->to_len > sizeof m->to ? -EINVAL : 0;
      if (!r && m->len && read_target(j, ARG(j, 1), m->data, m->len) != (ssize_t)m->len) r = -EFAULT;
      if (!r && m->to_len && read_target(j, ARG(j, 4), m->to.raw, m->to_len) != (ssize_t)m->to_len) r = -EFAULT;
      if (!r) r = one(j, s, m, flags);
    } else if (nr == SYS_sendmsg) {
      r = read_message(j, ARG(j, 1), m);
      if (!r) r = one(j, s, m, flags);
    } else {
      r = many(j, s, m, ARG(j, 1), (unsigned)ARG(j, 2), flags);
    }
    release(m);
  }
  if (m) free(m->data);
  free(m);
  close(s);
  answer(j, r < 0 ? 0 : r, r < 0 ? (int)-r : 0);
}
