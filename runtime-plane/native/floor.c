/* The floor: two nested Landlock domains and an empty capability set. The outer domain is the gate's own, so that what
 * it opens for the agent is bounded by what could ever be granted; the inner one is the agent's, and holds only what is
 * granted statically. https://docs.kernel.org/userspace-api/landlock.html */
#include "gate.h"
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>

struct ruleset { uint64_t fs, net, scoped; };
struct __attribute__((packed)) beneath { uint64_t access; int32_t fd; };

enum {
  L_EXECUTE = 1 << 0, L_WRITE = 1 << 1, L_READ = 1 << 2, L_READ_DIR = 1 << 3, L_MUTATE = 0x1ff0 /* remove, make: bits 4-12 */,
  L_REFER = 1 << 13, L_TRUNCATE = 1 << 14, L_IOCTL = 1 << 15,
};
enum { N_CONNECT = 2 };
enum { S_ABSTRACT = 1, S_SIGNAL = 2 };

int landlock_abi(void) {
#ifdef GATE_WITHOUT_LANDLOCK
  return 0;
#else
  long v = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
  return v < 0 ? 0 : (int)v;
#endif
}

static uint64_t handled(int abi) {
  uint64_t m = L_EXECUTE | L_WRITE | L_READ | L_READ_DIR | L_MUTATE;
  if (abi >= 2) m |= L_REFER;
  if (abi >= 3) m |= L_TRUNCATE;
  if (abi >= 5) m |= L_IOCTL;
  return m;
}

static void restrict_to(uint32_t level, struct ruleset set) {
  int abi = landlock_abi();
  if (!abi) return; /* main.c has refused by now unless this build is without Landlock on purpose */
  size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
  int rs = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
  if (rs < 0) die("landlock ruleset");
  for (int i = 0; i < plan.nrules; i++) {
    struct rule *r = &plan.rules[i];
    if (r->level != level) continue;
    struct beneath b = {0};
    b.fd = open(r->path, O_PATH | O_CLOEXEC);
    if (b.fd < 0) continue; /* granting what does not exist grants nothing */
    struct stat st;
    fstat(b.fd, &st);
    if (r->rights & R_READ) b.access |= L_READ | L_READ_DIR;
    if (r->rights & R_WRITE) b.access |= L_WRITE | L_MUTATE | L_REFER | L_TRUNCATE;
    if (r->rights & R_EXEC) b.access |= L_EXECUTE;
    if (r->rights & R_IOCTL) b.access |= L_IOCTL;
    if (!S_ISDIR(st.st_mode)) b.access &= L_EXECUTE | L_WRITE | L_READ | L_TRUNCATE | L_IOCTL;
    b.access &= set.fs;
    if (b.access && syscall(SYS_landlock_add_rule, rs, 1, &b, 0)) die("landlock rule");
    close(b.fd);
  }
  if (syscall(SYS_landlock_restrict_self, rs, 0)) die("landlock");
  close(rs);
}

void floor_outer(void) {
  restrict_to(1, (struct ruleset){.fs = handled(landlock_abi())});
}

void floor_inner(void) {
  int abi = landlock_abi();
  struct ruleset s = {.fs = handled(abi), .net = abi >= 4 ? N_CONNECT : 0,
                      .scoped = abi >= 6 ? S_ABSTRACT | S_SIGNAL : 0};
  if (!s.fs && !s.net && !s.scoped) return;
  restrict_to(2, s);
}

/* Keeps of what it has no more than these. */
void limit_capabilities(uint64_t keep) {
  struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct d[2] = {{0}};
  if (keep) {
    syscall(SYS_capget, &h, d);
    uint64_t have = d[0].permitted | ((uint64_t)d[1].permitted << 32);
    keep &= have;
  }
  d[0] = (struct __user_cap_data_struct){(uint32_t)keep, (uint32_t)keep, 0};
  d[1] = (struct __user_cap_data_struct){(uint32_t)(keep >> 32), (uint32_t)(keep >> 32), 0};
  if (syscall(SYS_capset, &h, d)) die("capset");
}

/* Inside a session's own namespaces the gate keeps what lets it read undumpable agents and listen on any port of the
 * session's own network; both are powerless outside these namespaces. In process isolation it keeps nothing. */
void keep_capabilities(void) {
  for (int c = 0; c < 64; c++) /* a sandbox that runs as root looks for CAP_SETFCAP here before it makes a namespace */
    if (c != CAP_SETFCAP || !nested_mounts) prctl(PR_CAPBSET_DROP, c, 0, 0, 0); /* without CAP_SETPCAP no_new_privs alone forbids a gain */
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  limit_capabilities(plan.flags & PLAN_PID1 ? (1ull << CAP_SYS_PTRACE) | (1ull << CAP_NET_BIND_SERVICE) : 0);
}

void drop_capabilities(void) {
  limit_capabilities(0);
}
