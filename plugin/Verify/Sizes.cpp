//===- Sizes.cpp - Does the code of a rule fit, in the image? -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pass knows no sizes, and a ThinLTO backend sees one module. The image has
// both.
//
//===----------------------------------------------------------------------===//

#include "Grouping.h"
#include "section-placement/Plan/Plan.h"
#include "section-placement/Verify/Obedience.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <tuple>

using namespace llvm;

namespace section_placement {

namespace {
class SizeJudge {
public:
  SizeJudge(const ElfFile &Image, const ImageProgram &Functions,
            const Policy &P, ArrayRef<ExpectedFunction> Expected);
  std::vector<SizeVerdict> run(std::vector<std::string> &Told);

private:
  void addPlaced(uint32_t Rule, SizeVerdict &V);
  bool isDecidable(uint32_t Rule) const;
  void addBudget(uint32_t Rule);
  void addParts();
  void addUp(SizeVerdict &V) const;

  const ElfFile &Image;
  const ImageProgram &Functions;
  const Policy &P;
  ArrayRef<ExpectedFunction> Expected;
  Policy Part;                ///< Of P, what an image can answer.
  StringMap<size_t> Planned;  ///< By symbol: how many definitions are placed.
  DenseSet<uint32_t> Members; ///< Of the rule at hand: symbols of the image.
};
} // namespace

SizeJudge::SizeJudge(const ElfFile &Image, const ImageProgram &Functions,
                     const Policy &P, ArrayRef<ExpectedFunction> Expected)
    : Image(Image), Functions(Functions), P(P), Expected(Expected) {
  std::vector<std::string> Told; // Of rules that place, by who planned.
  Part = decidablePart(P, Told);
  for (const ExpectedFunction &F : Expected)
    Planned[F.Name] += !F.IsGrownByCall;
}

void SizeJudge::addPlaced(uint32_t Rule, SizeVerdict &V) {
  for (const ExpectedFunction &F : Expected) {
    if (F.Rule != Rule || F.IsGrownByCall)
      continue;
    if (F.ImageSymbols.size() <= Planned.lookup(F.Name)) {
      Members.insert(F.ImageSymbols.begin(), F.ImageSymbols.end());
      continue;
    }
    V.Ambiguous.push_back(F.Name);
    uint64_t Least = UINT64_MAX, Most = 0;
    for (uint32_t I : F.ImageSymbols) {
      Least = std::min(Least, Image.definitions()[I].Size);
      Most = std::max(Most, Image.definitions()[I].Size);
    }
    V.Bytes += Least;
    V.BytesAtMost += Most;
  }
}

/// What an earlier rule takes, a later one does not: all must be known.
bool SizeJudge::isDecidable(uint32_t Rule) const {
  for (uint32_t R = 0; R <= Rule; ++R)
    if (Part.Rules[R].Match.size() != P.Rules[R].Match.size())
      return false;
  return true;
}

void SizeJudge::addBudget(uint32_t Rule) {
  RuleIndex Index(Part);
  Plan ThePlan = makePlan(Functions.P, Index);
  for (uint32_t I : ThePlan.constrainedBy(Rule))
    if (Functions.ImageSymbol[I] != NoIndex)
      Members.insert(Functions.ImageSymbol[I]);
}

/// What was split off after the pass, such as `f.cold`, is in no report.
void SizeJudge::addParts() {
  if (P.firstThatSplits())
    for (uint32_t Member :
         std::vector<uint32_t>(Members.begin(), Members.end()))
      for (uint32_t I : partsOf(Image, Member))
        Members.insert(I);
  for (uint32_t I = 0; I < Functions.P.Symbols.size(); ++I) {
    uint32_t Parent = Functions.P.Symbols[I].Parent;
    if (Parent != NoIndex && Functions.ImageSymbol[I] != NoIndex &&
        Members.contains(Functions.ImageSymbol[Parent]))
      Members.insert(Functions.ImageSymbol[I]);
  }
}

/// Several names of one function count once.
void SizeJudge::addUp(SizeVerdict &V) const {
  std::map<std::pair<uint32_t, uint64_t>, uint32_t> ByPlace;
  for (uint32_t I : Members) {
    const ElfSymbol &S = Image.definitions()[I];
    auto [Known, IsNew] = ByPlace.try_emplace({S.Section, S.Address}, I);
    const ElfSymbol &Other = Image.definitions()[Known->second];
    if (!IsNew &&
        std::tuple(Other.Size, S.Name) < std::tuple(S.Size, Other.Name))
      Known->second = I;
  }
  for (const auto &Function : ByPlace) {
    const ElfSymbol &S = Image.definitions()[Function.second];
    ++V.Functions;
    V.Bytes += S.Size;
    V.BytesAtMost += S.Size;
    V.Largest.emplace_back(S.Name.str(), S.Size);
  }
  llvm::sort(V.Largest, [](const auto &A, const auto &B) {
    return std::tie(B.second, A.first) < std::tie(A.second, B.first);
  });
  static constexpr size_t MaximumNamed = 10;
  V.Largest.resize(std::min(MaximumNamed, V.Largest.size()));
}

std::vector<SizeVerdict> SizeJudge::run(std::vector<std::string> &Told) {
  std::vector<SizeVerdict> Result;
  for (uint32_t R = 0; R < P.Rules.size(); ++R) {
    const Rule &Limited = P.Rules[R];
    if (!Limited.MaxSize)
      continue;
    if (Limited.Does == Effect::Constrain && !isDecidable(R)) {
      Told.push_back("'max-size' of rule '" + Limited.Name +
                     "': it, or a rule before it, matches by source, "
                     "attribute, section, profile or annotation, which an "
                     "image does not say; give the limit to a rule that "
                     "places these functions, and --report DIR");
      continue;
    }
    SizeVerdict &V = Result.emplace_back();
    V.Rule = Limited.Name;
    V.Where = Limited.MaxSizeAt;
    V.Limit = *Limited.MaxSize;
    Members.clear();
    if (Limited.Does == Effect::Constrain)
      addBudget(R);
    else
      addPlaced(R, V);
    addParts();
    addUp(V);
  }
  return Result;
}

std::vector<SizeVerdict> judgeSizes(const ElfFile &Image,
                                    const ImageProgram &Functions,
                                    const Policy &P,
                                    ArrayRef<ExpectedFunction> Expected,
                                    std::vector<std::string> &Told) {
  return SizeJudge(Image, Functions, P, Expected).run(Told);
}

} // namespace section_placement
