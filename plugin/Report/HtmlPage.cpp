//===- HtmlPage.cpp - The reports of a link as a page ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The page's data is columns, not objects: each distinct text stands there
// once, the names are one text, rows and positions are written as steps from
// the one before. A browser reads the text of an element far slower than it
// unpacks and parses it, so from 1 MiB on the data is a zlib stream in base64:
// a sixth of the bytes, more or less. Page/data.js reads what stands here.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Report/HtmlPage.h"
#include "PageRows.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/JSON.h"
#include <map>

using namespace llvm;

namespace section_placement {

namespace page {
#include "PageTemplate.inc"
} // namespace page

namespace {
/// Each distinct text once. 0 is the empty one.
class Texts {
public:
  Texts() { add(""); }
  uint32_t add(StringRef Text) {
    auto [Known, IsNew] = Indices.try_emplace(Text, All.size());
    if (IsNew)
      All.push_back(Known->getKey());
    return Known->second;
  }
  ArrayRef<StringRef> all() const { return All; }

private:
  StringMap<uint32_t> Indices;
  std::vector<StringRef> All;
};

class PageData {
public:
  PageData(const LinkReport &Link, ArrayRef<PageImage> Images,
           function_ref<void(json::OStream &)> WriteDiff, NameStyle Names)
      : Link(Link), Images(Images), WriteDiff(WriteDiff), Names(Names),
        Rows(Link, Images) {
    for (const PageImage &I : Images)
      Extents.push_back(extentsIn(Link, *I.Image));
  }
  void write(json::OStream &J);

private:
  void writeRules(json::OStream &J);
  void writeNames(json::OStream &J);
  void writeClaimed(json::OStream &J);
  void writeAlso(json::OStream &J);
  void writeImage(json::OStream &J, uint32_t I);
  void writeReferences(json::OStream &J);
  void writeRefusals(json::OStream &J);
  void writeSaid(json::OStream &J);
  int64_t rowNamed(StringRef Name) const {
    uint32_t R = Rows.find(Name);
    return R == PageRows::NoRow ? -1 : int64_t(R);
  }
  template <typename Fn> void column(json::OStream &J, StringRef Key, Fn Of) {
    J.attributeArray(Key, [&] {
      for (uint32_t R : Claimed)
        J.value(Of(R));
    });
  }
  const ReportedFunction &function(uint32_t R) const {
    return Link.function(Rows.Rows[R].Function);
  }

