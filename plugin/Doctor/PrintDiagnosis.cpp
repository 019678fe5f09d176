//===- PrintDiagnosis.cpp - A diagnosis for people and programs -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Doctor/Doctor.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/LLVMCompat.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

Health Diagnosis::verdict() const {
  auto Has = [&](Health A) {
    return any_of(Symptoms,
                  [&](const Symptom &F) { return F.Counts && F.Is == A; });
  };
  return Has(Health::NotKnown) ? Health::NotKnown
         : Has(Health::Bad)    ? Health::Bad
                               : Health::Good;
}

static StringRef wordOf(Health A) {
  return A == Health::Good ? "ok" : A == Health::Bad ? "bad" : "not-known";
}

static StringRef wordOf(LLVMHome Home) {
  return Home == LLVMHome::Shared   ? "shared"
         : Home == LLVMHome::Static ? "static"
                                    : "not-known";
}

void writeJsonDiagnosis(json::OStream &J, const Diagnosis &D) {
  writeText(J, "pluginLLVM", compat::llvmVersion());
  J.attributeArray("tools", [&] {
    for (const Tool &T : D.Tools)
      J.object([&] {
        writeText(J, "tool", nameOf(T.Kind));
        writeText(J, "program", T.Program);
        J.attribute("counts", T.Counts);
        writeTextIfAny(J, "llvm", T.Version);
        writeText(J, "home", wordOf(T.Home));
        writeTextIfAny(J, "library", T.Library);
        writeText(J, "loads", wordOf(T.Loads));
      });
  });
  J.attributeArray("findings", [&] {
    for (const Symptom &F : D.Symptoms)
      J.object([&] {
        writeText(J, "is", wordOf(F.Is));
        writeText(J, "about", F.About);
        writeText(J, "text", F.Text);
        writeTextIfAny(J, "remedy", F.Remedy);
        J.attribute("counts", F.Counts);
      });
  });
}

void printDiagnosis(raw_ostream &OS, const Diagnosis &D, bool IsColoured) {
  TextWriter W(OS, IsColoured);
  OS << "plugin: " << D.Plugin << ", built for LLVM " << compat::llvmVersion()
     << '\n';
  for (const Tool &T : D.Tools)
    OS << nameOf(T.Kind) << ": " << T.Program
       << (T.Counts ? "" : " (found, not named)") << '\n';
  for (const Symptom &F : D.Symptoms) {
    W.paragraph(F.Is == Health::Good  ? "ok         "
                : !F.Counts           ? "aside      "
                : F.Is == Health::Bad ? "bad        "
                                      : "not known  ",
                F.About + ": " + F.Text);
    if (!F.Remedy.empty())
      W.paragraph("  remedy:  ", F.Remedy);
  }
  switch (D.verdict()) {
  case Health::Good:
    W.good("doctor: it works with these tools\n");
    break;
  case Health::Bad:
    W.bad("doctor: it will not work as it is\n");
    break;
  case Health::NotKnown:
    W.bad("doctor: whether it works is not known\n");
    break;
  }
}

} // namespace section_placement
