//===- Progress.h - How far long work is ------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Thousands of objects on a slow disk take a while. Whoever waits at a terminal
// sees which file it is; a log or a pipe sees nothing.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_PROGRESS_H
#define SECTION_PLACEMENT_TOOLS_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <functional>

namespace section_placement {

/// One line on standard error, written over itself, where that is a terminal
/// and the work takes longer than half a second. Its end takes the line away.
class Progress {
public:
  using Clock = std::chrono::steady_clock;

  Progress();
  /// Writes to \p Out, a terminal or not; \p Now tells the time.
  Progress(llvm::raw_ostream &Out, bool IsTerminal,
           std::function<Clock::time_point()> Now);
  ~Progress() { clear(); }
  Progress(const Progress &) = delete;

  /// Work on \p File begins.
  void operator()(llvm::StringRef File);
  /// Takes the line away, for other output.
  void clear();

private:
  llvm::raw_ostream &Out;
  std::function<Clock::time_point()> Now;
  Clock::time_point Next; ///< When the line is to be written again.
  uint64_t Count = 0;
  bool IsTerminal;
  bool IsShown = false;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_PROGRESS_H
