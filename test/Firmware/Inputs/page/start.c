/* For QEMU's mps2-an385. */
#include <stdint.h>
#include "copy.h" /* The page's loop. */
#define REGISTER(address) (*(volatile uint32_t *)(address))

extern char bss_start[], bss_end[], stack_top[];
int main(void);
void Reset_Handler(void);
volatile uint32_t ticks;

void SysTick_Handler(void) { ++ticks; }

void wait_for_tick(void) {
  uint32_t start = ticks;
  while (ticks == start) {
  }
}

void print(const char *text) {
  REGISTER(0x40004010) = 16;
  REGISTER(0x40004008) = 1;
  for (; *text; ++text) {
    while (REGISTER(0x40004004) & 1) {
    }
    REGISTER(0x40004000) = *text;
  }
}

/* Semihosting's SYS_EXIT_EXTENDED. */
void finish(int code) {
  uint32_t block[2] = {0x20026, code};
  for (;;) {
    register uint32_t operation __asm__("r0") = 0x20;
    register uint32_t *argument __asm__("r1") = block;
    __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(argument) : "memory");
  }
}

void HardFault_Handler(void) {
  print("fault\n");
  finish(3);
}

typedef void Handler(void);
__attribute__((section(".vectors"), used)) Handler *const flash_vectors[16] = {
    [0] = (Handler *)stack_top, [1] = Reset_Handler, [3] = HardFault_Handler};
__attribute__((aligned(128))) Handler *ram_vectors[16] = {
    [0] = (Handler *)stack_top,
    [1] = Reset_Handler,
    [3] = HardFault_Handler,
    [15] = SysTick_Handler};

void Reset_Handler(void) {
  copy_to_ram();
  for (volatile char *at = bss_start; at != bss_end;)
    *at++ = 0;
  REGISTER(0xe000ed08) = (uint32_t)ram_vectors;
  REGISTER(0xe000e014) = 25000 - 1;
  REGISTER(0xe000e018) = 0;
  REGISTER(0xe000e010) = 7;
  main();
  finish(2);
}
