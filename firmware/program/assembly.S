// Code in the driver's section that calls code in flash.
#ifdef __arm__
.syntax unified
.thumb
.section .ramfunc.assembly, "ax", %progbits
.global assembly
.type assembly, %function
.thumb_func
assembly:
  push {r4, lr}
  bl in_flash
  pop {r4, pc}
#else
.section .ramfunc.assembly, "ax", @progbits
.global assembly
.type assembly, @function
assembly:
  addi sp, sp, -16
  sw ra, 12(sp)
  call in_flash
  lw ra, 12(sp)
  addi sp, sp, 16
  ret
#endif
.size assembly, . - assembly
