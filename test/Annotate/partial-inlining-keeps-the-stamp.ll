; The rest of a function of which partial inlining copied the beginning.

; REQUIRES: plugin
; RUN: %opt-plugin -passes='partial-inliner,section-placement<policy=%S/Inputs/source-is-dir.yaml>' -skip-partial-inlining-cost-analysis -S %s | FileCheck %s

; CHECK:     define internal void @callee.1.{{.*}}({{.*}}) #[[A:[0-9]+]] section ".text.dir"
; CHECK-DAG: attributes #[[A]] = {{.*}}"sp"="B62oRB"

source_filename = "ld-temp.o"
target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128"
target triple = "aarch64-unknown-linux-gnu"
declare void @effect()
define internal i32 @callee(i32 %x) "sp"="B62oRB" {
entry:
  %c = icmp slt i32 %x, 0
  br i1 %c, label %rest, label %out
rest:
  call void @effect()
  call void @effect()
  call void @effect()
  br label %out
out:
  ret i32 %x
}
define i32 @caller(i32 %x) {
  %r = tail call i32 @callee(i32 %x)
  ret i32 %r
}
!sp\3Adir\2Fa.c = !{}
