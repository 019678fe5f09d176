//===- LinkerScript.cpp - What a link's scripts define --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reader of what a script names: symbols, output sections, memory regions,
// inputs. It computes no addresses, so an expression is text, of which one
// thing matters: is it another symbol's name? The grammar is ld.lld's
// (ScriptParser.cpp). A statement that is not in it is reported with its line
// and passed over to its `;` or over its braces, so that the rest is read.
//
//===----------------------------------------------------------------------===//

#include "LinkerScript.h"
#include "ScriptLexer.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/LineTable.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace section_placement {

namespace {
/// The INCLUDEs that a script is read by: how deep, and how many before it.
struct Includes {
  unsigned Depth = 0, Count = 0;
};

class ScriptReader {
public:
  ScriptReader(StringRef Path, StringRef Text, ScriptFinder Find, Includes &In,
               ScriptFacts &Facts)
      : Path(Path), Lines(Text), L(Text), Find(Find), In(In), Facts(Facts) {}

  void readScript();
  void readVersions(StringRef End);
  void readDynamic();

private:
  Place here() { return Lines.place(Path, L.position()); }
  void notKnown(const Place &Where, const Twine &What) {
    Facts.Unread.push_back({Where, What.str()});
  }
  StringRef nextUnlessAssignment(const Place &Where);
  bool readCommon(StringRef Word, const Place &Where);
  void readProvide(const Place &Where, bool IsProvided, bool IsHidden);
  bool readAssignment(StringRef Name, const Place &Where);
  void addSymbol(StringRef Name, StringRef Operator, StringRef Expression,
                 bool IsProvided, bool IsHidden, const Place &Where);
  void readInputs();
  void readKept();
  void readInclude(const Place &Where);
  void readMemory();
  void readSections();
  void readOutputSection(StringRef Name, const Place &Where);
  void readSectionBody(OutputSection &Section);
  void skipStatement(StringRef Word, const Place &Where);
  void readPatterns(SymbolVersion &Version);

  StringRef Path;
  LineTable Lines;
  ScriptLexer L;
  ScriptFinder Find;
  Includes &In;
  ScriptFacts &Facts;
  OutputSection *Body = nullptr; ///< That is being read.
};
} // namespace

/// The symbols that \p Expression computes with; also what is a function of
/// the script's language, which no program defines.
static void keepNamesIn(StringRef Expression, ScriptFacts &Facts) {
  auto IsOfName = [](char C) {
    return isAlnum(C) || C == '_' || C == '.' || C == '$';
  };
  while (!Expression.empty()) {
    StringRef Name = Expression.take_while(IsOfName);
    Expression = Expression.drop_front(std::max<size_t>(1, Name.size()));
    if (!Name.empty() && Name != "." && !isDigit(Name.front()))
      Facts.Kept.push_back({Name.str(), false, /*IsExact=*/true});
  }
}

void ScriptReader::addSymbol(StringRef Name, StringRef Operator,
                             StringRef Expression, bool IsProvided,
                             bool IsHidden, const Place &Where) {
  Name = unquoted(Name);
  if (Name == ".") { // The place that output goes to, no symbol.
    if (!Body || !Body->Gaps)
      return;
    std::optional<uint64_t> Gap = gapOf(Operator, Expression);
    Body->Gaps = Gap ? std::optional(*Body->Gaps + *Gap) : std::nullopt;
    return;
  }
  MadeSymbol S;
  S.Name = Name.str();
  if (Operator == "=")
    S.Target = symbolOf(Expression);
  S.IsProvided = IsProvided;
  S.IsHidden = IsHidden;
  S.Where = Where;
  if (S.Target.empty())
    keepNamesIn(Expression, Facts);
  Facts.Symbols.push_back(std::move(S));
}

/// The token that begins a statement. An assignment is read, and gives nothing.
StringRef ScriptReader::nextUnlessAssignment(const Place &Where) {
  size_t Begin = L.position();
  if (readAssignment(L.nextName(), Where))
    return "";
  L.rewind(Begin);
  return L.next();
}

/// `(NAME = EXPRESSION)`
void ScriptReader::readProvide(const Place &Where, bool IsProvided,
                               bool IsHidden) {
  if (!L.consume("("))
    return notKnown(Where, "PROVIDE without '('");
  StringRef Name = L.nextName();
  StringRef Operator = L.nextAssignment();
  std::string Expression = L.textUntil(");");
  if (Operator.empty())
    notKnown(Where, "PROVIDE of " + inQuotes(Name) + " without '='");
  else
    addSymbol(Name, Operator, Expression, IsProvided, IsHidden, Where);
  L.consume(")");
}

