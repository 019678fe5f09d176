//===- JUnitVerdict.cpp - A verdict for continuous integration ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The JUnit dialect that Jenkins, GitLab and GitHub's actions read: suites,
// cases, failure, skipped.
//
//===----------------------------------------------------------------------===//

#include "VerdictText.h"
#include "section-placement/Support/Quoting.h"
#include "section-placement/Verify/Verify.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

namespace {
struct TestCase {
  std::string Class, Name;
  std::string Failure; ///< Empty for none.
  std::string Skipped; ///< Empty for none.
};
} // namespace

static void writeSuite(raw_ostream &OS, StringRef Name,
                       ArrayRef<TestCase> Cases) {
  auto Has = [&](std::string TestCase::*Part) {
    return count_if(Cases,
                    [&](const TestCase &C) { return !(C.*Part).empty(); });
  };
  OS << " <testsuite name=\"" << markupText(Name) << "\" tests=\""
     << Cases.size() << "\" failures=\"" << Has(&TestCase::Failure)
     << "\" skipped=\"" << Has(&TestCase::Skipped) << "\">\n";
  for (const TestCase &C : Cases) {
    OS << "  <testcase classname=\"" << markupText(C.Class) << "\" name=\""
       << markupText(C.Name) << '"';
    if (!C.Failure.empty())
      OS << "><failure message=\"" << markupText(C.Failure)
         << "\"/></testcase>\n";
    else if (!C.Skipped.empty())
      OS << "><skipped message=\"" << markupText(C.Skipped)
         << "\"/></testcase>\n";
    else
      OS << "/>\n";
  }
  OS << " </testsuite>\n";
}

static TestCase caseOf(const Verdict &V, const MeasuredReference &M) {
  const ObjectFile &Object = V.objectOf(M);
  const ObjectReference &R = V.referenceOf(M);
  TestCase C;
  C.Class = Object.Name;
  C.Name = R.Relocation->Name.str() + " in " + placeName(Object, R) + " to " +
           targetName(Object, R);
  switch (M.Status) {
  case ReferenceStatus::NotDecided:
    C.Skipped = "across sections: only the final link decides";
    break;
  case ReferenceStatus::NotDecoded:
    C.Skipped = "the instruction in the image cannot be decoded";
    break;
  case ReferenceStatus::NotLocated:
    C.Skipped = ("cannot be located in the image: " + describe(M.Fault)).str();
    break;
  case ReferenceStatus::Measured:
    if (M.isOutOfReach() || V.isBelowMargin(M))
      C.Failure = (M.isOutOfReach() ? "out of reach: " : "below the margin: ") +
                  itostr(M.Distance) + " is to be in [" +
                  itostr(R.Relocation->Lowest) + ", " +
                  itostr(R.Relocation->Highest) + "], margin " +
                  percentage(M.Left);
    break;
  }
  return C;
}

static TestCase caseOf(const OrderVerdict &O) {
  return {O.Rule.empty() ? "order file" : "rule " + O.Rule, "order " + O.Asked,
          faultOf(O), O.IsJudged ? "" : outcomeOf(O)};
}

static std::vector<TestCase> casesOf(const PolicyVerdict &P) {
  std::vector<TestCase> Cases;
  for (const GroupVerdict &G : P.Groups)
    Cases.push_back(
        {"rule " + G.Rule, "section " + G.Group, join(faultsOf(G), "; "), ""});
  for (const SizeVerdict &S : P.Sizes)
    Cases.push_back({"rule " + S.Rule, "max-size", faultOf(S), ""});
  for (const GroupProof &G : P.Proofs) {
    std::vector<std::string> Lines;
    for (const ImageEscape &E : G.Escapes)
      Lines.push_back(describe(E));
    Cases.push_back({rulesOf(G), "closed", G.isKept() ? "" : join(Lines, "; "),
                     Lines.empty() ? join(gapsOf(G), "; ") : ""});
  }
  for (const OrderVerdict &O : P.Orders)
    Cases.push_back(caseOf(O));
  for (const MissingFunction &M : P.Missing)
    Cases.push_back(
        {"rule " + M.Rule, "function " + M.Name, describeMissing(M), ""});
  for (const std::string &Module : P.NotSeen)
    Cases.push_back({"reports", Module, "", "no report on it: not seen"});
  return Cases;
}

void writeJUnitVerdict(raw_ostream &OS, const Verdict &V) {
  std::vector<TestCase> Cases;
  for (const MeasuredReference &M : V.References.References)
    Cases.push_back(caseOf(V, M));
  OS << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "
        "name=\"section-placement verify\">\n";
  writeSuite(OS, V.ImagePath + ": short references", Cases);
  if (V.Obeyed)
    writeSuite(OS, V.ImagePath + ": " + V.PolicyFile, casesOf(*V.Obeyed));
  if (V.FileOrder)
    writeSuite(OS, V.ImagePath + ": " + V.FileOrder->Asked,
               caseOf(*V.FileOrder));
  OS << "</testsuites>\n";
}

} // namespace section_placement
