unsigned twice(unsigned x);
unsigned handle(unsigned x);

__attribute__((noinline)) unsigned checksum(unsigned x) { return twice(x) + handle(x); }
