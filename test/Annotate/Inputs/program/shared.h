// What every file of the program sees: inline functions and templates, whose
// copies are comdats.
#define KEEP(x) __asm__ volatile("" : "+r"(x))

inline __attribute__((noinline)) int ofHeader(int x) {
  KEEP(x);
  return x + 1;
}

template <class T> __attribute__((noinline)) T twice(T x) {
  KEEP(x);
  return x + x;
}

namespace tree {
struct Node {
  int value;
  virtual int visit(int x);
  __attribute__((noinline)) int inClass(int x) {
    KEEP(x);
    return x * value;
  }
};
} // namespace tree

extern "C" {
int first(int x);
int second(int x);
int third(int x);
int named(int x);
int aliased(int x);
int weakly(int x);
}
