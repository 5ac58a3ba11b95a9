/* nested <world> <attack>: in user and mount namespaces of its own, reaches for what policy denies by the names that mounts
 * give. Prints what it got, one line per try: a line that says LEAK is one. <world>/denied is denied, <world>/never is
 * masked, <world>/allowed is the agent's own. */
#include "report.h"
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <linux/capability.h>
#include <dirent.h>

static const char *world;

static const char *at(const char *name) {
  static char out[16][4096];
  static int i;
  char *o = out[i++ & 15];
  snprintf(o, 4096, name[0] == '/' ? "%2$s" : "%s/%s", world, name);
  return o;
}

static void put_line(const char *file, const char *text) {
  int fd = open(file, O_WRONLY);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) { printf("%s: %s\n", file, strerrorname_np(errno)); exit(3); }
  close(fd);
}

static void enter(void) {
  char map[64];
  unsigned u = geteuid(), g = getegid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS)) { printf("unshare: %s\n", strerrorname_np(errno)); exit(3); }
  put_line("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "%u %u 1", u, u);
  put_line("/proc/self/uid_map", map);
  snprintf(map, sizeof map, "%u %u 1", g, g);
  put_line("/proc/self/gid_map", map);
  if (mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL)) { printf("slave: %s\n", strerrorname_np(errno)); exit(3); }
}

static void need(const char *what, int r) {
  if (r) { printf("%s: %s\n", what, strerrorname_np(errno)); exit(3); }
}

static void bind(const char *from, const char *to) {
  if (mount(from, to, NULL, MS_BIND | MS_REC, NULL)) { printf("bind %s: %s\n", to, strerrorname_np(errno)); exit(3); }
}

static void judge(const char *what, int fd) {
  char text[64] = "";
  ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd < 0) printf("%s: %s\n", what, strerrorname_np(errno));
  else if (n > 0 && strstr(text, "secret")) printf("%s: LEAK\n", what);
  else if (n > 0 && strstr(text, "public")) printf("%s: public\n", what);
  else printf("%s: opened\n", what);
  if (fd >= 0) close(fd);
}

static void reach(const char *what, const char *path) { judge(what, open(path, O_RDONLY)); }

static void binds(void) {
  enter();
  bind(at("denied/data"), at("allowed/data"));
  reach("file on a file", at("allowed/data"));
  judge("for writing", open(at("allowed/data"), O_WRONLY | O_TRUNC));
  printf("truncate: %s\n", truncate(at("allowed/data"), 0) ? strerrorname_np(errno) : "LEAK");
  bind(at("denied"), at("allowed/dir"));
  reach("folder on a folder", at("allowed/dir/data"));
  judge("creation", open(at("allowed/dir/fresh"), O_CREAT | O_WRONLY | O_EXCL, 0600));
  int dir = open(at("allowed/dir"), O_PATH);
  judge("by a descriptor", openat(dir, "data", O_RDONLY));
  need("fchdir", fchdir(dir));
  reach("by the working folder", "data");
  reach("by /proc/self/cwd", "/proc/self/cwd/data");
  reach("by /proc/self/root", at("/proc/self/root/proc/self/cwd/data"));
  int file = open(at("allowed/dir/data"), O_PATH);
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  reach("by /proc/self/fd", name);
  need("chdir", chdir("/"));
  bind(at("allowed/other"), at("denied"));
  reach("allowed on denied", at("denied/data"));
  printf("unlink of a mount: %s\n", unlink(at("allowed/data")) ? strerrorname_np(errno) : "LEAK");
  printf("rmdir of a mount: %s\n", rmdir(at("allowed/dir")) ? strerrorname_np(errno) : "LEAK");
  printf("rename of a mount: %s\n", rename(at("allowed/dir"), at("allowed/gone")) ? strerrorname_np(errno) : "LEAK");
}

