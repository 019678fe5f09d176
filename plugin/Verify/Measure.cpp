//===- Measure.cpp - The distances of short references --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Measure.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Objects/RelocationForm.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

static std::string withOffset(StringRef Name, int64_t Offset) {
  if (!Offset)
    return Name.str();
  uint64_t Size = Offset < 0 ? -uint64_t(Offset) : Offset;
  return (Name + (Offset < 0 ? "-0x" : "+0x") +
          utohexstr(Size, /*LowerCase=*/true))
      .str();
}

static std::string nameAt(const ObjectFile &Object, uint32_t Section,
                          uint64_t Offset, uint32_t Owner) {
  if (Owner == NoIndex)
    return withOffset(Object.Sections[Section].Name, Offset);
  const ObjectSymbol &S = Object.Symbols[Owner];
  return withOffset(S.Name, Offset - S.Offset);
}

std::string placeName(const ObjectFile &Object, const ObjectReference &R) {
  return nameAt(Object, R.Section, R.Offset, R.Owner);
}

std::string targetName(const ObjectFile &Object, const ObjectReference &R) {
  if (!R.isDefinedInside() || (!R.Target.empty() && !R.TargetIsLocal))
    return withOffset(R.Target, R.Addend - counterBias(*R.Relocation));
  uint64_t Offset = targetOffset(R);
  return nameAt(Object, R.TargetSection, Offset,
                Object.ownerOf(R.TargetSection, Offset));
}

namespace {
class Measurer {
public:
  Measurer(const LinkedImage &Image, const ObjectFiles &Objects)
      : Image(Image), Objects(Objects) {}

  Measurements run();

private:
  void measure(const ObjectReference &R, Locator &Where, MeasuredReference &M);
  void decide(const ObjectReference &R, const ImagePlace &To,
              MeasuredReference &M);
  void sort();

  const LinkedImage &Image;
  const ObjectFiles &Objects;
  Measurements Result;
};
} // namespace

/// \p M.From is where it is, \p To where its target is.
void Measurer::decide(const ObjectReference &R, const ImagePlace &To,
                      MeasuredReference &M) {
  if (Image.isRelocatable() && M.From.Section != To.Section) {
    M.Status = ReferenceStatus::NotDecided;
    return;
  }
  M.Status = ReferenceStatus::Measured;
  uint64_t Place = countedPlace(*R.Relocation, M.From.Address);
  M.Distance = To.Address + R.Addend - Place;
  M.Left = marginOf(*R.Relocation, M.Distance);
  M.Slack = M.From.Slack + To.Slack;
  if (!M.Slack)
    return;
  // The two may stand nearer to the start of the image, each for itself.
  for (int64_t Other :
       {M.Distance - int64_t(To.Slack), M.Distance + int64_t(M.From.Slack)}) {
    Margin Left = marginOf(*R.Relocation, Other);
    if (Left < M.Left) {
      M.Left = Left;
      M.Distance = Other;
    }
  }
}

void Measurer::measure(const ObjectReference &R, Locator &Where,
                       MeasuredReference &M) {
  M.Status = ReferenceStatus::NotLocated;
  const LocatedSection &Home = Where.section(R.Section);
  std::optional<ImagePlace> From = Home.place(R.Offset);
  if (!From) {
    M.Fault = Home.fault() == LocateFault::None ? LocateFault::NoSymbol
                                                : Home.fault();
    return;
  }
  M.From = *From;
  ImagePlace To{0, 0};
  M.Fault = Where.target(R, To);
  M.IsTargetAtFault = M.Fault != LocateFault::None;
  if (!M.IsTargetAtFault)
    decide(R, To, M);
  else if (Image.isRelocatable() && M.Fault == LocateFault::NotInImage &&
           !R.isDefinedInside())
    M.Status = ReferenceStatus::NotDecided; // Another object has it.
}

void Measurer::sort() {
  auto Key = [&](const MeasuredReference &M) {
    const ObjectReference &R =
        Objects.Objects[M.Object].References[M.Reference];
    return std::tuple(M.From.Section, M.From.Address, R.Relocation->Type,
                      M.Object, M.Reference);
  };
  std::sort(Result.References.begin(), Result.References.end(),
            [&](const MeasuredReference &A, const MeasuredReference &B) {
              if (A.Status != B.Status)
                return A.Status < B.Status;
              if (A.Left < B.Left || B.Left < A.Left)
                return A.Left < B.Left;
              return Key(A) < Key(B);
            });
}

Measurements Measurer::run() {
  DenseSet<
      std::pair<std::pair<uint32_t, uint64_t>, std::pair<uint32_t, int64_t>>>
      Seen; // Place, type and distance.
  for (uint32_t O = 0; O < Objects.Objects.size(); ++O) {
    const ObjectFile &Object = Objects.Objects[O];
    Locator Where(Image, Object, Objects.IsImage[O]);
    Result.InsideFunctions += Object.InsideFunctions;
    for (uint32_t I = 0; I < Object.References.size(); ++I) {
      const ObjectReference &R = Object.References[I];
      MeasuredReference M{O, I, ReferenceStatus::NotLocated};
      measure(R, Where, M);
      if (M.Status != ReferenceStatus::NotLocated &&
          !Seen.insert({{M.From.Section, M.From.Address},
                        {R.Relocation->Type, M.Distance}})
               .second) {
        ++Result.Doubles;
        continue;
      }
      Result.Measured += M.Status == ReferenceStatus::Measured;
      Result.NotDecided += M.Status == ReferenceStatus::NotDecided;
      Result.NotLocated += M.Status == ReferenceStatus::NotLocated;
      Result.OutOfReach += M.isOutOfReach();
      Result.References.push_back(M);
    }
  }
  sort();
  return std::move(Result);
}

Measurements measure(const LinkedImage &Image, const ObjectFiles &Objects) {
  return Measurer(Image, Objects).run();
}

} // namespace section_placement
