/* The program of race-exec: its first instructions leave a mark on descriptor 9, 'b' if it should not have run.
 * Built without a C library, so that nothing comes before. */
#include <sys/syscall.h>

#ifdef __aarch64__
static long call(long nr, long a, const void *b, long c) {
  register long x8 __asm__("x8") = nr, x0 __asm__("x0") = a, x2 __asm__("x2") = c;
  register const void *x1 __asm__("x1") = b;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}
__asm__(".globl _start\n_start: mov x0, sp\n b run\n");
#else
static long call(long nr, long a, const void *b, long c) {
  long r;
  __asm__ volatile("syscall" : "=a"(r) : "a"(nr), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return r;
}
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call run\n");
#endif

__attribute__((used)) void run(char **stack) {
  static const char evil[] = "--evil";
  char mark = MARK, *first = (long)stack[0] > 1 ? stack[2] : "";
  int i = 0;
  while (first[i] && first[i] == evil[i]) i++;
  if (!first[i] && !evil[i]) mark = 'b';
  call(SYS_write, 9, &mark, 1);
  call(SYS_exit_group, 0, 0, 0);
  for (;;) {}
}
