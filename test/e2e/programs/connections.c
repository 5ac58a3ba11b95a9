/* Many connections to one place, by lines of standard input: "turn N", "once N", "processes N", "places N", "refused N". Each
 * sends bytes of its own and expects them back. Answers each line with what went wrong, or how many went well. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in to;
static int port;

static int reach(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (s < 0) return -errno;
  if (connect(s, (struct sockaddr *)&to, sizeof to)) { int e = -errno; close(s); return e; }
  return s;
}

/* Bytes that begin like nothing that is known, and differ from connection to connection. */
static void fill(char *b, int n, unsigned seed) {
  for (int i = 0; i < n; i++) b[i] = i < 2 ? 0 : (char)(seed * 31 + (unsigned)i * 7);
}

static int give(int s, int n, unsigned seed) {
  char b[4096];
  fill(b, n, seed);
  return write(s, b, (size_t)n) == n ? 0 : errno ? errno : EIO;
}

static int take(int s, int n, unsigned seed) {
  char b[4096], want[4096];
  int got = 0;
  while (got < n) {
    ssize_t r = read(s, b + got, (size_t)(n - got));
    if (r <= 0) return r ? errno : EPIPE;
    got += (int)r;
  }
  fill(want, n, seed);
  return memcmp(b, want, (size_t)n) ? EBADMSG : 0;
}

static int whole(int n, unsigned seed) {
  int s = reach();
  if (s < 0) return -s;
  int e = give(s, n, seed);
  if (!e) e = take(s, n, seed);
  close(s);
  return e;
}

static int turn(int count) {
  for (int i = 0; i < count; i++) {
    int e = whole(16 + i % 100, (unsigned)i);
    if (e) return e;
  }
  return 0;
}

static int once(int count) {
  int *s = calloc((size_t)count, sizeof *s), e = 0;
  for (int i = 0; i < count && !e; i++) if ((s[i] = reach()) < 0) e = -s[i];
  for (int i = 0; i < count && !e; i++) e = give(s[i], 100, (unsigned)i);
  for (int i = 0; i < count && !e; i++) e = take(s[i], 100, (unsigned)i);
  for (int i = 0; i < count; i++) if (s[i] > 0) close(s[i]);
  free(s);
  return e;
}

/* All of them connect at the same moment; each says who it is and how many bytes it sent. */
static int processes(int count) {
  int gate[2], bad = 0;
  if (pipe(gate)) return errno;
  for (int i = 0; i < count; i++) {
    if (fork()) continue;
    char c;
    close(gate[1]);
    if (read(gate[0], &c, 1)) _exit(1);
    int n = 100 + i, e = whole(n, (unsigned)i);
    char line[64];
    int l = snprintf(line, sizeof line, "by %d %d %d\n", getpid(), n, e);
    _exit(write(1, line, (size_t)l) != l || e);
  }
  close(gate[0]);
  usleep(200000);
  close(gate[1]);
  for (int i = 0, status; i < count; i++) if (wait(&status) < 0 || status) bad++;
  return bad;
}

static int places(int count) {
  for (int i = 0; i < count; i++) {
    to.sin_addr.s_addr = htonl(0x7f090000u + (unsigned)i + 1);
    int e = whole(20, (unsigned)i);
    if (e) { printf("the %dth: ", i + 1); return e; }
  }
  return 0;
}

static int refused(int count) {
  to.sin_port = htons((unsigned short)(port == 65535 ? 65534 : port + 1));
  for (int i = 0; i < count; i++) if (reach() != -EACCES) return EBADMSG;
  return 0;
}

int main(int argc, char **argv) {
  char what[32];
  int count;
  port = atoi(argv[argc - 1]);
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (scanf("%31s %d", what, &count) == 2) {
    to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int e = !strcmp(what, "turn") ? turn(count) : !strcmp(what, "once") ? once(count) : !strcmp(what, "processes") ? processes(count)
          : !strcmp(what, "places") ? places(count) : refused(count);
    printf("%s %d: %s\n", what, count, e ? strerror(e) : "well");
  }
  return 0;
}