static void names(void) {
  enter();
  bind(world, at("allowed/dir"));
  reach("deeper", at("allowed/dir/denied/data"));
  printf("rename: %s\n", rename(at("allowed/dir/denied/data"), at("allowed/dir/allowed/stolen")) ? strerrorname_np(errno) : "LEAK");
  printf("across: %s\n", rename(at("allowed/dir/denied/data"), at("allowed/stolen")) ? strerrorname_np(errno) : "LEAK");
  printf("link: %s\n", link(at("allowed/dir/denied/data"), at("allowed/dir/allowed/stolen")) ? strerrorname_np(errno) : "LEAK");
  printf("symlink: %s\n", symlink(at("allowed/dir/denied/data"), at("allowed/link")) ? strerrorname_np(errno) : "made");
  reach("through a link", at("allowed/link"));
  printf("chmod: %s\n", chmod(at("allowed/dir/denied/data"), 0777) ? strerrorname_np(errno) : "LEAK");
  need("tmpfs", mount("t", at("allowed/base"), "tmpfs", 0, "mode=0755"));
  need("mkdir", mkdir(at("allowed/base/old"), 0755) || mkdir(at("allowed/base/pub"), 0755));
  bind(at("denied"), at("allowed/base/pub"));
  reach("on a private file system", at("allowed/base/pub/data"));
  need("pivot", syscall(SYS_pivot_root, at("allowed/base"), at("allowed/base/old")));
  need("chdir", chdir("/"));
  reach("after pivot_root", "/pub/data");
  char name[4096];
  snprintf(name, sizeof name, "/old%s/denied/data", world);
  reach("in the old root", name);
  judge("private file", open("/mine", O_CREAT | O_RDWR, 0600));
  need("chroot", chroot("/pub"));
  need("chdir", chdir("/"));
  reach("after chroot", "/data");
}

static void start(const char *what, const char *path) {
  fflush(stdout);
  pid_t p = fork();
  if (!p) {
    execl(path, "prog", at("allowed/marker"), NULL);
    _exit(errno == EACCES ? 100 : 101);
  }
  int st;
  waitpid(p, &st, 0);
  if (WIFSIGNALED(st)) printf("%s: killed\n", what);
  else printf("%s: %s\n", what, WEXITSTATUS(st) == 100 ? "EACCES" : WEXITSTATUS(st) == 101 ? "failed" : WEXITSTATUS(st) == 42 ? "LEAK" : "ran");
}

static void starts(void) {
  enter();
  start("allowed", "/usr/bin/true");
  bind(at("denied/prog"), at("allowed/prog"));
  start("denied on allowed", at("allowed/prog"));
  bind(at("denied/prog"), "/usr/bin/true");
  start("denied on /usr/bin/true", "/usr/bin/true");
  int fd = open("/usr/bin/true", O_PATH | O_CLOEXEC);
  fflush(stdout);
  pid_t p = fork();
  if (!p) {
    char *argv[] = {"prog", (char *)at("allowed/marker"), NULL};
    syscall(SYS_execveat, fd, "", argv, argv + 2, AT_EMPTY_PATH);
    _exit(100);
  }
  int st;
  waitpid(p, &st, 0);
  printf("execveat: %s\n", WIFEXITED(st) && WEXITSTATUS(st) == 42 ? "LEAK" : "refused");
  bind(at("denied/prog"), "/lib64/ld-linux-x86-64.so.2");
  start("denied as the loader", "/usr/bin/false");
}

/* The loader that was looked at and the one that is started: two roots between which another thread goes to and fro. */
static volatile bool stop;
static void *two_roots(void *arg) {
  (void)arg;
  int a = open(at("allowed/dir"), O_PATH), b = open(at("allowed/other"), O_PATH);
  for (unsigned i = 0; !stop; i++) {
    if (fchdir(i & 1 ? a : b) || chroot(".")) exit(3);
  }
  return NULL;
}

static void loaders(int tries) {
  need("link", link(at("allowed/dynamic"), at("allowed/dir/prog")) || link(at("allowed/dynamic"), at("allowed/other/prog")));
  need("lib64", mkdir(at("allowed/dir/lib64"), 0755) || mkdir(at("allowed/other/lib64"), 0755));
  const char *name[] = {at("allowed/dir/lib64/ld-linux-x86-64.so.2"), at("allowed/other/lib64/ld-linux-x86-64.so.2")};
  for (int i = 0; i < 2; i++) close(open(name[i], O_CREAT | O_WRONLY, 0755));
  enter();
  bind(at("allowed/dir"), at("allowed/dir"));
  bind(at("allowed/other"), at("allowed/other"));
  bind("/lib64/ld-linux-x86-64.so.2", name[0]);
  bind(at("denied/prog"), name[1]);
  int leaks = 0, refused = 0, ran = 0, killed = 0;
  char *argv[] = {"prog", NULL};
  pthread_t t;
  pthread_create(&t, NULL, two_roots, NULL);
  for (int i = 0; i < tries; i++) {
    pid_t p = (pid_t)syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
    if (!p) {
      close(2); /* it misses its libraries */
      execve("/prog", argv, argv + 1);
      _exit(100);
    }
    int st;
    waitpid(p, &st, 0);
    if (WIFSIGNALED(st)) killed++;
    else if (WEXITSTATUS(st) == 42) leaks++;
    else if (WEXITSTATUS(st) == 100) refused++;
    else ran++;
  }
  stop = true;
  pthread_join(t, NULL);
  printf("{\"tries\":%d,\"leaks\":%d,\"refused\":%d,\"allowed\":%d,\"killed\":%d}\n", tries, leaks, refused, ran, killed);
}

