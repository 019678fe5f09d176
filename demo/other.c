/* A stand-in for the rest of a large image: 320 functions of 4 KiB, more than
 * a conditional branch of AArch64 reaches. */

#define FUNCTION(n)                                                            \
  __attribute__((noinline, used)) int other_##n(int x) {                       \
    __asm__ volatile(".rept 1023; nop; .endr" : "+r"(x));                      \
    return x + 1;                                                              \
  }
#define TEN(n)                                                                 \
  FUNCTION(n##0) FUNCTION(n##1) FUNCTION(n##2) FUNCTION(n##3) FUNCTION(n##4)   \
  FUNCTION(n##5) FUNCTION(n##6) FUNCTION(n##7) FUNCTION(n##8) FUNCTION(n##9)
#define HUNDRED(n)                                                             \
  TEN(n##0) TEN(n##1) TEN(n##2) TEN(n##3) TEN(n##4)                            \
  TEN(n##5) TEN(n##6) TEN(n##7) TEN(n##8) TEN(n##9)

HUNDRED(1) HUNDRED(2) HUNDRED(3) TEN(40) TEN(41)

void __guest_enter(void);

void _start(void) { __guest_enter(); }
