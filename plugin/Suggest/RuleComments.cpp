//===- RuleComments.cpp - Why a suggested rule is there -------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuleComments.h"
#include "llvm/ADT/StringExtras.h"
#include <map>
#include <tuple>

using namespace llvm;

namespace section_placement {

/// `'hyp_panic' by R_AARCH64_CONDBR19: 2031220 bytes away, reach -1048576 to
/// 1048575`: one line for each target and relocation, with the farthest.
void explainReferences(ArrayRef<const Finding *> All,
                       std::vector<std::string> &Lines) {
  struct Farthest {
    const Finding *Of;
    unsigned Count;
  };
  std::map<std::pair<StringRef, StringRef>, Farthest> Distinct;
  auto Size = [](const Finding &F) { return std::abs(F.Distance.value_or(0)); };
  for (const Finding *F : All) {
    Farthest &Known =
        Distinct.try_emplace({F->Target, F->Relocation->Name}, Farthest{F, 0})
            .first->second;
    ++Known.Count;
    if (Size(*F) > Size(*Known.Of))
      Known.Of = F;
  }
  for (const auto &[Key, Known] : Distinct) {
    const Finding &F = *Known.Of;
    std::string Line =
        F.Target.empty() ? "  something" : "  '" + F.Target + "'";
    Line += " by " + F.Relocation->Name.str() + ": ";
    if (F.Distance)
      Line += (Known.Count > 1 ? "at most " : "") + std::to_string(Size(F)) +
              " bytes away, ";
    auto Range = F.Range.value_or(
        std::pair(F.Relocation->Lowest, F.Relocation->Highest));
    Line += "reach " + std::to_string(Range.first) + " to " +
            std::to_string(Range.second);
    if (!F.IsTargetDefined)
      Line += " (none of the files given defines it)";
    Lines.push_back(std::move(Line));
  }
}

static std::string nameOf(const Finding &Caller) {
  if (Caller.Function.empty() && Caller.Object.empty())
    return "Native code that the log does not name";
  std::string Who = Caller.Function.empty() ? "Code without a name"
                                            : "'" + Caller.Function + "'";
  if (!Caller.Object.empty())
    Who += " in " + Caller.Object;
  if (!Caller.Section.empty())
    Who += ", section " + Caller.Section;
  return Who;
}

void explainCallers(ArrayRef<const Finding *> All, bool IsScan,
                    std::vector<std::string> &Lines) {
  auto IsSame = [](const Finding &A, const Finding &B) {
    return std::tie(A.Object, A.Function, A.Section) ==
           std::tie(B.Object, B.Function, B.Section);
  };
  while (!All.empty()) {
    size_t Count = 1;
    while (Count < All.size() && IsSame(*All[0], *All[Count]))
      ++Count;
    Lines.push_back(nameOf(*All[0]) + (IsScan ? ", has short references to:"
                                              : ", does not reach:"));
    explainReferences(All.take_front(Count), Lines);
    All = All.drop_front(Count);
  }
}

/// Why the compile places, and how; for the two readers of the comment: who
/// knows that the link runs no LTO, and who thought that it does.
static std::vector<std::string> explainCompile(Findings::CompileReason Reason) {
  using Why = Findings::CompileReason;
  std::string Stage =
      Reason == Why::GoldPlugin ? "SECTION_PLACEMENT_STAGE=compile " : "";
  std::vector<std::string> Lines = {
      "Suggested by section-placement. For the compile of the functions named:",
      "  " + Stage +
          "SECTION_PLACEMENT_POLICY=<this file> clang "
          "-fpass-plugin=SectionPlacement.so ..."};
  switch (Reason) {
  case Why::None:
    break;
  case Why::NoBitcode:
    Lines.push_back("None of the files given is bitcode, so no link places "
                    "them; where one runs LTO, give it the");
    Lines.push_back("bitcode instead.");
    break;
  case Why::GoldPlugin:
    Lines.push_back("The link that failed runs LTO by LLVMgold.so, which loads "
                    "no pass plugin: place at the compile,");
    Lines.push_back("or link with ld.lld --load-pass-plugin.");
    break;
  case Why::Compiler:
    Lines.push_back(
        "A compiler wrote the object with both ends as native code, "
        "so its own compile must place");
    Lines.push_back("(rustc: RUSTC_BOOTSTRAP=1 -Z "
                    "llvm-plugins=SectionPlacement.so).");
    break;
  }
  return Lines;
}

std::vector<std::string> explainPolicy(const Findings &F) {
  if (F.AtCompile != Findings::CompileReason::None)
    return explainCompile(F.AtCompile);
  std::vector<std::string> Lines = {
      "Suggested by section-placement. For the link that runs LTO:",
      "  SECTION_PLACEMENT_POLICY=<this file> ld.lld "
      "--load-pass-plugin=SectionPlacement.so ..."};
  if (!F.Tried.empty())
    Lines.push_back(F.Tried);
  if (F.IsDirectLink)
    return Lines; // The lines of Rules.cpp go on.
  if (!F.Outputs.empty())
    Lines.push_back("That is the partial link (ld -r) that writes " +
                    join(F.Outputs, ", ") + ".");
  else if (!F.MaybeOutputs.empty())
    Lines.push_back("If that is a partial link (ld -r), add 'outputs: [" +
                    join(F.MaybeOutputs, ", ") +
                    "]' and no other link is asked.");
  if (!F.NativeTarget.empty()) {
    Lines.push_back("If no link runs LTO, and a compiler wrote " +
                    F.NativeTarget + ", its compile places instead:");
    Lines.push_back("clang -fpass-plugin=SectionPlacement.so, and a rule that "
                    "names the function and the section.");
  }
  return Lines;
}

void explainGathering(const Gathering &G, std::vector<std::string> &Lines) {
  Lines.push_back(
      "That link places its own objects. In ThinLTO each is one, and "
      "a section's name is nearness only");
  Lines.push_back("where something gathers it. Without a linker script of your "
                  "own, add -T and a file that holds:");
  Lines.push_back("  " + G.Script);
  if (!G.Symbols.empty())
    Lines.push_back("or --symbol-ordering-file and one with the lines: " +
                    join(G.Symbols, ", "));
  Lines.push_back("In a script of your own: *(.text) *(.text.near.*) before "
                  "*(.text.*).");
}

} // namespace section_placement
