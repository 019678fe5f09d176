//===- SectionConflict.cpp - Names that code cannot take ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One section name, one set of flags. Where the module's writable data has the
// name, the assembler makes the code writable without a word; where its
// assembly declares the name otherwise, code generation fails with a message
// that names neither the policy nor the rule. Both are found before anything is
// changed.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Apply/Apply.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

namespace {
class ConflictFinder {
public:
  ConflictFinder(const Module &M, ReadModule &Read, const Plan &ThePlan)
      : M(M), Read(Read) {
    for (const Placement &P : ThePlan.Placements)
      if (!P.Section.empty())
        Rules.try_emplace(P.Section, P.Rule);
  }

  std::vector<SectionConflict> find() {
    if (Rules.empty())
      return {};
    for (const GlobalVariable &G : M.globals())
      if (!G.isDeclaration() && G.hasSection() && !G.isConstant())
        add(G.getSection(),
            "variable '" + G.getName() + "' is writable data of that section");
    for (const NativeSection &S : Read.AsmSections)
      findInModuleAsm(S);
    if (!Rules.empty() && !Read.InlineAsms)
      readInlineAsms(Read);
    if (!Rules.empty())
      for (const ReadModule::AsmOfFunction &A : *Read.InlineAsms)
        findInInlineAsm(*A.F, A.Asm->getAsmString());
    return std::move(Conflicts);
  }

private:
  void add(StringRef Section, const Twine &Why) {
    auto Found = Rules.find(Section);
    if (Found == Rules.end())
      return;
    Conflicts.push_back({Found->first, Found->second, Why.str()});
    Rules.erase(Found);
  }

  void findInModuleAsm(const NativeSection &S) {
    if (S.Type == ELF::SHT_NOBITS)
      add(S.Name, "module asm declares that section without contents (nobits)");
    else if (S.Flags & ELF::SHF_MERGE)
      add(S.Name, "module asm declares that section mergeable ('M')");
    else if (S.Flags & ELF::SHF_WRITE)
      add(S.Name, "module asm declares that section writable ('w')");
  }

  /// `.section NAME,"FLAGS"` and `.pushsection`, whose flags code generation
  /// compares with those of the code's own section: "ax".
  void findInInlineAsm(const Function &F, StringRef Text) {
    for (size_t At = Text.find("section "); At != StringRef::npos;
         At = Text.find("section ", At + 1)) {
      StringRef Rest = Text.substr(At + 8).ltrim(" \t\"");
      StringRef Name = Rest.take_until(
          [](char C) { return StringRef(", \t\n;\"").contains(C); });
      Rest = Rest.drop_front(Name.size()).ltrim("\" \t");
      if (!Rest.consume_front(","))
        continue;
      StringRef Flags = Rest.ltrim(" \t\\");
      if (!Flags.consume_front("\""))
        continue;
      Flags = Flags.take_until([](char C) { return C == '"' || C == '\\'; });
      if (!Flags.contains('x') || Flags.contains('w') || Flags.contains('M'))
        add(Name, "inline asm of function '" + F.getName() +
                      "' declares that section with flags \"" + Flags + "\"");
    }
  }

  const Module &M;
  ReadModule &Read;
  DenseMap<StringRef, uint32_t> Rules; ///< Sections that the plan uses.
  std::vector<SectionConflict> Conflicts;
};
} // namespace

std::vector<SectionConflict>
findSectionConflicts(const Module &M, ReadModule &Read, const Plan &ThePlan) {
  return ConflictFinder(M, Read, ThePlan).find();
}

} // namespace section_placement
