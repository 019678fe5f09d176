#include "shared.h"

// A local that another module's import may make global.
static __attribute__((noinline)) int local(int x) {
  KEEP(x);
  return x + 3;
}
static __attribute__((noinline)) int onlyFirst(int x) {
  KEEP(x);
  return twice(x) + 7;
}
int tree::Node::visit(int x) { return inClass(x) + value; }
extern "C" int first(int x) { return local(x) + onlyFirst(x) + ofHeader(x); }
extern "C" __attribute__((noinline)) int named(int x) {
  KEEP(x);
  return x - 1;
}
extern "C" int aliased(int x) __attribute__((alias("named")));
extern "C" __attribute__((weak)) int weakly(int x) {
  KEEP(x);
  return x;
}
