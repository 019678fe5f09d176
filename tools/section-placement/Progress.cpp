//===- Progress.cpp - How far long work is --------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Progress.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Process.h"

using namespace llvm;

namespace section_placement {

static constexpr std::chrono::milliseconds Patience(500), Interval(100);
static constexpr size_t Columns = 79;

Progress::Progress(raw_ostream &Out, bool IsTerminal,
                   std::function<Clock::time_point()> Now)
    : Out(Out), Now(std::move(Now)), Next(this->Now() + Patience),
      IsTerminal(IsTerminal) {}

Progress::Progress()
    : Progress(errs(),
               sys::Process::StandardErrIsDisplayed() &&
                   sys::Process::GetEnv("TERM").value_or("dumb") != "dumb",
               Clock::now) {}

void Progress::operator()(StringRef File) {
  ++Count;
  if (!IsTerminal || Now() < Next)
    return;
  Next = Now() + Interval;
  std::string Line = "reading " + utostr(Count) + ": ";
  // The end of a path tells more than its beginning.
  size_t Room = Columns - Line.size();
  Line +=
      File.size() > Room ? "..." + File.take_back(Room - 3).str() : File.str();
  // A name may hold anything; a terminal is to see a line.
  for (char &C : Line)
    if (!isPrint(C) && static_cast<unsigned char>(C) < 0x80)
      C = '?';
  clear();
  Out << Line;
  IsShown = true;
}

void Progress::clear() {
  if (IsShown)
    Out << "\r\033[K";
  IsShown = false;
}

} // namespace section_placement
