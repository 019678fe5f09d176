//===- RunProgram.cpp - Run a program -------------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunProgram.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Program.h"
#include <unistd.h>
#include <vector>

using namespace llvm;

namespace section_placement {

/// LLVM's optional up to 15, the standard's from 16 on.
template <typename Result, typename Program, typename Arguments,
          typename Environment, typename Redirect, typename... Others>
static Redirect redirectOf(Result (*)(Program, Arguments, Environment,
                                      ArrayRef<Redirect>, Others...));
using Redirect = decltype(redirectOf(&sys::ExecuteAndWait));

static std::vector<std::string>
environmentWith(ArrayRef<std::string> Variables) {
  std::vector<std::string> Result;
  for (char **Entry = environ; *Entry; ++Entry) {
    StringRef Text = *Entry;
    if (!Text.consume_front("SECTION_PLACEMENT_"))
      Result.push_back(*Entry);
  }
  Result.insert(Result.end(), Variables.begin(), Variables.end());
  return Result;
}

ProgramRun runProgram(ArrayRef<std::string> Words,
                      ArrayRef<std::string> Variables) {
  static constexpr unsigned Seconds = 60;
  static constexpr uint64_t MaximumOutput = uint64_t(16) << 20;
  ProgramRun Run;
  SmallString<128> Printed;
  if (sys::fs::createTemporaryFile("section-placement", "txt", Printed))
    return Run;
  FileRemover Remover(Printed);
  std::vector<std::string> Environment = environmentWith(Variables);
  std::vector<StringRef> Texts(Environment.begin(), Environment.end());
  std::vector<StringRef> Arguments(Words.begin(), Words.end());
  Redirect Streams[] = {Redirect(StringRef("")), Redirect(StringRef(Printed)),
                        Redirect(StringRef(Printed))};
  Run.Status = sys::ExecuteAndWait(
      Words.front(), Arguments, ArrayRef<StringRef>(Texts), Streams, Seconds);
  auto Read = MemoryBuffer::getFile(Printed);
  if (Read)
    Run.Output = (*Read)->getBuffer().take_front(MaximumOutput).str();
  return Run;
}

StringRef firstLine(StringRef Text) {
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    if (!Line.trim().empty())
      return Line.trim();
    Text = Rest;
  }
  return Text;
}

} // namespace section_placement
