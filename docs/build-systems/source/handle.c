__attribute__((noinline)) static int check(int x) { return x ^ 5; }

__attribute__((noinline)) int handle(int x) { return check(x) + 1; }
