// The rest of a large program, 2 MiB of it, which the linker puts between.
.section .text.other,"ax"
.skip 0x200000
