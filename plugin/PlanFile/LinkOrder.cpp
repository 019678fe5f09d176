//===- LinkOrder.cpp - What a final link needs of a plan ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One section name is nearness only inside one object. In a direct ThinLTO link
// each backend is an object, so the linker must gather the name, or get the
// order of symbols.
//
//===----------------------------------------------------------------------===//

#include "RuleMembers.h"
#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Objects/NativeMembers.h"
#include "section-placement/PlanFile/LiteralPolicy.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

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

/// The names that the object may have for the function \p I.
static SmallVector<std::string, 2>
linkNames(const Planned &What, uint32_t I, ArrayRef<PromotedSuffix> Promoted) {
  const Symbol &S = What.P.Symbols[I];
  SmallVector<std::string, 2> Names = {S.Name.str()};
  if (StringRef Suffix = suffixOf(I, Promoted); S.IsLocal && !Suffix.empty())
    Names.push_back((S.Name + Suffix).str());
  return Names;
}

/// The functions that rules place, in the order that a linker without the
/// plugin can give them. It moves input sections: those that the source put
/// into one (`.text.startup` has the constructors of a module, with full LTO of
/// all modules) stay together and in the order of the program, at the place of
/// the first.
static std::vector<uint32_t> orderedFunctions(const Planned &What) {
  MapVector<StringRef, std::vector<uint32_t>> BySection;
  std::vector<uint32_t> Wanted;
  for (const std::vector<uint32_t> &Members : membersByRule(What))
    for (uint32_t I : Members) {
      if (What.ThePlan.Placements[I].Section.empty())
        continue;
      Wanted.push_back(I);
      if (StringRef Section = What.P.Symbols[I].Section; !Section.empty())
        BySection[Section].push_back(I);
    }
  std::vector<uint32_t> Result;
  for (uint32_t I : Wanted) {
    StringRef Section = What.P.Symbols[I].Section;
    if (Section.empty()) {
      Result.push_back(I);
      continue;
    }
    std::vector<uint32_t> &Together = BySection[Section];
    llvm::sort(Together);
    append_range(Result, Together);
    Together.clear();
  }
  return Result;
}

Expected<std::string> writeSymbolOrder(const Planned &What,
                                       ArrayRef<PromotedSuffix> Promoted) {
  std::string Text, ColdParts;
  for (uint32_t I : orderedFunctions(What))
    for (const std::string &Name : linkNames(What, I, Promoted)) {
      if (Error E = addOrdered(Text, Name))
        return E;
      // Only what ran is split by counts; a rule's `split` needs none.
      if (What.P.Symbols[I].InTraining == Training::Ran ||
          What.ThePlan.SplitBy[I] != NoIndex)
        if (Error E = addOrdered(ColdParts, Name + ".cold"))
          return E;
    }
  return Text + ColdParts;
}

static Expected<std::string> nameInScript(StringRef Section) {
  if (std::optional<std::string> Name = linkerScriptName(Section))
    return *Name;
  return plainError("section " + inQuotes(Section) +
                    " cannot be written into a linker script, which has no "
                    "way to write a quote or a control character: choose a "
                    "section without '{function}' for it");
}

namespace {
/// Follows the calls of one rule's code into native members.
class NeedFinder {
public:
  NeedFinder(const Planned &What, NativeMembers &Natives,
             std::vector<NativeNeed> &Needs)
      : What(What), Natives(Natives), Needs(Needs) {
    for (const Symbol &S : What.P.Symbols)
      if (!S.IsUndefined && !S.IsNative && !S.IsLocal)
        Compiled.insert(S.Name);
  }

  void find(uint32_t Rule);

private:
  void add(uint32_t Rule, StringRef Name);

  const Planned &What;
  NativeMembers &Natives;
  std::vector<NativeNeed> &Needs;
  StringSet<> Compiled; ///< What bitcode defines: rules move it.
  std::vector<std::string> ToFollow;
  StringSet<> Seen;
};
} // namespace

void NeedFinder::add(uint32_t Rule, StringRef Name) {
  const auto &Closed = What.Index.rule(Rule).R->Closed;
  bool IsAllowed = Closed && any_of(Closed->Functions, [&](const Pattern &G) {
                     return G.Compiled.match(Name);
                   });
  if (!IsAllowed && !Compiled.contains(Name) && Seen.insert(Name).second)
    ToFollow.push_back(Name.str());
}

