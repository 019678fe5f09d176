; A function without a section is aligned as its processor prefers it, at least
; as the IR says, and for size not more than it must be. Once it has a section,
; what the IR says is taken as it stands, so that is what it has to say.
; A function without an alignment in the IR keeps what code generation gives.

; REQUIRES: plugin
; RUN: sed 's/TRIPLE/x86_64-linux-gnu/' %s > %t.x86.ll && sed 's/TRIPLE/aarch64-linux-gnu/' %s > %t.arm.ll
; RUN: printf 'version: 1\nrules: [{ name: all, match: { function: ["*"] }, section: .text.here }]\n' > %t.yaml
; RUN: %opt-plugin -passes='section-placement<policy=%t.yaml>' -S %t.x86.ll | FileCheck %s --check-prefixes=CHECK,X86
; RUN: %opt-plugin -passes='section-placement<policy=%t.yaml>' -S %t.arm.ll | FileCheck %s --check-prefixes=CHECK,ARM

target triple = "TRIPLE"

; X86: define void @member() section ".text.here" align 16 {
; ARM: define void @member() section ".text.here" align {{4|8|16}} {
define void @member() align 2 {
  ret void
}

; CHECK: define void @large() section ".text.here" align 64 {
define void @large() align 64 {
  ret void
}

; X86: define void @small() #{{[0-9]+}} section ".text.here" align 2 {
; ARM: define void @small() #{{[0-9]+}} section ".text.here" align 4 {
define void @small() optsize align 2 {
  ret void
}

; CHECK: define void @plain() section ".text.here" {
define void @plain() {
  ret void
}

; It has a section of its own, and so the alignment that its source gave it.
; CHECK: define void @own() section ".text.own" align 2 {
define void @own() section ".text.own" align 2 {
  ret void
}
