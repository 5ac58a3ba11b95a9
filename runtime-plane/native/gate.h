/* The gate: PID 1 of an agent's session. It installs the kernel floor, receives every mediated system call of the
 * agent (seccomp user notification), resolves what the call is about, asks the decision loop (TypeScript, over
 * channel.c) and performs the act for the caller. It holds no policy: only a cache of answers it was given.
 *
 * One thread leads (receives notifications); before anything that may block it hands leadership on (`promote`), so a
 * FIFO, a hung file system or a pending approval never delays another call. */
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <unistd.h>

#include <linux/audit.h>
#if defined __x86_64__
#define GATE_ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define GATE_ARCH AUDIT_ARCH_AARCH64
#else
#error "the gate knows x86-64 and arm64"
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS _IOW('!', 4, uint64_t)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif
#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif

/* Descriptors the launcher hands over (see endpoint/src/enforce/launch.ts). */
enum { FD_CHANNEL = 3, FD_PLAN = 4, FD_SELF = 5, FD_EVENTS = 6, FD_COUNTERS = 7 };

enum { PATH_CAP = 4096, BUF_CAP = PATH_CAP + 320, MAX_THREADS = 1024, COUNTERS = 65536 };

/* Internal errno of the kernel: the caller restarts or sees EINTR, as its own signal disposition says. */
enum { E_RESTARTSYS = 512 };

/* What is asked of the decision loop. Mirrored in endpoint/src/intercept/wire.ts. */
enum op {
  OP_READ = 1, OP_WRITE, OP_CREATE, OP_DELETE, OP_RENAME, OP_LINK, OP_META, OP_EXECUTE, OP_CONNECT, OP_IPC, OP_OS,
};

/* Flags of the launch plan. */
enum {
  PLAN_PID1 = 1, PLAN_NETNS = 2, PLAN_NEST_USERNS = 4, PLAN_NEST_MOUNTS = 8,
};

struct plan {
  uint64_t flags, nofile, sigign;
  char **argv, **envp;
  char *cwd;
  void *filter;
  size_t filter_len;
  struct rule { uint32_t level, rights; char *path; } *rules; /* level: 1 outer, 2 inner; rights: R_* below */
  int nrules;
  char **static_read, **static_write;
  char **layers;  /* folders whose changes land in a layer of the session */
  char **private; /* folders of the session that nested sandboxes get as their own file systems */
  uint32_t supervisor_pid; /* process isolation only: visible in our PID namespace; 0 otherwise */
};
enum { R_READ = 1, R_WRITE = 2, R_EXEC = 4, R_IOCTL = 8 };

/* Facts about the object of a call, as the kernel gave them for a descriptor that we hold. */
struct facts {
  uint32_t kind, mode, uid, nlink;
  uint64_t dev, ino, size;
};

struct object {
  int fd; /* O_PATH, or -1 */
  int twin; /* the same inode in the session's own tree, when `fd` is in a nested mount, else -1 */
  struct facts facts;
  bool anonymous; /* pipe, socket, memfd…: no name in any file system; its holder has it already */
  char path[BUF_CAP];
};

struct parent {
  int fd, twin;
  bool trailing_slash;
  char name[258]; /* NAME_MAX, a slash that demands a directory, and the end */
  char path[BUF_CAP]; /* canonical path of the parent, then '/', then name */
};

/* One held system call and all that its handling needs. Buffers live with the thread. */
struct job {
  struct seccomp_notif n;
  bool leading, answered, staying;
  bool owed;    /* an allow of this call was recorded, its outcome not yet */
  bool pursued; /* its outcome is not known when it is answered */
  int view; /* 0 not looked at, 1 the caller sees our tree, 2 another */
  pid_t tgid, ppid;
  mode_t umask;
  bool known; /* tgid, ppid, umask are read */
  int root;   /* O_PATH of the target's root when it may differ from ours, else -1 */
  pthread_t thread;
  volatile bool blocking;
  bool hold_done;
  int hold_verdict, hold_errno;
  int interrupted; /* errno for a blocking act that the watch broke off */
  int content; /* what policy was shown of an open, else -1 */
  int copy;    /* what is handed over in its place, else -1 */
  int flags;   /* how the caller wants it */
  struct parent *named; /* the name that is asked about, when no object is held */
  uint32_t content_traits, handing, hand; /* CONTENT_*, HANDING_*, HAND_* */
  int64_t leased_at;
  char path[BUF_CAP], path2[BUF_CAP], tmp[BUF_CAP], exe[BUF_CAP];
  struct object obj, obj2, loader;
  struct parent par, par2;
};

