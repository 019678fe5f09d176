//===- PolicyWriter.cpp - A policy as a user would write it ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/PolicyWriter.h"
#include "section-placement/Policy/PolicyText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

bool canBeWritten(StringRef Name) { return !Name.empty() && isUnicode(Name); }

static std::string list(ArrayRef<std::string> Names,
                        ArrayRef<StringRef> Globs = {}) {
  std::string Result;
  for (const std::string &Name : Names)
    Result += (Result.empty() ? "" : ", ") + yamlScalar(literalGlob(Name));
  for (StringRef Glob : Globs)
    Result += ((Result.empty() ? "" : ", ") + Twine("\"") + Glob + "\"").str();
  return "[" + Result + "]";
}

/// `[a-z0-9][a-z0-9-]*`, once in the policy.
static std::string ruleName(StringRef From, StringSet<> &Taken) {
  std::string Name;
  for (char C : From) {
    if (isAlnum(C))
      Name += toLower(C);
    else if (!Name.empty() && Name.back() != '-')
      Name += '-';
  }
  while (!Name.empty() && Name.back() == '-')
    Name.pop_back();
  if (Name.empty())
    Name = "rule";
  std::string Unique = Name;
  for (unsigned I = 2; !Taken.insert(Unique).second; ++I)
    Unique = Name + "-" + std::to_string(I);
  return Unique;
}

static void writeComment(raw_ostream &OS, StringRef Indent,
                         ArrayRef<std::string> Lines) {
  for (const std::string &Line : Lines)
    OS << Indent << (Line.empty() ? "#" : "# ") << printable(Line) << '\n';
}

static void writeRule(raw_ostream &OS, const SuggestedRule &R,
                      StringSet<> &Taken) {
  writeComment(OS, "  ", R.Why);
  std::vector<std::string> Maps;
  if (!R.Functions.empty())
    Maps.push_back("{ function: " + list(R.Functions) + " }");
  if (R.MatchesAllNatives)
    Maps.push_back("{ native: " + list({}, {"**"}) + " }");
  else if (!R.Objects.empty())
    Maps.push_back("{ native: " + list(R.Objects) + " }");
  OS << "  - name: " << yamlScalar(ruleName(R.Name, Taken)) << "\n    match:";
  for (const std::string &Map : Maps)
    OS << (Maps.size() > 1 ? "\n      - " : " ") << Map;
  OS << '\n';
  if (R.GrowsAlongBranches)
    OS << "    grow: { along: [branch] }\n";
  if (!R.Section.empty())
    OS << "    section: " << yamlScalar(R.Section) << '\n';
}

std::string writePolicy(const SuggestedPolicy &P) {
  std::string Text;
  raw_string_ostream OS(Text);
  writeComment(OS, "", P.Why);
  OS << "version: 1\n";
  if (!P.Outputs.empty())
    OS << "outputs: " << list(P.Outputs) << '\n';
  if (P.ReadsAllNatives)
    OS << "native: " << list(P.Natives, {"**/*.o", "**/*.a"}) << '\n';
  else if (!P.Natives.empty())
    OS << "native: " << list(P.Natives) << '\n';
  OS << "rules:\n";
  StringSet<> Taken;
  for (const SuggestedRule &R : P.Rules)
    writeRule(OS, R, Taken);
  return OS.str();
}

} // namespace section_placement