  const LinkReport &Link;
  ArrayRef<PageImage> Images;
  function_ref<void(json::OStream &)> WriteDiff;
  NameStyle Names;
  PageRows Rows;
  std::vector<std::vector<RuleExtent>> Extents; ///< By image, then by rule.
  Texts Strings;
  std::vector<uint32_t> Claimed; ///< The rows that a rule has claimed.
};
} // namespace

void PageData::writeRules(json::OStream &J) {
  J.attributeArray("rules", [&] {
    for (uint32_t R = 0; R < Link.Rules.size(); ++R)
      J.object([&] {
        writeText(J, "name", Link.rules()[R].Name);
        J.attribute("line", Link.rules()[R].Line);
        J.attribute("claimed", Link.Rules[R].Claimed);
        J.attribute("moved", Link.Rules[R].Moved);
        J.attribute("refused", Link.Rules[R].Refused);
        J.attribute("matched", Link.Rules[R].Seeds);
        writeText(J, "inline", Link.rules()[R].Inline);
        J.attribute("ordered", Link.Rules[R].IsOrdered);
        if (Extents.empty())
          return;
        const RuleExtent &Extent = Extents.back()[R];
        J.attribute("bytes", Extent.Bytes);
        J.attribute("span", Extent.Span);
        J.attribute("pieces", Extent.Pieces);
        J.attribute("obeyed", Extent.word());
        if (Extents.size() > 1)
          J.attribute("spanBefore", Extents.front()[R].Span);
      });
  });
}

/// A line each: a browser splits one text faster than it parses many. What a
/// name is shown as stands beside it where it is something else.
void PageData::writeNames(json::OStream &J) {
  std::string Linked, Shown, States;
  bool AnyShown = false;
  for (const PageRow &R : Rows.Rows) {
    StringRef Separator = States.empty() ? "" : "\n";
    std::string Line = join(split(R.Name, '\n'), "\\n");
    std::string Demangled = shown(Line, Names);
    bool IsOther = Demangled != Line;
    Shown += (Separator + (IsOther ? Demangled : "")).str();
    Linked += (Separator + Line).str();
    AnyShown |= IsOther;
    States += char(R.Is);
  }
  writeText(J, "names", Linked);
  writeText(J, "shown", AnyShown ? Shown : "");
  J.attribute("state", States);
}

static std::string replaceQuoted(StringRef Text, StringRef Name, StringRef By) {
  std::string Quoted = ("'" + Name + "'").str(), Result;
  for (size_t At; (At = Text.find(Quoted)) != StringRef::npos;) {
    Result += (Text.take_front(At) + By).str();
    Text = Text.drop_front(At + Quoted.size());
  }
  return Result + Text.str();
}

/// Why a function is where it is, with its own name and section taken out: the
/// functions of one rule share one sentence.
static std::string sharedSentence(const ReportedFunction &F) {
  std::string Text = replaceQuoted(F.Because, F.Symbol, "\1");
  return F.Section.empty() ? Text : replaceQuoted(Text, F.Section, "\2");
}

/// The same of a row, with what code generation made of the function.
static std::string sentenceOf(const PageRows &Rows, const PageRow &Row,
                              const ReportedFunction &F) {
  StringRef Whole = Rows.wholeOf(Row);
  const SplitOutcome *Split = Rows.splitOf(Whole);
  if (Row.IsPart)
    return Split ? Split->sentence() : "\1 was split off '" + Whole.str() + "'";
  return sharedSentence(F) + (Split ? ". " + Split->sentence() : "");
}

/// The section that a row's function, or what was split off it, was given.
static StringRef sectionOf(const PageRows &Rows, const PageRow &Row,
                           const ReportedFunction &F) {
  if (!Row.IsPart)
    return F.Section;
  const SplitOutcome *Split = Rows.splitOf(Rows.wholeOf(Row));
  return Split ? StringRef(Split->Section) : "";
}

/// As `git check-ignore -v` says it, a line for each pattern.
static std::string patternText(const ReportedFunction &F) {
  std::string Text;
  for (const ReportedPattern &P : F.Patterns)
    Text += (Text.empty() ? "" : "\n") + P.File + ":" + utostr(P.Line) + ": " +
            P.Key + ": " + P.Glob;
  return Text;
}

void PageData::writeClaimed(json::OStream &J) {
  J.attributeObject("claimed", [&] {
    uint32_t Last = 0;
    column(J, "row", [&](uint32_t R) { return R - std::exchange(Last, R); });
    column(J, "rule", [&](uint32_t R) { return function(R).Rule; });
    column(J, "module",
           [&](uint32_t R) { return Rows.Rows[R].Function.Module; });
    column(J, "reason", [&](uint32_t R) {
      return Strings.add(Rows.Rows[R].IsPart ? "split-from-parent"
                                             : function(R).Reason);
    });
    column(J, "section", [&](uint32_t R) {
      return Strings.add(sectionOf(Rows, Rows.Rows[R], function(R)));
    });
    column(J, "source",
           [&](uint32_t R) { return Strings.add(function(R).Source); });
    column(J, "pattern",
           [&](uint32_t R) { return Strings.add(patternText(function(R))); });
    column(J, "because", [&](uint32_t R) {
      return Strings.add(
          shown(sentenceOf(Rows, Rows.Rows[R], function(R)), Names));
    });
  });
}

void PageData::writeAlso(json::OStream &J) {
  StringMap<uint32_t> ByName;
  for (uint32_t R = 0; R < Link.rules().size(); ++R)
    ByName.try_emplace(Link.rules()[R].Name, R);
  J.attributeArray("also", [&] {
    for (uint32_t R : Claimed) {
      if (function(R).AlsoMatched.empty())
        continue;
      J.array([&] {
        J.value(R);
        J.array([&] {
          for (const std::string &Name : function(R).AlsoMatched)
            if (auto Found = ByName.find(Name); Found != ByName.end())
              J.value(Found->second);
        });
      });
    }
  });
}

void PageData::writeImage(json::OStream &J, uint32_t I) {
  const ElfFile &Image = *Images[I].Image;
  const StripLayout &Strip = Rows.Strips[I];
  writeText(J, "label", Images[I].Label);
  writeText(J, "name", Images[I].Name);
  J.attribute("span", Strip.Span);
  J.attribute("relocatable", Image.isRelocatable());
  J.attributeArray("sections", [&] {
    for (const SectionSpan &S : Strip.Sections)
      J.array([&] {
        const ElfSection &Of = Image.sections()[S.Section];
        J.value(jsonText(Of.Name));
        J.value("0x" + utohexstr(Of.Address, /*LowerCase=*/true));
        J.value(S.Base);
        J.value(Of.Size);
      });
  });
  std::vector<uint32_t> Here;
  for (uint32_t R = 0; R < Rows.Rows.size(); ++R)
    if (Rows.Rows[R].Places[I])
      Here.push_back(R);
  auto Place = [&](uint32_t R) {
    return std::pair(Rows.Rows[R].Places[I]->At, R);
  };
  llvm::sort(Here, [&](uint32_t A, uint32_t B) { return Place(A) < Place(B); });
  auto Steps = [&](StringRef Key, auto Of) {
    int64_t Last = 0;
    J.attributeArray(Key, [&] {
      for (uint32_t R : Here) {
        int64_t Value = Of(R);
        J.value(Value - std::exchange(Last, Value));
      }
    });
  };
  Steps("row", [&](uint32_t R) { return R; });
  Steps("at", [&](uint32_t R) { return Rows.Rows[R].Places[I]->At; });
  Steps("section", [&](uint32_t R) { return Rows.Rows[R].Places[I]->Section; });
  J.attributeArray("size", [&] {
    for (uint32_t R : Here)
      J.value(Rows.Rows[R].Places[I]->Size);
  });
}

/// One reference is seen by each backend that it reaches, and belongs to each
/// symbol whose extent covers it: the innermost is kept.
void PageData::writeReferences(json::OStream &J) {
  using Key = std::tuple<StringRef, uint64_t, StringRef, StringRef>;
  std::map<Key, const ReportedEdge *> Edges;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedEdge &E : M->References) {
      const ReportedEdge *&Known =
          Edges[{E.Object, E.Offset, E.Relocation, E.To}];
      // Inline asm tells no offset: there the symbol is what tells two apart.
      if (!Known || E.FromOffset < Known->FromOffset)
        Known = &E;
    }
  auto Column = [&](StringRef Key, auto Of) {
    J.attributeArray(Key, [&] {
      for (const auto &Place : Edges)
        J.value(Of(*Place.second));
    });
  };
  using Edge = const ReportedEdge &;
  J.attributeObject("references", [&] {
    Column("from", [&](Edge E) { return rowNamed(E.From); });
    Column("to", [&](Edge E) { return rowNamed(E.To); });
    Column("relocation", [&](Edge E) { return Strings.add(E.Relocation); });
    Column("object", [&](Edge E) { return Strings.add(E.Object); });
    Column("offset", [](Edge E) { return E.Offset; });
    Column("fromOffset", [](Edge E) { return E.FromOffset; });
    Column("reach", [](Edge E) { return E.Reach; });
  });
}

