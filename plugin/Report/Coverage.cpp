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

#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Report/LinkReport.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Object/IRObjectFile.h"
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

  Error addFile(const std::string &File);
  std::vector<std::string> Uncovered;
  unsigned ModuleCount = 0;

private:
  static std::string normal(StringRef Path);
  Error add(const InputFile &Input, StringRef File);
  Error addModule(const std::string &Identifier, MemoryBufferRef Bytes);

  InputWalker Files;
  StringSet<> Reported;
  bool HasMerged = false;
};
} // namespace

std::string Coverage::normal(StringRef Path) {
  SmallString<256> Normal(Path);
  sys::path::remove_dots(Normal, /*remove_dot_dot=*/true);
  return Normal.str().str();
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

Error Coverage::addModule(const std::string &Identifier,
                          MemoryBufferRef Bytes) {
  Expected<std::optional<MemoryBufferRef>> Bitcode = findBitcode(Bytes);
  if (!Bitcode)
    return Bitcode.takeError();
  if (!*Bitcode)
    return Error::success();
  Expected<std::vector<BitcodeModule>> Parts = getBitcodeModuleList(**Bitcode);
  if (!Parts)
    return Parts.takeError();
  if (Parts->empty())
    return damage("its bitcode holds no module");
  bool IsCovered = true;
  for (BitcodeModule &Part : *Parts) {
    Expected<BitcodeLTOInfo> Info = Part.getLTOInfo();
    if (!Info)
      return Info.takeError();
    IsCovered &=
        Info->IsThinLTO ? Reported.contains(normal(Identifier)) : HasMerged;
  }
  ++ModuleCount;
  if (!IsCovered)
    Uncovered.push_back(Identifier);
  return Error::success();
}

Error Coverage::add(const InputFile &Input, StringRef File) {
  if (!Input.isMember() && Input.Bytes.getBufferSize() == 0)
    return damage("it is empty");
  // A linker script, a shared object: the words of a link command will do.
  if (Input.Kind != InputKind::Bitcode && Input.Kind != InputKind::Native &&
      Input.Kind != InputKind::Fat)
    return Error::success();
  if (!Input.isMember())
    return addModule(File.str(), Input.Bytes);
  std::string Identifier =
      (File + "(" + sys::path::filename(Input.Name.Member) + " at " +
       Twine(Input.Offset) + ")")
          .str();
  // Of a thin archive's members some linkers know only the path.
  if (Input.IsThin && !Reported.contains(normal(Identifier)))
    Identifier = Input.Path;
  return addModule(Identifier, Input.Bytes);
}

Error Coverage::addFile(const std::string &File) {
  Error E = Files.visit(
      File, [&](const InputFile &Input) { return add(Input, File); });
  if (!E)
    return E;
  bool IsDamaged = !E.isA<PlacedError>();
  std::string Why = toString(std::move(E));
  // The linker cannot have linked it as it is; its report tells nothing then.
  return errorIn(File, IsDamaged
                           ? "is damaged: " + Why + "; build it and link again"
                           : Why);
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
