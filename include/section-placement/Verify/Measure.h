//===- Measure.h - The distances of short references ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_MEASURE_H
#define SECTION_PLACEMENT_VERIFY_MEASURE_H

#include "section-placement/Objects/ObjectFiles.h"
#include "section-placement/Verify/Locator.h"
#include "section-placement/Verify/Margin.h"

namespace section_placement {

enum class ReferenceStatus : uint8_t {
  Measured,   ///< It has a distance.
  NotDecided, ///< The image is relocatable, and the two stand in two sections.
  NotLocated, ///< Its place or its target cannot be found in the image.
};

/// A short reference of an object, in the image.
struct MeasuredReference {
  uint32_t Object;    ///< Index into ObjectFiles::Objects.
  uint32_t Reference; ///< Index into its References.
  ReferenceStatus Status;
  /// Of one that is not located: why, and is it the target that is missing?
  LocateFault Fault = LocateFault::None;
  bool IsTargetAtFault = false;
  ImagePlace From = {0, 0, 0}; ///< Of one that is located.
  /// Of a measured one, the psABIs' S + A - P in bytes; where code shrank
  /// between the two, the worst that it may be.
  int64_t Distance = 0;
  uint64_t Slack = 0; ///< By how many bytes it may be better.
  Margin Left = {0, 0};

  bool isOutOfReach() const {
    return Status == ReferenceStatus::Measured && Left.Left < 0;
  }
};

struct Measurements {
  /// Measured ones first, smallest margin first; then the others. One place
  /// that several objects speak of (an archive and the vmlinux.o made of it)
  /// stands here once.
  std::vector<MeasuredReference> References;
  uint64_t Measured = 0, OutOfReach = 0, NotDecided = 0, NotLocated = 0;
  uint64_t InsideFunctions = 0; ///< In reach; no layout changes them.
  uint64_t Doubles = 0;         ///< Left out, since they stand here already.
};

/// Finds and measures each short reference of \p Objects in \p Image.
Measurements measure(const LinkedImage &Image, const ObjectFiles &Objects);

/// `__guest_enter+0x14`: what stands at the place of \p R; the section and an
/// offset where that has no name.
std::string placeName(const ObjectFile &Object, const ObjectReference &R);
/// The same for its target.
std::string targetName(const ObjectFile &Object, const ObjectReference &R);

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_MEASURE_H
