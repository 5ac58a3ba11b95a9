/* A host that lacks something: runs a program under a seccomp filter. refuse-calls landlock|landlock-off|users|namespaces|
 * handles|trace|listener|domain -- PROGRAM [ARGS...]. As container run times and old kernels do it, by errno. */
#include <errno.h>
#include <stdint.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NEW_USER = 0x10000000, NEW_ANY = 0x7e020000 };
#define NR BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define ARG(i) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[i]))
#define CALL(n, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, n, 0, skip)
#define BITS(k, skip) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, k, 0, skip)
#define ERRNO(e) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (e))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define FILTER(...) \
  { static struct sock_filter f[] = {__VA_ARGS__}; program = (struct sock_fprog){sizeof f / sizeof *f, f}; }

int main(int argc, char **argv) {
  struct sock_fprog program = {0};
  const char *what = argc > 3 && !strcmp(argv[2], "--") ? argv[1] : "";
  if (!strcmp(what, "landlock")) FILTER(NR, CALL(SYS_landlock_create_ruleset, 1), ERRNO(ENOSYS), ALLOW)
  else if (!strcmp(what, "landlock-off")) FILTER(NR, CALL(SYS_landlock_create_ruleset, 1), ERRNO(EOPNOTSUPP), ALLOW)
  else if (!strcmp(what, "users") || !strcmp(what, "namespaces")) {
    static struct sock_filter f[] = {
        NR, CALL(SYS_clone3, 1), ERRNO(ENOSYS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 1, 0), CALL(SYS_unshare, 3),
        ARG(0), BITS(0, 1), ERRNO(EPERM), ALLOW};
    f[6].k = what[0] == 'u' ? NEW_USER : NEW_ANY;
    program = (struct sock_fprog){sizeof f / sizeof *f, f};
  } else if (!strcmp(what, "listener"))
    FILTER(NR, CALL(SYS_seccomp, 3), ARG(1), BITS(SECCOMP_FILTER_FLAG_NEW_LISTENER, 1), ERRNO(EBUSY), ALLOW)
  else if (!strcmp(what, "handles")) FILTER(NR, CALL(SYS_pidfd_getfd, 1), ERRNO(EPERM), ALLOW)
  else if (!strcmp(what, "trace")) FILTER(NR, CALL(SYS_process_vm_readv, 1), ERRNO(EPERM), ALLOW)
  else if (strcmp(what, "domain")) return fprintf(stderr, "refuse-calls: nothing to refuse\n"), 2;
  if (!program.len) { /* a Landlock domain that refuses block devices, and with them every mount */
    uint64_t handled = 1 << 11;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || rules < 0 || syscall(SYS_landlock_restrict_self, rules, 0))
      return perror("landlock"), 2;
    execvp(argv[3], argv + 3);
    return perror(argv[3]), 2;
  }
  /* As root the filter needs no no_new_privs, as with a container's. */
  if (geteuid() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return perror("no_new_privs"), 2;
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)) return perror("seccomp"), 2;
  execvp(argv[3], argv + 3);
  return perror(argv[3]), 2;
}
