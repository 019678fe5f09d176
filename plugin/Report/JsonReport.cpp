//===- JsonReport.cpp - The plan of one module as a JSON file -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Report/JsonReport.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

/// `vmlinux.o.switch.o.1a2b3c4d.json`: two modules of one base name, and two
/// links that report into one folder, do not meet.
static std::string fileName(const ReportHead &Head) {
  MD5 Hash;
  Hash.update(Head.Output);
  Hash.update(StringRef("\0", 1));
  Hash.update(Head.Module);
  MD5::MD5Result Digest;
  Hash.final(Digest);
  std::string Name;
  for (StringRef Part : {StringRef(Head.Output), StringRef(Head.Module)})
    for (char C : sys::path::filename(Part))
      Name += isAlnum(C) || StringRef("._-+").contains(C) ? C : '_';
  if (!Head.Output.empty())
    Name.insert(sys::path::filename(Head.Output).size(), ".");
  return Name + "." + toHex(ArrayRef<uint8_t>(Digest.data(), 4), true) +
         ".json";
}

static void writeRules(json::OStream &J, const Planned &What) {
  J.attributeArray("rules", [&] {
    for (uint32_t R = 0; R < What.Index.size(); ++R)
      J.object([&] {
        const RuleTotals &T = What.ThePlan.Totals[R];
        J.attribute("name", What.Index.rule(R).R->Name);
        J.attribute("seeds", T.Seeds);
        J.attribute("claimed", T.Claimed);
        J.attribute("moved", T.Moved);
      });
  });
}

static void writeFunction(json::OStream &J, const Planned &What, uint32_t I) {
  const Symbol &S = What.P.Symbols[I];
  const Placement &P = What.ThePlan.Placements[I];
  J.object([&] {
    J.attribute("symbol", S.Name);
    if (S.Canonical != S.Name)
      J.attribute("name", S.Canonical);
    if (!S.Source.empty())
      J.attribute("source", S.Source);
    J.attribute("rule", What.Index.rule(P.Rule).R->Name);
    J.attribute("reason", nameOf(P.Reason));
    if (!P.Section.empty())
      J.attribute("section", P.Section);
    if (!S.Section.empty())
      J.attribute("sourceSection", S.Section);
    if (S.IsComdat)
      J.attribute("comdat", true);
    J.attribute("because", explainPlacement(What, I));
  });
}

static void writeBody(json::OStream &J, const ReportHead &Head,
                      const Planned &What, ArrayRef<std::string> Told) {
  J.attribute("format", "section-placement-report");
  J.attribute("version", 1);
  J.attribute("policy", sys::path::filename(What.Index.policy().File));
  if (!Head.Output.empty())
    J.attribute("output", Head.Output);
  J.attribute("module", Head.Module);
  J.attribute("phase", Head.Phase);
  writeRules(J, What);
  J.attributeArray("functions", [&] {
    for (uint32_t I = 0; I < What.P.Symbols.size(); ++I)
      if (What.ThePlan.Placements[I].Reason != PlacementReason::Unclaimed)
        writeFunction(J, What, I);
  });
  J.attributeArray("refusals", [&] {
    for (const Refusal &R : What.ThePlan.Refusals)
      J.object([&] {
        J.attribute("symbol", What.P.Symbols[R.Symbol].Name);
        J.attribute("rule", What.Index.rule(R.Rule).R->Name);
        J.attribute("reason", nameOf(R.Reason));
        J.attribute("because", explainRefusal(What, R));
      });
  });
  J.attributeArray("unanswered", [&] {
    for (const UnansweredName &N : unansweredNames(What.P, What.Index))
      J.object([&] {
        J.attribute("name", N.Name);
        J.attribute("rule", What.Index.rule(N.Rule).R->Name);
        J.attribute("line", N.Where.Line);
      });
  });
  J.attributeArray("told", [&] {
    for (const std::string &Line : Told)
      J.value(Line);
  });
}

Error writeJsonReport(StringRef Folder, const ReportHead &Head,
                      const Planned &What, ArrayRef<std::string> Told) {
  SmallString<256> Path(Folder);
  auto Fail = [&](std::error_code EC) {
    return errorIn(Path, "the report cannot be written: " + EC.message() +
                             "; SECTION_PLACEMENT_REPORT must name a folder "
                             "that can be written to");
  };
  if (std::error_code EC = sys::fs::create_directories(Folder))
    return Fail(EC);
  sys::path::append(Path, fileName(Head));
  Expected<sys::fs::TempFile> File =
      sys::fs::TempFile::create(Path + ".%%%%%%.tmp");
  if (!File)
    return Fail(errorToErrorCode(File.takeError()));
  std::error_code Written;
  {
    raw_fd_ostream OS(File->FD, /*shouldClose=*/false);
    json::OStream J(OS, /*IndentSize=*/1);
    J.object([&] { writeBody(J, Head, What, Told); });
    OS << '\n';
    OS.flush();
    Written = OS.error();
    OS.clear_error();
  }
  if (Written) {
    consumeError(File->discard());
    return Fail(Written);
  }
  if (Error E = File->keep(Path))
    return Fail(errorToErrorCode(std::move(E)));
  return Error::success();
}

} // namespace section_placement
