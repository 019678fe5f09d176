# Start, and the way into machine mode and back: all registers of the running
# task go where mscratch points to.
#if __riscv_xlen == 64
#define STORE sd
#define LOAD ld
#define BYTES 8
#else
#define STORE sw
#define LOAD lw
#define BYTES 4
#endif

.section .reset, "ax", @progbits
.global _start
.type _start, @function
_start:
  csrr t0, mhartid
  bnez t0, park
  la sp, machine_stack
  call machine_start
  la t0, machine_trap_entry
  csrw mtvec, t0
  la t0, first_context
  csrw mscratch, t0
  li t0, 0x1880
  csrc mstatus, t0
  li t0, 0x80
  csrs mstatus, t0
  la t0, main
  csrw mepc, t0
  la sp, stack_top
  mret
park:
  wfi
  j park
.size _start, . - _start

.section .ramfunc.machine_trap_entry, "ax", @progbits
.global machine_trap_entry
.type machine_trap_entry, @function
.balign 4
machine_trap_entry:
  csrrw t6, mscratch, t6
.irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
  STORE x\n, \n*BYTES(t6)
.endr
  mv a0, t6
  csrr t0, mscratch
  STORE t0, 31*BYTES(a0)
  csrr t0, mepc
  STORE t0, 0(a0)
  csrr a1, mcause
  csrr a2, mtval
  la sp, machine_stack
  call machine_trap
  mv t6, a0
  csrw mscratch, t6
  LOAD t0, 0(t6)
  csrw mepc, t0
.irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  LOAD x\n, \n*BYTES(t6)
.endr
  mret
.size machine_trap_entry, . - machine_trap_entry

.section .stack, "aw", @nobits
.balign 16
.skip 2048
machine_stack:
first_context:
.skip 32*BYTES
