//===- SoleCallers.cpp - An order where nobody counted calls --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layout by counts, as in CallChains.cpp and LLVM's CodeLayout.h, ranks
// functions by how often they run. An estimate says how often a call is made in
// one run of its caller, and nothing of how often the caller runs: to rank a
// whole program by it tears apart what the authors of a file put together.
//
// So files stay together, in their order, and two things are used that need no
// count. A function with one caller runs only when that one does: it stands
// behind it. And a function that is only ever reached by its address is the
// least likely of its file to run: a method of a type, a handler in a table.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Affinity/Order.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>
#include <tuple>

using namespace llvm;

namespace section_placement {

namespace {
class SoleCallers {
public:
  explicit SoleCallers(ArrayRef<CalledFunction> Functions)
      : Functions(Functions), IsPlaced(Functions.size()) {}
  std::vector<uint32_t> order();

private:
  std::vector<uint32_t> byFile() const;
  void sortCallees(ArrayRef<uint32_t> ByFile);
  ArrayRef<uint32_t> calleesOf(uint32_t Caller) const {
    return ArrayRef<uint32_t>(Callees).slice(
        CalleesBegin[Caller], CalleesBegin[Caller + 1] - CalleesBegin[Caller]);
  }
  void place(uint32_t Root);

  ArrayRef<CalledFunction> Functions;
  std::vector<uint32_t> Callees, CalleesBegin; ///< Compressed rows.
  std::vector<bool> IsPlaced;
  std::vector<uint32_t> Order, Waiting;
};
} // namespace

std::vector<uint32_t> SoleCallers::byFile() const {
  uint32_t Files = 0;
  for (const CalledFunction &F : Functions)
    Files = std::max(Files, F.File + 1);
  std::vector<uint32_t> First(Files, UINT32_MAX);
  for (uint32_t I = Functions.size(); I-- > 0;)
    First[Functions[I].File] = I;
  std::vector<uint32_t> Result(Functions.size());
  std::iota(Result.begin(), Result.end(), 0);
  llvm::sort(Result, [&](uint32_t A, uint32_t B) {
    auto Key = [&](uint32_t I) {
      return std::tuple(First[Functions[I].File], !Functions[I].IsCalled, I);
    };
    return Key(A) < Key(B);
  });
  return Result;
}

void SoleCallers::sortCallees(ArrayRef<uint32_t> ByFile) {
  CalleesBegin.assign(Functions.size() + 1, 0);
  for (const CalledFunction &F : Functions)
    if (F.SoleCaller != UINT32_MAX)
      ++CalleesBegin[F.SoleCaller + 1];
  std::partial_sum(CalleesBegin.begin(), CalleesBegin.end(),
                   CalleesBegin.begin());
  Callees.resize(CalleesBegin.back());
  std::vector<uint32_t> Next = CalleesBegin;
  for (uint32_t I : ByFile)
    if (Functions[I].SoleCaller != UINT32_MAX)
      Callees[Next[Functions[I].SoleCaller]++] = I;
}

/// \p Root, then what it alone calls, each with what that alone calls.
void SoleCallers::place(uint32_t Root) {
  Waiting.push_back(Root);
  while (!Waiting.empty()) {
    uint32_t I = Waiting.back();
    Waiting.pop_back();
    if (IsPlaced[I])
      continue;
    IsPlaced[I] = true;
    Order.push_back(I);
    ArrayRef<uint32_t> Own = calleesOf(I);
    Waiting.insert(Waiting.end(), Own.rbegin(), Own.rend());
  }
}

std::vector<uint32_t> SoleCallers::order() {
  std::vector<uint32_t> ByFile = byFile();
  sortCallees(ByFile);
  Order.reserve(Functions.size());
  for (uint32_t I : ByFile)
    if (Functions[I].SoleCaller == UINT32_MAX)
      place(I);
  for (uint32_t I : ByFile) // Rings, in which each has one caller.
    place(I);
  return std::move(Order);
}

std::vector<uint32_t> orderBySoleCallers(ArrayRef<CalledFunction> Functions) {
  return SoleCallers(Functions).order();
}

} // namespace section_placement