bool ScriptReader::readAssignment(StringRef Name, const Place &Where) {
  StringRef Operator = L.nextAssignment();
  if (Operator.empty())
    return false;
  addSymbol(Name, Operator, L.textUntil(";}"), false, false, Where);
  L.consume(";");
  return true;
}

/// `INPUT(a.o AS_NEEDED(libb.so), -lc)`
void ScriptReader::readInputs() {
  if (!L.consume("("))
    return;
  for (unsigned Depth = 1; Depth && !L.peek().empty();) {
    if (L.consume(")"))
      --Depth;
    else if (L.consume("AS_NEEDED"))
      Depth += L.consume("(");
    else if (!L.consume(","))
      Facts.Inputs.push_back(unquoted(L.next()).str());
  }
}

/// `(NAME, NAME …)`, which the link asks for.
void ScriptReader::readKept() {
  if (!L.consume("("))
    return;
  while (!L.peek().empty() && !L.consume(")"))
    if (!L.consume(","))
      Facts.Kept.push_back({unquoted(L.next()).str(), false, true});
}

static constexpr unsigned MaximumDepth = 32, MaximumIncludes = 1000;

static bool readText(StringRef Path, ScriptFacts &Facts,
                     std::unique_ptr<MemoryBuffer> &Text) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer =
      readInputFile(Path, MaximumTextSize);
  if (!Buffer) {
    Facts.Unread.push_back(
        {Place{Path.str()}, toString(withoutPlace(Buffer.takeError()))});
    return false;
  }
  Text = std::move(*Buffer);
  return true;
}

void ScriptReader::readInclude(const Place &Where) {
  StringRef Name = unquoted(L.next());
  std::string Found = Find(Name);
  StringRef Fault = Found.empty()                 ? ", which is nowhere"
                    : In.Depth == MaximumDepth    ? ", which includes itself"
                    : In.Count == MaximumIncludes ? ", which is one too many"
                                                  : "";
  if (!Fault.empty())
    return notKnown(Where, "INCLUDE of " + inQuotes(Name) + Fault);
  std::unique_ptr<MemoryBuffer> Text;
  if (!readText(Found, Facts, Text))
    return;
  ++In.Depth;
  ++In.Count;
  ScriptReader(Found, Text->getBuffer(), Find, In, Facts).readScript();
  --In.Depth;
}

/// What may stand inside SECTIONS and outside of it. False where \p Word is
/// none of it.
bool ScriptReader::readCommon(StringRef Word, const Place &Where) {
  if (Word == ";")
    return true;
  if (Word == "PROVIDE" || Word == "PROVIDE_HIDDEN" || Word == "HIDDEN") {
    readProvide(Where, Word != "HIDDEN", Word != "PROVIDE");
    return true;
  }
  if (Word == "INCLUDE") {
    readInclude(Where);
    return true;
  }
  if (Word == "ENTRY") {
    readKept();
    return true;
  }
  if (Word == "ASSERT") { // The words of its message count, too.
    L.skipBalanced("(", ")",
                   [&](StringRef Token) { keepNamesIn(Token, Facts); });
    return true;
  }
  return false;
}

void ScriptReader::skipStatement(StringRef Word, const Place &Where) {
  notKnown(Where, "the statement " + inQuotes(Word) + " is not known");
  for (StringRef Token = L.peek(); !Token.empty() && Token != "}";
       Token = L.peek()) {
    if (Token == "{")
      return L.skipBalanced("{", "}");
    if (Token == "(")
      L.skipBalanced("(", ")");
    else if (L.next() == ";")
      return;
  }
}

/// `NAME (ATTRIBUTES) : ORIGIN = EXPRESSION, LENGTH = EXPRESSION`
void ScriptReader::readMemory() {
  if (!L.consume("{"))
    return;
  L.SplitsColons = true;
  while (!L.peek().empty() && !L.consume("}")) {
    MemoryRegion R;
    R.Where = here();
    if (L.peek() == "INCLUDE") {
      L.next();
      readInclude(R.Where);
      continue;
    }
    R.Name = unquoted(L.next()).str();
    L.skipBalanced("(", ")");
    bool IsWell = L.consume(":");
    // `ORIGIN = 0, LENGTH = 64K`, each word also in short.
    auto Value = [&](StringRef Ends) {
      L.nextName();
      if (L.nextAssignment() != "=")
        IsWell = false;
      return numberOf(L.textUntil(Ends));
    };
    R.Origin = Value(",}");
    L.consume(",");
    L.nextName();
    if (L.nextAssignment() != "=")
      IsWell = false;
    // The length ends where the line does: what follows begins a new region.
    R.Length = numberOf(L.next());
    if (!IsWell) {
      notKnown(R.Where, "the memory region " + inQuotes(R.Name) +
                            " is not NAME (ATTRIBUTES) : ORIGIN = …, LENGTH "
                            "= …");
      continue;
    }
    // An expression goes on until the next `NAME … :` or the end.
    while (!L.peek().empty() && L.peek() != "}" &&
           (StringRef("+-*/&|<>~)").contains(L.peek().front()) ||
            L.peek() == "(")) {
      R.Length.reset();
      if (L.peek() == "(") {
        L.skipBalanced("(", ")");
      } else {
        L.next();
        if (L.peek() != "(")
          L.next();
      }
    }
    Facts.Regions.push_back(std::move(R));
  }
  L.SplitsColons = false;
}

