//===- TrainingLink.h - Counts that the link takes, and uses ----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block that never runs can leave its function only where something counted
// it, and a count that was taken before inlining is the average of all callers:
// it keeps in each inlined copy what one caller needs. So the link itself
// instruments (LLVM: a context-sensitive profile), behind inlining, and a
// second link of the same objects splits by these counts.
//
// ld.lld has all of it, and three traps. The run-time names the kind of a
// profile by two variables that only a compile with -fcs-profile-generate
// makes; without them the second link ignores the profile and says nothing. So
// the first link gets them as a file of assembly, which any target's driver
// assembles. The counts are those of one control flow: whatever changes code
// before they are taken must be the same in both links. And the key of a
// ThinLTO cache knows neither the profile nor the options.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_FLAGS_TRAININGLINK_H
#define SECTION_PLACEMENT_FLAGS_TRAININGLINK_H

#include "section-placement/Policy/Policy.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <string>
#include <vector>

namespace llvm {
class Triple;
} // namespace llvm

namespace section_placement {

/// What a link does for a profile.
struct TrainingLink {
  enum class StepKind : uint8_t {
    None,
    Generate, ///< Its program counts.
    Use,      ///< It splits functions by what was counted.
  };
  StepKind Step = StepKind::None;
  std::string Folder;  ///< Generate: absolute; where the program counts.
  std::string Profile; ///< Use: absolute; of llvm-profdata.
  /// The link's policy splits functions itself, in place of LLVM's splitter.
  bool IsSplitByPolicy = false;
};

/// Writes into \p Folder, which it makes, what the instrumented link needs
/// (countingFile()) and a record of that link under \p P, null where it has no
/// policy. Gives the raw profiles that are already there. Fails where the
/// folder cannot be written or named in the program.
llvm::Expected<std::vector<std::string>> prepareTraining(llvm::StringRef Folder,
                                                         const Policy *P);

/// The file of assembly in \p Folder, to be linked beside the objects.
std::string countingFile(llvm::StringRef Folder);

/// Checks that \p Profile has the counts that a link under \p P takes, and, by
/// the record beside it, that the link which counted was made alike. Gives
/// whether there is such a record. Fails where the link would ignore the
/// profile, or find other code than was counted.
llvm::Expected<bool> checkTraining(std::unique_ptr<llvm::MemoryBuffer> Profile,
                                   const Policy *P);

/// Why LLVM's splitter is of no use for \p Target; empty where it is.
std::string whyNotSplit(const llvm::Triple &Target);

/// The options of ld.lld; \p HasOrder where it is given an order of symbols,
/// which would be taken apart by output sections of their own for hot and cold
/// code.
std::vector<std::string> linkerWords(const TrainingLink &Training,
                                     bool HasOrder);

/// What only a driver understands, which links the run-time of the profile.
std::vector<std::string> driverWords(const TrainingLink &Training);

} // namespace section_placement

#endif // SECTION_PLACEMENT_FLAGS_TRAININGLINK_H
