/* The line to the decision loop that carries one question and its answer at a time: FD_CHANNEL (SOCK_SEQPACKET, blocking
 * on both sides: the other end is one thread that does nothing else). Frame layouts are mirrored in
 * endpoint/src/intercept/wire.ts. */
#include "gate.h"
#include <sched.h>
#include <sys/socket.h>

enum { F_ASK = 1, F_ANSWER = 2, F_NEED = 3, F_SUPPLY = 4, F_LISTENER = 5, F_REFUSED = 6, F_CONFIRM = 7, F_OUTCOMES = 8 };
enum { NEED_CONTENT = 1, NEED_EXE = 2, NEED_ANCESTORS = 3, NEED_INTERPRETER = 4 };
enum { NO_CACHE = 0xffffffffu };

struct ask_head {
  uint32_t type, op;
  uint64_t id;
  uint32_t sub, pid, tid, cpu, ppid, kind, mode, uid, nlink, path_len, path2_len, exe_len;
  uint32_t handing, reserved;
  uint64_t dev, ino, size;
  uint32_t extra_len, nr;
};
struct reply {
  uint32_t type, verdict;
  uint64_t id;
  int32_t err;
  uint32_t prefix_len, per_exe, counter, relay, digest, hand, reserved;
};

static pthread_mutex_t channel = PTHREAD_MUTEX_INITIALIZER;

static void send_frame(const void *head, size_t len, const void *body, size_t body_len, int fd) {
  struct iovec io[2] = {{(void *)(uintptr_t)head, len}, {(void *)(uintptr_t)body, body_len}};
  union { char b[CMSG_SPACE(sizeof(int))]; struct cmsghdr a; } c;
  struct msghdr m = {.msg_iov = io, .msg_iovlen = 2};
  if (fd >= 0) {
    memset(&c, 0, sizeof c);
    m.msg_control = c.b;
    m.msg_controllen = sizeof c.b;
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    h->cmsg_level = SOL_SOCKET;
    h->cmsg_type = SCM_RIGHTS;
    h->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(h), &fd, sizeof fd);
  }
  ssize_t r;
  while ((r = sendmsg(FD_CHANNEL, &m, MSG_NOSIGNAL)) < 0 && errno == EINTR) {}
  if (r < 0) supervisor_lost();
}

/* With the channel held. */
static void send_outcomes(void) {
  struct ended list[64];
  struct ask_head h = {.type = F_OUTCOMES};
  for (unsigned n; (n = take_outcomes(list, 64));) {
    h.extra_len = n * (uint32_t)sizeof *list;
    send_frame(&h, sizeof h, list, h.extra_len, -1);
  }
}

void tell_outcomes(bool wait) {
  if (wait) pthread_mutex_lock(&channel);
  else if (pthread_mutex_trylock(&channel)) return; /* whoever asks now takes them along */
  send_outcomes();
  pthread_mutex_unlock(&channel);
}

/* @param fd takes a descriptor that came along, -1 when there is none; NULL when none is expected */
static struct reply receive(uint64_t id, int *fd) {
  struct reply r;
  ssize_t n;
  int came = -1;
  do {
    CLOSE(came);
    union { char b[CMSG_SPACE(sizeof(int))]; struct cmsghdr a; } c;
    struct iovec io = {&r, sizeof r};
    struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = c.b, .msg_controllen = sizeof c.b};
    n = recvmsg(FD_CHANNEL, &m, MSG_CMSG_CLOEXEC);
    if (n < 0 && errno == EINTR) continue;
    if (n != (ssize_t)sizeof r) supervisor_lost();
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    if (h && h->cmsg_type == SCM_RIGHTS) memcpy(&came, CMSG_DATA(h), sizeof came);
  } while (n < 0 || r.id != id);
  if (fd) *fd = came;
  else CLOSE(came);
  return r;
}

