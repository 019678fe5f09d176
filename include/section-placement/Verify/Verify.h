//===- Verify.h - Does the image do what was asked? -------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_VERIFY_H
#define SECTION_PLACEMENT_VERIFY_VERIFY_H

#include "section-placement/Model/NameStyle.h"
#include "section-placement/Verify/Measure.h"
#include "section-placement/Verify/Obedience.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/JSON.h"
#include <optional>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace section_placement {

struct VerifyRequest {
  PolicyRequest Asked; ///< PolicyFile is empty where no policy was given.
  /// Tenths of a per cent that each margin must have; nothing without a gate.
  std::optional<unsigned> MinMargin;
  /// Hears of each object and member before it is read, where there is one.
  llvm::function_ref<void(llvm::StringRef Name)> OnFile;
};

struct Verdict {
  std::string ImagePath;
  std::string PolicyFile;
  ElfFile Image;
  ObjectFiles Objects;
  Measurements References;
  std::optional<unsigned> MinMargin;
  uint64_t BelowMargin = 0; ///< In reach, and below MinMargin.
  std::optional<PolicyVerdict> Obeyed;
  std::optional<OrderVerdict> FileOrder; ///< Of the link's order file.

  /// Is all in reach, above the gate, and as the policy says?
  bool isMet() const;
  /// What could not be judged, a sentence each: a machine that is not known, an
  /// instruction that cannot be decoded, a link that the reports do not cover.
  std::vector<std::string> NotJudged;
  /// Was all judged that was asked?
  bool isComplete() const { return NotJudged.empty(); }

  bool isBelowMargin(const MeasuredReference &M) const {
    return MinMargin && M.Status == ReferenceStatus::Measured &&
           !M.isOutOfReach() && M.Left.isBelow(*MinMargin);
  }
  const ObjectFile &objectOf(const MeasuredReference &M) const {
    return Objects.Objects[M.Object];
  }
  const ObjectReference &referenceOf(const MeasuredReference &M) const {
    return objectOf(M).References[M.Reference];
  }
};

/// Reads the image and its objects and judges them. A relocatable image without
/// objects is its own object. Fails for bad input, which an image is too where
/// nothing of the objects can be found in it.
llvm::Expected<Verdict> verify(const VerifyRequest &Request);

struct TextStyle {
  bool IsColoured = false;
  bool ListsAll = false; ///< Without it, the first of each list.
  NameStyle Names = NameStyle::Demangled;
};

/// For people, 80 columns wide but for names that are longer.
void writeTextVerdict(llvm::raw_ostream &OS, const Verdict &V, TextStyle Style);
/// For programs: the keys of docs/schemas/verify.json after those that each
/// subcommand has.
void writeJsonVerdict(llvm::json::OStream &J, const Verdict &V);
/// For continuous integration: a test case for each reference, group and
/// function that the policy names.
void writeJUnitVerdict(llvm::raw_ostream &OS, const Verdict &V);

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_VERIFY_H
