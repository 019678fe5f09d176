@ The context switch: r4 to r11 of the running task go onto its stack. It runs
@ while the scheduler is free, so it may stand in flash.
.syntax unified
.thumb

.section .text.PendSV_Handler, "ax", %progbits
.global PendSV_Handler
.type PendSV_Handler, %function
.thumb_func
PendSV_Handler:
  mrs r0, psp
  subs r0, #32
  mov r1, r0
  stmia r1!, {r4-r7}
  mov r4, r8
  mov r5, r9
  mov r6, r10
  mov r7, r11
  stmia r1!, {r4-r7}
  push {r2, lr}
  bl kernel_next
  pop {r2, r3}
  mov lr, r3
  b restore
.size PendSV_Handler, . - PendSV_Handler

@ r0 is the frame of the task that goes on.
.type restore, %function
.thumb_func
restore:
  mov r1, r0
  adds r1, #16
  ldmia r1!, {r4-r7}
  mov r8, r4
  mov r9, r5
  mov r10, r6
  mov r11, r7
  msr psp, r1
  mov r1, r0
  ldmia r1!, {r4-r7}
  bx lr
.size restore, . - restore

.section .text.switch_to_first, "ax", %progbits
.global switch_to_first
.type switch_to_first, %function
.thumb_func
switch_to_first:
  mov r1, r0
  adds r1, #32
  msr psp, r1
  movs r2, #2
  msr control, r2
  isb
  ldr r3, [r1, #24]
  movs r2, #1
  orrs r3, r2
  movs r0, #32
  mrs r1, psp
  adds r1, r0
  msr psp, r1
  cpsie i
  bx r3
.size switch_to_first, . - switch_to_first

.section .text.HardFault_Handler, "ax", %progbits
.global HardFault_Handler
.type HardFault_Handler, %function
.thumb_func
HardFault_Handler:
  mrs r0, psp
  mov r1, lr
  movs r2, #4
  tst r1, r2
  bne 1f
  mrs r0, msp
1:
  bl report_fault
.size HardFault_Handler, . - HardFault_Handler