static void masks(void) {
  enter();
  printf("umount: %s\n", umount2(at("never"), MNT_DETACH) ? strerrorname_np(errno) : "LEAK");
  printf("bind without it: %s\n", mount(world, at("allowed/dir"), NULL, MS_BIND, NULL) ? strerrorname_np(errno) : "LEAK");
  bind(world, at("allowed/dir"));
  reach("with it", at("allowed/dir/never/data"));
  printf("writable: %s\n", mount(NULL, "/sys", NULL, MS_BIND | MS_REMOUNT, NULL) ? strerrorname_np(errno) : "same");
  printf("proc_sys: %d\n", open("/proc/sys/kernel/core_pattern", O_WRONLY) >= 0);
}

static void types(void) {
  enter();
  static const char *const kinds[] = {"sysfs", "overlay", "fuse", "ext4", "cgroup2", "bpf", "debugfs", "ramfs", 0};
  for (int i = 0; kinds[i]; i++)
    printf("%s: %s\n", kinds[i], mount(kinds[i], at("allowed/dir"), kinds[i], 0, "") ? strerrorname_np(errno) : "LEAK");
  printf("move: %s\n", mount("/proc", at("allowed/dir"), NULL, MS_MOVE, NULL) ? strerrorname_np(errno) : "LEAK");
  printf("shared: %s\n", mount(NULL, "/", NULL, MS_SHARED | MS_REC, NULL) ? strerrorname_np(errno) : "LEAK");
  printf("remount: %s\n", mount(NULL, "/", NULL, MS_REMOUNT, NULL) ? strerrorname_np(errno) : "LEAK");
  printf("open_tree: %s\n", syscall(428, AT_FDCWD, world, 1) < 0 ? strerrorname_np(errno) : "LEAK");
  printf("fsopen: %s\n", syscall(430, "tmpfs", 0) < 0 ? strerrorname_np(errno) : "LEAK");
  printf("mount_setattr: %s\n", syscall(442, AT_FDCWD, "/", 0, world, 32) < 0 ? strerrorname_np(errno) : "LEAK");
  need("proc", mount("proc", at("allowed/dir"), "proc", 0, NULL));
  reach("environment of the gate", at("allowed/dir/1/environ"));
  reach("its memory", at("allowed/dir/1/mem"));
  char name[64];
  snprintf(name, sizeof name, "allowed/dir/%d/environ", getppid());
  reach("environment outside", at(name));
  snprintf(name, sizeof name, "/proc/%d/root%.4000s/allowed/data", getppid(), world);
  reach("through the root of a process outside", name);
}

static void outside(void) {
  printf("in the session's own namespace: %s\n", mount(at("allowed/other"), at("allowed/dir"), NULL, MS_BIND, NULL) ? strerrorname_np(errno) : "LEAK");
  need("user namespace", unshare(CLONE_NEWUSER));
  printf("of a user namespace only: %s\n", mount(at("allowed/other"), at("allowed/dir"), NULL, MS_BIND, NULL) ? strerrorname_np(errno) : "LEAK");
  printf("umount: %s\n", umount2(at("never"), MNT_DETACH) ? strerrorname_np(errno) : "LEAK");
}

static void unprivileged(void) {
  enter();
  bind(at("allowed/other"), at("allowed/dir"));
  struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct d[2] = {{0}};
  need("capset", (int)syscall(SYS_capset, &h, d));
  printf("umount: %s\n", umount2(at("allowed/dir"), MNT_DETACH) ? strerrorname_np(errno) : "LEAK");
  printf("bind: %s\n", mount(at("allowed/other"), at("allowed/base"), NULL, MS_BIND, NULL) ? strerrorname_np(errno) : "LEAK");
  need("deeper", unshare(CLONE_NEWUSER | CLONE_NEWNS));
  printf("umount deeper: %s\n", umount2(at("allowed/dir"), MNT_DETACH) ? strerrorname_np(errno) : "LEAK");
}

