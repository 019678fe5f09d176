; The cold part that hot-cold splitting takes out of a function.

; REQUIRES: plugin
; RUN: %opt-plugin -passes='hotcoldsplit,section-placement<policy=%S/Inputs/source-is-dir.yaml>' -hotcoldsplit-threshold=0 -S %s | FileCheck %s

; CHECK:     define {{.*}}@f(i32 %{{.*}}) #[[F:[0-9]+]] section ".text.dir"
; CHECK:     define internal void @f.cold.1({{.*}}) #[[A:[0-9]+]] section ".text.dir"
; CHECK-DAG: attributes #[[F]] = {{.*}}"sp"="B62oRB"
; CHECK-DAG: attributes #[[A]] = {{.*}}"sp"="B62oRB"

source_filename = "ld-temp.o"
target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128"
target triple = "aarch64-unknown-linux-gnu"
declare void @sink() cold
define i32 @f(i32 %x) minsize "sp"="B62oRB" {
entry:
  %c = icmp eq i32 %x, 0
  br i1 %c, label %bad, label %good
bad:
  call void @sink()
  call void @sink()
  call void @sink()
  br label %good
good:
  ret i32 %x
}
!sp\3Adir\2Fa.c = !{}
