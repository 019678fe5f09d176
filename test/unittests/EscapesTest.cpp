//===- EscapesTest.cpp - How code leaves a closed rule --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Plan/Escapes.h"
#include "Scenario.h"

using namespace llvm;
using namespace section_placement;

namespace {

/// A rule `r` over `f` and what else \p Names say, with `closed` as given.
std::string rule(StringRef Closed, StringRef Names = "f") {
  return ("rules:\n  - name: r\n    match: { function: [" + Names +
          "] }\n    section: .text.r\n    closed: " + Closed + "\n")
      .str();
}

struct Code : Scenario {
  CompiledFacts Facts;
  uint32_t F = function("f");

  void leaves(uint32_t To, Outlet::Kind What = Outlet::Kind::Call) {
    Facts.Outlets.push_back({F, What, To, "", ""});
  }
  void reads(StringRef Data, StringRef Section = "") {
    Facts.Outlets.push_back(
        {F, Outlet::Kind::Constant, NoIndex, Data, Section});
  }
  /// `call in f: g`, `indirect-calls in f: source, 2`.
  Texts escapes() const {
    static constexpr StringLiteral Names[] = {"call",           "address",
                                              "pointer",        "constant",
                                              "indirect-calls", "not-compiled"};
    Texts Found;
    for (const Escape &E : findEscapes(P, Facts, index(), ThePlan))
      Found.push_back((Names[size_t(E.What)] + " in " +
                       P.Symbols[E.Symbol].Name + ": " +
                       (E.Callee == NoIndex ? "" : P.Symbols[E.Callee].Name) +
                       E.Data + (E.Count > 1 ? ", " + Twine(E.Count) : "") +
                       (E.Others ? " and " + Twine(E.Others) : ""))
                          .str());
    return Found;
  }
};

TEST(EscapesTest, ACallOutOfTheRuleIsOneAndWithinItNone) {
  Code S;
  uint32_t G = S.function("g"), H = S.function("h"),
           Other = S.undefined("__aeabi_llsl");
  S.leaves(G), S.leaves(H), S.leaves(Other);
  S.plan(rule("true", "f, g"));
  EXPECT_EQ(S.escapes(), (Texts{"call in f: h", "call in f: __aeabi_llsl"}));
}

TEST(EscapesTest, ARuleThatIsNotClosedHasNone) {
  Code S;
  S.leaves(S.function("g"));
  S.plan("rules:\n  - name: r\n    match: { function: [f] }\n"
         "    section: .text.r\n");
  EXPECT_EQ(S.escapes(), Texts{});
}

TEST(EscapesTest, AddressesAndPointersInTablesCountAsTransfers) {
  Code S;
  uint32_t G = S.function("g");
  S.leaves(G, Outlet::Kind::Address);
  S.leaves(G, Outlet::Kind::Pointer);
  S.plan(rule("true"));
  EXPECT_EQ(S.escapes(), (Texts{"address in f: g", "pointer in f: g"}));
  S.plan(rule("{ allow: { function: [g] } }"));
  EXPECT_EQ(S.escapes(), Texts{});
}

TEST(EscapesTest, AConstantIsInsideOnlyInTheRulesSection) {
  Code S;
  S.reads("table"), S.reads("mine", ".text.r"), S.reads(".rodata.cst8");
  S.plan(rule("true"));
  EXPECT_EQ(S.escapes(),
            (Texts{"constant in f: .rodata.cst8", "constant in f: table"}));
  S.plan(rule("{ allow: { data: [table, '.rodata.*'] } }"));
  EXPECT_EQ(S.escapes(), Texts{});
}

TEST(EscapesTest, WhatAllowsIsAskedOfItsOwnKind) {
  Code S;
  S.leaves(S.function("g"));
  S.reads("t");
  S.plan(rule("{ allow: { function: [t], data: [g], indirect: [g, t] } }"));
  EXPECT_EQ(S.escapes(), (Texts{"call in f: g", "constant in f: t"}));
}

TEST(EscapesTest, IndirectCallsAreAllowedByTheSourceThatTheyStandIn) {
  Code S;
  S.Facts.IndirectCalls.push_back({S.F, "inlined", 2});
  S.Facts.IndirectCalls.push_back({S.F, "", 3});
  S.plan(rule("true"));
  // One line for the function, with the first source.
  ASSERT_EQ(S.escapes().size(), 1u);
  S.plan(rule("{ allow: { indirect: [inlined] } }"));
  EXPECT_EQ(S.escapes(), Texts{"indirect-calls in f: , 3"});
  S.plan(rule("{ allow: { indirect: ['*'] } }"));
  // Where nobody knows the source, no glob vouches.
  EXPECT_EQ(S.escapes(), Texts{"indirect-calls in f: , 3"});
}

TEST(EscapesTest, WhatCouldNotBeCompiledIsNeverFine) {
  Code S;
  S.Facts.Failed[S.F] = "asm";
  S.plan(rule("{ allow: { function: ['*'], data: ['*'], indirect: ['*'] } }"));
  EXPECT_EQ(S.escapes(), Texts{"not-compiled in f: asm"});
}

TEST(EscapesTest, AnotherClosedRuleOfTheSameSectionIsInside) {
  Code S;
  uint32_t G = S.function("g"), H = S.function("h");
  S.leaves(G), S.leaves(H);
  std::string Second = "  - name: s\n    match: { function: [g] }\n"
                       "    section: .text.r\n    closed: true\n"
                       "  - name: t\n    match: { function: [h] }\n"
                       "    section: .text.r\n";
  S.plan(rule("true") + Second);
  // The rule `t` promises nothing of what `h` calls.
  EXPECT_EQ(S.escapes(), Texts{"call in f: h"});
}

TEST(EscapesTest, WhatAnotherModuleMayReplaceIsOutside) {
  Code S;
  uint32_t G = S.function("g");
  S.call(S.F, G);
  S.P.Edges.back().Bound = Binding::Interposable;
  S.leaves(G);
  S.plan(rule("true", "f, g"));
  EXPECT_EQ(S.escapes(), Texts{"call in f: g"});
}

TEST(EscapesTest, FunctionsWithTheSameEscapeAreOneWithACount) {
  Code S;
  uint32_t F2 = S.function("f2"), G = S.function("g");
  S.leaves(G);
  S.Facts.Outlets.push_back({F2, Outlet::Kind::Call, G, "", ""});
  S.plan(rule("true", "f, f2"));
  EXPECT_EQ(S.escapes(), Texts{"call in f: g and 1"});
}

TEST(EscapesTest, CompiledIsWhatARuleAsksForAndOnlyOnce) {
  Code S;
  uint32_t G = S.function("g"), H = S.function("h");
  S.call(S.F, G), S.call(G, H);
  S.plan("rules:\n  - name: r\n    match: { function: [f] }\n"
         "    section: .text.r\n    grow: { along: [call], depth: 1 }\n");
  auto Wanted = [&] { return wantedCode(S.Facts, S.index(), S.ThePlan, 3); };
  EXPECT_EQ(Wanted(), (std::vector<uint32_t>{S.F, G}));
  S.Facts.Compiled.insert(S.F);
  S.Facts.Failed[G] = "asm";
  EXPECT_EQ(Wanted(), std::vector<uint32_t>{});
  S.plan("rules:\n  - name: r\n    match: { function: [f, g, h] }\n"
         "    section: .text.r\n");
  S.Facts = CompiledFacts();
  EXPECT_EQ(Wanted(), std::vector<uint32_t>{});
  S.plan("rules:\n  - name: r\n    match: { function: [h] }\n"
         "    max-size: 64\n");
  EXPECT_EQ(Wanted(), std::vector<uint32_t>{H});
}

} // namespace