void PageData::writeRefusals(json::OStream &J) {
  StringMap<int64_t> RowOf;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedRefusal &R : M->Refusals)
      RowOf.try_emplace(R.Because, rowNamed(R.Symbol));
  J.attributeArray("refusals", [&] {
    for (const RefusalGroup &Group : Link.Refusals)
      for (const Said &S : Group.Texts)
        J.object([&] {
          J.attribute("row", RowOf.lookup(S.Text));
          J.attribute("rule", Group.Rule);
          writeText(J, "reason", Group.Reason);
          writeText(J, "text", shown(S.Text, Names));
        });
  });
}

void PageData::writeSaid(json::OStream &J) {
  J.attributeArray("told", [&] {
    for (const Said &S : Link.Failed)
      J.value(jsonText("this link failed: " + shown(S.Text, Names)));
    for (const Said &S : Link.Told)
      J.value(jsonText(shown(S.Text, Names)));
  });
  J.attributeArray("unanswered", [&] {
    for (const ReportedName &N : Link.Unanswered)
      J.value(jsonText("'" + N.Name + "' of rule '" +
                       Link.rules()[N.Rule].Name + "' (" + N.File + ":" +
                       utostr(N.Line) + ")"));
  });
  J.attributeArray("modules", [&] {
    for (const ModuleReport *M : Link.modules())
      J.value(jsonText(M->Module));
  });
}