static const StringRef DataCommands[] = {"BYTE",  "SHORT", "LONG", "QUAD",
                                         "SQUAD", "FILL",  "ASCIZ"};

/// The commands between an output section's braces.
void ScriptReader::readSectionBody(OutputSection &Section) {
  while (!L.peek().empty() && !L.consume("}")) {
    Place Where = here();
    StringRef Word = nextUnlessAssignment(Where);
    bool IsData = is_contained(DataCommands, Word);
    if (Word.empty() || Word == "," || Word == "CONSTRUCTORS" ||
        readCommon(Word, Where))
      continue;
    if (IsData) {
      L.skipBalanced("(", ")");
    } else if (L.consume("(")) { // `*(.text)`, `KEEP(*(.init))`
      Section.Inputs.push_back(Word.str() + "(" + L.textUntil(")") + ")");
      L.consume(")");
    } else {
      Section.Inputs.push_back(unquoted(Word).str()); // All of a file.
    }
  }
}

/// `NAME ADDRESS (TYPE) : AT(…) { … } >REGION AT>REGION :PHDR =FILL`
void ScriptReader::readOutputSection(StringRef Name, const Place &Where) {
  OutputSection Section;
  Section.Name =
      unquoted(Name.take_until([](char C) { return C == ':'; })).str();
  Section.Where = Where;
  while (!L.peek().empty() && L.peek() != "{" && L.peek() != "}" &&
         L.peek() != ";") {
    if (L.peek() == "(")
      L.skipBalanced("(", ")");
    else
      L.next();
  }
  if (!L.consume("{")) {
    notKnown(Where, "the statement " + inQuotes(Name) + " is not known");
    L.consume(";");
    return;
  }
  Body = &Section;
  readSectionBody(Section);
  Body = nullptr;
  for (;;) {
    if (L.consume(">")) {
      Section.Region = L.next().str();
    } else if (L.consume("AT")) {
      L.consume(">");
      Section.LoadRegion = L.next().str();
    } else if (L.consume(",")) {
    } else if (L.peek().size() > 1 && L.peek().front() == ':') {
      L.next();
    } else if (L.peek().take_front(1) == "=") {
      if (L.next() == "=")
        L.next();
    } else {
      break;
    }
  }
  Facts.Sections.push_back(std::move(Section));
}

void ScriptReader::readSections() {
  unsigned Depth = L.consume("{");
  while (Depth && !L.peek().empty()) {
    if (L.consume("}")) {
      --Depth;
      continue;
    }
    Place Where = here();
    StringRef Word = nextUnlessAssignment(Where);
    if (Word.empty() || readCommon(Word, Where))
      continue;
    if (Word != "OVERLAY") {
      readOutputSection(Word, Where);
      continue;
    }
    while (!L.peek().empty() && L.peek() != "{")
      L.next();
    Depth += L.consume("{");
  }
}

/// Commands with brackets that name nothing which matters here.
static const StringRef PassedOver[] = {
    "OUTPUT",       "OUTPUT_ARCH", "OUTPUT_FORMAT",  "TARGET",
    "REGION_ALIAS", "NOCROSSREFS", "NOCROSSREFS_TO", "STARTUP"};

