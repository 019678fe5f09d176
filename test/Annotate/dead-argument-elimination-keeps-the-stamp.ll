; The function with fewer arguments that dead-argument elimination makes.

; REQUIRES: plugin
; RUN: %opt-plugin -passes='deadargelim,section-placement<policy=%S/Inputs/source-is-dir.yaml>' -S %s | FileCheck %s

; CHECK: define internal void @callee() #[[A:[0-9]+]] section ".text.dir"
; CHECK: attributes #[[A]] = {{.*}}"sp"="B62oRB"

source_filename = "ld-temp.o"
target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128"
target triple = "aarch64-unknown-linux-gnu"
declare void @effect()
define internal i32 @callee(i32 %unused) noinline "sp"="B62oRB" {
  call void @effect()
  ret i32 7
}
define void @caller() {
  %r = call i32 @callee(i32 3)
  ret void
}
!sp\3Adir\2Fa.c = !{}
