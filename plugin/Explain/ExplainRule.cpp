//===- ExplainRule.cpp - What a rule did, and could not, in words ---------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Explain/ExplainRule.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

static std::string counted(uint32_t Count) {
  return utostr(Count) + (Count == 1 ? " function" : " functions");
}

std::string explainTotals(const Rule &R, const RuleTotals &Totals) {
  std::string Claimed = counted(Totals.Claimed);
  if (Totals.Variables)
    Claimed = (Totals.Claimed ? Claimed + " and " : "") +
              utostr(Totals.Variables) +
              (Totals.Variables == 1 ? " variable" : " variables");
  std::string Text = "rule '" + R.Name + "' claims " + Claimed + ", moves " +
                     utostr(Totals.Moved);
  if (R.Inline != InlineLine::Free)
    Text += ", keeps " + utostr(Totals.Inside) + " inside its line of inlining";
  if (R.Does == Effect::Constrain && R.MaxSize)
    Text += ", limits the size of " + utostr(Totals.Inside);
  return Text;
}

Diagnostic explainClaimsNothing(const Rule &R) {
  return {R.Where, "rule '" + R.Name + "' claims nothing of these files"};
}

std::string explainUnreadNatives(const Rule &R) {
  return "rule '" + R.Name +
         "' grows from native objects, which are not read at compile time: it "
         "acts at an LTO link; for a compile name the functions themselves in "
         "the rule";
}

std::string explainUnknownArchive(const Rule &R) {
  return "rule '" + R.Name +
         "' matches by 'archive', which holds for nothing at compile time: the "
         "link decides which archive a file is in; compile with -flto, or "
         "match by 'source'";
}

std::string explainUnsplit(const Rule &R) {
  return "rule " + inQuotes(R.Name) +
         " splits functions where their code is generated, in an LTO link that "
         "loads the plugin; a compile for LTO splits none";
}

Diagnostic explainNoSplitting(const Rule &R) {
  return {R.SplitAt,
          "rule " + inQuotes(R.Name) + " has 'split: never-run', and LLVM " +
              std::to_string(compat::llvmMajorVersion()) +
              " lets no plugin split functions (22 does); LLVM's own splitter "
              "does it by a profile: 'section-placement flags --profile-use'"};
}

std::string explainOutlining(unsigned Count) {
  return utostr(Count) +
         " of the placed functions are optimised for size (-Oz): LLVM outlines "
         "nothing from a function with a section of its own, so they may grow";
}

std::string explainGone(StringRef Rule, ArrayRef<StringRef> Functions) {
  static constexpr size_t MostNamed = 8;
  std::string Names;
  for (StringRef Name :
       Functions.take_front(std::min(MostNamed, Functions.size())))
    Names += (Names.empty() ? "'" : ", '") + Name.str() + "'";
  if (Functions.size() > MostNamed)
    Names += " and " + utostr(Functions.size() - MostNamed) + " more";
  return "rule '" + Rule.str() + "' matched " + counted(Functions.size()) +
         (Functions.size() == 1 ? " that is" : " that are") +
         " gone, inlined everywhere or dropped as unused, before "
         "anything was placed: " +
         Names;
}

Diagnostic explainConflict(const Rule &R, StringRef Section, bool IsOfVariables,
                           StringRef Why) {
  return {R.Where, ("rule '" + R.Name + "' cannot put " +
                    (IsOfVariables ? "variables" : "code") + " into section '" +
                    Section + "': " + Why + "; choose another name")
                       .str()};
}

std::string explainCompiledOtherwise(const Policy &P, StringRef Source) {
  return ("'" + Source + "' was compiled under another policy than " + P.File +
          ", which says otherwise of its 'lto' and 'inline'; compile it "
          "again, or set SECTION_PLACEMENT_MISMATCH=warn")
      .str();
}

} // namespace section_placement
