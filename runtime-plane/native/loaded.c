/* What besides its own image a process that has just been started executes first: the loader that the image names
 * (PT_INTERP). Whoever writes an image names any program there, and the kernel starts it without a call of its own. */
#include "gate.h"

/* musl's loader is its libc; nix-ld stands in for the loader on NixOS. */
static bool is_loader(const char *path) {
  static const char *const names[] = {"ld-", "ld.", "ld64.", "libc.", "libc-", "nix-ld", 0};
  const char *leaf = strrchr(path, '/') + 1;
  for (int i = 0; names[i]; i++)
    if (!strncmp(leaf, names[i], strlen(names[i]))) return true;
  return false;
}

/* Names as /proc/PID/maps shows them: a newline is \012. */
static bool same_name(const char *shown, const char *name) {
  for (; *name; name++) {
    if (*name != '\n') {
      if (*shown++ != *name) return false;
    } else {
      if (strncmp(shown, "\\012", 4)) return false;
      shown += 4;
    }
  }
  return !*shown;
}

/* At its exec stop nothing is mapped but what the kernel mapped. @returns false with the name in `about` (of `cap`
 * bytes) when that is neither the image nor a loader, or with an empty one when it cannot be told */
bool loaded_as_usual(pid_t p, char *about, size_t cap) {
  char name[64], exe[BUF_CAP], *line = NULL;
  size_t room = 0;
  bool usual = true;
  *about = 0;
  snprintf(name, sizeof name, "/proc/%d/exe", p);
  ssize_t n = readlink(name, exe, sizeof exe - 1);
  if (n <= 0) return false;
  exe[n] = 0;
  snprintf(name, sizeof name, "/proc/%d/maps", p);
  FILE *f = fopen(name, "re");
  if (!f) return false;
  while (usual && getline(&line, &room, f) > 0) {
    char *path = strchr(line, '/');
    if (!path) continue; /* the stack, what the kernel itself provides */
    path[strcspn(path, "\n")] = 0;
    usual = same_name(path, exe) || is_loader(path);
    if (!usual) snprintf(about, cap, "%s", path);
  }
  free(line);
  fclose(f);
  return usual;
}
