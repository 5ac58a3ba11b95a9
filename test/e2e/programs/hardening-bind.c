/* Binds Unix sockets by names in /proc that mean one place to the caller and another to whoever acts for it. Working
 * directory: `open` may be changed, nothing may be made in `closed`, and nobody may connect to `sockets/outside`. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { NUMBER = 100, FIRST = 8, LAST = 60 };

static int named(const char *path, int (*call)(int, const struct sockaddr *, socklen_t)) {
  struct sockaddr_un a = {AF_UNIX};
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  strncpy(a.sun_path, path, sizeof a.sun_path - 1);
  int e = call(s, (struct sockaddr *)&a, sizeof a) ? errno : 0;
  close(s);
  return e;
}

static int do_bind(int s, const struct sockaddr *a, socklen_t n) { return bind(s, a, n); }
static int do_connect(int s, const struct sockaddr *a, socklen_t n) { return connect(s, a, n); }

/* The gate keeps the folder of the caller's descriptors open. So one number is a folder of the caller in which `NUMBER` is
 * a link to `shown`; in the gate, perhaps, the caller's descriptors, of which NUMBER is `real`. */
static void spray(const char *shown, const char *real, const char *name) {
  char path[64];
  unlink("tree/100");
  symlink(shown, "tree/100");
  int folder = open(real, O_RDONLY | O_DIRECTORY), tree = open("tree", O_RDONLY | O_DIRECTORY);
  dup2(folder, NUMBER);
  for (int f = FIRST; f < LAST; f++) {
    if (f != folder && f != tree) dup2(tree, f);
    openat(NUMBER, "absent", O_RDONLY);
    snprintf(path, sizeof path, "/proc/self/fd/%d/%d/%s", f, NUMBER, name);
    named(path, do_bind);
  }
}

int main(void) {
  if (named("open/plain", do_bind)) puts("an ordinary bind failed");
  if (named("sockets/outside", do_connect) != EACCES) puts("connected before");
  spray("../sockets", "open", "outside");
  if (named("sockets/outside", do_connect) != EACCES) puts("connected to what was taken for its own");
  spray("../open", "closed", "made");
  if (!access("closed/made", F_OK)) puts("made in a closed folder");
  return 0;
}
