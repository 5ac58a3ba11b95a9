# A parallel build, and what it built.
mkdir src && cd src
for i in 1 2 3 4 5 6; do printf 'int f%d(int x) { return x * %d; }\n' "$i" "$i" >"f$i.c"; done
cat >main.c <<'C'
#include <stdio.h>
int f1(int), f2(int), f3(int), f4(int), f5(int), f6(int);
int main(void) { printf("%d\n", f1(1) + f2(1) + f3(1) + f4(1) + f5(1) + f6(1)); return 21; }
C
printf 'prog: main.o f1.o f2.o f3.o f4.o f5.o f6.o\n\t$(CC) -o $@ $^\nlib.a: f1.o f2.o\n\tar crD $@ $^\n%%.o: %%.c\n\t$(CC) -O1 -c -o $@ $<\n' >Makefile
make -s -j2 prog lib.a 2>&1; ./prog; echo "exit $?"; make -s -j2 prog && echo again: nothing to do
gcc -static -o still main.c f?.c && ./still; echo "static $?"
gcc -shared -fPIC -o libf.so f1.c && nm -D libf.so | grep -c ' f1$'; gcc -o broken missing.c 2>&1 | head -3; gcc -E -o /dev/null main.c && echo preprocessed
