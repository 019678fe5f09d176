//===- PartsReport.cpp - What code generation split, as JSON --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Report/PartsReport.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/OutputFile.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <tuple>

using namespace llvm;

namespace section_placement {

std::string reportFileName(StringRef Output, StringRef Module,
                           StringRef Extension) {
  StringRef OutputName = sys::path::filename(Output);
  StringRef ModuleName = sys::path::filename(Module);
  return fileNameFor(
      (OutputName + (OutputName.empty() ? "" : ".") + ModuleName).str(),
      (Output + Twine('\0') + Module).str(), Extension);
}

static std::string partsFile(StringRef Folder, StringRef Output,
                             StringRef Module) {
  SmallString<256> Path(Folder);
  sys::path::append(Path, reportFileName(Output, Module, ".parts.json"));
  return Path.str().str();
}

std::error_code dropPartsReport(StringRef Folder, StringRef Output,
                                StringRef Module) {
  return sys::fs::remove(partsFile(Folder, Output, Module));
}

static void writePart(json::OStream &J, const SplitOutcome &Part) {
  writeText(J, "symbol", Part.Function);
  if (Part.isSplit()) {
    writeText(J, "part", Part.part());
    writeText(J, "section", Part.Section);
    J.attribute("blocks", Part.Blocks);
    J.attribute("of", Part.Of);
  } else {
    writeText(J, "whole", Part.WhyWhole);
  }
  writeText(J, "because", Part.sentence());
}

Error writePartsReport(StringRef Folder, const PartsReport &Report) {
  std::vector<SplitOutcome> Parts = Report.Parts;
  llvm::sort(Parts, [](const SplitOutcome &A, const SplitOutcome &B) {
    return std::tie(A.Function, A.Section, A.Blocks) <
           std::tie(B.Function, B.Section, B.Blocks);
  });
  return writeOutputFile(partsFile(Folder, Report.Output, Report.Module),
                         [&](raw_ostream &OS) {
                           json::OStream J(OS, /*IndentSize=*/1);
                           J.object([&] {
                             J.attribute("format", "section-placement-parts");
                             J.attribute("version", 1);
                             writeTextIfAny(J, "output", Report.Output);
                             writeText(J, "module", Report.Module);
                             J.attributeArray("parts", [&] {
                               for (const SplitOutcome &Part : Parts)
                                 J.object([&] { writePart(J, Part); });
                             });
                           });
                           OS << '\n';
                         });
}

} // namespace section_placement
