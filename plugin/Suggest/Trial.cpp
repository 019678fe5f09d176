//===- Trial.cpp - What a suggested policy would do -----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the link's command is given, its own linker scripts say who stands
// beside whom (CodeLayout.h); else sections of one name are joined. The sizes
// of native sections are exact. Those of functions are of code compiled here
// (TrialSizes.h), and count twice where a reference is called in reach: in
// between, it is not known.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/Trial.h"
#include "CodeLayout.h"
#include "TrialSizes.h"
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
              const LinkFacts *Link, function_ref<void(StringRef)> OnFile)
      : F(F), Scan(Scan), Files(Files), Link(Link), OnFile(OnFile),
        Layout(Link), Sizes(Scan, Layout, Link) {}
  Error run();

private:
  /// What the planner does with a function of bitcode.
  struct Fate {
    std::string Section;        ///< Empty where it stays.
    std::string Refusal;        ///< Why.
    std::optional<size_t> Part; ///< Of the layout.
  };

  Error plan(const Policy &P);
  void addNatives();
  void keep(const Planned &What, const ReadModule &Read, size_t Number);
  Error place();
  Error layOut(ArrayRef<std::string> Lines);
  size_t callerOf(const Finding &One) const;
  size_t targetOf(const Finding &One) const {
    return *Fates.find(One.Target)->second.Part;
  }

  /// From a caller to its target.
  struct Way {
    TrialSizes::Stretch Between;
    uint64_t Most; ///< Bytes that it may have.
    bool isTooLong() const { return Between.Known > Between.Limit; }
  };
  /// Nothing where they are in two output sections of \p L.
  std::optional<Way> wayOf(const Finding &One, const CodeLayout &L) const;
  /// Why the policy would not move one of both; empty where it does.
  std::string refusalOf(const Finding &One) const;
  /// Why the policy does not bring \p One into reach; empty where it does, and
  /// where that is not known.
  std::string faultOf(const Finding &One) const;
  std::string whyNotKnown(const Finding &One) const;
  bool isReachedWithoutScript(const Finding &One) const;
  std::string whyNotReached(StringRef Name) const;
  bool isTried(const Finding &One) const;
  void judge();

  Findings &F;
  const ObjectScan &Scan;
  ArrayRef<std::string> Files;
  const LinkFacts *Link;
  function_ref<void(StringRef)> OnFile;
  std::map<std::string, Fate> Fates; ///< By name, of what is wanted.
  CodeLayout Layout;
  TrialSizes Sizes;
  /// That in which the link has no script, where the link is not known.
  std::optional<CodeLayout> WithoutScript;
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

void PolicyTrial::keep(const Planned &What, const ReadModule &Read,
                       size_t Number) {
  std::string File = (Link ? Link->Output : "") + ".lto.o";
  SetVector<StringRef> Wanted = functionsOf(F);
  std::map<uint32_t, std::string> Refused;
  for (const Refusal &R : What.ThePlan.Refusals)
    Refused.try_emplace(R.Symbol, explainRefusal(What, R));
  for (uint32_t I = 0; I < Read.Functions.size(); ++I) {
    const Symbol &S = What.P.Symbols[I];
    if (S.IsUndefined)
      continue;
    const Placement &Where = What.ThePlan.Placements[I];
    std::string Section =
        (Where.Section.empty() ? S.Section : Where.Section).str();
    if (Section.empty()) // LTO in a linker has a section for each function.
      Section = (".text." + S.Name).str();
    std::optional<size_t> Part =
        Sizes.add(*Read.Functions[I], Number, File, Section);
    for (StringRef Name : {S.Name, S.Canonical}) {
      if (!Wanted.count(Name))
        continue;
      Fate &Its = Fates[Name.str()];
      if (!Part && Its.Part)
        continue; // The link takes the first.
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
  std::unique_ptr<NativeInputs> Natives;
  std::vector<uint32_t> Named;
  return Scan.forEachModule(
      [&](Module &M, StringRef Name, size_t Number) -> Error {
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
        Sizes.addModuleAsm(M, Number, (Link ? Link->Output : "") + ".lto.o");
        keep({Read.P, Index, ThePlan}, Read, Number);
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
                    S.Name.str(), S.Size, S.Size});
    NativeParts.try_emplace({Object.str(), S.Name.str()}, Part);
    NativeParts.try_emplace({"", S.Name.str()}, Part);
  });
}

/// The part that the caller of \p One is in; that of nobody where its object
/// is not among the files.
size_t PolicyTrial::callerOf(const Finding &One) const {
  if (One.From == Finding::Caller::Compiled)
    return *Fates.find(One.Function)->second.Part;
  std::string Section = One.Section.empty() ? ".text" : One.Section;
  for (const std::string &Object : {One.Object, std::string()})
    if (auto Found = NativeParts.find({Object, Section});
        Found != NativeParts.end())
      return Found->second;
  return ~size_t(0);
}

