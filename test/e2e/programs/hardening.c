/* Input that is made to break the gate itself. Prints one line for each that got through or hurt. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* An address without a family: UDP takes it for IPv4. */
static void unspecified(int port) {
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in to = {.sin_family = AF_UNSPEC, .sin_port = htons((unsigned short)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  if (sendto(s, "leak", 4, 0, (struct sockaddr *)&to, sizeof to) >= 0) puts("sent without a family");
  struct iovec io = {"leak", 4};
  struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &io, .msg_iovlen = 1};
  if (sendmsg(s, &m, 0) >= 0) puts("sent a message without a family");
  to.sin_family = AF_INET;
  if (sendto(s, "open", 4, 0, (struct sockaddr *)&to, sizeof to) >= 0) puts("sent with a family");
}

/* The longest name, and a slash that demands a directory. */
static void long_name(void) {
  char name[300];
  memset(name, 'n', 255);
  strcpy(name + 255, "/");
  if (mkdir(name, 0700) || rmdir(name)) printf("long name: %s\n", strerror(errno));
}

/* Control data whose lengths lie. */
static void lying_control(void) {
  int pair[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  for (size_t length = 0; length < 40; length++) {
    char control[64] = {0};
    struct cmsghdr *c = (struct cmsghdr *)control;
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = length < 32 ? length : (size_t)-length;
    struct iovec io = {"x", 1};
    struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    sendmsg(pair[0], &m, MSG_DONTWAIT);
  }
}

/* A last header without its padding, after one that says nothing: whatever arrives must be what was sent. */
static void unpadded_control(void) {
  int pair[2], own = open("data", O_RDONLY);
  struct stat sent, got;
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  union { char raw[CMSG_SPACE(0) + CMSG_LEN(sizeof own)]; struct cmsghdr align; } control = {0};
  struct cmsghdr *second = (struct cmsghdr *)(control.raw + CMSG_SPACE(0));
  control.align = (struct cmsghdr){CMSG_LEN(0), IPPROTO_TCP, 1};
  *second = (struct cmsghdr){CMSG_LEN(sizeof own), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(second), &own, sizeof own);
  char byte = 'x', room[256];
  struct iovec io = {&byte, 1};
  struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control.raw, .msg_controllen = sizeof control.raw};
  if (sendmsg(pair[0], &m, 0) != 1) { printf("unpadded control: %s\n", strerror(errno)); return; }
  m = (struct msghdr){.msg_iov = &io, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  recvmsg(pair[1], &m, 0);
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  int arrived;
  if (!c) { puts("unpadded control: nothing arrived"); return; }
  memcpy(&arrived, CMSG_DATA(c), sizeof arrived);
  if (fstat(own, &sent) || fstat(arrived, &got) || sent.st_ino != got.st_ino) puts("another descriptor arrived");
}

static void refused(const char *what, long r, int error) {
  if (r >= 0 || errno != error) printf("%s: %s\n", what, r >= 0 ? "done" : strerror(errno));
}

/* Calls on what is open already that would reach past it. */
static void past_the_gate(void) {
  static const unsigned char loose[] = {IPOPT_LSRR, 7, 4, 127, 0, 0, 1, 0};
  refused("source route", setsockopt(socket(AF_INET, SOCK_DGRAM, 0), IPPROTO_IP, IP_OPTIONS, loose, sizeof loose), EPERM);
  unsigned size;
  refused("name of the program", prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, &size, 0, 0), EPERM);
  static const unsigned long numbers[] = {0x40806685 /* FS_IOC_ENABLE_VERITY */, 0x50009401 /* BTRFS_IOC_SNAP_CREATE */,
    0x50009417 /* BTRFS_IOC_SNAP_CREATE_V2 */, 0x5000940e /* BTRFS_IOC_SUBVOL_CREATE */,
    0x50009418 /* BTRFS_IOC_SUBVOL_CREATE_V2 */, 0x5000940f /* BTRFS_IOC_SNAP_DESTROY */,
    0x5000943f /* BTRFS_IOC_SNAP_DESTROY_V2 */, 0xaa00 /* USERFAULTFD_IOC_NEW */};
  int folder = open(".", O_RDONLY | O_DIRECTORY);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) refused("ioctl", ioctl(folder, numbers[i], 0), EPERM);
}

/* A second name for what may not be read, under the same rule, is removed while it is held. */
static void removed_name(void) {
  char path[64];
  if (open("first.key", O_RDONLY) >= 0) puts("a key was read");
  if (link("first.key", "second.key")) printf("link: %s\n", strerror(errno));
  snprintf(path, sizeof path, "/proc/self/fd/%d", open("second.key", O_PATH));
  unlink("second.key");
  if (open(path, O_RDONLY) >= 0) puts("a key was read by a name that was removed");
  int odd = open("odd (deleted)", O_CREAT | O_RDWR, 0600);
  snprintf(path, sizeof path, "/proc/self/fd/%d", odd);
  if (odd < 0 || open(path, O_RDONLY) < 0) printf("odd name: %s\n", strerror(errno));
}

int main(int argc, char **argv) {
  if (argc > 1) unspecified(atoi(argv[1]));
  long_name();
  lying_control();
  unpadded_control();
  past_the_gate();
  removed_name();
  if (argc > 2) refused("disk", open(argv[2], O_RDONLY), EACCES);
  int f = open("data", O_RDONLY);
  puts(f >= 0 ? "alive" : "dead");
  return 0;
}
