; The parts that coroutine splitting makes of a coroutine.

; The intrinsics of older versions have other types.
; REQUIRES: plugin, llvm-22-or-later
; RUN: %opt-plugin -passes='module(coro-early),cgscc(coro-split),module(coro-cleanup),section-placement<policy=%S/Inputs/source-is-dir.yaml>' -S %s | FileCheck %s

; CHECK-DAG: define {{.*}}@f({{.*}}) #[[F:[0-9]+]] section ".text.dir"
; CHECK-DAG: define internal {{.*}}void @f.resume({{.*}}) #[[A_RESUME:[0-9]+]] section ".text.dir"
; CHECK-DAG: define internal {{.*}}void @f.destroy({{.*}}) #[[A_DESTROY:[0-9]+]] section ".text.dir"
; CHECK-DAG: define internal {{.*}}void @f.cleanup({{.*}}) #[[A_CLEANUP:[0-9]+]] section ".text.dir"
; CHECK-NOT: section ".text.f"

source_filename = "ld-temp.o"
target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128"
target triple = "aarch64-unknown-linux-gnu"
define ptr @f(i32 %n) presplitcoroutine "sp"="B62oRB" {
entry:
  %id = call token @llvm.coro.id(i32 0, ptr null, ptr null, ptr null)
  %size = call i32 @llvm.coro.size.i32()
  %alloc = call ptr @malloc(i32 %size)
  %hdl = call ptr @llvm.coro.begin(token %id, ptr %alloc)
  br label %loop
loop:
  %v = phi i32 [ %n, %entry ], [ %inc, %resume ]
  %inc = add nsw i32 %v, 1
  call void @print(i32 %v)
  %s = call i8 @llvm.coro.suspend(token none, i1 false)
  switch i8 %s, label %suspend [i8 0, label %resume
                                i8 1, label %cleanup]
resume:
  br label %loop
cleanup:
  %mem = call ptr @llvm.coro.free(token %id, ptr %hdl)
  call void @free(ptr %mem)
  br label %suspend
suspend:
  call i1 @llvm.coro.end(ptr %hdl, i1 false)
  ret ptr %hdl
}
declare token @llvm.coro.id(i32, ptr readnone, ptr nocapture readonly, ptr)
declare i32 @llvm.coro.size.i32()
declare ptr @llvm.coro.begin(token, ptr writeonly)
declare i8 @llvm.coro.suspend(token, i1)
declare ptr @llvm.coro.free(token, ptr nocapture readonly)
declare i1 @llvm.coro.end(ptr, i1)
declare noalias ptr @malloc(i32)
declare void @print(i32)
declare void @free(ptr)
!sp\3A\3Adir\2Fa.c = !{}
