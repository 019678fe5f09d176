; A function that another file's is inlined into keeps its own stamp.

; REQUIRES: plugin
; RUN: %opt-plugin -passes='cgscc(inline),section-placement<policy=%S/Inputs/source-is-dir.yaml>' -S %s | FileCheck %s

; CHECK: define i32 @caller(i32 %x) #[[A:[0-9]+]] section ".text.dir"
; CHECK: define i32 @outside(i32 %x) #[[B:[0-9]+]] {
; CHECK-DAG: attributes #[[A]] = {{.*}}"sp"="B62oRB"
; CHECK-DAG: attributes #[[B]] = {{.*}}"section-placement-source"="elsewhere/b.c"

source_filename = "ld-temp.o"
target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128"
target triple = "aarch64-unknown-linux-gnu"
define internal i32 @callee(i32 %x) alwaysinline "section-placement-source"="elsewhere/c.c" {
  %r = add i32 %x, 1
  ret i32 %r
}
define i32 @caller(i32 %x) "sp"="B62oRB" {
  %r = call i32 @callee(i32 %x)
  ret i32 %r
}
define internal i32 @inner(i32 %x) alwaysinline "sp"="B62oRB" {
  %r = mul i32 %x, 3
  ret i32 %r
}
define i32 @outside(i32 %x) "section-placement-source"="elsewhere/b.c" {
  %r = call i32 @inner(i32 %x)
  ret i32 %r
}
!sp\3Adir\2Fa.c = !{}
