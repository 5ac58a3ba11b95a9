/* A program that policy denies: leaves a mark that it ran, whichever way it was started, and ends with 42. It needs no
 * loader and no library, so that it also runs in a loader's place. */
#include <fcntl.h>
#include <sys/syscall.h>

static long call(long nr, long a, long b, long c, long d) {
#if defined __x86_64__
  long r;
  register long r10 __asm__("r10") = d;
  __asm__ volatile("syscall" : "=a"(r) : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
  return r;
#else
  register long x8 __asm__("x8") = nr, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c, x3 __asm__("x3") = d;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
#endif
}

__attribute__((used, noreturn)) static void begin(long *stack) {
  if (stack[0] > 1) call(SYS_openat, AT_FDCWD, stack[2], O_CREAT | O_WRONLY, 0600);
  for (;;) call(SYS_exit_group, 42, 0, 0, 0);
}

#if defined __x86_64__
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call begin\n");
#else
__asm__(".globl _start\n_start: mov x0, sp\n bl begin\n");
#endif
