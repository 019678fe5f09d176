// The two short references that arch/arm64/kvm/hyp/entry.S of Linux 5.11 made
// to a function of C: a conditional branch and an address, which both reach
// 1 MiB and which no linker extends.

	.section .text, "ax"

	.globl	__guest_enter
	.type	__guest_enter, %function
__guest_enter:
	stp	x29, x30, [sp, #-16]!
	mov	x29, sp
	mrs	x0, tpidr_el0
	ldp	x29, x30, [sp], #16
	ret

// An inner label, as in the kernel: what stands below it still belongs to
// __guest_enter, whose extent covers it.
	.globl	__guest_exit_panic
__guest_exit_panic:
	cbz	x0, hyp_panic
	adr	x1, hyp_panic
	br	x1
	.size	__guest_enter, . - __guest_enter
