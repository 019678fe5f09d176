#include "shared.h"

extern "C" int third(int x) {
  tree::Node node;
  node.value = x;
  return first(x) + second(x) + named(x) + aliased(x) + weakly(x) +
         node.visit(x);
}
extern "C" void _start(void) {
  int x = third(1);
  KEEP(x);
}
