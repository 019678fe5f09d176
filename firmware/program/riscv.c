/* RISC-V on QEMU's virt. The tasks run in user mode, which the PMP binds; what
 * they may not do themselves they ask of machine mode. */
#include "firmware.h"
#include <string.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define TEST_DEVICE REGISTER(0x100000)
#define UART_DATA (*(volatile uint8_t *)0x10000000)
#define UART_STATE (*(volatile uint8_t *)0x10000005)
#define MTIMECMP (*(volatile uint64_t *)0x2004000)
#define MTIME (*(volatile uint64_t *)0x200bff8)

extern uint32_t ram_start[], ram_end[], ram_load[], bss_start[], bss_end[];
int main(void);

enum { Registers = 32 }; /* x1 to x31 at their numbers, mepc at 0. */
enum { FlashOff = 1, FlashOn, Exit, Begin, Tick };

static long ask(long what, long argument) {
  register long a0 __asm__("a0") = argument;
  register long a7 __asm__("a7") = what;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
  return a0;
}

void flash_off(void) { ask(FlashOff, 0); }
void flash_on(void) { ask(FlashOn, 0); }
void start_tick(void) { ask(Tick, 0); }
void switch_to_first(void *frame) {
  ask(Begin, (long)frame);
  for (;;)
    ;
}
void finish(int code) {
  for (;;)
    ask(Exit, code);
}

void *task_frame(void *stack, size_t size, void (*entry)(void)) {
  long *frame = (long *)((char *)stack + size) - Registers;
  memset(frame, 0, Registers * sizeof(long));
  frame[0] = (long)entry;
  frame[2] = (long)frame;
  return frame;
}

void console_put(char c) {
  while (!(UART_STATE & 0x20))
    ;
  UART_DATA = c;
}

static int must_switch;
void request_switch(void) { must_switch = 1; }

static void leave(int code) {
  for (;;)
    TEST_DEVICE = code ? (uint32_t)code << 16 | 0x3333 : 0x5555;
}

static void report_fault(unsigned long cause, unsigned long address,
                         unsigned long at) {
  print("fault: ");
  print(cause == 1 ? "execution of " : "read of ");
  print_hex(address);
  print(" at ");
  print_hex(at);
  print("\n");
  leave(3);
}

/* Entry 0 of the PMP is the flash: nothing allowed, or off. Called while the
 * flash is unreadable, so it is of the driver's group. */
void *machine_trap(long *frame, unsigned long cause, unsigned long value) {
  static const unsigned char nothing = 0x18;
  if ((long)cause < 0) {
    MTIMECMP = MTIME + 10000;
    kernel_tick();
    if (!must_switch)
      return frame;
    must_switch = 0;
    return kernel_next(frame);
  }
  if (cause != 8)
    report_fault(cause, value, frame[0]);
  frame[0] += 4;
  switch (frame[17]) {
  case FlashOff:
    __asm__ volatile("csrc pmpcfg0, %0\n csrs pmpcfg0, %1\n sfence.vma" ::"r"(
                         0xff),
                     "r"((long)nothing)
                     : "memory");
    break;
  case FlashOn:
    __asm__ volatile("csrc pmpcfg0, %0\n sfence.vma" ::"r"(0xff) : "memory");
    break;
  case Tick:
    MTIMECMP = MTIME + 10000;
    break;
  case Begin: /* From here on there is a task to switch from. */
    __asm__ volatile("csrs mie, %0" ::"r"(0x80));
    return (void *)frame[10];
  case Exit:
    leave(frame[10]);
  }
  return frame;
}

void machine_start(void) {
  memcpy(ram_start, ram_load, (char *)ram_end - (char *)ram_start);
  memset(bss_start, 0, (char *)bss_end - (char *)bss_start);
  /* Entry 0: the flash, naturally aligned; entry 1: all, for everything. */
  __asm__ volatile("csrw pmpaddr0, %0\n csrw pmpaddr1, %1\n csrw pmpcfg0, %2"
                   ::"r"((0x80000000ul >> 2) | ((0x100000 >> 3) - 1)),
                   "r"(-1l), "r"(0x1f00l));
}
