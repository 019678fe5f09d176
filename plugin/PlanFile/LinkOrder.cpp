//===- LinkOrder.cpp - What a final link needs of a plan ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One section name is nearness only inside one object. In a direct ThinLTO link
// each backend is an object, so the linker must gather the name, or be told the
// order of symbols.
//
//===----------------------------------------------------------------------===//

#include "RuleMembers.h"
#include "section-placement/PlanFile/LiteralPolicy.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

std::vector<std::vector<uint32_t>> membersByRule(const Planned &What) {
  std::vector<std::vector<uint32_t>> Members(What.Index.size());
  std::vector<bool> IsOrdered(What.P.Symbols.size());
  for (const OrderedGroup &Group : What.ThePlan.Orders) {
    Members[Group.Rule] = Group.Symbols;
    for (uint32_t I : Group.Symbols)
      IsOrdered[I] = true;
  }
  for (uint32_t I = 0; I < What.P.Symbols.size(); ++I) {
    uint32_t Rule = What.ThePlan.Placements[I].Rule;
    if (Rule != NoIndex && !IsOrdered[I] && !What.P.Symbols[I].isVariable())
      Members[Rule].push_back(I);
  }
  return Members;
}

static StringRef suffixOf(uint32_t I, ArrayRef<PromotedSuffix> Promoted) {
  const PromotedSuffix *Module =
      llvm::upper_bound(Promoted, I, [](uint32_t I, const PromotedSuffix &S) {
        return I < S.End;
      });
  return Module == Promoted.end() ? StringRef() : Module->Text;
}

/// Adds \p Name to the file \p Text.
static Error addOrdered(std::string &Text, const Twine &Name) {
  std::optional<std::string> Line = symbolOrderLine(Name.str());
  if (!Line)
    return plainError(inQuotes(Name.str()) +
                      " cannot be written into a symbol ordering file, which "
                      "has one name a line: leave the function out of the "
                      "rules");
  Text += *Line + "\n";
  return Error::success();
}

Expected<std::string> writeSymbolOrder(const Planned &What,
                                       ArrayRef<PromotedSuffix> Promoted) {
  std::string Text;
  for (const std::vector<uint32_t> &Members : membersByRule(What))
    for (uint32_t I : Members) {
      const Symbol &S = What.P.Symbols[I];
      if (What.ThePlan.Placements[I].Section.empty())
        continue;
      if (Error E = addOrdered(Text, S.Name))
        return E;
      if (StringRef Suffix = suffixOf(I, Promoted);
          S.IsLocal && !Suffix.empty())
        if (Error E = addOrdered(Text, S.Name + Suffix))
          return E;
    }
  return Text;
}

static Expected<std::string> nameInScript(StringRef Section) {
  if (std::optional<std::string> Name = linkerScriptName(Section))
    return *Name;
  return plainError("section " + inQuotes(Section) +
                    " cannot be written into a linker script, which has no "
                    "way to write a quote or a control character: choose a "
                    "section without '{function}' for it");
}

Expected<std::string> writeLinkerScript(const Planned &What) {
  std::string Text;
  raw_string_ostream OS(Text);
  OS << "/* Made by 'section-placement plan'. For -T: the rest is left to the\n"
        "   default script. In a script of your own, put these lines before "
        "the\n"
        "   one that takes .text.*. */\nSECTIONS\n{\n";
  std::vector<std::vector<uint32_t>> Members = membersByRule(What);
  for (uint32_t R = 0; R < What.Index.size(); ++R) {
    SetVector<StringRef> Sections;
    for (uint32_t I : Members[R])
      if (StringRef Section = What.ThePlan.Placements[I].Section;
          !Section.empty() && Section != ".text")
        Sections.insert(Section);
    if (Sections.empty())
      continue;
    // Sections that are in the default script's .text, in one of their own.
    std::string Name = Sections.size() == 1
                           ? Sections.front().str()
                           : ".text." + What.Index.rule(R).R->Name;
    Expected<std::string> Output = nameInScript(Name);
    if (!Output)
      return Output.takeError();
    OS << "  " << *Output << " :\n  {\n";
    for (StringRef Section : Sections) {
      Expected<std::string> Input = nameInScript(Section);
      if (!Input)
        return Input.takeError();
      OS << "    *(" << *Input << ")\n";
    }
    OS << "  }\n";
  }
  OS << "}\nINSERT AFTER .text;\n";
  return OS.str();
}

} // namespace section_placement
