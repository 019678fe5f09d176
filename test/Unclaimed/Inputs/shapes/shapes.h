typedef int (*step)(int);
__attribute__((noinline)) int claimed(int x);
__attribute__((noinline)) int twin_beside(int x);
__attribute__((noinline)) int twin_elsewhere(int x);
int calls_claimed(int x);
int other_file(int x);
int picks(int x);
int through(step f, int x);
int weak_one(int x);
int cxx(int x);
int loops(const unsigned char *p, int n);
int varies(int n, ...);
void fails(const char *why) __attribute__((noreturn, cold));
extern const int table[16];
extern int counter;
extern step steps[4];
static inline int folded(int x) { return x * 5 + counter; }
#define REPEAT(x)                                                              \
  x ^= x << 7;                                                                 \
  x += counter * 3;                                                            \
  x ^= x >> 9;                                                                 \
  x = through(steps[x & 3], x);                                                \
  x += table[x & 15];                                                          \
  x ^= x << 8