std::optional<PolicyTrial::Way> PolicyTrial::wayOf(const Finding &One,
                                                   const CodeLayout &L) const {
  const CodeLayout::Spot &To = L.of(targetOf(One));
  size_t Caller = callerOf(One);
  auto Range = One.Range.value_or(
      std::pair(One.Relocation->Lowest, One.Relocation->Highest));
  uint64_t Back = Range.first < 0 ? -uint64_t(Range.first) : 0;
  uint64_t Ahead = Range.second;
  if (Caller == ~size_t(0)) { // Anywhere before LTO's code.
    std::string Section = One.Section.empty() ? ".text" : One.Section;
    if (Fates.find(One.Target)->second.Section != Section)
      return std::nullopt;
    return Way{{To.Output, 0, To.Rank, To.Known.End, Ahead}, To.Most.End};
  }
  const CodeLayout::Spot &From = L.of(Caller);
  if (From.Output != To.Output)
    return std::nullopt;
  bool IsAhead = To.Rank >= From.Rank;
  const CodeLayout::Spot &First = IsAhead ? From : To;
  const CodeLayout::Spot &Last = IsAhead ? To : From;
  uint64_t Limit = IsAhead ? Ahead : Back;
  // In which order LTO emits functions of one section is not promised.
  if (One.From == Finding::Caller::Compiled && Range.first < 0)
    Limit = std::min(Ahead, Back);
  return Way{{To.Output, First.Rank, Last.Rank,
              Last.Known.End - First.Known.Begin, Limit},
             Last.Most.End - First.Most.Begin};
}

std::string PolicyTrial::refusalOf(const Finding &One) const {
  auto Of = [&](StringRef Name) -> std::string {
    const Fate &Its = Fates.find(Name.str())->second;
    if (!Its.Section.empty() && Its.Part)
      return "";
    return ("the policy would not move '" + Name + "': " + Its.Refusal).str();
  };
  std::string Refusal = Of(One.Target);
  return Refusal.empty() && One.From == Finding::Caller::Compiled
             ? Of(One.Function)
             : Refusal;
}

std::string PolicyTrial::faultOf(const Finding &One) const {
  if (std::string Refusal = refusalOf(One); !Refusal.empty())
    return Refusal;
  if (!NotPlaced.empty())
    return "";
  const Fate &Target = Fates.find(One.Target)->second;
  std::string Caller = One.From == Finding::Caller::Compiled
                           ? Fates.find(One.Function)->second.Section
                       : One.Section.empty() ? ".text"
                                             : One.Section;
  std::optional<Way> TheWay = wayOf(One, Layout);
  if (!TheWay && Target.Section != Caller)
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
  size_t Output = Layout.of(*Target.Part).Output;
  if (!TheWay)
    return "the link's script puts this code into " +
           Layout.nameOf(Layout.of(callerOf(One)).Output) + " and '" +
           One.Target + "' into " + Layout.nameOf(Output) +
           ", whose addresses are not computed here: " + Remedy;
  if (!TheWay->isTooLong())
    return "";
  return ("from this code to '" + One.Target + "' there are at least " +
          Twine(TheWay->Between.Known) + " bytes of " + Layout.nameOf(Output) +
          ", where LTO's code comes after that of native objects, so to be in "
          "one section is not to be near: " +
          Remedy)
      .str();
}

/// In the order of the files nothing but known code may stand between.
bool PolicyTrial::isReachedWithoutScript(const Finding &One) const {
  std::optional<Way> TheWay = wayOf(One, *WithoutScript);
  return TheWay && TheWay->Most <= TheWay->Between.Limit &&
         !Sizes.unknownIn(TheWay->Between, *WithoutScript);
}

/// Of one that has no fault.
std::string PolicyTrial::whyNotKnown(const Finding &One) const {
  const Way TheWay = *wayOf(One, Layout);
  std::string Target = "'" + One.Target + "'";
  if (auto Unknown = Sizes.unknownIn(TheWay.Between, Layout)) {
    std::string Who =
        Unknown->Name.empty() ? "module asm"
        : Unknown->Name == One.Target || Unknown->Name == One.Function
            ? "'" + Unknown->Name + "'"
            : "'" + Unknown->Name + "', which stands between it and " + Target +
                  ",";
    return Who + " cannot be compiled in memory (" + Unknown->Why + ")";
  }
  if (TheWay.Most > TheWay.Between.Limit)
    return (Target + " is " + Twine(TheWay.Between.Known) +
            " bytes away by the sizes that this code is compiled to here, and "
            "up to " +
            Twine(TheWay.Most) +
            " if the link makes twice as much of it; the reach is " +
            Twine(TheWay.Between.Limit))
        .str();
  if (WithoutScript && !isReachedWithoutScript(One))
    return "it does where the parts of each section are joined, by a partial "
           "link (ld -r) or a linker script; else other code stands between. "
           "Give the link's command (--link-command FILE)";
  return "";
}

