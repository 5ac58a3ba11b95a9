/* The content of a held open: what policy is shown, and what is then handed over. A lease on the description that is scanned keeps
 * it as it is until then: nobody has the file open for writing, and whoever tries to waits. */
#include "gate.h"
#include <sys/vfs.h>
#include <time.h>

enum { EXT = 0xef53, XFS = 0x58465342, TMPFS = 0x01021994 };
static const uint32_t BTRFS = 0x9123683e, F2FS = 0xf2f52010;

/* Where all writers of a file are known to this kernel, and (unless in memory) whoever writes through a mapping leaves a time stamp. */
static uint32_t traits_of(int fd) {
  struct statfs s;
  if (fstatfs(fd, &s)) return 0;
  uint32_t type = (uint32_t)s.f_type;
  if (type == EXT || type == XFS || type == BTRFS || type == F2FS) return CONTENT_LEASED | CONTENT_STAMPED;
  return type == TMPFS ? CONTENT_LEASED : 0;
}

/* A lease that somebody waits for is taken away after so many seconds; one that is younger is held. */
static long break_seconds;

/* Before the floor. */
void content_setup(void) {
  char text[32] = "";
  int fd = open("/proc/sys/fs/lease-break-time", O_RDONLY | O_CLOEXEC);
  if (fd >= 0 && read(fd, text, sizeof text - 1) > 0) break_seconds = atol(text);
  CLOSE(fd);
}

static int64_t seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec;
}

/* The object as it is opened for the caller if it is to be written, too; else for reading alone. May block where the file system
 * may. */
void open_content(struct job *j, int object) {
  if (j->content >= 0 || object < 0) return;
  bool both = j->handing == HANDING_BOTH && object != j->obj.twin;
  int flags = both ? j->flags : O_RDONLY | O_CLOEXEC | O_NOCTTY;
  char p[32];
  snprintf(p, sizeof p, "%d", object);
  j->content = openat(procfd, p, flags | O_NONBLOCK);
  if (j->content < 0) return;
  if (fs_may_hang(j->content)) j->content_traits = CONTENT_MAY_HANG;
  else j->content_traits = traits_of(j->content);
  if (!(j->flags & O_NONBLOCK)) fcntl(j->content, F_SETFL, flags);
  bool leased = j->content_traits & CONTENT_LEASED && (both || j->handing == HANDING_READ) &&
                !fcntl(j->content, F_SETLEASE, both ? F_WRLCK : F_RDLCK);
  j->leased_at = seconds_now();
  if (!leased) j->content_traits &= ~(uint32_t)CONTENT_LEASED;
}

bool still_leased(struct job *j) {
  return j->content_traits & CONTENT_LEASED && seconds_now() - j->leased_at < break_seconds - 1;
}

bool awaited(struct job *j) {
  return j->handing == HANDING_READ && j->content_traits & CONTENT_LEASED && fcntl(j->content, F_GETLEASE) != F_RDLCK;
}

void give_up_lease(struct job *j) {
  fcntl(j->content, F_SETLEASE, F_UNLCK);
  j->content_traits &= ~(uint32_t)CONTENT_LEASED;
}

/* What nobody else may have changed is handed over as it was opened, with the lease lifted afterwards. */
int take_content(struct job *j) {
  return j->handing == HANDING_BOTH && j->content_traits & CONTENT_LEASED ? j->content : -1;
}

void release_content(struct job *j) {
  if (j->content >= 0 && j->content_traits & CONTENT_LEASED) give_up_lease(j);
  CLOSE(j->content);
  CLOSE(j->copy);
  j->content_traits = 0;
  j->handing = HANDING_NOTHING;
  j->hand = HAND_FILE;
}
