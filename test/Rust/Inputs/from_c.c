unsigned twice(unsigned), to_c(unsigned);
__attribute__((noinline)) unsigned from_c(unsigned x) { return twice(x) + to_c(x); }
