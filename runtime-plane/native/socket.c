/* connect and bind: the address is read once, decided on, and used by us on the caller's own socket. */
#include "gate.h"
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

extern pthread_rwlock_t tree;

union address { struct sockaddr sa; struct sockaddr_un un; struct sockaddr_in in; struct sockaddr_in6 in6; char raw[128]; };

/* Sockets that the session itself bound: reaching one's own is no way out. Each inode is held, so that its number cannot
 * become somebody else's. */
enum { OWN = 1024 };
static struct { dev_t dev; ino_t ino; int fd; } bound[OWN];
static unsigned bound_next;
static pthread_mutex_t bound_lock = PTHREAD_MUTEX_INITIALIZER;
/* Listeners of ours, each in the place of a destination outside. */
static struct known { union address a; int type; } *known;
static int known_count, known_room;
static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;

/* IPv4 in IPv6 is the IPv4 that it is. */
static socklen_t plain(const union address *a, union address *to) {
  memset(to, 0, sizeof *to);
  bool mapped = a->sa.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr);
  if (a->sa.sa_family == AF_INET6 && !mapped) {
    to->in6.sin6_family = AF_INET6;
    to->in6.sin6_port = a->in6.sin6_port;
    to->in6.sin6_addr = a->in6.sin6_addr;
    return sizeof to->in6;
  }
  to->in.sin_family = AF_INET;
  to->in.sin_port = mapped ? a->in6.sin6_port : a->in.sin_port;
  if (mapped) memcpy(&to->in.sin_addr, a->in6.sin6_addr.s6_addr + 12, 4);
  else to->in.sin_addr = a->in.sin_addr;
  return sizeof to->in;
}

/* Call with known_lock held. */
static bool stands_in(const union address *plain, int type) {
  int i = 0;
  while (i < known_count && (known[i].type != type || memcmp(&known[i].a, plain, sizeof *plain))) i++;
  return i < known_count;
}

/* Room for one more. Call with known_lock held. */
static bool make_room(void) {
  if (known_count < known_room) return true;
  int room = known_room ? 2 * known_room : 256;
  struct known *grown = realloc(known, (size_t)room * sizeof *grown);
  if (!grown) return false;
  known = grown;
  known_room = room;
  return true;
}

static bool is_own(const struct facts *f) {
  bool r = false;
  pthread_mutex_lock(&bound_lock);
  for (int i = 0; i < OWN && !r; i++) r = bound[i].ino && bound[i].ino == f->ino && bound[i].dev == f->dev;
  pthread_mutex_unlock(&bound_lock);
  return r;
}