void ScriptReader::readScript() {
  bool HadLayout = false; // Before the last SECTIONS, which INSERT is about.
  while (!L.peek().empty()) {
    Place Where = here();
    StringRef Word = nextUnlessAssignment(Where);
    if (Word.empty())
      continue;
    if (Word == "SECTIONS" || Word == "OVERWRITE_SECTIONS") {
      HadLayout = Facts.HasLayout;
      readSections();
      Facts.HasLayout |= Word == "SECTIONS";
    } else if (Word == "INSERT") {
      L.next(); // AFTER, BEFORE
      L.next();
      L.consume(";");
      Facts.HasLayout = HadLayout;
    } else if (Word == "MEMORY") {
      readMemory();
    } else if (Word == "VERSION") {
      L.consume("{");
      readVersions("}");
    } else if (Word == "PHDRS") {
      L.skipBalanced("{", "}");
    } else if (Word == "INPUT" || Word == "GROUP") {
      readInputs();
    } else if (Word == "SEARCH_DIR") {
      if (L.consume("("))
        Facts.Folders.push_back(unquoted(L.textUntil(")")).str());
      L.consume(")");
    } else if (Word == "FORCE_COMMON_ALLOCATION" ||
               Word == "INHIBIT_COMMON_ALLOCATION") {
    } else if (Word == "EXTERN") {
      readKept();
    } else if (is_contained(PassedOver, Word)) {
      L.skipBalanced("(", ")");
    } else if (!readCommon(Word, Where)) {
      skipStatement(Word, Where);
    }
  }
  if (L.isCutShort())
    notKnown(here(), "ends in a comment");
}

/// `global: a; b*; extern "C++" { "f()"; }; local: *;` up to the brace.
void ScriptReader::readPatterns(SymbolVersion &Version) {
  std::vector<SymbolPattern> *To = &Version.Globals;
  std::vector<bool> AreCpp = {false}; // By open brace.
  while (!AreCpp.empty() && !L.peek().empty()) {
    if (L.consume("}")) {
      AreCpp.pop_back();
      continue;
    }
    Place Where = here();
    StringRef Token = L.next();
    if (Token == ";")
      continue;
    if (Token == "extern") {
      StringRef Language = unquoted(L.next());
      if (!L.consume("{"))
        notKnown(Where, "extern without '{'");
      AreCpp.push_back(Language == "C++");
      continue;
    }
    if (L.consume(":")) {
      if (Token != "global" && Token != "local")
        notKnown(Where, "the label " + inQuotes(Token) + " is not known");
      To = Token == "local" ? &Version.Locals : &Version.Globals;
      continue;
    }
    bool IsExact =
        Token.front() == '"' || Token.find_first_of("*?[") == StringRef::npos;
    To->push_back({unquoted(Token).str(), AreCpp.back(), IsExact});
  }
}

/// `V1 { … }; V2 { … } V1;` up to \p End.
void ScriptReader::readVersions(StringRef End) {
  L.SplitsColons = true;
  while (!L.peek().empty() && L.peek() != End) {
    Place Where = here();
    SymbolVersion Version;
    if (L.peek() != "{")
      Version.Name = unquoted(L.next()).str();
    if (!L.consume("{")) {
      skipStatement(Version.Name, Where);
      continue;
    }
    readPatterns(Version);
    Facts.Versions.push_back(std::move(Version));
    while (!L.peek().empty() && L.peek() != End && !L.consume(";"))
      L.next(); // What it inherits from.
  }
  if (!End.empty())
    L.consume(End);
  L.SplitsColons = false;
}

void ScriptReader::readDynamic() {
  L.SplitsColons = true;
  while (!L.peek().empty()) {
    Place Where = here();
    if (!L.consume("{")) {
      skipStatement(L.next(), Where);
      continue;
    }
    SymbolVersion List;
    readPatterns(List);
    append_range(Facts.DynamicList, List.Globals);
    L.consume(";");
  }
}

static std::string foundNowhere(StringRef) { return ""; }

void readLinkerScript(StringRef Path, ScriptFinder Find, ScriptFacts &Facts) {
  Includes In;
  std::unique_ptr<MemoryBuffer> Text;
  if (readText(Path, Facts, Text))
    ScriptReader(Path, Text->getBuffer(), Find, In, Facts).readScript();
}

void readVersionScript(StringRef Path, ScriptFacts &Facts) {
  Includes In;
  std::unique_ptr<MemoryBuffer> Text;
  if (readText(Path, Facts, Text))
    ScriptReader(Path, Text->getBuffer(), foundNowhere, In, Facts)
        .readVersions("");
}

void readDynamicList(StringRef Path, ScriptFacts &Facts) {
  Includes In;
  std::unique_ptr<MemoryBuffer> Text;
  if (readText(Path, Facts, Text))
    ScriptReader(Path, Text->getBuffer(), foundNowhere, In, Facts)
        .readDynamic();
}

void readDefsym(StringRef Text, ScriptFacts &Facts) {
  auto [Name, Expression] = Text.split('=');
  MadeSymbol S;
  S.Name = Name.trim().str();
  S.Target = symbolOf(Expression);
  S.Where.File = ("--defsym=" + Text).str();
  if (S.Target.empty())
    keepNamesIn(Expression, Facts);
  Facts.Symbols.push_back(std::move(S));
}

} // namespace section_placement
