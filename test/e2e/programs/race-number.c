/* race-number <world> <tries> openat|fchmod|connect [<allowed port> <denied port>]: dup2 flips what a descriptor number
 * means while a call uses it. */
#include "race-common.c"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { N = 50 };
static int first, second;

static void *flip_number(void *arg) {
  (void)arg;
  while (!over) {
    dup2(second, N);
    irregular_pause();
    dup2(first, N);
    irregular_pause();
  }
  return NULL;
}

static void openat_once(void) {
  int fd = openat(N, "data", O_RDONLY);
  char c = 0;
  if (fd < 0) { count_error(); return; }
  if (read(fd, &c, 1) == 1 && c == 'A') seen.allowed++;
  else seen.leaks++;
  close(fd);
}

static void fchmod_once(long i) {
  struct stat st;
  if (fchmod(N, i & 1 ? 0644 : 0600)) count_error();
  else seen.allowed++;
  if (fstat(second, &st) || (st.st_mode & 0777) != 0644) { seen.leaks++; fchmod(second, 0644); }
}

/* The policy allows this port to UDP and denies it to TCP; a TCP socket must never be connected. */
static void connect_once(int port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}}, peer;
  socklen_t l = sizeof peer;
  if (connect(N, (struct sockaddr *)&to, sizeof to)) count_error();
  else seen.allowed++;
  if (getpeername(second, (struct sockaddr *)&peer, &l) == 0) {
    seen.leaks++;
    fail("the stream socket is connected");
  }
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  world = argv[1];
  long tries = atol(argv[2]);
  const char *act = argv[3];
  if (!strcmp(act, "openat")) {
    first = open(place("1"), O_PATH | O_DIRECTORY);
    second = open(place("2"), O_PATH | O_DIRECTORY);
  } else if (!strcmp(act, "fchmod")) {
    first = open(place("1/data"), O_RDONLY);
    second = open(place("3/data"), O_RDONLY);
  } else {
    first = socket(AF_INET, SOCK_DGRAM, 0);
    second = socket(AF_INET, SOCK_STREAM, 0);
  }
  if (first < 0 || second < 0) fail("descriptors");
  dup2(first, N);
  pthread_t t = thread(flip_number, NULL);
  for (; seen.tries < tries; seen.tries++) {
    if (!strcmp(act, "openat")) openat_once();
    else if (!strcmp(act, "fchmod")) fchmod_once(seen.tries);
    else connect_once(atoi(argv[4]));
  }
  over = true;
  pthread_join(t, NULL);
  return report();
}
