; Valid IR whose metadata has our names and not our form.

; REQUIRES: plugin
; RUN: rm -rf %t && mkdir %t && cd %t
; RUN: printf 'version: 1\nrules:\n  - name: all\n    match: { function: [f] }\n    section: .text.all\n' > p.yaml
; RUN: opt --thinlto-bc %s -o thin.o
; RUN: opt --module-summary %s -o full.o
; RUN: env SECTION_PLACEMENT_POLICY=p.yaml SECTION_PLACEMENT_REPORT=rep %lld-plugin -r thin.o -o o.o
; RUN: env SECTION_PLACEMENT_POLICY=p.yaml SECTION_PLACEMENT_REPORT=rep %opt-plugin -passes='section-placement-annotate,section-placement-isolate,section-placement' -S %s -o out.ll
; RUN: env SECTION_PLACEMENT_POLICY=p.yaml SECTION_PLACEMENT_REPORT=rep %opt-plugin -passes='lto<O2>' -S %s -o out.ll

target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128"
target triple = "aarch64-unknown-linux-gnu"
define void @f() #0 {
  ret void
}
define void @g() #1 {
  ret void
}
define void @h() #2 {
  ret void
}
attributes #0 = { "sp"="" "section-placement-opt-out"=":::" "sp-placed" }
attributes #1 = { "sp"="////" "section-placement-opt-out"="u:99999999999999999999:held" "section-placement-inline"=",,:," }
attributes #2 = { "sp" "section-placement-source" "section-placement-opt-out"="u:1:held:always:kept" "section-placement-inline" }
!section-placement.names = !{!0, !1, !2}
!section-placement.told = !{!0, !1, !2, !3}
!sp = !{!0}
!0 = !{null}
!1 = !{}
!2 = !{!1, !1}
!3 = !{i32 7}
