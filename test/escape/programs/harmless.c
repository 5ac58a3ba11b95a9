/* As large as the payload, and allowed. */
#include <stdio.h>
int main(void) { puts("harmless..."); return 0; }
