/*
 * hung-fuse FOLDER: mounts a file system of one file, "file", whose first look answers and whose open never does: as a
 * network file system whose server went away (linux/fuse.h). Prints "mounted"; ends, and unmounts, with its input.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int line;

static void reply(unsigned long long unique, int error, const void *body, unsigned length) {
  char out[512];
  struct fuse_out_header head = {sizeof head + length, -error, unique};
  memcpy(out, &head, sizeof head);
  if (length) memcpy(out + sizeof head, body, length);
  write(line, out, head.len);
}

static struct fuse_attr attributes(unsigned long long node) {
  return (struct fuse_attr){.ino = node, .mode = node == 1 ? S_IFDIR | 0755 : S_IFREG | 0644, .nlink = 1, .size = 5, .blksize = 4096};
}

int main(int argc, char **argv) {
  static char in[1 << 17];
  char options[128];
  if (argc != 2 || (line = open("/dev/fuse", O_RDWR)) < 0) return perror("/dev/fuse"), 2;
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions", line);
  if (mount("hung", argv[1], "fuse.hung", 0, options)) return perror("mount"), 2;
  puts("mounted");
  fflush(stdout);
  for (;;) {
    struct pollfd waits[2] = {{line, POLLIN, 0}, {0, POLLIN, 0}};
    if (poll(waits, 2, -1) < 0 || waits[1].revents) break;
    if (read(line, in, sizeof in) < 0) {
      if (errno == EINTR || errno == ENOENT) continue;
      break;
    }
    struct fuse_in_header *head = (void *)in;
    switch (head->opcode) {
      case FUSE_INIT: {
        struct fuse_init_out init = {.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .max_write = 4096};
        reply(head->unique, 0, &init, sizeof init);
        break;
      }
      case FUSE_LOOKUP: {
        struct fuse_entry_out entry = {.nodeid = 2, .entry_valid = 3600, .attr_valid = 3600, .attr = attributes(2)};
        if (strcmp(in + sizeof *head, "file")) reply(head->unique, ENOENT, NULL, 0);
        else reply(head->unique, 0, &entry, sizeof entry);
        break;
      }
      case FUSE_GETATTR: {
        struct fuse_attr_out attr = {.attr_valid = 3600, .attr = attributes(head->nodeid)};
        reply(head->unique, 0, &attr, sizeof attr);
        break;
      }
      case FUSE_OPEN: case FUSE_FORGET: case FUSE_INTERRUPT:
        break; /* the open: for ever */
      default:
        reply(head->unique, ENOSYS, NULL, 0);
    }
  }
  umount2(argv[1], MNT_DETACH);
  return 0;
}
