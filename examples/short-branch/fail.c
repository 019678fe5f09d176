__attribute__((used)) void fail(void) { for (;;) __asm__ volatile("wfe"); }