static void remember_own(struct parent *p) {
  struct stat st;
  int fd = openat(p->fd, p->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return;
  if (fstat(fd, &st) || !S_ISSOCK(st.st_mode)) { close(fd); return; }
  pthread_mutex_lock(&bound_lock);
  if (bound[bound_next].ino) close(bound[bound_next].fd);
  bound[bound_next].dev = st.st_dev;
  bound[bound_next].ino = st.st_ino;
  bound[bound_next].fd = fd;
  bound_next = (bound_next + 1) % OWN;
  pthread_mutex_unlock(&bound_lock);
}

static int read_address(struct job *j, uint64_t at, uint64_t len, union address *a) {
  memset(a, 0, sizeof *a);
  if (len > sizeof a->raw) return -EINVAL;
  if (len < sizeof(sa_family_t)) return -EINVAL;
  ssize_t r = read_target(j, at, a->raw, len);
  if (r == (ssize_t)len) return 0;
  return r < 0 && r != -EPERM ? (int)r : -EFAULT;
}

static int socket_option(int s, int option) {
  int v = 0;
  socklen_t l = sizeof v;
  return getsockopt(s, SOL_SOCKET, option, &v, &l) ? -errno : v;
}

/* A network that the agent made for its own sandbox reaches nobody but the session: there is nothing to carry, nor to ask.
 * The cookie names a network namespace for as long as the machine runs. */
static bool of_nested_network(int s) {
  enum { NETNS_COOKIE = 71 };
  static uint64_t ours;
  uint64_t c = 0;
  socklen_t l = sizeof c;
  if (!nested_mounts) return false;
  if (!ours) {
    int own = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    uint64_t o = 0;
    if (own >= 0 && !getsockopt(own, SOL_SOCKET, NETNS_COOKIE, &o, &l)) ours = o;
    CLOSE(own);
  }
  l = sizeof c;
  return ours && !getsockopt(s, SOL_SOCKET, NETNS_COOKIE, &c, &l) && c && c != ours;
}

/* The port that a socket sends from, given to it now if it has none. */
static int source_port(int s) {
  union address own = {0};
  socklen_t len = sizeof own;
  if (getsockname(s, &own.sa, &len)) return -errno;
  if (own.in.sin_port == 0 && (bind(s, &own.sa, len) || getsockname(s, &own.sa, &len))) return -errno;
  return ntohs(own.in.sin_port); /* at the same place in both families */
}

/* One listener per destination, made when the far side has first been reached; the relay outside serves it from then on.
 * An address that is taken belongs to the session itself. */
static struct answer carried(struct job *j, int s, union address *a, socklen_t len, int type) {
  pthread_mutex_lock(&known_lock);
  union address at;
  plain(a, &at);
  bool stands = stands_in(&at, type);
  pthread_mutex_unlock(&known_lock);
  if (!stands) {
    int probe = net_socket(a, len, type);
    if (probe == -EADDRINUSE) return (struct answer){.allow = true};
    if (probe < 0) return (struct answer){.err = -probe};
    close(probe);
  }
  int port = source_port(s);
  if (port < 0) return (struct answer){.err = port == -EADDRINUSE ? EADDRNOTAVAIL : -port};
  struct answer r = await_relay(j, port);
  if (!r.allow || stands) return r;
  pthread_mutex_lock(&known_lock);
  int fd = make_room() ? net_listener(a, len, type) : -ENOBUFS;
  if (fd >= 0) {
    known[known_count].a = at;
    known[known_count++].type = type;
  }
  pthread_mutex_unlock(&known_lock);
  if (fd == -EADDRINUSE) return (struct answer){.allow = true}; /* by another thread or the session, just now */
  if (fd < 0) return (struct answer){.err = -fd};
  stand_in(j, fd);
  close(fd);
  return r;
}

/* Without a network of its own, the caller's socket goes to the relay's own address instead; the relay knows it by its port, and
 * lets nobody else in. */
static struct answer redirected(struct job *j, int s, union address *a, socklen_t *len) {
  int port = source_port(s);
  if (port < 0) return (struct answer){.err = port == -EADDRINUSE ? EADDRNOTAVAIL : -port};
  struct answer r = await_relay(j, port);
  if (!r.allow) return r;
  in_port_t at = htons((uint16_t)r.redirect);
  if (a->sa.sa_family == AF_INET) {
    a->in.sin_port = at;
    a->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return r;
  }
  static const struct in6_addr four = {.s6_addr = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}};
  a->in6.sin6_addr = IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr) ? four : in6addr_loopback;
  a->in6.sin6_port = at;
  a->in6.sin6_scope_id = 0;
  *len = sizeof a->in6;
  return r;
}

/* No address is this machine's loopback (ip_route_output_key_hash_rcu, tcp_v6_connect): what is decided on is where it leads. */
static void specify(union address *a) {
  if (a->sa.sa_family == AF_INET && a->in.sin_addr.s_addr == htonl(INADDR_ANY)) a->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (a->sa.sa_family != AF_INET6) return;
  uint8_t *six = a->in6.sin6_addr.s6_addr;
  static const uint8_t nowhere[4], here[4] = {127, 0, 0, 1};
  if (IN6_IS_ADDR_UNSPECIFIED(&a->in6.sin6_addr)) a->in6.sin6_addr = in6addr_loopback;
  else if (IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr) && !memcmp(six + 12, nowhere, 4)) memcpy(six + 12, here, 4);
}

/* A loopback address that the session itself has bound: reaching one's own is no way out, whatever policy says about the
 * machine's. If it is let go before the connect, nothing is there, or a listener of ours that policy allowed since. */
