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

/// Nothing where the bytes hold no bitcode: native code has no report.
Error Coverage::addModule(const std::string &Identifier, StringRef File,
                          MemoryBufferRef Bytes) {
  Expected<MemoryBufferRef> Bitcode =
      object::IRObjectFile::findBitcodeInMemBuffer(Bytes);
  if (!Bitcode) {
    consumeError(Bitcode.takeError());
    return Error::success();
  }
  Expected<std::vector<BitcodeModule>> Parts = getBitcodeModuleList(*Bitcode);
  if (!Parts)
    return errorIn(File, toString(Parts.takeError()));
  bool IsCovered = true;
  for (BitcodeModule &Part : *Parts) {
    Expected<BitcodeLTOInfo> Info = Part.getLTOInfo();
    if (!Info)
      return errorIn(File, toString(Info.takeError()));
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
    return errorIn(File, toString(A.takeError()));
  Error Broken = Error::success();
  for (const object::Archive::Child &Member : (*A)->children(Broken)) {
    Expected<MemoryBufferRef> Contents = Member.getMemoryBufferRef();
    if (!Contents)
      return joinErrors(std::move(Broken),
                        errorIn(File, toString(Contents.takeError())));
    StringRef Name = Contents->getBufferIdentifier();
    // LLVM looks at that only on its way to the next member.
    if (!(*A)->isThin() && Contents->getBufferEnd() > Bytes.getBufferEnd())
      return joinErrors(
          std::move(Broken),
          errorIn(File, "member " + Name + " reaches past the archive's end"));
    std::string Identifier = (File + "(" + sys::path::filename(Name) + " at " +
                              Twine(Member.getChildOffset()) + ")")
                                 .str();
    // Of a thin archive's members some linkers know only the path.
    if ((*A)->isThin() && !Reported.contains(normal(Identifier)))
      Identifier = Name.str();
    if (Error E = addModule(Identifier, File, *Contents))
      return joinErrors(std::move(Broken), std::move(E));
  }
  return Broken ? errorIn(File, toString(std::move(Broken))) : Error::success();
}

Error Coverage::addFile(StringRef File) {
  auto Buffer = MemoryBuffer::getFile(File, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return errorIn(File, "cannot be read: " + Buffer.getError().message());
  MemoryBufferRef Bytes = (*Buffer)->getMemBufferRef();
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
