//===- VerdictText.cpp - The sentences of a verdict -----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VerdictText.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <map>

using namespace llvm;

namespace section_placement {

std::string foundIn(const GroupVerdict &G) {
  size_t Functions = G.Found - G.Variables;
  std::string Text;
  if (Functions || !G.Variables)
    Text = counted(Functions, "function");
  if (G.Variables)
    Text += (Text.empty() ? "" : " and ") + counted(G.Variables, "variable");
  return Text;
}

/// What stands between variables alone are variables.
static bool isOfVariables(const GroupVerdict &G) {
  return G.Variables && G.Variables == G.Found;
}

static std::string between(const GroupVerdict &G) {
  std::string Text =
      counted(G.Between, isOfVariables(G) ? "variable" : "function") +
      " of others (" + counted(G.BytesBetween, "byte") +
      "): " + join(G.FirstBetween, ", ");
  return G.Between > G.FirstBetween.size() ? Text + ", ..." : Text;
}

/// What brings the parts of \p G together.
static std::string howToGather(const GroupVerdict &G) {
  return "gather the section by a line of its own in the linker script: *(" +
         G.Group +
         "), before the lines that take its sections now; or list its "
         "functions "
         "in an order file (--symbol-ordering-file)";
}

static std::string hex(uint64_t Address) {
  return "0x" + utohexstr(Address, /*LowerCase=*/true);
}

/// `2 are outside of region 'ram' (0x20000000 to 0x2003ffff): f at 0x8000, ...`
static std::string outOfRegion(const GroupVerdict &G) {
  static constexpr size_t MaxNames = 5;
  std::string Text = inThousands(G.OutOfRegion.size()) +
                     (G.OutOfRegion.size() == 1 ? " is" : " are") +
                     " outside of region " + inQuotes(G.Region.Name) + " (" +
                     hex(G.Region.Begin) + " to " +
                     hex(G.Region.Begin + (G.Region.Size - 1)) + "): ";
  for (size_t I = 0; I < std::min(MaxNames, G.OutOfRegion.size()); ++I)
    Text += (I ? ", " : "") + G.OutOfRegion[I].first + " at " +
            hex(G.OutOfRegion[I].second);
  return Text + (G.OutOfRegion.size() > MaxNames ? ", ..." : "") +
         "; the linker script gathers the section elsewhere";
}

std::vector<std::string> faultsOf(const GroupVerdict &G) {
  std::vector<std::string> Faults;
  for (const Misplaced &M : G.Elsewhere)
    Faults.push_back(M.Function + " is in section " + M.Actual + ", not in " +
                     M.Planned +
                     ": was it linked with the plugin and this "
                     "policy?");
  if (!G.IsShared && !G.isContiguous())
    Faults.push_back(std::string("between its ") +
                     (isOfVariables(G) ? "variables" : "functions") +
                     " stand " + between(G) + "; " + howToGather(G));
  if (!G.OutOfRegion.empty())
    Faults.push_back(outOfRegion(G));
  if (!G.Orphan.empty())
    Faults.push_back(G.Orphan);
  return Faults;
}

/// What is called outside of \p G; empty where nothing is.
static std::string leaving(const GroupVerdict &G) {
  static constexpr size_t MaxNames = 5;
  std::string Text;
  if (G.Leaving) {
    Text =
        inThousands(G.Leaving) +
        (G.Leaving == 1 ? " branch leaves it, to " : " branches leave it, to ");
    for (size_t I = 0; I < std::min(MaxNames, G.LeavingTo.size()); ++I) {
      const auto &[Name, Count] = G.LeavingTo[I];
      Text += (I ? ", " : "") + Name;
      if (Count > 1)
        Text += " (" + inThousands(Count) + ")";
    }
    if (G.LeavingTo.size() > MaxNames)
      Text += ", and " + inThousands(G.LeavingTo.size() - MaxNames) + " more";
    if (G.ThroughThunks)
      Text += "; " + inThousands(G.ThroughThunks) + " of them by a thunk";
  }
  if (G.ThroughRegisters)
    Text += (Text.empty() ? "" : "; ") + inThousands(G.ThroughRegisters) +
            (G.ThroughRegisters == 1 ? " branch goes" : " branches go") +
            " through registers or memory, to where is not known";
  return Text;
}

std::vector<std::string> factsOf(const GroupVerdict &G, bool IsRelocatable) {
  std::vector<std::string> Facts;
  if (G.Found)
    Facts.push_back("spans " + counted(G.Span, "byte") + ", " +
                    inThousands(G.Code) + " of them its own");
  if (G.IsShared && G.Between)
    Facts.push_back("the section takes other code, too: between stand " +
                    between(G));
  if (G.Pieces > 1)
    Facts.push_back(
        "in " + inThousands(G.Pieces) + " sections of the image, " +
        (IsRelocatable
             ? "which only the final link lays side by side (comdats are never "
               "joined)"
             : "with " + counted(G.BytesApart, "byte") + " between them; " +
                   howToGather(G)));
  if (std::string Leaving = leaving(G); !Leaving.empty() && !G.HasProof)
    Facts.push_back(std::move(Leaving));
  if (!G.AreSectionsKnown)
    Facts.push_back(
        ("a linked image keeps no names of input sections: " +
         Twine(G.IsShared ? "whether the plugin put them there is not judged "
                          : "that they stand together is judged, and not who "
                            "put them there ") +
         "(give the objects that the link made: --objects)")
            .str());
  return Facts;
}

std::string routeText(const Verdict &V, const MeasuredReference &M) {
  if (M.Way == Route::Straight)
    return "";
  std::string Name = nameOfAddress(V.Image, M.LinkedTo);
  switch (M.Way) {
  case Route::Straight:
    break;
  case Route::Table:
    return (M.Import.empty() ? "through the table entry " + Name + " (PLT)"
                             : M.Import.str() + " (through the PLT)") +
           ", as the target may be another's when the program runs";
  case Route::Thunk:
    return "through the thunk " + Name;
  case Route::Elsewhere:
    return "in the image it goes to " + Name;
  }
  return "";
}

std::string faultOf(const SizeVerdict &S) {
  if (S.isKept())
    return "";
  std::string Text = prefixOf(S.Where) + "'max-size' of rule '" + S.Rule +
                     "' is " + counted(S.Limit, "byte") + ", and its " +
                     counted(S.Functions, "function") +
                     (S.Functions == 1 ? " has " : " have ") +
                     inThousands(S.Bytes);
  if (!S.Ambiguous.empty())
    Text += " to " + inThousands(S.BytesAtMost) +
            " (several are called so: " + join(S.Ambiguous, ", ") + ")";
  Text += " in the image; the largest: ";
  for (size_t I = 0; I < S.Largest.size(); ++I)
    Text += (I ? ", " : "") + S.Largest[I].first + " (" +
            inThousands(S.Largest[I].second) + ")";
  return Text + ". Take functions out of the rule, make them smaller, or raise "
                "the limit";
}

std::string outcomeOf(const OrderVerdict &O) {
  std::string Text;
  if (O.Rule.empty())
    Text = O.Asked + ": " + inThousands(O.Found) + " of " +
           counted(O.Listed, "name") + " are in the image";
  else
    Text = "rule '" + O.Rule + "', order: " + O.Asked + ": " +
           counted(O.Found, "function");
  if (!O.IsJudged)
    return Text + ", no two of them in one section of the image: not judged";
  if (!O.Rule.empty())
    return Text + (O.isKept() ? ", as " : ", not as ") +
           (O.Modules == 1 ? "their module ordered them"
                           : "each of " + inThousands(O.Modules) +
                                 " modules ordered its own");
  Text += O.isKept() ? ", in that order" : ", not in that order";
  if (O.Others)
    Text += "; " + counted(O.Others, "function") + " beside them, " +
            percentage({int64_t(O.BytesOfOthers),
                        int64_t(O.BytesOfOthers + O.BytesOfListed)}) +
            " of the code, " + (O.Others == 1 ? "is" : "are") + " not listed";
  return Text;
}

std::string faultOf(const OrderVerdict &O) {
  if (O.isKept())
    return "";
  return counted(O.Displaced, "function") +
         (O.Displaced == 1 ? " stands" : " stand") +
         " before one that shall be in front, the first: " + O.First +
         " shall follow " + O.ShallFollow + "; " +
         (O.Rule.empty()
              ? "was the image linked with this file? A linker moves whole "
                "input sections: functions of one section keep their order"
              : "the linker sorts them, too: by counts "
                "(--no-call-graph-profile-sort), by an order file "
                "(--symbol-ordering-file, then give it to verify, too) or by "
                "its script");
}

std::string describeMissing(const MissingFunction &M) {
  return prefixOf(M.Where) + "'" + M.Name + "' of rule '" + M.Rule +
         "' is not in the image: " + M.Why;
}

std::string rulesOf(const GroupProof &G) {
  return (G.Rules.size() == 1 ? "rule '" : "rules '") + join(G.Rules, "', '") +
         "'";
}

std::string describe(const ImageEscape &E) {
  std::string To =
      E.To + (E.Section.empty() ||
                      StringRef(E.To).take_front(E.Section.size()) == E.Section
                  ? ""
                  : " in " + E.Section);
  switch (E.What) {
  case ImageEscape::Kind::Transfer:
    return E.From + " goes to " + To +
           (E.Through.empty() ? "" : ", through the veneer " + E.Through);
  case ImageEscape::Kind::Address:
    return E.From + " takes the address of " + To;
  case ImageEscape::Kind::Pointer:
    return E.From + " points to " + To;
  case ImageEscape::Kind::Read:
    return E.From + " refers to " + To;
  case ImageEscape::Kind::Unexplained:
    return E.From + " goes to " + E.Through + ", and its relocation names " +
           To;
  }
  return "";
}

StringRef remedyOf(ImageEscape::Kind Kind) {
  switch (Kind) {
  case ImageEscape::Kind::Transfer:
  case ImageEscape::Kind::Address:
    return "place that code by the rule (match or grow), gather its member in "
           "the linker script ('section-placement plan --linker-script' writes "
           "the lines), or admit it: closed: { allow: { function: [...] } }";
  case ImageEscape::Kind::Pointer:
    return "place what it points to by the rule, or admit it: closed: { allow: "
           "{ function: [...], data: [...] } }";
  case ImageEscape::Kind::Read:
    return "place the constant by the rule's data, gather it in the linker "
           "script, or admit it: closed: { allow: { data: [...] } }";
  case ImageEscape::Kind::Unexplained:
    return "look at the image there (llvm-objdump -dr): was it changed after "
           "the link?";
  }
  return "";
}

StringRef describe(ReadsFault Fault) {
  switch (Fault) {
  case ReadsFault::None:
    return "";
  case ReadsFault::NoObject:
    return "no object that was given has it (give all objects and archives of "
           "the link, and those that LTO made: --save-temps)";
  case ReadsFault::OtherCode:
    return "the objects have something else of that name; give those that the "
           "image was linked from";
  case ReadsFault::Shortened:
    return "its bytes are not those of an object, and the link may have "
           "shortened them; link with --no-relax or with --emit-relocs";
  case ReadsFault::UnknownType:
    return "its object has a relocation of a type that is not read here; link "
           "with --emit-relocs";
  case ReadsFault::UnknownTarget:
    return "where the image has what it refers to is not known; link with "
           "--emit-relocs";
  case ReadsFault::OtherTarget:
    return "the image refers to something else than its object (--wrap, "
           "--defsym); link with --emit-relocs";
  }
  return "";
}

StringRef nameOf(ReadsFault Fault) {
  switch (Fault) {
  case ReadsFault::None:
    return "";
  case ReadsFault::NoObject:
    return "no-object";
  case ReadsFault::OtherCode:
    return "other-code";
  case ReadsFault::Shortened:
    return "shortened";
  case ReadsFault::UnknownType:
    return "unknown-relocation";
  case ReadsFault::UnknownTarget:
    return "unknown-target";
  case ReadsFault::OtherTarget:
    return "other-target";
  }
  return "";
}

/// A line for each reason why the objects do not say what is read.
static void addNotRead(const GroupProof &G, std::vector<std::string> &Gaps) {
  static constexpr size_t MaxNames = 10;
  std::map<ReadsFault, std::vector<StringRef>> ByReason;
  for (const UnknownReads &U : G.NotRead)
    ByReason[U.Why].push_back(U.Name);
  for (const auto &[Why, Names] : ByReason) {
    std::string Line = "what the closed " + rulesOf(G) + " reads in " +
                       counted(Names.size(), "place") + ": ";
    for (size_t I = 0; I < std::min(MaxNames, Names.size()); ++I)
      Line += (I ? ", " : "") + Names[I].str();
    if (Names.size() > MaxNames)
      Line += ", and " + inThousands(Names.size() - MaxNames) + " more";
    Gaps.push_back(Line + ": " + describe(Why).str());
  }
}

std::vector<std::string> gapsOf(const GroupProof &G) {
  std::vector<std::string> Gaps;
  if (!G.Functions) {
    Gaps.push_back("the closed " + rulesOf(G) +
                   (G.IsByReports
                        ? " has no function in the image: does its 'match' "
                          "hold for a function of the link ('section-placement "
                          "check' shows it), and was the image linked with the "
                          "plugin and this policy?"
                        : " has no function in the image that the image itself "
                          "tells (give the link's reports: --report DIR)"));
    return Gaps;
  }
  if (!G.AreReadsKnown)
    Gaps.push_back("what the code of the closed " + rulesOf(G) +
                   " reads: the image has no relocations (give the objects of "
                   "the link, or link with --emit-relocs, which changes no "
                   "byte of the code)");
  addNotRead(G, Gaps);
  if (G.BytesNotDecoded)
    Gaps.push_back(counted(G.BytesNotDecoded, "byte") + " of the closed " +
                   rulesOf(G) + " that could not be decoded");
  return Gaps;
}

static std::string callsOrJumps(uint64_t Count) {
  return inThousands(Count) +
         (Count == 1 ? " call or jump" : " calls or jumps");
}

std::vector<std::string> extentOf(const GroupProof &G) {
  std::vector<std::string> Facts;
  Facts.push_back("over " + counted(G.Instructions, "instruction") + ", " +
                  callsOrJumps(G.Transfers) + " between functions and " +
                  (G.AreReadsKnown ? counted(G.Reads, "read")
                                   : std::string("no reads (not judged)")) +
                  (G.IsByObjects ? " by the objects' relocations" : "") +
                  (G.Sections.empty()
                       ? ", of the placed functions alone"
                       : ", all code of " + join(G.Sections, ", ")));
  if (G.AllowedTransfers || G.AllowedReads || G.AllowedJumps)
    Facts.push_back(
        "on the author's word (allow): " + callsOrJumps(G.AllowedTransfers) +
        ", " + counted(G.AllowedReads, "read") + ", " +
        counted(G.AllowedJumps, "jump") + " through registers");
  if (G.UnprovenJumps || G.UnprovenLoads)
    Facts.push_back("through registers, so not proven: " +
                    counted(G.UnprovenJumps, "jump") + " and " +
                    counted(G.UnprovenLoads, "load") + " in " +
                    counted(G.Unproven.size(), "function"));
  if (G.LiesAnywhere)
    Facts.push_back(
        "not proven: at which addresses it lies, since the rule has "
        "no 'region'");
  if (G.MayBeInlined)
    Facts.push_back("not proven: that no other code has inlined it; 'inline: "
                    "never-out' and the reports of the link see to that");
  return Facts;
}

std::vector<std::string> failuresOf(const Verdict &V) {
  std::vector<std::string> Lines;
  auto Add = [&](uint64_t Count, StringRef Noun, StringRef Rest) {
    if (Count)
      Lines.push_back(counted(Count, Noun) + " " + Rest.str());
  };
  Add(V.References.OutOfReach, "reference", "out of reach");
  if (V.MinMargin)
    Add(V.BelowMargin, "reference",
        "with less than " + percentage({int64_t(*V.MinMargin), 1000}) +
            " of its reach left");
  Lines.insert(Lines.end(), V.NotJudged.begin(), V.NotJudged.end());
  if (V.FileOrder)
    Add(V.FileOrder->Displaced, "function",
        "out of the order of " + V.FileOrder->Asked);
  if (!V.Obeyed)
    return Lines;
  Add(count_if(V.Obeyed->Groups,
               [](const GroupVerdict &G) { return !G.isObeyed(); }),
      "group", "not as planned");
  Add(count_if(V.Obeyed->Sizes,
               [](const SizeVerdict &S) { return !S.isKept(); }),
      "rule", "over its max-size");
  for (const OrderVerdict &O : V.Obeyed->Orders)
    Add(O.Displaced, "function", "out of the order of rule '" + O.Rule + "'");
  for (const GroupProof &G : V.Obeyed->Proofs)
    if (!G.isKept())
      Add(G.Escapes.size(), "way", "out of the closed " + rulesOf(G));
  Add(V.Obeyed->Missing.size(), "function", "that the policy names missing");
  return Lines;
}

} // namespace section_placement