/* The caller's ancestors, nearest first, as NUL-separated executable paths; ends at the gate. */
static size_t ancestors(struct job *j, char *out, size_t cap) {
  size_t n = 0;
  pid_t pid = j->ppid;
  for (int i = 0; i < 32 && pid > 1 && pid != gate_pid; i++) {
    char p[64], t[512];
    snprintf(p, sizeof p, "/proc/%d/exe", pid);
    if (n + PATH_CAP + 1 > cap) break;
    int l = name_of_link(pid, p, out + n, PATH_CAP);
    if (l <= 0) break;
    n += (size_t)l + 1;
    snprintf(p, sizeof p, "/proc/%d/stat", pid);
    int f = open(p, O_RDONLY | O_CLOEXEC);
    ssize_t r = f < 0 ? -1 : read(f, t, sizeof t - 1);
    if (f >= 0) close(f);
    if (r <= 0) break;
    t[r] = 0;
    char *s = strrchr(t, ')');
    pid = s ? (pid_t)strtol(s + 4, NULL, 10) : 0;
  }
  return n;
}

static void supply(struct job *j, uint32_t what, int object) {
  static __thread char buf[65536];
  struct ask_head h = {.type = F_SUPPLY, .id = j->n.id, .sub = what};
  int fd = -1;
  size_t n = 0;
  if (what == NEED_INTERPRETER) object = PLACE(&j->obj2);
  if (what == NEED_CONTENT && j->handing != HANDING_NOTHING) {
    /* Nobody may wait for a file system while the channel is held. */
    if (j->content < 0 && object >= 0 && fs_may_hang(object)) h.mode = CONTENT_LATER;
    else open_content(j, object);
    if (j->content >= 0) {
      h.mode = j->content_traits;
      fd = fcntl(j->content, F_DUPFD_CLOEXEC, 0);
    }
  } else if (what == NEED_CONTENT || what == NEED_INTERPRETER) {
    int named = object < 0 && j->named ? openat(PLACE(j->named), j->named->name, O_PATH | O_NOFOLLOW | O_CLOEXEC) : -1;
    char p[32];
    snprintf(p, sizeof p, "%d", named >= 0 ? named : object);
    if (named >= 0 || object >= 0) fd = openat(procfd, p, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    CLOSE(named);
  } else if (what == NEED_EXE) {
    char p[64];
    snprintf(p, sizeof p, "/proc/%u/exe", j->n.pid);
    fd = open(p, O_RDONLY | O_CLOEXEC);
  } else if (what == NEED_ANCESTORS) {
    n = ancestors(j, buf, sizeof buf);
  }
  h.extra_len = (uint32_t)n;
  send_frame(&h, sizeof h, buf, n, fd);
  CLOSE(fd);
}

static struct answer settle(struct reply r) {
  struct answer a = {.allow = r.verdict == V_ALLOW, .err = r.err, .relay = r.relay, .digest = r.digest != 0};
  if (!a.allow && a.err <= 0) a.err = EACCES;
  return a;
}

/* Put one action to the decision loop, unless a cached class already answers it. `object` may be opened for reading if
 * the policy wants the content. The record of an allow is written before this returns. */
struct answer ask(struct job *j, enum op op, uint32_t sub, const char *path, const char *path2, const struct facts *f,
                  const void *extra, size_t extra_len, int object) {
  static __thread char body[3 * BUF_CAP + 65536 + 16];
  if (op >= OP_READ && op <= OP_META && is_private(path) && (!path2 || is_private(path2))) return (struct answer){.allow = true};
  if (op != OP_EXECUTE && op != OP_CONNECT && !path2 && cache_get(j, op, sub, path)) return (struct answer){.allow = true};
  identify(j);
  const char *exe = exe_of(j);
  /* While it is held it is who it was; after it died its number may show what another thread of it started. */
  if (!still_there(j)) return (struct answer){.err = EINTR};
  struct ask_head h = {.type = F_ASK, .op = op, .id = j->n.id, .sub = sub, .pid = (uint32_t)j->tgid, .tid = j->n.pid,
                       .cpu = (uint32_t)sched_getcpu(), .ppid = (uint32_t)j->ppid, .nr = (uint32_t)j->n.data.nr,
                       .handing = j->handing, .path_len = (uint32_t)strlen(path), .path2_len = path2 ? (uint32_t)strlen(path2) : 0,
                       .exe_len = (uint32_t)strlen(exe), .extra_len = (uint32_t)extra_len};
  if (f) {
    h.kind = f->kind; h.mode = f->mode; h.uid = f->uid; h.nlink = f->nlink;
    h.dev = f->dev; h.ino = f->ino; h.size = f->size;
  }
  size_t n = 0;
  memcpy(body + n, path, h.path_len); n += h.path_len;
  if (path2) memcpy(body + n, path2, h.path2_len);
  n += h.path2_len;
  memcpy(body + n, exe, h.exe_len); n += h.exe_len;
  if (extra_len) memcpy(body + n, extra, extra_len);
  n += extra_len;

again:;
  uint32_t asked_in = cache_generation();
  stay_here(j);
  pthread_mutex_lock(&channel);
  send_outcomes();
  send_frame(&h, sizeof h, body, n, -1);
  struct reply r = receive(j->n.id, &j->copy);
  while (r.type == F_NEED) {
    supply(j, r.verdict, object);
    r = receive(j->n.id, &j->copy);
  }
  if (r.verdict == V_HOLD) hold(j);
  pthread_mutex_unlock(&channel);
  j->hand = r.hand;
  if (r.verdict == V_OPEN) {
    if (!enter_blocking(j)) return (struct answer){.err = EAGAIN};
    open_content(j, object);
    leave_blocking(j);
    if (j->content < 0) return (struct answer){.err = EACCES};
    goto again;
  }
  if (r.verdict == V_HOLD) {
    await_release(j);
    if (j->hold_verdict == V_AGAIN) {
      if (!still_there(j)) return (struct answer){.err = EINTR};
      goto again;
    }
    struct answer a = released_answer(j);
    a.relay = r.relay;
    a.digest = r.digest != 0;
    j->owed |= a.allow;
    return a;
  }
  j->owed |= r.verdict == V_ALLOW;
  if (r.verdict == V_ALLOW && r.prefix_len != NO_CACHE && op != OP_EXECUTE && op != OP_CONNECT && !path2)
    cache_put(j, op, sub, path, r.prefix_len, r.per_exe != 0, r.counter, asked_in);
  return settle(r);
}

static void send_listener(struct job *j, uint32_t port, int fd) {
  struct ask_head h = {.type = F_LISTENER, .id = j->n.id, .sub = port};
  pthread_mutex_lock(&channel);
  send_frame(&h, sizeof h, "", 0, fd);
  pthread_mutex_unlock(&channel);
}

/* Have the relay outside connect to the far side; returns when it is there, or why it is not. By the port that the caller's socket
 * sends from the relay knows its connection from others to the same address. */
struct answer await_relay(struct job *j, int port) {
  hold(j);
  send_listener(j, (uint32_t)port, -1);
  await_release(j);
  return released_answer(j);
}

/* What connects to this listener is to be carried to the far side of this call. */
void stand_in(struct job *j, int listener_fd) { send_listener(j, 0, listener_fd); }

/* Record what no policy can lift. */
void report(struct job *j, const char *what, const char *about) {
  static __thread char body[3 * BUF_CAP];
  identify(j);
  const char *exe = exe_of(j);
  struct ask_head h = {.type = F_REFUSED, .op = OP_OS, .id = j->n.id, .pid = (uint32_t)j->tgid, .tid = j->n.pid, .ppid = (uint32_t)j->ppid,
                       .nr = (uint32_t)j->n.data.nr, .path_len = (uint32_t)strlen(what), .path2_len = about ? (uint32_t)strlen(about) : 0,
                       .exe_len = (uint32_t)strlen(exe), .kind = j->n.data.arch};
  memcpy(body, what, h.path_len);
  if (about) memcpy(body + h.path_len, about, h.path2_len);
  memcpy(body + h.path_len + h.path2_len, exe, h.exe_len);
  pthread_mutex_lock(&channel);
  send_frame(&h, sizeof h, body, h.path_len + h.path2_len + h.exe_len, -1);
  receive(j->n.id, NULL);
  pthread_mutex_unlock(&channel);
}

void refuse(struct job *j, const char *what, int err) {
  report(j, what, NULL);
  answer(j, 0, err);
}

/* Is this the content whose digest the policy was told? */
bool confirm_digest(struct job *j, int fd) {
  struct ask_head h = {.type = F_CONFIRM, .id = j->n.id};
  pthread_mutex_lock(&channel);
  send_frame(&h, sizeof h, "", 0, fd);
  struct reply r = receive(j->n.id, NULL);
  pthread_mutex_unlock(&channel);
  return r.verdict == V_ALLOW;
}
