// Functions whose code may call what their source does not name.
typedef signed char i8;
typedef short i16;
typedef int i32;
typedef long long i64;
typedef unsigned u32;
typedef unsigned long long u64;
#define ARITHMETIC(T, N)                                                       \
  T mul_##N(T a, T b) { return a * b; }                                        \
  T div_##N(T a, T b) { return a / b; }                                        \
  T rem_##N(T a, T b) { return a % b; }                                        \
  T both_##N(T a, T b) { return a / b + a % b; }                               \
  T by_constant_##N(T a) { return a / 10 + a % 7; }                            \
  T times_constant_##N(T a) { return (T)(a * 12345); }
ARITHMETIC(i8, i8)
ARITHMETIC(i16, i16)
ARITHMETIC(i32, i32)
ARITHMETIC(i64, i64)
ARITHMETIC(u32, u32)
ARITHMETIC(u64, u64)
#ifdef __SIZEOF_INT128__
ARITHMETIC(__int128, i128)
__int128 shl_i128(__int128 a, int b) { return a << b; }
__int128 shr_i128(__int128 a, int b) { return a >> b; }
#endif
i64 shl_i64(i64 a, int b) { return a << b; }
i64 shr_i64(i64 a, int b) { return a >> b; }
u64 shr_u64(u64 a, int b) { return a >> b; }
int clz_u32(u32 a) { return __builtin_clz(a); }
int ctz_u32(u32 a) { return __builtin_ctz(a); }
int popcount_u32(u32 a) { return __builtin_popcount(a); }
int clz_u64(u64 a) { return __builtin_clzll(a); }
int ctz_u64(u64 a) { return __builtin_ctzll(a); }
int popcount_u64(u64 a) { return __builtin_popcountll(a); }
u32 swap_u32(u32 a) { return __builtin_bswap32(a); }
#define FLOATS(T, N)                                                           \
  T add_##N(T a, T b) { return a + b; }                                        \
  T multiply_##N(T a, T b) { return a * b; }                                   \
  T fused_##N(T a, T b, T c) { return a * b + c; }                             \
  T divide_##N(T a, T b) { return a / b; }                                     \
  T constant_##N(T a) { return a * (T)3.1415926; }                             \
  int less_##N(T a, T b) { return a < b; }                                     \
  int unordered_##N(T a, T b) { return __builtin_isunordered(a, b); }          \
  int to_int_##N(T a) { return (int)a; }                                       \
  i64 to_i64_##N(T a) { return (i64)a; }                                       \
  u64 to_u64_##N(T a) { return (u64)a; }                                       \
  T of_int_##N(int a) { return (T)a; }                                         \
  T of_u64_##N(u64 a) { return (T)a; }
FLOATS(float, f32)
FLOATS(double, f64)
double wider(float a) { return a; }
float narrower(double a) { return (float)a; }
double root(double a) { return __builtin_sqrt(a); }
double smaller(double a, double b) { return __builtin_fmin(a, b); }
double down(double a) { return __builtin_floor(a); }
double sine(double a) { return __builtin_sin(a); }
double power(double a, int b) { return __builtin_powi(a, b); }
long rounded(double a) { return __builtin_lround(a); }
double sign(double a, double b) { return __builtin_copysign(a, b); }
#define ATOMICS(T, N)                                                          \
  T load_##N(T *p) { return __atomic_load_n(p, 5); }                           \
  void store_##N(T *p, T v) { __atomic_store_n(p, v, 5); }                     \
  T fetch_add_##N(T *p, T v) { return __atomic_fetch_add(p, v, 5); }           \
  T fetch_nand_##N(T *p, T v) { return __atomic_fetch_nand(p, v, 5); }         \
  T exchange_##N(T *p, T v) { return __atomic_exchange_n(p, v, 5); }           \
  int swap_if_##N(T *p, T *e, T v) {                                           \
    return __atomic_compare_exchange_n(p, e, v, 0, 5, 5);                      \
  }