void NeedFinder::find(uint32_t Rule) {
  StringSet<> Members;
  Seen.clear();
  for (uint32_t I = 0; I < What.P.Symbols.size(); ++I)
    if (What.ThePlan.Placements[I].Rule == Rule)
      for (const Edge &E : What.P.edgesFrom(I))
        if (isCall(E.Kind) &&
            (What.P.Symbols[E.To].IsUndefined || What.P.Symbols[E.To].IsNative))
          add(Rule, What.P.Symbols[E.To].Name);
  for (size_t I = 0; I < ToFollow.size(); ++I) {
    std::string Name = ToFollow[I];
    const NativeMember *Member = Natives.defining(Name);
    if (!Member || !Members.insert(Member->Name).second)
      continue;
    Needs.push_back({Rule, Member->Name, Name});
    for (StringRef Callee : Member->Callees)
      add(Rule, Callee);
    for (const AddressedCode &Code : Member->Addressed)
      add(Rule, Code.Name);
  }
  ToFollow.clear();
}

std::vector<NativeNeed> findNativeNeeds(const Planned &What,
                                        NativeMembers &Natives) {
  std::vector<NativeNeed> Needs;
  NeedFinder Finder(What, Natives, Needs);
  for (uint32_t R = 0; R < What.Index.size(); ++R) {
    const Rule &Of = *What.Index.rule(R).R;
    if (Of.Closed || (Of.Grow && Of.Grow->AlongCall))
      Finder.find(R);
  }
  return Needs;
}

/// `*lib.a:member.o`, as both linkers name a member.
static std::string patternOf(StringRef Member) {
  InputName Name = InputName::parse(Member);
  std::string Path = "*" + sys::path::filename(Name.File).str();
  if (!Name.Member.empty())
    Path += ":" + sys::path::filename(Name.Member).str();
  return Path;
}

std::string scriptSelector(StringRef Member) {
  return patternOf(Member) + "(.text .text.* .rodata .rodata.*)";
}

std::string scriptExclusion(StringRef Member) {
  std::string Without = "EXCLUDE_FILE(" + patternOf(Member) + ") ";
  return "*(" + Without + ".text " + Without + ".text.* " + Without +
         ".rodata " + Without + ".rodata.*)";
}

namespace {
class ScriptWriter {
public:
  ScriptWriter(const Planned &What, ArrayRef<NativeNeed> Needs,
               const ScriptRegions &Regions)
      : What(What), Needs(Needs), Regions(Regions), OS(Text) {}

  Expected<std::string> write();

private:
  Error writeRule(uint32_t R, ArrayRef<uint32_t> Members);
  SetVector<StringRef> sectionsOf(uint32_t R, ArrayRef<uint32_t> Members);
  void writeData(const Rule &R);
  void writeCopyLoops();

  const Planned &What;
  ArrayRef<NativeNeed> Needs;
  const ScriptRegions &Regions;
  std::string Text;
  raw_string_ostream OS;
  std::vector<std::string> Written; ///< The names of the groups.
  std::string DataSection;
};
} // namespace

/// As a name in C: `flash_driver`.
static std::string groupName(StringRef Rule) {
  std::string Name = Rule.str();
  std::replace(Name.begin(), Name.end(), '-', '_');
  return Name;
}

/// Of the data that a rule takes along those sections that symbols of the plan
/// have, and the one of `data` where that is one: the backends choose the
/// constants. writeData() gathers those of a template.
SetVector<StringRef> ScriptWriter::sectionsOf(uint32_t R,
                                              ArrayRef<uint32_t> Members) {
  SetVector<StringRef> Sections;
  for (uint32_t I : Members)
    if (StringRef Section = What.ThePlan.Placements[I].Section;
        !Section.empty() && Section != ".text")
      Sections.insert(Section);
  for (uint32_t I = 0; I < What.P.Symbols.size(); ++I)
    if (What.ThePlan.Placements[I].Rule == R &&
        What.P.Symbols[I].isVariable() && !Regions.Region.empty())
      if (StringRef Section = What.ThePlan.Placements[I].Section;
          !Section.empty())
        Sections.insert(Section);
  const Rule &Of = *What.Index.rule(R).R;
  if (Of.takesDataAlong() && Of.Data->isShared() && !Regions.Region.empty()) {
    DataSection = Of.Data->expand(Symbol(), Of.Name, "");
    Sections.insert(DataSection);
  }
  return Sections;
}

