//===- SectionTemplate.cpp - Where a rule's functions go ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/SectionTemplate.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
struct WordName {
  StringRef Name;
  SectionTemplate::Word What;
  bool InCode, InParts, InData; ///< May it stand there?

  bool isFor(SectionTemplate::Use For) const {
    return For == SectionTemplate::Use::Code    ? InCode
           : For == SectionTemplate::Use::Parts ? InParts
                                                : InData;
  }
};
} // namespace

static const WordName WordNames[] = {
    {"function", SectionTemplate::Word::Function, true, true, false},
    {"variable", SectionTemplate::Word::Variable, false, false, true},
    {"file", SectionTemplate::Word::File, true, true, true},
    {"dir", SectionTemplate::Word::Dir, true, true, true},
    {"rule", SectionTemplate::Word::Rule, true, true, true},
    {"native", SectionTemplate::Word::Native, true, false, false},
    {"unsplit", SectionTemplate::Word::Unsplit, true, false, false},
};

static Expected<SectionTemplate::Word> parseWord(StringRef Name,
                                                 SectionTemplate::Use For) {
  SmallVector<StringRef, 8> Known;
  for (const WordName &W : WordNames) {
    if (!W.isFor(For))
      continue;
    if (W.Name == Name)
      return W.What;
    Known.push_back(W.Name);
  }
  return plainError("unknown template word " +
                    inQuotes(("{" + Name + "}").str()) +
                    suggestion(Name, Known));
}

Expected<SectionTemplate> SectionTemplate::parse(StringRef Text, Use For) {
  SectionTemplate Result;
  Result.For = For;
  Result.Text = Text.str();
  for (StringRef Rest = Text; !Rest.empty();) {
    size_t Open = Rest.find_first_of("{}");
    if (Open != 0)
      Result.Parts.push_back({Word::Literal, Rest.take_front(Open).str()});
    if (Open == StringRef::npos)
      break;
    size_t Close = Rest.find('}', Open);
    if (Rest[Open] == '}' || Close == StringRef::npos)
      return plainError(inQuotes(Text) +
                        " has a '{' or '}' without its other half; a template "
                        "word is written '" +
                        (For == Use::Data ? "{variable}'" : "{function}'"));
    Expected<Word> W = parseWord(Rest.slice(Open + 1, Close), For);
    if (!W)
      return W.takeError();
    Result.Parts.push_back({*W, ""});
    Rest = Rest.drop_front(Close + 1);
  }
  if (std::optional<std::string> Fault = Result.faultUnder("x"))
    return plainError(*Fault);
  return Result;
}

std::optional<std::string> SectionTemplate::faultUnder(StringRef Rule) const {
  if (Parts.size() > 1 && Parts[0].Literal == "." &&
      is_contained({Word::Function, Word::Variable, Word::File, Word::Dir},
                   Parts[1].What))
    return inQuotes(Text) + " could come out as " +
           (For == Use::Data ? "'.text' or '.init'" : "'.data' or '.bss'") +
           "; begin with more than a dot, as " +
           (For == Use::Data ? "'.data." : "'.text.") + Text.substr(1) + "'";
  // A stand-in for each word: what is checked is what the user wrote.
  std::string Sample;
  for (const Part &P : Parts)
    Sample += P.What == Word::Literal                             ? P.Literal
              : P.What == Word::Native || P.What == Word::Unsplit ? ".text"
              : P.What == Word::Rule                              ? Rule.str()
                                                                  : "x";
  std::optional<std::string> Fault =
      For == Use::Data ? dataSectionFault(Sample) : codeSectionFault(Sample);
  if (Fault && Sample != Text)
    *Fault = inQuotes(Text) + ": " + *Fault;
  return Fault;
}

SectionTemplate SectionTemplate::ofWord(Word W) {
  SectionTemplate Result;
  for (const WordName &Name : WordNames)
    if (Name.What == W)
      Result.Text = ("{" + Name.Name + "}").str();
  Result.Parts.push_back({W, ""});
  return Result;
}

bool SectionTemplate::uses(Word W) const {
  return any_of(Parts, [&](const Part &P) { return P.What == W; });
}

bool SectionTemplate::isShared() const {
  return !uses(Word::Function) && !uses(Word::Variable) && !uses(Word::File) &&
         !uses(Word::Dir);
}

static std::string dottedDirectory(StringRef Source) {
  std::string Dir = sys::path::parent_path(Source).str();
  StringRef Trimmed = StringRef(Dir).ltrim('/');
  std::string Result = Trimmed.str();
  std::replace(Result.begin(), Result.end(), '/', '.');
  return Result;
}

/// As TargetLoweringObjectFileELF names a section without -ffunction-sections:
/// the prefix's dot stays.
static StringRef unsplitSection(const Symbol &S) {
  return S.IsCold ? ".text.unlikely." : S.IsHot ? ".text.hot." : ".text";
}

std::string SectionTemplate::expand(const Symbol &S, StringRef Rule,
                                    StringRef Native) const {
  if (S.IsComdat && Parts.size() == 1 && Parts[0].What == Word::Unsplit)
    return "";
  std::string Section;
  for (const Part &P : Parts) {
    switch (P.What) {
    case Word::Literal:
      Section += P.Literal;
      break;
    case Word::Function:
    case Word::Variable:
      Section += S.Canonical;
      break;
    case Word::File:
      Section += sys::path::stem(S.Source);
      break;
    case Word::Dir:
      Section += dottedDirectory(S.Source);
      break;
    case Word::Rule:
      Section += Rule;
      break;
    case Word::Native:
      Section += Native;
      break;
    case Word::Unsplit:
      Section += unsplitSection(S);
      break;
    }
  }
  return Section;
}

} // namespace section_placement