ATOMICS(i8, a8)
ATOMICS(i32, a32)
ATOMICS(i64, a64)
void fence(void) { __atomic_thread_fence(5); }
struct small { int a[3]; };
struct large { int a[100]; };
struct packed { char a[100]; };
void copy_small(struct small *a, struct small *b) { *a = *b; }
void copy_large(struct large *a, struct large *b) { *a = *b; }
void copy_packed(struct packed *a, struct packed *b) { *a = *b; }
void clear_large(struct large *a) { *a = (struct large){{0}}; }
void set_large(struct large *a) { __builtin_memset(a, 7, sizeof *a); }
void copy_n(char *a, char *b, unsigned long n) { __builtin_memcpy(a, b, n); }
void move_n(char *a, char *b, unsigned long n) { __builtin_memmove(a, b, n); }
void clear_n(char *a, unsigned long n) { __builtin_memset(a, 0, n); }
void move_16(int *a, int *b) { __builtin_memmove(a, b, 16); }
int compare_n(char *a, char *b, unsigned long n) {
  return __builtin_memcmp(a, b, n);
}
unsigned long length(char *a) { return __builtin_strlen(a); }
struct large by_value(struct large a) { return a; }
void loop_of_zeros(char *p, int n) {
  for (int i = 0; i < n; i++)
    p[i] = 0;
}
static __thread int here;
extern __thread int there;
int own_thread_local(void) { return ++here; }
int extern_thread_local(void) { return ++there; }
void outside(void);
int far(int);
void (*pointer)(void);
void calls(void) { outside(); outside(); }
int tail_call(int a) { return far(a + 1); }
__attribute__((noinline)) static int near(int a) {
  return *(volatile int *)&a;
}
int local_call(int a) { return near(a) + near(a + 1); }
void *address(void) { return (void *)outside; }
void through_pointer(void) { pointer(); }
void trap(void) { __builtin_trap(); }
int array_on_stack(int n) {
  char text[64];
  extern void fill(char *);
  fill(text);
  return text[n];
}
int large_frame(int n) {
  char text[20000];
  extern void fill(char *);
  fill(text);
  return text[n];
}
int saves(volatile int *p) {
  int a = p[0], b = p[1], c = p[2], d = p[3], e = p[4], f = p[5];
  outside();
  return a + b * c + d * e + f + far(a);
}
const char *text(void) { return "a text that is long enough"; }
void copy_text(char *p) { __builtin_memcpy(p, "abcdefg", 8); }
int table(unsigned a) {
  static const int values[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
  return values[a];
}
int lookup(int a) {
  switch (a) {
  case 0: return 17;
  case 1: return 5;
  case 2: return 99;
  case 3: return 12;
  case 4: return 1234;
  default: return 0;
  }
}
void jump(int a) {
  extern void c0(void), c1(void), c2(void), c3(void), c4(void), c5(void);
  switch (a) {
  case 0: c0(); outside(); break;
  case 1: c1(); break;
  case 2: c2(); far(1); break;
  case 3: c3(); break;
  case 4: c4(); outside(); break;
  case 5: c5(); break;
  }
}
void assembly(void) { __asm__ volatile("" ::: "memory"); }
int vararg(const char *f, ...) {
  __builtin_va_list l;
  __builtin_va_start(l, f);
  int v = __builtin_va_arg(l, int);
  __builtin_va_end(l);
  return v;
}
int overflow(i64 a, i64 b, i64 *c) { return __builtin_mul_overflow(a, b, c); }
// Blocks are laid out by the order in which their predecessors are found.
struct sink { int status; int (*write)(const void *, unsigned long, struct sink *); };
static void send(struct sink *s, const void *from, unsigned long n) {
  if (s->status == 0 && n > 0)
    s->status = s->write(from, n, s);
}
static void send_number(struct sink *s, unsigned long x) {
  unsigned char digits[10];
  int n = 0;
  do {
    digits[10 - ++n] = x & 0x7f;
    x >>= 7;
  } while (x);
  digits[9] |= 0x80;
  send(s, digits + 10 - n, n);
}
void send_two(struct sink *s, int a, int b) { send_number(s, a); send_number(s, b); }
void send_list(struct sink *s, int **list, int n) {
  send_number(s, n);
  for (int i = 0; i < n; i++) {
    send_number(s, *list[i]);
    if (s->status == 1)
      send_number(s, i);
  }
}