/* Whoever may not even be looked at, other than the gate itself. */
static pid_t beside_the_gate(void) {
  pid_t found = 0;
  DIR *d = opendir("/proc");
  for (struct dirent *e; d && (e = readdir(d));) {
    char name[300];
    if (atoi(e->d_name) < 2) continue;
    snprintf(name, sizeof name, "/proc/%s/comm", e->d_name);
    int fd = open(name, O_RDONLY);
    if (fd < 0 && errno == EACCES) found = atoi(e->d_name);
    if (fd >= 0) close(fd);
  }
  if (d) closedir(d);
  return found;
}

static void mounter(void) {
  pid_t m = beside_the_gate();
  printf("there is one: %d\n", m > 1);
  if (m <= 1) exit(3);
  for (int inside = 0; inside < 2; inside++) {
    char name[64];
    static const char *const files[] = {"mem", "environ", "maps", "root", "fd/3", "cwd", "task", 0};
    if (inside) enter();
    printf("kill: %s\n", kill(m, SIGKILL) ? strerrorname_np(errno) : "LEAK");
    printf("ptrace: %s\n", ptrace(PTRACE_ATTACH, m, 0, 0) ? strerrorname_np(errno) : "LEAK");
    struct rlimit none = {0, 0};
    printf("prlimit: %s\n", prlimit(m, RLIMIT_NOFILE, &none, NULL) ? strerrorname_np(errno) : "LEAK");
    for (int i = 0; files[i]; i++) {
      snprintf(name, sizeof name, "/proc/%d/%s", m, files[i]);
      printf("%s: %s\n", files[i], open(name, O_RDONLY) < 0 ? "refused" : "LEAK");
    }
    snprintf(name, sizeof name, "/proc/%d/root/", m);
    printf("its root: %s\n", open(name, O_PATH) < 0 ? "refused" : "LEAK");
    int p = (int)syscall(SYS_pidfd_open, m, 0);
    printf("pidfd_getfd: %s\n", syscall(SYS_pidfd_getfd, p, 3, 0) < 0 ? "refused" : "LEAK");
    printf("pidfd_send_signal: %s\n", syscall(SYS_pidfd_send_signal, p, SIGKILL, NULL, 0) < 0 ? "refused" : "LEAK");
  }
  need("still serves", mount("t", at("allowed/base"), "tmpfs", 0, NULL));
}

static void pool(void) {
  enter();
  int i = 0;
  while (i < 1000 && mount("t", at("allowed/base"), "tmpfs", 0, NULL) == 0) i++;
  printf("then: %s\n", i < 1000 ? strerrorname_np(errno) : "LEAK");
  printf("several: %d\n", i > 60);
}

static void *to_and_fro(void *arg) {
  const char *spot = arg;
  while (!stop) {
    need("bind", mount(at("denied"), spot, NULL, MS_BIND | MS_REC, NULL));
    usleep(300);
    need("umount", umount2(spot, MNT_DETACH));
    usleep(300);
  }
  return NULL;
}

static void race(int tries) {
  enter();
  pthread_t t;
  char *spot = strdup(at("allowed/other")), file[4096], text[64];
  snprintf(file, sizeof file, "%s/data", spot);
  int leaks = 0, allowed = 0, refused = 0, other = 0;
  pthread_create(&t, NULL, to_and_fro, spot);
  for (int i = 0; i < tries; i++) {
    int fd = open(file, i & 1 ? O_RDONLY : O_RDWR);
    if (fd < 0) { errno == EACCES || errno == EPERM ? refused++ : other++; continue; }
    memset(text, 0, sizeof text);
    if (read(fd, text, sizeof text - 1) > 0 && strstr(text, "secret")) leaks++;
    else allowed++;
    close(fd);
  }
  stop = true;
  pthread_join(t, NULL);
  printf("{\"tries\":%d,\"leaks\":%d,\"allowed\":%d,\"refused\":%d,\"other\":%d}\n", tries, leaks, allowed, refused, other);
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  world = argv[1];
  setvbuf(stdout, NULL, _IOLBF, 0);
  const char *what = argv[2];
  if (!strcmp(what, "binds")) binds();
  else if (!strcmp(what, "names")) names();
  else if (!strcmp(what, "starts")) starts();
  else if (!strcmp(what, "loaders")) loaders(atoi(argv[3]));
  else if (!strcmp(what, "masks")) masks();
  else if (!strcmp(what, "types")) types();
  else if (!strcmp(what, "outside")) outside();
  else if (!strcmp(what, "unprivileged")) unprivileged();
  else if (!strcmp(what, "mounter")) mounter();
  else if (!strcmp(what, "pool")) pool();
  else if (!strcmp(what, "race")) race(atoi(argv[3]));
  else return 2;
  return 0;
}
