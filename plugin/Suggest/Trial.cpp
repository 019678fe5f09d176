//===- Trial.cpp - What a suggested policy would do -----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sizes of native sections are exact. Those of functions are estimates,
// which count twice here: to call in reach what is not is worse than a second
// look. Where the link's command is given, its own linker scripts say who
// stands beside whom (CodeLayout.h); else sections of one name are joined.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/Trial.h"
#include "CodeLayout.h"
#include "section-placement/Explain/Explain.h"
#include "section-placement/IR/IRReader.h"
#include "section-placement/Link/NativeInputs.h"
#include "section-placement/Objects/TargetMachineType.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Module.h"
#include <map>
#include <set>

using namespace llvm;

namespace section_placement {

namespace {
class PolicyTrial {
public:
  PolicyTrial(Findings &F, const ObjectScan &Scan, ArrayRef<std::string> Files,
              const LinkFacts *Link)
      : F(F), Scan(Scan), Files(Files), Link(Link), Layout(Link) {}
  Error run();

private:
  /// What the planner does with a function of bitcode.
  struct Fate {
    std::string Section; ///< Empty where it stays.
    std::string Refusal; ///< Why.
    size_t Part = 0;     ///< Of the layout.
  };

  Error plan(const Policy &P);
  void addNatives();
  void keep(const Planned &What);
  void place();
  size_t callerOf(const Finding &One) const;
  bool isInReach(const Finding &One, uint64_t &Bytes) const;
  /// Why the policy does not bring \p One into reach; empty where it does.
  std::string faultOf(const Finding &One) const;
  std::string whyNotReached(StringRef Name) const;
  bool isTried(const Finding &One) const;
  void judge();

