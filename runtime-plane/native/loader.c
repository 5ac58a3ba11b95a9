/* Where names are the caller's to arrange by mounts, so is the loader that a program names: the kernel starts that in its
 * place. So it is looked at before, and at the exec stop nothing else may be mapped. */
#include "gate.h"
#include <elf.h>

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

/* May it be executed by its session's name? The kernel itself starts it by the caller's. Before 6.14 the list of the
 * floor in the decision loop alone says so. */
static bool floor_lets_execute(const struct object *o) {
  char *argv[] = {(char[]){"x"}, NULL};
  return o->twin < 0 || !syscall(SYS_execveat, o->twin, "", argv, argv + 1, AT_EMPTY_PATH | AT_EXECVE_CHECK) || errno != EACCES;
}

/* Holds the loader of this image in `j->loader`, if it has one and the policy lets the caller read it. @returns 0 or -errno */
int loader_of(struct job *j, const struct object *image) {
  char n[16], name[PATH_CAP];
  Elf64_Ehdr h;
  Elf64_Phdr p = {0};
  CLOSE(j->loader.fd);
  if (!floor_lets_execute(image)) return -EACCES;
  snprintf(n, sizeof n, "%d", PLACE(image));
  int f = openat(procfd, n, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (f < 0) return -errno;
  int e = 0;
  bool found = false;
  if (pread(f, &h, sizeof h, 0) != sizeof h || memcmp(h.e_ident, ELFMAG, SELFMAG)) h.e_phnum = 0;
  else if (h.e_ident[EI_CLASS] != ELFCLASS64 || h.e_phentsize != sizeof p) e = -ENOTSUP;
  for (unsigned i = 0; !e && !found && i < h.e_phnum; i++) {
    if (pread(f, &p, sizeof p, (off_t)(h.e_phoff + i * sizeof p)) != sizeof p) e = -ENOEXEC;
    found = p.p_type == PT_INTERP;
  }
  if (!e && found && (p.p_filesz < 2 || p.p_filesz > sizeof name || pread(f, name, p.p_filesz, (off_t)p.p_offset) != (ssize_t)p.p_filesz ||
                      name[p.p_filesz - 1])) e = -ENOEXEC;
  close(f);
  if (e || !found) return e;
  struct object *l = &j->loader;
  if ((e = resolve(j, AT_FDCWD, name, 0, 0, l))) return e;
  if (!floor_lets_execute(l)) return -EACCES;
  struct answer a = ask(j, OP_READ, 0, l->path, NULL, &l->facts, NULL, 0, PLACE(l));
  return a.allow ? 0 : -a.err;
}

/* Are the image and its loader all that is mapped into the process that was just started? */
bool mapped_as_decided(struct job *j, pid_t p, const struct object *image) {
  const struct object *known[] = {image, j->loader.fd >= 0 ? &j->loader : image};
  uint64_t dev[2], ino[2];
  for (int i = 0; i < 2; i++) {
    struct stat st;
    if (fstat(PLACE(known[i]), &st)) return false;
    dev[i] = device_of(PLACE(known[i]));
    ino[i] = st.st_ino;
  }
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/maps", p);
  FILE *f = fopen(path, "re");
  bool same = f != NULL;
  while (same && fgets(text, sizeof text, f)) {
    unsigned maj, min;
    unsigned long long inode;
    if (sscanf(text, "%*x-%*x %*s %*x %x:%x %llu", &maj, &min, &inode) != 3) same = false;
    else if (inode) same = (inode == ino[0] && makedev(maj, min) == dev[0]) || (inode == ino[1] && makedev(maj, min) == dev[1]);
    while (same && !strchr(text, '\n') && fgets(text, sizeof text, f)) {} /* the rest of a long name */
  }
  if (f) fclose(f);
  return same;
}
