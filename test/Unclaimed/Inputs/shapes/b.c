#include "shapes.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
const int table[16] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
int counter = 2;
static __thread int per_thread = 4;
static int local(int x) { return folded(x) ^ 3; }
static int up(int x) { return x + per_thread; }
static int down(int x) { return x - 1; }
static int same(int x) { return x - 1; }
step steps[4] = {up, down, same, other_file};
int twin_elsewhere(int x) {
  if (x < 0)
    fails("claimed");
  int y = local(x);
  for (int i = 0; i < (x & 15); i++)
    y += other_file(y ^ i) + table[i];
  printf("claimed %d\n", y);
  return y;
}
int other_file(int x) { return (x * 17) ^ table[x & 15]; }
int through(step f, int x) { return f(x) ^ x; }
int picks(int x) {
  switch (x & 15) {
  case 0: return other_file(x) + 1;
  case 1: REPEAT(x); return x;
  case 2: return through(up, x);
  case 3: return -x;
  case 4: REPEAT(x); return x * 2;
  case 5: return through(down, x) + 5;
  case 6: return x / 3;
  case 9: return through(same, x) * 9;
  default: return table[x & 7];
  }
}
__attribute__((weak)) int weak_one(int x) { return picks(x) + 1; }
int aliased(int x) __attribute__((alias("weak_one")));
int loops(const unsigned char *p, int n) {
  unsigned h = 5381;
  double d = 1.5;
  for (int i = 0; i < n; i++) {
    h = h * 33 + p[i];
    d = d * 1.25 + h;
  }
  return (int)(h + (unsigned)d) & 1023;
}
int varies(int n, ...) {
  va_list l;
  va_start(l, n);
  int s = 0;
  while (n--)
    s += va_arg(l, int);
  va_end(l);
  return s;
}
void fails(const char *why) {
  fprintf(stderr, "fails: %s\n", why);
  exit(3);
}
__attribute__((constructor)) static void starts(void) { counter++; }
