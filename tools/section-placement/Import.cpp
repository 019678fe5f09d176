//===- Import.cpp - section-placement import ------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the selectors that a firmware has, which go by object files, to a policy
// that means the same under LTO.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Import/Import.h"
#include "CommandLine.h"
#include "JsonOption.h"
#include "Subcommand.h"
#include "section-placement/Policy/Policy.h"
#include "section-placement/Support/OutputFile.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace section_placement;

static cl::SubCommand
    ImportCommand("import", "Write a policy of other tools' placement files");
static constexpr char Example[] = R"(
EXAMPLE:

  section-placement import --config sdkconfig -o policy.yaml \
    app.lf common.lf soc.lf spi_flash.lf
  section-placement import CMakeLists.txt
  section-placement import firmware.ld

  The files of one image are given together: what one of them defines, others
  use. Where a linker script needs a line for the policy, the policy's first
  lines say so.

EXIT CODES:

  0  the policy says all that the files say
  1  something is not expressed; it is listed with its place
  2  bad input or usage
)";
static cl::list<std::string> InputFiles(cl::Positional, cl::OneOrMore,
                                        cl::desc("FILE..."),
                                        cl::sub(ImportCommand));
static cl::opt<std::string>
    OutputFile("o", cl::init("-"),
               cl::desc("Write the policy there, whole or not at all"),
               cl::value_desc("FILE"), cl::sub(ImportCommand));
static cl::opt<std::string>
    ConfigFile("config", cl::desc("The build's sdkconfig or .config"),
               cl::value_desc("FILE"), cl::sub(ImportCommand));
static cl::opt<ImportFormat, false, ValueParser<ImportFormat>> Format(
    "format", cl::desc("What they are, where their names do not say it"),
    cl::value_desc("fragments|relocations|cmake|script"),
    cl::values(clEnumValN(ImportFormat::Fragments, "fragments",
                          "ESP-IDF's linker fragments, *.lf"),
               clEnumValN(ImportFormat::Relocations, "relocations",
                          "the list for Zephyr's gen_relocate_app.py"),
               clEnumValN(ImportFormat::CMake, "cmake",
                          "calls of zephyr_code_relocate()"),
               clEnumValN(ImportFormat::Script, "script", "a linker script")),
    cl::sub(ImportCommand));
static cl::opt<std::string>
    RootFolder("root", cl::desc("What sources shall be relative to"),
               cl::value_desc("DIR"), cl::sub(ImportCommand));
static JsonOption TheJson(ImportCommand);

static Expected<int> importCommand();
static RegisterSubcommand Registration(ImportCommand, importCommand, Example);

static Expected<int> importCommand() {
  ImportOptions Options;
  Options.ConfigFile = ConfigFile;
  if (Format.getNumOccurrences())
    Options.Format = Format;
  // A policy's sources are relative to its folder.
  bool HasRoot = !RootFolder.empty();
  Options.Root = absoluteRoot(".", HasRoot ? StringRef(RootFolder)
                                   : OutputFile == "-"
                                       ? StringRef(".")
                                       : sys::path::parent_path(OutputFile));
  Expected<Import> What = importSelectors(InputFiles, Options);
  if (!What)
    return What.takeError();
  ImportedPolicy Made =
      writeImportedPolicy(*What, InputFiles, HasRoot ? Options.Root : "");
  for (const Diagnostic &D : What->NotExpressed)
    tell(textErrors(), D, SourceMgr::DK_Error);
  if (Made.Text.empty())
    printError("the files select nothing that a policy can place");
  else if (!TheJson.takesOutput() || OutputFile != "-")
    if (Error E = writeOutputFile(OutputFile, Made.Text))
      return E;
  int Code =
      What->NotExpressed.empty() && !Made.Text.empty() ? AllWell : NotMet;
  std::string Words = "no policy is written";
  if (!Made.Text.empty())
    Words = counted(Made.Rules, "rule");
  if (size_t Left = What->NotExpressed.size())
    Words += ", " + inThousands(Left) + " not expressed";
  TheJson.printVerdict(textErrors(), Code, Words);
  return TheJson.finish(Code, [&](json::OStream &J) {
    J.attribute("rules", Made.Rules);
    J.attributeArray("gather", [&] {
      for (const GatherLine &G : Made.Gathers)
        J.object([&] {
          writeText(J, "target", G.Target);
          writeText(J, "line", G.Text);
        });
    });
    if (!Made.Text.empty())
      writeText(J, "policy", Made.Text);
  });
}