/* What the content of an open was read through. */
enum { CONTENT_LEASED = 1, CONTENT_STAMPED = 2, CONTENT_MAY_HANG = 4, CONTENT_LATER = 8 };
/* What the caller gets if it is allowed. */
enum { HANDING_NOTHING, HANDING_READ, HANDING_BOTH };
/* The file; the file as it was scanned; the descriptor that came with the answer. */
enum { HAND_FILE, HAND_SCANNED, HAND_COPY };

/* How an allowed act ended: 0, an errno, or one of these. */
enum { ENDED_ABANDONED = -1, ENDED_FAILED = -2 };
struct ended { uint64_t id; int64_t err; };

struct answer { bool allow; int err; uint32_t relay; bool digest; int redirect; };

/* main.c */
extern struct plan plan;
extern int listener;
extern pid_t gate_pid;
extern pid_t agent_pid;
extern bool nested_mounts; /* and so are mounts in them: an object may be in a mount that is none of the session's */
extern bool foreign_roots; /* nested namespaces are permitted: a target's root may differ from ours */
void die(const char *what) __attribute__((noreturn));
extern volatile bool ending; /* the listener is closed, and its number may be something else's by now */
void agent_ended(int status);

/* plan.c */
void read_plan(int fd);

/* floor.c */
int landlock_abi(void);
void floor_outer(void);
void floor_inner(void);
void keep_capabilities(void);
void limit_capabilities(uint64_t keep);
void drop_capabilities(void);

/* probe.c */
int probe_kernel(void);
int probe_network(void);

/* net.c */
void net_setup(void);
int net_socket(const void *addr, socklen_t len, int type);
int net_listener(const void *addr, socklen_t len, int type);

/* channel.c */
enum { V_DENY = 0, V_ALLOW = 1, V_HOLD = 2, V_AGAIN = 3, V_OPEN = 4 };
struct answer ask(struct job *j, enum op op, uint32_t sub, const char *path, const char *path2, const struct facts *f,
                  const void *extra, size_t extra_len, int fd);
void refuse(struct job *j, const char *what, int err);
void report(struct job *j, const char *what, const char *about);
bool confirm_digest(struct job *j, int fd);
void tell_outcomes(bool wait);
struct answer await_relay(struct job *j, int port);
void stand_in(struct job *j, int listener_fd);

/* held.c */
void hold(struct job *j);
void await_release(struct job *j);
void cancel_hold(struct job *j, int err);
struct answer released_answer(struct job *j);
void event(uint32_t type, uint64_t a, uint64_t b);
void start_events(void);
void supervisor_lost(void);

/* content.c */
void content_setup(void);
void open_content(struct job *j, int object);
bool still_leased(struct job *j);
bool awaited(struct job *j);
void give_up_lease(struct job *j);
int take_content(struct job *j);
void release_content(struct job *j);

/* outcome.c */
void outcome(struct job *j, int err);
unsigned take_outcomes(struct ended *out, unsigned room);

/* cache.c */
bool cache_get(struct job *j, enum op op, uint32_t sub, const char *path);
void cache_put(struct job *j, enum op op, uint32_t sub, const char *path, uint32_t prefix_len, bool per_exe, uint32_t counter,
               uint32_t asked_in);
void cache_flush(void);
uint32_t cache_generation(void);
bool static_known(const char *raw, bool write);
void static_remember(const char *raw, bool write);
bool under_static(const char *path, bool write);

/* target.c */
ssize_t read_target(struct job *j, uint64_t addr, void *buf, size_t len);
int read_string(struct job *j, uint64_t addr, char *buf, size_t cap);
bool write_target(struct job *j, uint64_t addr, const void *buf, size_t len);
void identify(struct job *j);
const char *exe_of(struct job *j);
void keep_exe(pid_t tgid, const char *exe);
void use_umask(struct job *j);
int target_tty(struct job *j, char *out, size_t cap);
int target_fd(struct job *j, int fd);
bool is_gate(pid_t tgid);
bool may_touch_proc(struct job *j, const char *path, bool *own);
bool may_write_proc(struct job *j, const char *path);
int caught_signal_pending(pid_t tid);
bool may_steer(pid_t pid);

