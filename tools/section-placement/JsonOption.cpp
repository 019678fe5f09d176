//===- JsonOption.cpp - The JSON output of a subcommand
//-----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "JsonOption.h"
#include "Subcommand.h"
#include "section-placement/Support/OutputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;

namespace section_placement {

/// All of them, and whether the one that was given has written its object.
static std::vector<const JsonOption *> &jsonOptions() {
  static std::vector<const JsonOption *> All;
  return All;
}
static bool IsFinished;

JsonOption::JsonOption(cl::SubCommand &Command)
    : Command(Command),
      File("json", cl::ValueOptional, cl::sub(Command), cl::value_desc("FILE"),
           cl::desc("Write JSON; the text goes to standard error")) {
  jsonOptions().push_back(this);
}

raw_ostream &JsonOption::text() const {
  return takesOutput() ? textErrors() : textOutput();
}

void JsonOption::printVerdict(raw_ostream &OS, int Code,
                              StringRef Words) const {
  if (Words.empty())
    Words = Code == AllWell  ? "all well"
            : Code == NotMet ? "not met"
                             : "could not be judged";
  WithColor(OS, Code == AllWell ? raw_ostream::GREEN : raw_ostream::RED)
      << Command.getName() << ": " << Words;
  OS << '\n';
}

static StringRef verdictOf(int Code) {
  return Code == AllWell ? "met" : Code == NotMet ? "not-met" : "not-known";
}

static void writeMessages(json::OStream &J, StringRef Key,
                          ArrayRef<PrintedMessage> Messages,
                          SourceMgr::DiagKind Kind) {
  J.attributeArray(Key, [&] {
    for (const PrintedMessage &M : Messages)
      if (M.Kind == Kind)
        J.object([&] {
          writePlace(J, M.What.Where);
          writeText(J, "text", M.What.Text);
        });
  });
}

Error JsonOption::write(int Code,
                        function_ref<void(json::OStream &)> Body) const {
  return writeOutputFile(
      takesOutput() ? StringRef("-") : StringRef(File), [&](raw_ostream &OS) {
        json::OStream J(OS, /*IndentSize=*/1);
        J.object([&] {
          J.attribute("kind", Command.getName());
          J.attribute("version", 1);
          J.attribute("verdict", verdictOf(Code));
          J.attribute("exitCode", Code);
          writeMessages(J, "errors", printedMessages(), SourceMgr::DK_Error);
          writeMessages(J, "notes", printedMessages(), SourceMgr::DK_Note);
          Body(J);
        });
        J.flush();
        OS << '\n';
      });
}

Expected<int>
JsonOption::finish(int Code, function_ref<void(json::OStream &)> Body) const {
  if (!isGiven())
    return Code;
  IsFinished = true;
  if (Error E = write(Code, Body))
    return E;
  return Code;
}

Error JsonOption::finishFailed() {
  for (const JsonOption *Option : jsonOptions())
    if (Option->isGiven() && !IsFinished)
      return Option->write(BadInput, [](json::OStream &) {});
  return Error::success();
}

} // namespace section_placement
