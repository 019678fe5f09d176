; The function with another signature that argument promotion makes.

; REQUIRES: plugin
; RUN: %opt-plugin -passes='cgscc(argpromotion),section-placement<policy=%S/Inputs/source-is-dir.yaml>' -S %s | FileCheck %s

; CHECK: define internal i32 @callee(i32 %{{.*}}) #[[A:[0-9]+]] section ".text.dir"
; CHECK: attributes #[[A]] = {{.*}}"sp"="B62oRB"

source_filename = "ld-temp.o"
target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128"
target triple = "aarch64-unknown-linux-gnu"
define internal i32 @callee(ptr %p) noinline "sp"="B62oRB" {
  %x = load i32, ptr %p
  ret i32 %x
}
define i32 @caller(ptr dereferenceable(4) align 4 %p) {
  %r = call i32 @callee(ptr %p)
  ret i32 %r
}
!sp\3Adir\2Fa.c = !{}
