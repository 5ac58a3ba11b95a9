/* The launch plan: a stream of (type, length, bytes) written by endpoint/src/enforce/launch.ts and read to its end. */
#include "gate.h"

enum { P_FILTER = 1, P_RULE, P_ARG, P_ENV, P_CWD, P_FLAGS, P_NOFILE, P_SIGIGN, P_STATIC_READ, P_STATIC_WRITE, P_SUPERVISOR, P_END, P_PRIVATE, P_LAYER };

static void read_all(int fd, void *p, size_t n) {
  for (size_t d = 0; d < n;) {
    ssize_t r = read(fd, (char *)p + d, n - d);
    if (r < 0 && errno == EINTR) continue;
    if (r <= 0) die("launch plan: unexpected end");
    d += (size_t)r;
  }
}

static char **append(char **list, char *item) {
  size_t n = 0;
  while (list && list[n]) n++;
  if (!(n & (n + 1))) list = realloc(list, (2 * n + 4) * sizeof *list); /* grows at 0, 1, 3, 7, … */
  if (!list) die("memory");
  list[n] = item;
  list[n + 1] = NULL;
  return list;
}

void read_plan(int fd) {
  for (;;) {
    uint32_t head[2];
    read_all(fd, head, sizeof head);
    if (head[0] == P_END) break;
    if (head[1] > (8u << 20)) die("launch plan: oversized item");
    char *b = malloc(head[1] + 1);
    if (!b) die("memory");
    read_all(fd, b, head[1]);
    b[head[1]] = 0;
    uint64_t v = 0;
    memcpy(&v, b, head[1] < 8 ? head[1] : 8);
    switch (head[0]) {
      case P_FILTER: plan.filter = b; plan.filter_len = head[1] / 8; break;
      case P_RULE: {
        plan.rules = realloc(plan.rules, (size_t)(plan.nrules + 1) * sizeof *plan.rules);
        if (!plan.rules || head[1] < 9) die("launch plan: rule");
        struct rule *r = &plan.rules[plan.nrules++];
        memcpy(&r->level, b, 4);
        memcpy(&r->rights, b + 4, 4);
        r->path = b + 8;
        break;
      }
      case P_ARG: plan.argv = append(plan.argv, b); break;
      case P_ENV: plan.envp = append(plan.envp, b); break;
      case P_CWD: plan.cwd = b; break;
      case P_FLAGS: plan.flags = v; break;
      case P_NOFILE: plan.nofile = v; break;
      case P_SIGIGN: plan.sigign = v; break;
      case P_STATIC_READ: plan.static_read = append(plan.static_read, b); break;
      case P_STATIC_WRITE: plan.static_write = append(plan.static_write, b); break;
      case P_PRIVATE: plan.private = append(plan.private, b); break;
      case P_LAYER: plan.layers = append(plan.layers, b); break;
      case P_SUPERVISOR: plan.supervisor_pid = (uint32_t)v; break;
      default: die("launch plan: unknown item");
    }
  }
  close(fd);
  if (!plan.envp) plan.envp = append(NULL, NULL);
  if (!plan.filter || !plan.argv || !plan.cwd) die("launch plan: incomplete");
}
