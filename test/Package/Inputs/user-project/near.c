__attribute__((noinline)) int near_1(int x) { __asm__ volatile(""); return x + 1; }
__attribute__((noinline)) int elsewhere(int x) { __asm__ volatile(""); return x + 2; }
__attribute__((noinline)) int near_2(int x) { __asm__ volatile(""); return x + 3; }