void PageData::write(json::OStream &J) {
  for (uint32_t R = 0; R < Rows.Rows.size(); ++R)
    if (Rows.Rows[R].Is == PageRow::State::Claimed)
      Claimed.push_back(R);
  J.object([&] {
    writeText(J, "output", Link.output());
    writeText(J, "policy", Link.policy());
    writeRules(J);
    J.attribute("parts", count_if(Rows.Rows, [](const PageRow &Row) {
                  return Row.IsPart;
                }));
    writeNames(J);
    writeClaimed(J);
    writeAlso(J);
    J.attributeArray("images", [&] {
      for (uint32_t I = 0; I < Images.size(); ++I)
        J.object([&] { writeImage(J, I); });
    });
    if (WriteDiff)
      J.attributeObject("diff", [&] { WriteDiff(J); });
    writeReferences(J);
    writeRefusals(J);
    writeSaid(J);
    J.attributeArray("strings", [&] {
      for (StringRef Text : Strings.all())
        J.value(jsonText(Text));
    });
  });
}

static std::string dataOf(const LinkReport &Link, ArrayRef<PageImage> Images,
                          function_ref<void(json::OStream &)> WriteDiff,
                          NameStyle Names) {
  std::string Json;
  raw_string_ostream OS(Json);
  json::OStream J(OS);
  PageData(Link, Images, WriteDiff, Names).write(J);
  J.flush();
  OS.flush();
  static constexpr size_t SmallEnough = 1 << 20;
  if (Json.size() < SmallEnough || !compression::zlib::isAvailable())
    return jsonInScript(Json);
  SmallVector<uint8_t, 0> Packed;
  compression::zlib::compress(arrayRefFromStringRef(Json), Packed);
  return encodeBase64(Packed);
}

void writeHtmlPage(raw_ostream &OS, const LinkReport &Link,
                   ArrayRef<PageImage> Images,
                   function_ref<void(json::OStream &)> WriteDiff,
                   NameStyle Names) {
  std::string Title =
      markupText(Images.empty() ? Link.output() : Images.back().Name);
  StringRef Rest(reinterpret_cast<const char *>(page::Html),
                 sizeof(page::Html));
  while (!Rest.empty()) {
    auto [Text, After] = Rest.split('@');
    OS << Text;
    if (After.consume_front("TITLE@"))
      OS << (Title.empty() ? "compiles" : Title);
    else if (After.consume_front("DATA@"))
      OS << dataOf(Link, Images, WriteDiff, Names);
    else if (Text.size() < Rest.size())
      OS << '@';
    Rest = After;
  }
}

} // namespace section_placement