  Findings &F;
  const ObjectScan &Scan;
  ArrayRef<std::string> Files;
  const LinkFacts *Link;
  std::map<std::string, Fate> Fates; ///< By name, of what is wanted.
  CodeLayout Layout;
  /// Parts of native code by object and section; the first of each section
  /// has no object.
  std::map<std::pair<std::string, std::string>, size_t> NativeParts;
  std::string NotPlaced; ///< Why no layout is known; empty where one is.
};
} // namespace

/// Both names of each finding that is of compiled code.
static SetVector<StringRef> functionsOf(const Findings &F) {
  SetVector<StringRef> Names;
  for (const Finding &One : F.All) {
    if (!One.Target.empty())
      Names.insert(One.Target);
    if (One.From == Finding::Caller::Compiled)
      Names.insert(One.Function);
  }
  return Names;
}

std::string PolicyTrial::whyNotReached(StringRef Name) const {
  if (Link || !Name.consume_front("__wrap_"))
    return "no rule of the policy reaches it; is the log older than these "
           "objects?";
  return ("the objects refer to '" + Name +
          "', and --wrap makes that this one; give the link's command, too "
          "(--link-command FILE)")
      .str();
}

void PolicyTrial::keep(const Planned &What) {
  SetVector<StringRef> Wanted = functionsOf(F);
  std::map<uint32_t, std::string> Refused;
  for (const Refusal &R : What.ThePlan.Refusals)
    Refused.try_emplace(R.Symbol, explainRefusal(What, R));
  for (uint32_t I = 0; I < What.P.Symbols.size(); ++I) {
    const Symbol &S = What.P.Symbols[I];
    if (S.IsNative || S.IsUndefined)
      continue;
    if (S.isVariable())
      continue;
    const Placement &Where = What.ThePlan.Placements[I];
    std::string Section =
        (Where.Section.empty() ? S.Section : Where.Section).str();
    if (Section.empty()) // LTO in a linker has a section for each function.
      Section = (".text." + S.Name).str();
    size_t Part = Layout.add({(Link ? Link->Output : "") + ".lto.o", Section,
                              2 * std::max<uint64_t>(S.Size, 16)});
    for (StringRef Name : {S.Name, S.Canonical}) {
      if (!Wanted.count(Name))
        continue;
      Fate &Its = Fates[Name.str()];
      Its.Section = Where.Section.str();
      Its.Part = Part;
      if (!Its.Section.empty())
        continue;
      auto Known = Refused.find(I);
      Its.Refusal = Known != Refused.end()  ? Known->second
                    : Where.Rule != NoIndex ? explainPlacement(What, I)
                                            : whyNotReached(Name);
    }
  }
}

Error PolicyTrial::plan(const Policy &P) {
  RuleIndex Index(P);
  SourceRoot Root(P.Root);
  Interest Wanted = P.interest();
  Wanted.Sizes = true;
  std::unique_ptr<NativeInputs> Natives;
  std::vector<uint32_t> Named;
  return Scan.forEachModule([&](Module &M, StringRef Name) -> Error {
    if (!Natives) {
      Expected<std::unique_ptr<NativeInputs>> Read =
          readNativeInputs(P, Files, elfMachineOf(compat::targetTriple(M)));
      if (!Read)
        return Read.takeError();
      Natives = std::move(*Read);
      for (StringRef Literal : Wanted.Names)
        append_range(Named, Natives->Facts.symbolsNamed(Literal));
      llvm::sort(Named);
    }
    ModuleInput In{M, Wanted, Root};
    In.Natives = &Natives->Facts;
    In.NamedNatives = Named;
    In.Link = Link;
    In.Input = Name;
    ReadModule Read;
    readModule(In, Read);
    Plan ThePlan = makePlan(Read.P, Index);
    keep({Read.P, Index, ThePlan});
    return Error::success();
  });
}

bool PolicyTrial::isTried(const Finding &One) const {
  return Fates.count(One.Target) &&
         (One.From != Finding::Caller::Compiled || Fates.count(One.Function));
}

void PolicyTrial::addNatives() {
  Scan.forEachCodeSection([&](StringRef Object, const ElfSection &S) {
    // `lib.a(member.o)` is `lib.a:member.o` in a script. What a link takes of
    // an archive is not known: only who refers counts.
    auto [Archive, Member] = Object.split('(');
    bool IsMember = Member.consume_back(")");
    if (IsMember && none_of(F.All, [&](const Finding &One) {
          return One.Object == Object;
        }))
      return;
    size_t Part =
        Layout.add({IsMember ? (Archive + ":" + Member).str() : Object.str(),
                    S.Name.str(), S.Size});
    NativeParts.try_emplace({Object.str(), S.Name.str()}, Part);
    NativeParts.try_emplace({"", S.Name.str()}, Part);
  });
}

/// The part that the caller of \p One is in; that of nobody where its object
/// is not among the files.
size_t PolicyTrial::callerOf(const Finding &One) const {
  if (One.From == Finding::Caller::Compiled)
    return Fates.find(One.Function)->second.Part;
  std::string Section = One.Section.empty() ? ".text" : One.Section;
  for (const std::string &Object : {One.Object, std::string()})
    if (auto Found = NativeParts.find({Object, Section});
        Found != NativeParts.end())
      return Found->second;
  return ~size_t(0);
}

/// Gives in \p Bytes how far it is at most, both ends included.
bool PolicyTrial::isInReach(const Finding &One, uint64_t &Bytes) const {
  const CodeLayout::Spot &To = Layout.of(Fates.find(One.Target)->second.Part);
  size_t Caller = callerOf(One);
  auto Range = One.Range.value_or(
      std::pair(One.Relocation->Lowest, One.Relocation->Highest));
  uint64_t Back = Range.first < 0 ? -uint64_t(Range.first) : 0;
  uint64_t Ahead = Range.second;
  if (Caller == ~size_t(0)) { // Anywhere before LTO's code.
    Bytes = To.End;
    return Bytes <= Ahead;
  }
  const CodeLayout::Spot &From = Layout.of(Caller);
  bool IsAhead = To.Begin >= From.Begin;
  Bytes = IsAhead ? To.End - From.Begin : From.End - To.Begin;
  // In which order LTO emits functions of one section is not promised.
  if (One.From == Finding::Caller::Compiled && Range.first < 0)
    return Bytes <= std::min(Ahead, Back);
  return Bytes <= (IsAhead ? Ahead : Back);
}

std::string PolicyTrial::faultOf(const Finding &One) const {
  const Fate &Target = Fates.find(One.Target)->second;
  if (Target.Section.empty())
    return "the policy would not move '" + One.Target + "': " + Target.Refusal;
  std::string Caller = One.Section.empty() ? ".text" : One.Section;
  if (One.From == Finding::Caller::Compiled) {
    const Fate &Its = Fates.find(One.Function)->second;
    if (Its.Section.empty())
      return "the policy would not move '" + One.Function + "': " + Its.Refusal;
    Caller = Its.Section;
  }
  if (!NotPlaced.empty())
    return "";
  size_t CallerPart = callerOf(One);
  size_t Output = Layout.of(Target.Part).Output;
  bool IsApart = CallerPart == ~size_t(0)
                     ? Target.Section != Caller
                     : Layout.of(CallerPart).Output != Output;
  if (IsApart && Target.Section != Caller)
    return "the policy puts '" + One.Target + "' into " + Target.Section +
           ", where another caller has it, and this one is in " + Caller +
           ": in the linker script, *(" + Caller + ") *(" + Target.Section +
           ") puts both together";
  std::string Script = One.Object.empty() ? "OBJECT" : "*" + One.Object;
  std::string Remedy =
      "give '" + One.Target + "' a section of its own (section: .text.near." +
      One.Target + ") and put both together in the linker script, " + Script +
      "(" + Caller + ") *(.text.near." + One.Target +
      "), before what takes *(" + Caller + ")";
  if (IsApart)
    return "the link's script puts this code into " +
           Layout.nameOf(Layout.of(CallerPart).Output) + " and '" + One.Target +
           "' into " + Layout.nameOf(Output) +
           ", whose addresses are not computed here: " + Remedy;
  uint64_t Bytes;
  if (isInReach(One, Bytes))
    return "";
  return ("from this code to '" + One.Target + "' there are up to " +
          Twine(Bytes) + " bytes of " + Layout.nameOf(Output) +
          ", where LTO's code comes after that of native objects, so to be in "
          "one section is not to be near: " +
          Remedy)
      .str();
}

/// Lays the code out as the link does, or where it gathers nothing, with the
/// lines that the policy's comment gives it.
void PolicyTrial::place() {
  NotPlaced = Layout.place({});
  if (!NotPlaced.empty() || !Link || Link->Kind == OutputKind::Relocatable ||
      !F.Outputs.empty())
    return;
  F.IsDirectLink = true;
  bool AllReached = all_of(F.All, [&](const Finding &One) {
    return !isTried(One) || faultOf(One).empty();
  });
  F.IsGathered =
      Link->Script.HasLayout || (AllReached && !Link->Script.Sections.empty());
  if (!F.IsGathered)
    NotPlaced = Layout.place(gatheringOf(F, rulesFor(F)).Lines);
}

void PolicyTrial::judge() {
  std::vector<Finding> Kept;
  size_t Tried = 0;
  for (Finding &One : F.All) {
    if (isTried(One)) {
      std::string Who = One.Function.empty() ? "code without a name"
                                             : "'" + One.Function + "'";
      if (std::string Fault = faultOf(One); !Fault.empty()) {
        F.note(One.Relocation->Name + " of " + Who + " to '" + One.Target + "'",
               Fault);
        continue;
      }
      ++Tried;
    }
    Kept.push_back(std::move(One));
  }
  F.All = std::move(Kept);
  if (!NotPlaced.empty()) {
    F.Tried = "Not tried where the code will stand: " + NotPlaced + ".";
    return;
  }
  std::string By = F.IsGathered     ? " by the link's own script."
                   : F.IsDirectLink ? " by either file below."
                                    : " where each section's parts are joined.";
  if (Tried == F.All.size())
    F.Tried =
        "Tried on the files given: " +
        std::string(Tried == 1 ? "the reference comes"
                               : "all " + utostr(Tried) + " references come") +
        " into reach" + By;
  else if (Tried)
    F.Tried = "Tried on the files given: " + utostr(Tried) + " of " +
              utostr(F.All.size()) +
              " references come into reach; of the others no file given "
              "defines the target.";
  else
    F.Tried = "Not tried: no bitcode that was given defines the target.";
}

Error PolicyTrial::run() {
  if (F.All.empty())
    return Error::success();
  if (!Scan.bitcodeCount()) {
    F.Tried = "Not tried: given all objects of the link, the bitcode too, "
              "suggest plans the policy first.";
    return Error::success();
  }
  Expected<Policy> P =
      readPolicyText(writePolicy(rulesFor(F)), "the suggested policy");
  if (!P)
    return P.takeError();
  addNatives();
  if (Error E = plan(*P))
    return E;
  place();
  judge();
  return Error::success();
}

Error tryPolicy(Findings &F, const ObjectScan &Scan,
                ArrayRef<std::string> Files, const LinkFacts *Link) {
  return PolicyTrial(F, Scan, Files, Link).run();
}

Gathering gatheringOf(const Findings &F, const SuggestedPolicy &P) {
  std::set<StringRef> Symbols, Sections; // In an order that no log has.
  bool HasNames = true;
  for (const Finding &One : F.All) {
    HasNames &= !One.Function.empty() && !One.Target.empty();
    Symbols.insert(One.Function);
    Symbols.insert(One.Target);
  }
  for (const SuggestedRule &R : P.Rules)
    if (!R.Section.empty())
      Sections.insert(R.Section);
  for (const Finding &One : F.All)
    if (One.From != Finding::Caller::Compiled)
      Sections.insert(One.Section.empty() ? StringRef(".text") : One.Section);
  Gathering Result;
  if (HasNames)
    for (StringRef Name : Symbols)
      Result.Symbols.push_back(Name.str());
  Result.Script = "SECTIONS { .text.near : {";
  for (StringRef Section : Sections) {
    Result.Lines.push_back(("*(" + Section + ")").str());
    Result.Script += " " + Result.Lines.back();
  }
  Result.Script += " } } INSERT BEFORE .text;";
  return Result;
}

} // namespace section_placement