/// Lays out twice: with no sizes it is known what stands between, and with
/// those of that, how far it is.
Error PolicyTrial::layOut(ArrayRef<std::string> Lines) {
  NotPlaced = Layout.place(Lines);
  if (!NotPlaced.empty())
    return Error::success();
  std::vector<TrialSizes::Stretch> Stretches;
  for (const Finding &One : F.All)
    if (isTried(One) && refusalOf(One).empty())
      if (std::optional<Way> TheWay = wayOf(One, Layout))
        Stretches.push_back(TheWay->Between);
  if (Error E = Sizes.compile(std::move(Stretches), OnFile))
    return E;
  NotPlaced = Layout.place(Lines);
  return Error::success();
}

/// As the link does, or where it gathers nothing, with the lines that the
/// policy's comment gives it.
Error PolicyTrial::place() {
  if (Error E = layOut({}))
    return E;
  if (!NotPlaced.empty())
    return Error::success();
  if (!Link && !F.IsDirectLink && F.Outputs.empty()) {
    WithoutScript = Layout;
    WithoutScript->place({}, /*JoinsText=*/true);
  }
  if (!Link || Link->Kind == OutputKind::Relocatable || !F.Outputs.empty())
    return Error::success();
  F.IsDirectLink = true;
  bool AllReached = all_of(F.All, [&](const Finding &One) {
    return !isTried(One) || faultOf(One).empty();
  });
  F.IsGathered =
      Link->Script.HasLayout || (AllReached && !Link->Script.Sections.empty());
  return F.IsGathered ? Error::success()
                      : layOut(gatheringOf(F, rulesFor(F)).Lines);
}

void PolicyTrial::judge() {
  std::vector<Finding> Kept;
  size_t Reached = 0, NotKnown = 0;
  std::string Why; // The first.
  for (Finding &One : F.All) {
    if (isTried(One)) {
      std::string Who = One.Function.empty() ? "code without a name"
                                             : "'" + One.Function + "'";
      if (std::string Fault = faultOf(One); !Fault.empty()) {
        F.note(One.Relocation->Name + " of " + Who + " to '" + One.Target + "'",
               Fault);
        continue;
      }
      std::string WhyNot = NotPlaced.empty() ? whyNotKnown(One) : "";
      ++(WhyNot.empty() ? Reached : NotKnown);
      if (Why.empty())
        Why = std::move(WhyNot);
    }
    Kept.push_back(std::move(One));
  }
  F.All = std::move(Kept);
  if (!NotPlaced.empty()) {
    F.Tried = "Not tried where the code will stand: " + NotPlaced + ".";
    return;
  }
  std::string By = F.IsGathered     ? " by the link's own script"
                   : F.IsDirectLink ? " by either file below"
                                    : " where each section's parts are joined";
  std::string Others = Reached + NotKnown == F.All.size()
                           ? "."
                           : "; of the others no file given defines the "
                             "target.";
  if (!Reached && !NotKnown)
    F.Tried = "Not tried: no bitcode that was given defines the target.";
  else if (Reached == F.All.size())
    F.Tried = "Tried on the files given: " +
              std::string(Reached == 1
                              ? "the reference comes"
                              : "all " + utostr(Reached) + " references come") +
              " into reach" + By + ".";
  else if (!NotKnown)
    F.Tried = "Tried on the files given: " + utostr(Reached) + " of " +
              utostr(F.All.size()) + " references come into reach" + Others;
  else if (F.All.size() == 1)
    F.Tried = "Not known whether the reference comes into reach: " + Why + ".";
  else
    F.Tried = "Tried on the files given: " + utostr(Reached) + " of " +
              utostr(F.All.size()) + " references come into reach" +
              (Reached ? By : "") + "; of " + utostr(NotKnown) +
              " it is not known: " + Why + Others;
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
  if (Error E = place())
    return E;
  judge();
  return Error::success();
}

Error tryPolicy(Findings &F, const ObjectScan &Scan,
                ArrayRef<std::string> Files, const LinkFacts *Link,
                function_ref<void(StringRef)> OnFile) {
  return PolicyTrial(F, Scan, Files, Link, OnFile).run();
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