/// A glob on all sections that the `data` of \p R may name: `*` for what only a
/// symbol decides.
static std::string globOfData(const Rule &R) {
  std::string Glob;
  StringRef Rest = R.Data->text();
  while (!Rest.empty()) {
    auto [Literal, Behind] = Rest.split('{');
    Glob += Literal;
    if (Literal.size() == Rest.size())
      break;
    auto [Word, After] = Behind.split('}');
    Glob += Word == "rule" ? R.Name : "*";
    Rest = After;
  }
  return Glob;
}

/// Constants get names that no plan knows.
void ScriptWriter::writeData(const Rule &R) {
  if (!Regions.Region.empty() && R.takesDataAlong() && !R.Data->isShared())
    OS << "    KEEP(*(" << globOfData(R) << "))\n";
}

Error ScriptWriter::writeRule(uint32_t R, ArrayRef<uint32_t> Members) {
  SetVector<StringRef> Sections = sectionsOf(R, Members);
  auto NeedsOf = make_filter_range(
      Needs, [&](const NativeNeed &Need) { return Need.Rule == R; });
  if (Sections.empty())
    return Error::success();
  const std::string &RuleName = What.Index.rule(R).R->Name;
  bool IsApart = !Regions.Region.empty();
  std::string Group = groupName(RuleName);
  // Sections that are in the default script's .text, in one of their own.
  std::string Name = IsApart                ? "." + Group
                     : Sections.size() == 1 ? Sections.front().str()
                                            : ".text." + RuleName;
  Expected<std::string> Output = nameInScript(Name);
  if (!Output)
    return Output.takeError();
  OS << "  " << *Output << " :" << (IsApart ? " ALIGN(8)" : "") << "\n  {\n";
  if (IsApart)
    OS << "    __" << Group << "_start = .;\n";
  for (StringRef Section : Sections) {
    Expected<std::string> Input = nameInScript(Section);
    if (!Input)
      return Input.takeError();
    OS << (IsApart ? "    KEEP(*(" : "    *(") << *Input
       << (IsApart ? "))\n" : ")\n");
  }
  writeData(*What.Index.rule(R).R);
  for (const NativeNeed &Need : NeedsOf)
    OS << "    " << scriptSelector(Need.Member) << '\n';
  if (IsApart)
    OS << "    . = ALIGN(8);\n    __" << Group << "_end = .;\n  } > "
       << Regions.Region << (Regions.Load.empty() ? "" : " AT> " + Regions.Load)
       << "\n  __" << Group << "_load = LOADADDR(" << *Output << ");\n";
  else
    OS << "  }\n";
  for (const NativeNeed &Need : NeedsOf)
    OS << "  /* If an earlier line of the script takes all code, write it "
          "so:\n     "
       << scriptExclusion(Need.Member) << " */\n";
  Written.push_back(Group);
  return Error::success();
}

/// Without `volatile` a compiler makes a call of memcpy, which may be among
/// what is not copied yet.
void ScriptWriter::writeCopyLoops() {
  if (Regions.Load.empty() || Written.empty())
    return;
  OS << "/* At start-up, before the first call, in C:\n";
  for (const std::string &Group : Written)
    OS << "   extern char __" << Group << "_start[], __" << Group
       << "_end[], __" << Group << "_load[];\n   for (volatile char *To = __"
       << Group << "_start, *From = __" << Group << "_load; To != __" << Group
       << "_end;)\n     *To++ = *From++;\n";
  OS << "*/\n";
}

Expected<std::string> ScriptWriter::write() {
  bool IsApart = !Regions.Region.empty();
  if (IsApart)
    OS << "/* Made by 'section-placement plan'. For ld.lld, give it as a "
          "further "
          "-T\n   before the script whose MEMORY has the regions. For GNU ld, "
          "put these lines\n   into that script, before .text. */\n"
          "SECTIONS\n{\n";
  else
    OS << "/* Made by 'section-placement plan'. For -T: the rest is left to "
          "the\n"
          "   default script. In a script of your own, put these lines before "
          "the\n"
          "   one that takes .text.*. */\nSECTIONS\n{\n";
  std::vector<std::vector<uint32_t>> Members = membersByRule(What);
  for (uint32_t R = 0; R < What.Index.size(); ++R)
    if (Error E = writeRule(R, Members[R]))
      return E;
  OS << "}\n" << (IsApart ? "INSERT BEFORE .text;\n" : "INSERT AFTER .text;\n");
  writeCopyLoops();
  return OS.str();
}

Expected<std::string> writeLinkerScript(const Planned &What,
                                        ArrayRef<NativeNeed> Needs,
                                        const ScriptRegions &Regions) {
  return ScriptWriter(What, Needs, Regions).write();
}

} // namespace section_placement
