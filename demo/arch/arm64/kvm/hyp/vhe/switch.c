/* The C half of the thread: under LTO hyp_panic gets a section of its own,
 * .text.hyp_panic, and is laid wherever that falls. */

unsigned long panic_count;

__attribute__((noreturn, used)) void hyp_panic(void) {
  ++panic_count;
  for (;;)
    __asm__ volatile("wfi");
}
