/* Programs that are started by another name than the one that is asked about. With -DLOADER it is the program that is
 * denied: it needs no library and no loader. */
#ifdef LOADER
void _start(void) {
  static const char said[] = "denied program ran\n";
#if defined __x86_64__
  long r;
  __asm__ volatile("syscall" : "=a"(r) : "a"(1), "D"(1), "S"(said), "d"(sizeof said - 1) : "rcx", "r11", "memory");
  __asm__ volatile("syscall" : : "a"(231), "D"(0) : "rcx", "r11", "memory");
#else
  register long nr __asm__("x8") = 64, a __asm__("x0") = 1, c __asm__("x2") = sizeof said - 1;
  register const char *b __asm__("x1") = said;
  __asm__ volatile("svc 0" : "+r"(a) : "r"(nr), "r"(b), "r"(c) : "memory");
  nr = 94;
  __asm__ volatile("svc 0" : : "r"(nr), "r"(a) : "memory");
#endif
  for (;;) {}
}
#elif defined CARRIER
int main(void) { return 0; }
#else
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* A vector too long to be looked at, with what is denied in it. */
static int many(char *program) {
  char *filler = malloc(40000);
  memset(filler, 'x', 39999);
  filler[39999] = 0;
  execv(program, (char *[]){program, "--forbidden", filler, NULL});
  puts(strerror(errno));
  return 0;
}

enum { LINKS = 30, STEPS = 700, ROUNDS = 40 };
static char target[64];

/* Links that take long to follow: last one first. */
static void maze(void) {
  char text[4000], name[32];
  mkdir("m", 0755);
  symlink("../denied", "m/0");
  for (int i = 1; i <= LINKS; i++) {
    size_t n = 0;
    for (int k = 0; k < STEPS; k++) n += (size_t)sprintf(text + n, "%s../m", k ? "/" : "");
    sprintf(text + n, "/%d", i - 1);
    sprintf(name, "m/%d", i);
    symlink(text, name);
  }
  sprintf(target, "m/%d/socket", LINKS);
}

static volatile int go;
static void *become(void *program) {
  while (!go) {}
  execl(program, program, "0.05", NULL);
  return NULL;
}

/* One thread connects, another one becomes the program that may. */
static int become_while_held(char *program) {
  maze();
  for (int round = 0; round < ROUNDS; round++) {
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    pid_t child = fork();
    if (!child) {
      struct sockaddr_un a = {AF_UNIX};
      pthread_t t;
      strcpy(a.sun_path, target);
      pthread_create(&t, NULL, become, program);
      go = 1;
      for (volatile int i = 0; i < round % 60 * 60000; i++) {}
      connect(s, (struct sockaddr *)&a, sizeof a);
      for (;;) pause();
    }
    waitpid(child, NULL, 0);
    struct sockaddr_un peer;
    socklen_t n = sizeof peer;
    if (!getpeername(s, (struct sockaddr *)&peer, &n)) { printf("connected in round %d\n", round); return 0; }
    close(s);
  }
  return 0;
}

int main(int argc, char **argv) {
  return !strcmp(argv[1], "many") ? many(argv[2]) : become_while_held(argv[2]);
}
#endif
