//===- SectionConflict.cpp - Names that code cannot take ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One section name, one set of flags, and no symbol: where data has the name,
// the code becomes writable or loses its flag of code without a word; where
// assembly declares the name otherwise, code generation fails with a message
// that names neither the policy nor the rule; and where a symbol has it, the
// assembler binds what refers to the symbol to the section, so that the program
// links and is wrong. All are found before anything is changed.
//
// The symbols of an object are those of its module, those of its assembly, and
// what code generation refers to. Where a name may be one of the last kind (the
// functions of the C library that LLVM knows, and what C reserves, such as
// `__muldi3`), the module is compiled in memory, and its object says so.
//
// The linker joins the sections of one name, so the data of every module and
// native object counts. Each module looks for the sections that the rules write
// among its own data, whether or not it has functions for them: so all modules
// of a link are compared, in ThinLTO too.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Apply/Apply.h"
#include "section-placement/Asm/SectionQuestion.h"
#include "section-placement/Policy/SectionTemplate.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

namespace {
class ConflictFinder {
public:
  ConflictFinder(const Module &M, ReadModule &Read, const Plan &ThePlan,
                 const SectionSurroundings &Around)
      : M(M), Read(Read), Around(Around) {
    for (size_t I = 0; I < ThePlan.Placements.size(); ++I) {
      const Placement &P = ThePlan.Placements[I];
      if (!P.Section.empty())
        (Read.P.Symbols[I].isVariable() ? DataRules : Placed)
            .insert({P.Section, P.Rule});
    }
    for (const DataCopy &C : ThePlan.Copies)
      DataRules.insert({C.Section, C.Rule});
    Rules = Placed;
    for (uint32_t R = 0; R < Around.Rules.size(); ++R)
      addWritten(R);
    for (size_t I = 0; I < Read.Variables.size(); ++I) {
      size_t Symbol = Read.Functions.size() + I;
      StringRef Section = ThePlan.Placements[Symbol].Section;
      if (Section.empty())
        continue;
      Moved.insert(Read.Variables[I]);
      if (Read.P.Symbols[Symbol].Holds != Content::Constant ||
          namedContent(Section) == NamedContent::Written)
        WrittenData.insert(Section);
    }
  }

  std::vector<SectionConflict> find() {
    if (!DataRules.empty())
      findInDataSections();
    if (Rules.empty())
      return std::move(Conflicts);
    findMeanings();
    findSymbols();
    findNativeData();
    findVariables();
    findAssembly();
    return std::move(Conflicts);
  }

private:
  void addWritten(uint32_t R);
  void add(StringRef Section, const Twine &Why) {
    auto Found = Rules.find(Section);
    if (Found == Rules.end() || !Said.insert(Section).second)
      return;
    Conflicts.push_back({Found->first.str(), Found->second, false, Why.str()});
  }
  void addData(StringRef Section, const Twine &Why) {
    auto Found = DataRules.find(Section);
    if (Found == DataRules.end() || !Said.insert(Section).second)
      return;
    Conflicts.push_back({Found->first.str(), Found->second, true, Why.str()});
  }

  void findMeanings() {
    for (const auto &Entry : Placed)
      if (std::optional<std::string> Fault = codeSectionFault(Entry.first))
        add(Entry.first, *Fault);
  }

  void findInDataSections();
  void findSymbols();
  bool isSymbolOfModule(StringRef Name) const;
  bool mayBeRoutine(StringRef Name) const;
  void findNativeData();
  void findVariables();
  void findAssembly();

  const Module &M;
  ReadModule &Read;
  const SectionSurroundings &Around;
  using RuleBySection = MapVector<StringRef, uint32_t>;
  RuleBySection Placed;    ///< The sections of the plan, of functions.
  RuleBySection Rules;     ///< Those, and what rules write.
  RuleBySection DataRules; ///< The sections of the plan, of variables.
  SmallPtrSet<const GlobalVariable *, 16> Moved; ///< By the plan.
  StringSet<> WrittenData; ///< Of DataRules, those that hold what is written.
  StringSet<> Written;     ///< Owns what no plan does.
  StringSet<> Said;
  std::vector<SectionConflict> Conflicts;
};
} // namespace

/// What rule \p R writes as its section, where that is one for all functions.
void ConflictFinder::addWritten(uint32_t R) {
  const Rule &Of = *Around.Rules.rule(R).R;
  if (Of.Does != Effect::Place || !Of.target().isShared())
    return;
  std::string Section = Of.target().expand(Symbol(), Of.Name, "");
  if (!Section.empty())
    Rules.insert({Written.insert(Section).first->first(), R});
}

bool ConflictFinder::isSymbolOfModule(StringRef Name) const {
  auto Emits = [](const GlobalValue *V) {
    return V && !V->hasPrivateLinkage() &&
           !(V->isDeclaration() && V->use_empty());
  };
  return Emits(M.getNamedValue(Name)) ||
         Emits(M.getNamedValue(("\1" + Name).str())) ||
         M.getComdatSymbolTable().count(Name);
}

