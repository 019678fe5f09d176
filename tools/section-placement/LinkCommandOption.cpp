//===- LinkCommandOption.cpp - The link that a command is about -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinkCommandOption.h"
#include "CommandLine.h"
#include "Subcommand.h"
#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

LinkCommandOption::LinkCommandOption(cl::SubCommand &Command)
    : File("link-command", cl::sub(Command), cl::value_desc("FILE"),
           cl::desc("File of the link's command; or behind --")) {}

static std::vector<std::string> codeInputsOf(const LinkFacts &Link) {
  std::vector<std::string> Result;
  for (const std::string &Path : Link.Inputs) {
    file_magic Magic;
    if (identify_magic(Path, Magic))
      Magic = file_magic::elf_relocatable; // Whoever opens it says why.
    bool IsCode = Magic == file_magic::archive ||
                  Magic == file_magic::bitcode ||
                  Magic == file_magic::elf_relocatable;
    if (IsCode)
      Result.push_back(Path);
  }
  return Result;
}

Expected<std::optional<LinkFacts>> LinkCommandOption::readFacts() const {
  std::vector<CommandWord> Words;
  if (behindDashes()) {
    if (!File.empty())
      return plainError("the link is given twice: by --link-command, and "
                        "behind --");
    Words = *behindDashes();
  } else if (!File.empty()) {
    Expected<std::unique_ptr<MemoryBuffer>> Text =
        readInputFile(File, MaximumTextSize);
    if (!Text)
      return Text.takeError();
    Expected<std::vector<CommandWord>> Split =
        splitCommand(File, (*Text)->getBuffer());
    if (!Split)
      return Split.takeError();
    Words = std::move(*Split);
  } else {
    return std::nullopt;
  }
  Expected<LinkFacts> Facts = readLinkFacts(Words);
  if (!Facts)
    return Facts.takeError();
  for (const auto &Named : Facts->Named)
    rememberWord(Named.getKey(), Named.getValue());
  for (const NotKnown &N : Facts->Script.Unread)
    tell(
        errs(),
        atItsWord({N.Where, (N.Where.File.empty() ? "the link command: " : "") +
                                ("not known: " + N.What)}),
        SourceMgr::DK_Note);
  return std::optional<LinkFacts>(std::move(*Facts));
}

Expected<GivenLink> LinkCommandOption::read(ArrayRef<std::string> Named) const {
  Expected<std::optional<LinkFacts>> Facts = readFacts();
  if (!Facts)
    return Facts.takeError();
  GivenLink Link{std::move(*Facts), Named.vec()};
  if (Link.Files.empty() && Link.Facts)
    Link.Files = codeInputsOf(*Link.Facts);
  return Link;
}

} // namespace section_placement