/* resolve.c */
bool own_view(struct job *j);
int root_of(struct job *j);
int base_of(struct job *j, int dirfd, const char *path, uint64_t res);
int resolve(struct job *j, int dirfd, const char *path, int oflags, uint64_t res, struct object *o);
int resolve_parent(struct job *j, int dirfd, const char *path, struct parent *p);
int resolve_parent_within(struct job *j, int dirfd, const char *path, uint64_t res, struct parent *p);
int name_of(int fd, char *out, size_t cap);
int describe(struct job *j, int fd, struct object *o);
int absolute(struct job *j, int dirfd, const char *path, char *out, size_t cap);
int oat2(int d, const char *p, uint64_t fl, uint64_t mode, uint64_t res);
int name_of_twin(struct job *j, int fd, int *twin, char *out, size_t cap);
extern int procfd;

/* walk.c */
enum { WALK_NOFOLLOW = 1, WALK_PARENT = 2 };
int walk(struct job *j, int base, const char *path, int how, char *last, bool *trailing);
bool is_proc(int fd);

/* twin.c */
bool own_mount(int fd);
uint64_t mount_of(int fd);
uint64_t device_of(int fd);
int twin_of(pid_t tid, int fd);
int name_of_link(pid_t tid, const char *link, char *out, size_t cap);
bool shown_read_only(int fd);
bool mounted_on(int dir, const char *name);

/* mounter.c */
enum { MOUNT_SESSION = 1, MOUNT_BIND, MOUNT_CHANGE, MOUNT_REMOVE, MOUNT_PIVOT, MOUNT_USER_MAP };
enum { MOUNT_USER_NS, MOUNT_NS, MOUNT_ROOT, MOUNT_A, MOUNT_B, MOUNT_FDS };
struct mount_request { uint32_t what, recursive; uint64_t attributes, propagation; };
extern pid_t mounter_pid;
void start_mounter(void);
int make_mount(const struct mount_request *q, int *fds);
int open_map_of_root(int fd);

/* private.c */
int take_private(mode_t mode);
bool is_private(const char *path);

/* layer.c */
int run_in_layers(int argc, char **argv);
int probe_layer(const char *folder);
bool in_layer(const char *path);
const char *layer_of_both(const char *a, const char *b);
void layer_touched(void);
void layer_written(int fd);
void tell_layer(void);

/* move.c */
long move_folder(int from, const char *name, int to, const char *new_name, unsigned flags);

/* loader.c */
int loader_of(struct job *j, const struct object *image);
bool mapped_as_decided(struct job *j, pid_t p, const struct object *image);

/* loaded.c */
bool loaded_as_usual(pid_t p, char *about, size_t cap);

/* answer.c */
void answer(struct job *j, int64_t val, int err);
void proceed(struct job *j); /* CONTINUE: only where no pointer argument matters or the floor bounds it */
void inject(struct job *j, int fd, bool cloexec);
void give(struct job *j, int fd, bool cloexec);
bool still_there(struct job *j);
void ioctl_sync_wake_up(void);
void stay_here(struct job *j);
void move_freely(struct job *j);

/* loop.c */
void promote(struct job *j);
bool enter_blocking(struct job *j);
void leave_blocking(struct job *j);
void run_loop(void);
void start_watch(void);

/* handlers */
void do_open(struct job *j);       /* open.c */
void do_change(struct job *j);     /* change.c: everything that changes the tree or metadata */
void do_exec(struct job *j);       /* exec.c */
void do_connect(struct job *j);    /* socket.c */
void do_bind(struct job *j);
void do_send(struct job *j);       /* send.c */
void do_socket(struct job *j);
void do_signal(struct job *j);     /* refuse.c */
void do_refused(struct job *j);
void do_mount(struct job *j);      /* nest.c */
void do_pace(struct job *j);
bool fs_may_hang(int fd);
bool below_hanging(const char *path);
void watch_mounts(void);
bool is_user_map(const char *path);
int open_user_map(struct job *j, const struct object *o, int flags);

#define ARG(j, i) ((j)->n.data.args[i])
/* Where an act is performed: always in the session's own tree. */
#define PLACE(o) ((o)->twin >= 0 ? (o)->twin : (o)->fd)
#define CLOSE(fd) do { if ((fd) >= 0) close(fd); (fd) = -1; } while (0)
