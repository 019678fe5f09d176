; IPSCCP folds a function's arguments and results, and leaves the function.

; REQUIRES: plugin
; RUN: %opt-plugin -passes='ipsccp,section-placement<policy=%S/Inputs/source-is-dir.yaml>' -S %s | FileCheck %s

; CHECK: define internal i32 @callee(i32 %{{.*}}) #[[A:[0-9]+]] section ".text.dir"
; CHECK: attributes #[[A]] = {{.*}}"sp"="B62oRB"

source_filename = "ld-temp.o"
target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128"
target triple = "aarch64-unknown-linux-gnu"
declare void @effect(i32)
define internal i32 @callee(i32 %x) noinline "sp"="B62oRB" {
  call void @effect(i32 %x)
  ret i32 %x
}
define i32 @caller() {
  %r = call i32 @callee(i32 3)
  ret i32 %r
}
!sp\3Adir\2Fa.c = !{}
