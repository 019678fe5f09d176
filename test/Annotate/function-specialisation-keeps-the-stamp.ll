; The copy of a function for a constant argument that specialisation makes.
; Its options, and on 15 its pass, have other names in older versions.

; REQUIRES: plugin
; RUN: { %opt-plugin -force-specialization -funcspec-min-function-size=1 -passes='ipsccp<func-spec>,section-placement<policy=%S/Inputs/source-is-dir.yaml>' -S %s 2> %t.err || %opt-plugin -func-specialization-size-threshold=1 -force-function-specialization -passes='function-specialization,section-placement<policy=%S/Inputs/source-is-dir.yaml>' -S %s 2> %t.err || %opt-plugin -func-specialization-size-threshold=1 -force-function-specialization -passes='ipsccp<func-spec>,section-placement<policy=%S/Inputs/source-is-dir.yaml>' -S %s ; } | FileCheck %s

; CHECK: define internal i32 @callee.{{(specialized\.)?}}1(i32 %{{.*}}, ptr %{{.*}}) #[[A:[0-9]+]] section ".text.dir"
; CHECK: attributes #[[A]] = {{.*}}"sp"="B62oRB"

source_filename = "ld-temp.o"
target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128"
target triple = "aarch64-unknown-linux-gnu"
declare i32 @one(i32)
declare i32 @two(i32)
define internal i32 @callee(i32 %x, ptr %f) noinline "sp"="B62oRB" {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %n, %loop ]
  %r = call i32 %f(i32 %x)
  %n = add i32 %i, %r
  %done = icmp sgt i32 %n, 1000
  br i1 %done, label %out, label %loop
out:
  ret i32 %n
}
define i32 @caller(i32 %x, i1 %c) {
  br i1 %c, label %a, label %b
a:
  %r = call i32 @callee(i32 %x, ptr @one)
  ret i32 %r
b:
  %s = call i32 @callee(i32 %x, ptr @two)
  ret i32 %s
}
!sp\3Adir\2Fa.c = !{}
