// Code in RAM that is too far for a call of the driver: a veneer leads to it.
.syntax unified
.thumb
.section .farfunc, "ax", %progbits
.global far
.type far, %function
.thumb_func
far:
  adds r0, #1
  bx lr
.size far, . - far
