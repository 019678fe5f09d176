#include "shapes.h"
#include <stdio.h>
static int local(int x) { return folded(x) ^ 3; }
/* CLAIM */ int claimed(int x) {
  if (x < 0)
    fails("claimed");
  int y = local(x);
  for (int i = 0; i < (x & 15); i++)
    y += other_file(y ^ i) + table[i];
  printf("claimed %d\n", y);
  return y;
}
int twin_beside(int x) {
  if (x < 0)
    fails("claimed");
  int y = local(x);
  for (int i = 0; i < (x & 15); i++)
    y += other_file(y ^ i) + table[i];
  printf("claimed %d\n", y);
  return y;
}
static int same_one(int x) { return other_file(x) * 31 + picks(x) + counter; }
static int same_two(int x) { return other_file(x) * 31 + picks(x) + counter; }
int calls_claimed(int x) {
  REPEAT(x);
  return claimed(x & 7) + local(x) + through(same_one, x & 3) + through(same_two, x & 3);
}
int main(int argc, char **argv) {
  int x = argc;
  for (int i = 0; i < 3; i++) {
    REPEAT(x);
    x ^= calls_claimed(x & 7) + twin_beside(x & 7) + twin_elsewhere(x & 7) + weak_one(x) + cxx(x);
  }
  x += varies(3, 1, 2, 3) + loops((const unsigned char *)argv[0], 2);
  printf("%d\n", x & 0xffff);
  return 0;
}
