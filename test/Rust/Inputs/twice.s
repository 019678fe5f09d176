	.globl	twice
twice:
	lea	(%rdi,%rdi), %eax
	ret
	.section .note.GNU-stack, "", @progbits
