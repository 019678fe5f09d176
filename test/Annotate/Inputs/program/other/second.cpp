#include "shared.h"

static __attribute__((noinline)) int local(int x) {
  KEEP(x);
  return x - 3;
}
extern "C" __attribute__((noinline)) int second(int x) {
  KEEP(x);
  return local(x) + ofHeader(x) + twice(x);
}
extern "C" __attribute__((noinline, section(".text.given"))) int given(int x) {
  return second(x) + 1;
}
extern "C" __attribute__((noinline, cold)) int rarely(int x) {
  return twice(static_cast<long>(x)) + 1;
}