/// May code generation call it by itself?
bool ConflictFinder::mayBeRoutine(StringRef Name) const {
  LibFunc Known;
  return Name.front() == '_' || Name == "mcount" ||
         TargetLibraryInfoImpl(compat::targetTriple(M)).getLibFunc(Name, Known);
}

void ConflictFinder::findSymbols() {
  StringSet<> OfAttributes;
  for (const Function &F : M)
    for (Attribute A : F.getAttributes().getFnAttrs())
      if (A.isStringAttribute() && !A.getValueAsString().empty())
        OfAttributes.insert(A.getValueAsString());
  std::optional<StringSet<>> OfObject;
  for (const auto &Entry : Placed) {
    StringRef Name = Entry.first;
    if (isSymbolOfModule(Name) || OfAttributes.count(Name)) {
      add(Name, "a symbol of this object has that name, and would be taken for "
                "the section");
      continue;
    }
    if (!mayBeRoutine(Name))
      continue;
    if (!OfObject) {
      Expected<StringSet<>> Found = Around.SymbolsOfObject();
      if (!Found) {
        add(Name, "it may be the name of a routine that code generation calls, "
                  "and that cannot be known: " +
                      toString(Found.takeError()));
        return;
      }
      OfObject = std::move(*Found);
    }
    if (OfObject->count(Name))
      add(Name, "it is the name of a routine that code generation calls here, "
                "and would be taken for the section");
  }
}

/// Functions in a section of variables, and variables whose source put them
/// there with other flags. One object has one section of a name, with the flags
/// of whatever comes first.
void ConflictFinder::findInDataSections() {
  for (const auto &Entry : DataRules) {
    StringRef Section = Entry.first;
    if (std::optional<std::string> Fault = dataSectionFault(Section))
      addData(Section, *Fault);
    else if (isSymbolOfModule(Section))
      addData(Section, "a symbol of this object has that name, and would be "
                       "taken for the section");
    if (Rules.count(Section))
      addData(Section, "a rule puts functions there");
  }
  for (const Function &F : M)
    if (F.hasSection() && !F.isDeclaration())
      addData(F.getSection(),
              "function '" + F.getName() + "' is code of that section");
  for (const GlobalVariable &G : M.globals())
    if (G.hasSection() && !G.isDeclaration() && !Moved.count(&G) &&
        (G.isConstant() == WrittenData.contains(G.getSection()) ||
         G.isThreadLocal()))
      addData(G.getSection(), (G.isConstant() ? "constant '" : "variable '") +
                                  G.getName() +
                                  "' is there by its source, with other flags");
}

void ConflictFinder::findNativeData() {
  if (Placed.empty())
    return;
  const StringMap<std::string> &Data = Around.NativeData();
  for (const auto &Entry : Placed) {
    auto Found = Data.find(Entry.first);
    if (Found != Data.end())
      add(Entry.first, "native object '" + Found->second +
                           "' has data in a section of that name");
  }
}

/// A variable's section by its own attribute, and those that `#pragma clang
/// section` gives it by its kind. A section in which the source itself has
/// functions beside constants may take more functions.
void ConflictFinder::findVariables() {
  StringSet<> OfCode;
  for (const Function &F : M)
    if (F.hasSection())
      OfCode.insert(F.getSection());
  for (const GlobalVariable &G : M.globals()) {
    if (G.isDeclarationForLinker() || Moved.count(&G))
      continue;
    auto Find = [&](StringRef Section) {
      if (!G.isConstant())
        add(Section,
            "variable '" + G.getName() + "' is writable data of that section");
      else if (!OfCode.count(Section))
        add(Section, "constant '" + G.getName() + "' is data of that section");
    };
    if (G.hasSection())
      Find(G.getSection());
    for (StringRef Kind :
         {"bss-section", "data-section", "relro-section", "rodata-section"})
      if (G.hasAttribute(Kind))
        Find(G.getAttribute(Kind).getValueAsString());
  }
}

void ConflictFinder::findAssembly() {
  if (!Read.InlineAsms)
    readInlineAsms(Read);
  if (M.getModuleInlineAsm().empty() && Read.InlineAsms->empty())
    return;
  SectionQuestion Question(M);
  SmallVector<StringRef, 8> Sections;
  for (const auto &Entry : Rules)
    Sections.push_back(Entry.first);
  if (auto Objection = Question.ofModuleAsm(Sections))
    add(Objection->Section, "module asm " + Objection->Why);
  for (const CallBase *Call : *Read.InlineAsms)
    if (auto Objection = Question.ofInlineAsm(*Call, Sections))
      add(Objection->Section, "inline asm of function '" +
                                  Call->getFunction()->getName() + "' " +
                                  Objection->Why);
}

std::vector<SectionConflict>
findSectionConflicts(const Module &M, ReadModule &Read, const Plan &ThePlan,
                     const SectionSurroundings &Around) {
  return ConflictFinder(M, Read, ThePlan, Around).find();
}

} // namespace section_placement