static bool own_loopback(const union address *a, int type) {
  if (!(plan.flags & PLAN_NETNS)) return false;
  union address to;
  socklen_t len = plain(a, &to);
  if (len == sizeof to.in ? *(uint8_t *)&to.in.sin_addr != 127 : !IN6_IS_ADDR_LOOPBACK(&to.in6.sin6_addr)) return false;
  pthread_mutex_lock(&known_lock);
  int probe = stands_in(&to, type) ? 0 : net_socket(&to, len, type);
  pthread_mutex_unlock(&known_lock);
  if (probe > 0) close(probe);
  return probe == -EADDRINUSE;
}

/* May the caller reach this address? Fills in the address to use: for a Unix path the held inode. */
struct answer may_reach(struct job *j, int s, union address *a, socklen_t *len) {
  int type = socket_option(s, SO_TYPE);
  /* The kernel turns down a mix of families by itself, with its own error. */
  if ((a->sa.sa_family == AF_UNIX) != (socket_option(s, SO_DOMAIN) == AF_UNIX)) return (struct answer){.allow = true};
  if (a->sa.sa_family == AF_UNIX && *len > sizeof a->un) return (struct answer){.err = EINVAL};
  switch (a->sa.sa_family) {
    case AF_INET: case AF_INET6: {
      if (*len < (a->sa.sa_family == AF_INET ? sizeof a->in : 24)) return (struct answer){.err = EINVAL};
      *len = a->sa.sa_family == AF_INET ? sizeof a->in : sizeof a->in6;
      specify(a);
      if (own_loopback(a, type)) return (struct answer){.allow = true};
      if (a->sa.sa_family == AF_INET) memset(a->in.sin_zero, 0, sizeof a->in.sin_zero);
      else a->in6.sin6_flowinfo = 0;
      if (of_nested_network(s)) return (struct answer){.allow = true};
      struct answer r = ask(j, OP_CONNECT, (uint32_t)type, "", NULL, NULL, a->raw, *len, -1);
      if (!r.allow || !r.relay) return r;
      if (!(plan.flags & PLAN_NETNS)) return redirected(j, s, a, len);
      union address to = *a;
      if (a->sa.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr)) {
        memset(&to, 0, sizeof to);
        to.in.sin_family = AF_INET;
        to.in.sin_port = a->in6.sin6_port;
        memcpy(&to.in.sin_addr, a->in6.sin6_addr.s6_addr + 12, 4);
      }
      return carried(j, s, &to, to.sa.sa_family == AF_INET ? sizeof to.in : sizeof to.in6, type);
    }
    case AF_UNIX: {
      size_t n = *len - sizeof(sa_family_t);
      if (n == 0) return (struct answer){.err = EINVAL};
      if (a->un.sun_path[0] == 0) { /* abstract: '@' and the name with its NULs shown */
        char name[256] = "@";
        for (size_t i = 1; i < n; i++) name[i] = a->un.sun_path[i] ? a->un.sun_path[i] : '@';
        name[n] = 0;
        return ask(j, OP_IPC, 0, name, NULL, NULL, NULL, 0, -1);
      }
      char path[sizeof a->un.sun_path + 1] = {0};
      memcpy(path, a->un.sun_path, n > sizeof a->un.sun_path ? sizeof a->un.sun_path : n);
      int e = resolve(j, AT_FDCWD, path, 0, 0, &j->obj);
      if (e) return (struct answer){.err = -e};
      struct answer r = {.allow = true};
      if (!is_own(&j->obj.facts)) r = ask(j, OP_IPC, 0, j->obj.path, NULL, &j->obj.facts, NULL, 0, -1);
      *len = (socklen_t)(sizeof(sa_family_t) + (size_t)snprintf(a->un.sun_path, sizeof a->un.sun_path, "/proc/self/fd/%d", j->obj.fd) + 1);
      return r;
    }
    case AF_UNSPEC: case AF_NETLINK: return (struct answer){.allow = true}; /* dissolve; only route netlink exists */
    default: return (struct answer){.err = EAFNOSUPPORT}; /* no socket of another family exists */
  }
}

