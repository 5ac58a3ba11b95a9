/* The program that must not run. */
#include <stdio.h>
int main(void) { puts("PAYLOAD-RAN"); return 0; }
