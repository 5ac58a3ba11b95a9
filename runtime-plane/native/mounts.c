/* Which file systems may answer late or never. */
#include "gate.h"
#include <linux/magic.h>
#include <sys/statfs.h>

enum { FUSE = 0x65735546, CIFS = 0xff534d42, SMB2 = 0xfe534d42, CEPH = 0x00c36400, V9 = 0x01021997, AFS = 0x5346414f };

bool fs_may_hang(int fd) {
  struct statfs s;
  if (fstatfs(fd, &s)) return true;
  switch ((uint32_t)s.f_type) {
    case FUSE: case CIFS: case SMB2: case CEPH: case V9: case AFS: case NFS_SUPER_MAGIC: return true;
    default: return false;
  }
}
