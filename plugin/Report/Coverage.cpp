//===- Coverage.cpp - Which modules of a link have no report --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The linker names a ThinLTO module after its file, and one in an archive
// `lib.a(member.o at 1234)`, by the member's offset. Modules for full LTO are
// merged into one, `ld-temp.o`. A file that was split for CFI or virtual tables
// has a part of each kind.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Report/LinkReport.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/IRObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

namespace {
class Coverage {
public:
  explicit Coverage(const LinkReport &Link) {
    for (const ModuleReport *M : Link.modules()) {
      Reported.insert(normal(M->Module));
      HasMerged |= M->Phase == "full-lto" || M->Module == "ld-temp.o";
    }
  }

  Error addFile(StringRef File);
  std::vector<std::string> Uncovered;
  unsigned ModuleCount = 0;

private:
  static std::string normal(StringRef Path);
  Error addArchive(StringRef File, MemoryBufferRef Bytes);
  Error addModule(const std::string &Identifier, StringRef File,
                  MemoryBufferRef Bytes);

  StringSet<> Reported;
  bool HasMerged = false;
};
} // namespace

std::string Coverage::normal(StringRef Path) {
  SmallString<256> Normal(Path);
  sys::path::remove_dots(Normal, /*remove_dot_dot=*/true);
  return Normal.str().str();
}

/// What the linker cannot have linked as it is. Its report tells nothing then.
static Error damaged(StringRef File, const Twine &What) {
  return errorIn(File, "is damaged: " + What + "; build it and the link anew");
}

static Error damaged(StringRef File, Error Why) {
  return damaged(File, toString(std::move(Why)));
}

/// The bitcode in \p Bytes; none in native code, which has no report.
static Expected<std::optional<MemoryBufferRef>>
findBitcode(MemoryBufferRef Bytes) {
  using Found = Expected<std::optional<MemoryBufferRef>>;
  Expected<MemoryBufferRef> Bitcode =
      object::IRObjectFile::findBitcodeInMemBuffer(Bytes);
  if (Bitcode)
    return *Bitcode;
  std::error_code None = object::object_error::bitcode_section_not_found;
  std::error_code Other = object::object_error::invalid_file_type;
  Error Left = handleErrors(Bitcode.takeError(),
                            [&](std::unique_ptr<ErrorInfoBase> Why) -> Error {
                              std::error_code Code = Why->convertToErrorCode();
                              if (Code == None || Code == Other)
                                return Error::success();
                              return Error(std::move(Why));
                            });
  if (Left)
    return Found(std::move(Left));
  return std::nullopt;
}

Error Coverage::addModule(const std::string &Identifier, StringRef File,
                          MemoryBufferRef Bytes) {
  Expected<std::optional<MemoryBufferRef>> Bitcode = findBitcode(Bytes);
  if (!Bitcode)
    return damaged(File, Bitcode.takeError());
  if (!*Bitcode)
    return Error::success();
  Expected<std::vector<BitcodeModule>> Parts = getBitcodeModuleList(**Bitcode);
  if (!Parts)
    return damaged(File, Parts.takeError());
  if (Parts->empty())
    return damaged(File, "its bitcode holds no module");
  bool IsCovered = true;
  for (BitcodeModule &Part : *Parts) {
    Expected<BitcodeLTOInfo> Info = Part.getLTOInfo();
    if (!Info)
      return damaged(File, Info.takeError());
    IsCovered &=
        Info->IsThinLTO ? Reported.contains(normal(Identifier)) : HasMerged;
  }
  ++ModuleCount;
  if (!IsCovered)
    Uncovered.push_back(Identifier);
  return Error::success();
}

Error Coverage::addArchive(StringRef File, MemoryBufferRef Bytes) {
  Expected<std::unique_ptr<object::Archive>> A = object::Archive::create(Bytes);
  if (!A)
    return damaged(File, A.takeError());
  Error Broken = Error::success();
  for (const object::Archive::Child &Member : (*A)->children(Broken)) {
    Expected<MemoryBufferRef> Contents = Member.getMemoryBufferRef();
    if (!Contents)
      return joinErrors(std::move(Broken), damaged(File, Contents.takeError()));
    StringRef Name = Contents->getBufferIdentifier();
    // LLVM looks at that only on its way to the next member.
    if (!(*A)->isThin() && Contents->getBufferEnd() > Bytes.getBufferEnd())
      return joinErrors(
          std::move(Broken),
          damaged(File, "member " + Name + " reaches past the archive's end"));
    std::string Identifier = (File + "(" + sys::path::filename(Name) + " at " +
                              Twine(Member.getChildOffset()) + ")")
                                 .str();
    // Of a thin archive's members some linkers know only the path.
    if ((*A)->isThin() && !Reported.contains(normal(Identifier)))
      Identifier = Name.str();
    if (Error E = addModule(Identifier, File, *Contents))
      return joinErrors(std::move(Broken), std::move(E));
  }
  return Broken ? damaged(File, std::move(Broken)) : Error::success();
}

Error Coverage::addFile(StringRef File) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readInputFile(File);
  if (!Buffer)
    return Buffer.takeError();
  MemoryBufferRef Bytes = (*Buffer)->getMemBufferRef();
  if (!Bytes.getBufferSize())
    return damaged(File, "it is empty");
  switch (identify_magic(Bytes.getBuffer())) {
  case file_magic::archive:
    return addArchive(File, Bytes);
  case file_magic::bitcode:
  case file_magic::elf_relocatable:
    return addModule(File.str(), File, Bytes);
  default:
    // A linker script, a shared object: the words of a link command will do.
    return Error::success();
  }
}

Expected<std::vector<std::string>> findUncovered(const LinkReport &Link,
                                                 ArrayRef<std::string> Inputs) {
  Coverage C(Link);
  for (const std::string &File : Inputs)
    if (Error E = C.addFile(File))
      return E;
  if (!C.ModuleCount)
    return plainError("none of the inputs holds bitcode; give the files that "
                      "the link of '" +
                      Link.output() + "' was given");
  return std::move(C.Uncovered);
}

} // namespace section_placement
