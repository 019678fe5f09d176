#include <stdio.h>

__attribute__((noinline)) void report(int x) { printf("%d\n", x); }
