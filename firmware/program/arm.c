/* Cortex-M on QEMU's mps2-an385. */
#include "firmware.h"
#include <string.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define SYSTICK_CTRL REGISTER(0xe000e010)
#define SYSTICK_LOAD REGISTER(0xe000e014)
#define SYSTICK_VAL REGISTER(0xe000e018)
#define ICSR REGISTER(0xe000ed04)
#define VTOR REGISTER(0xe000ed08)
#define CFSR REGISTER(0xe000ed28)
#define MMFAR REGISTER(0xe000ed34)
#define MPU_CTRL REGISTER(0xe000ed94)
#define MPU_RNR REGISTER(0xe000ed98)
#define MPU_RBAR REGISTER(0xe000ed9c)
#define MPU_RASR REGISTER(0xe000eda0)
#define UART_DATA REGISTER(0x40004000)
#define UART_STATE REGISTER(0x40004004)
#define UART_CTRL REGISTER(0x40004008)
#define UART_BAUDDIV REGISTER(0x40004010)

extern uint32_t ram_start[], ram_end[], ram_load[], bss_start[], bss_end[];
extern uint32_t stack_top[];
int main(void);
void PendSV_Handler(void);
void HardFault_Handler(void);
void Reset_Handler(void) __attribute__((noreturn));

/* No access, no execution, 4 MiB from 0 on. Barriers as the manual asks. */
void flash_off(void) {
  MPU_RNR = 0;
  MPU_RBAR = 0;
  MPU_RASR = 1u << 28 | 21u << 1 | 1u;
  MPU_CTRL = 5;
  __asm__ volatile("dsb\n isb" ::: "memory");
}

void flash_on(void) {
  MPU_CTRL = 0;
  __asm__ volatile("dsb\n isb" ::: "memory");
}

void request_switch(void) { ICSR = 1u << 28; }
void SysTick_Handler(void) { kernel_tick(); }

/* The table that the interrupts go by; the one in flash is for reset. */
void (*const vectors[16])(void) __attribute__((aligned(128))) = {
    [0] = (void (*)(void))stack_top,
    [1] = Reset_Handler,
    [3] = HardFault_Handler,
    [4] = HardFault_Handler,
    [14] = PendSV_Handler,
    [15] = SysTick_Handler,
};
__attribute__((section(".reset"), used)) void *const reset_vectors[16] = {
    stack_top, (void *)Reset_Handler, 0, (void *)HardFault_Handler};

/* The first task takes interrupts: before, there is no stack to switch from. */
void start_tick(void) {
  __asm__ volatile("cpsid i");
  VTOR = (uint32_t)vectors;
  SYSTICK_LOAD = 25000 - 1;
  SYSTICK_VAL = 0;
  SYSTICK_CTRL = 7;
}

/* What an exception leaves on the stack, and r4 to r11 below. */
void *task_frame(void *stack, size_t size, void (*entry)(void)) {
  uint32_t *frame = (uint32_t *)((char *)stack + size) - 16;
  memset(frame, 0, 16 * 4);
  frame[14] = (uint32_t)entry & ~1u;
  frame[15] = 1u << 24;
  return frame;
}

void console_put(char c) {
  UART_BAUDDIV = 16;
  UART_CTRL = 1;
  while (UART_STATE & 1)
    ;
  UART_DATA = c;
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

/* The MPU is off in a HardFault. */
__attribute__((used)) void report_fault(uint32_t *frame) {
  uint32_t status = CFSR;
  print("fault: ");
  print(status & 0x80 ? "read of " : "execution of ");
  print_hex(status & 0x80 ? MMFAR : frame[6]);
  print(" at ");
  print_hex(frame[6]);
  print("\n");
  finish(3);
}

void Reset_Handler(void) {
  memcpy(ram_start, ram_load, (char *)ram_end - (char *)ram_start);
  memset(bss_start, 0, (char *)bss_end - (char *)bss_start);
  main();
  finish(2);
}