void do_connect(struct job *j) {
  union address a;
  socklen_t len = (socklen_t)ARG(j, 2);
  promote(j);
  int s = target_fd(j, (int)ARG(j, 0));
  if (s < 0) { answer(j, 0, -s); return; }
  int e = read_address(j, ARG(j, 1), ARG(j, 2) & 0xffffffff, &a);
  if (!e && socket_option(s, SO_TYPE) < 0) e = -ENOTSOCK;
  if (e) { answer(j, 0, -e); close(s); return; }
  struct answer r = may_reach(j, s, &a, &len);
  if (!r.allow) { answer(j, 0, r.err); close(s); return; }
  if (!enter_blocking(j)) { close(s); return; }
  int c = connect(s, &a.sa, len);
  e = errno;
  leave_blocking(j);
  close(s);
  answer(j, 0, c ? (e == EINTR ? j->interrupted : e) : 0);
}

/* The folder part of a path as the kernel will find it for us, without magic links: those in /proc lead to the caller's
 * own places when it is the caller who asks, and to ours when we do. */
static int folder_for_us(int cwd, const char *path) {
  char folder[sizeof(struct sockaddr_un)] = ".";
  size_t n = strlen(path);
  while (n > 1 && path[n - 1] == '/') n--;
  while (n > 0 && path[n - 1] != '/') n--;
  if (n) snprintf(folder, sizeof folder, "%.*s", (int)n, path);
  return oat2(cwd, folder, O_PATH | O_DIRECTORY | O_CLOEXEC, 0, RESOLVE_NO_MAGICLINKS);
}

/* The name a Unix socket is bound by is shown to its peers, so it must be the caller's own spelling. No name in the tree
 * moves while it is bound, and it must mean to us the directory that was decided on for the caller. */
static int bind_unix(struct job *j, int s, union address *a, socklen_t len) {
  char path[sizeof a->un.sun_path + 1] = {0};
  size_t n = len - sizeof(sa_family_t);
  memcpy(path, a->un.sun_path, n > sizeof a->un.sun_path ? sizeof a->un.sun_path : n);
  int e = resolve_parent(j, AT_FDCWD, path, &j->par);
  if (e) return -e;
  struct facts f = {.kind = S_IFSOCK};
  struct answer r = ask(j, OP_CREATE, S_IFSOCK >> 12, j->par.path, NULL, &f, NULL, 0, -1);
  if (!r.allow) return r.err;
  if (!own_view(j) || j->par.twin >= 0) return EPERM;
  use_umask(j);
  int cwd = base_of(j, AT_FDCWD, ".", 0);
  if (cwd < 0) return -cwd;
  pthread_rwlock_wrlock(&tree);
  struct stat x, y;
  int there = folder_for_us(cwd, path);
  e = there < 0 || fstat(j->par.fd, &x) || fstat(there, &y) || x.st_ino != y.st_ino || x.st_dev != y.st_dev ? -EACCES : 0;
  CLOSE(there);
  if (!e && fchdir(cwd)) e = -errno;
  if (!e && bind(s, &a->sa, len)) e = -errno;
  if (!e) remember_own(&j->par);
  if (chdir("/")) e = e ? e : -errno;
  pthread_rwlock_unlock(&tree);
  close(cwd);
  return -e;
}

void do_bind(struct job *j) {
  union address a;
  socklen_t len = (socklen_t)ARG(j, 2);
  promote(j);
  int s = target_fd(j, (int)ARG(j, 0));
  if (s < 0) { answer(j, 0, -s); return; }
  int e = -read_address(j, ARG(j, 1), ARG(j, 2) & 0xffffffff, &a);
  if (!e && a.sa.sa_family == AF_UNIX && socket_option(s, SO_DOMAIN) == AF_UNIX && len > sizeof(sa_family_t) && a.un.sun_path[0])
    e = bind_unix(j, s, &a, len);
  else if (!e && bind(s, &a.sa, len)) e = errno;
  close(s);
  answer(j, 0, e);
}
