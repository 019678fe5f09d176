extern "C" {
#include "shapes.h"
}
namespace {
struct Shape {
  virtual int area(int) const = 0;
};
struct Square : Shape {
  int area(int X) const override { return X * X; }
};
struct Twice : Shape {
  int area(int X) const override { return X * X; }
};
template <typename T> T most(T A, T B) { return A < B ? B : A; }
} // namespace
template <typename T> struct Holder {
  T Value;
  __attribute__((noinline)) T get(T Other) const { return most(Value, Other) + T(table[1]); }
};
struct Guard {
  int &Count;
  ~Guard() { Count++; }
};
static int throws(int X) {
  if (X & 64)
    throw X;
  return X;
}
extern "C" int cxx(int X) {
  static const Square S{};
  static const Twice T{};
  const Shape *Shapes[] = {&S, &T};
  Guard G{counter};
  try {
    X ^= throws(X) + Shapes[X & 1]->area(X & 255);
  } catch (int E) {
    X += E;
  }
  REPEAT(X);
  return X + Holder<int>{X}.get(3) + Holder<unsigned>{3u}.get(4u) + int(Holder<long>{2}.get(X));
}
