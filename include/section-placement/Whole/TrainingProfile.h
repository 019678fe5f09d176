//===- TrainingProfile.h - Which functions ran in training ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts of a profile reach the code of a module, and words like "hot" its
// summary; which functions ran in the same run, and in which order, only the
// profile itself says.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_WHOLE_TRAININGPROFILE_H
#define SECTION_PLACEMENT_WHOLE_TRAININGPROFILE_H

#include "section-placement/Model/Program.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace section_placement {

/// How far a profile and a program are about the same functions.
struct TrainingMatch {
  size_t Functions = 0; ///< Of the program, in the profile.
  size_t Told = 0;      ///< In the profile.
  size_t Known = 0;     ///< Of Told: those that the program has.
};

/// Writes down in \p P what the indexed profile of instrumented code in \p
/// Bytes (of llvm-profdata) says: which functions ran, and, where it has
/// temporal traces (LLVM 17 on), the runs. By Symbol::Guid, and by name what a
/// link that counted had made local or global. Fails where it is damaged, or
/// none.
llvm::Expected<TrainingMatch>
readTrainingProfile(std::unique_ptr<llvm::MemoryBuffer> Bytes, Program &P);

/// What kinds of counts a profile has.
struct ProfileKinds {
  bool IsOfIR = false;             ///< Of -fprofile-generate, or of a link.
  bool IsContextSensitive = false; ///< Has counts taken behind inlining.
  bool IsEmpty = false;            ///< Has no function: no run wrote counts.
};

/// What is in the indexed profile in \p Bytes. Fails where it is damaged, or
/// none.
llvm::Expected<ProfileKinds>
readProfileKinds(std::unique_ptr<llvm::MemoryBuffer> Bytes);

} // namespace section_placement

#endif // SECTION_PLACEMENT_WHOLE_TRAININGPROFILE_H
