//===- NativeInputs.cpp - Which native objects a policy reads -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/NativeInputs.h"
#include "section-placement/Objects/ArchiveMember.h"
#include "section-placement/Policy/RuleIndex.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

namespace {
/// A file of the link, or a member of one of its archives.
struct Input {
  std::string Name;    ///< `a.o`; of a member `lib.a(a.o)`.
  std::string Archive; ///< Of a member: its archive.
  std::string Member;  ///< Its name there; of a thin archive's, its path.
  std::string Stored;  ///< Of a thin archive's: the path that it has there.
  MemoryBufferRef Bytes;
};

/// What a wildcard met and did not read.
struct Skipped {
  unsigned Bitcode = 0, Machine = 0, Linked = 0, Other = 0, Damaged = 0;
  std::string FirstDamage;
};

class InputReader {
public:
  InputReader(const Policy &P, uint16_t Machine, bool TakesFatBitcode)
      : P(P), Machine(Machine), TakesFatBitcode(TakesFatBitcode) {}

  Error readLiterals();
  void readWildcards(ArrayRef<std::string> LinkInputs);
  std::unique_ptr<NativeInputs> take() {
    Result->Facts.finish();
    return std::move(Result);
  }

private:
  Expected<MemoryBufferRef> open(StringRef Path);
  Error expand(StringRef Path, std::vector<Input> &Out);
  Error expandArchive(StringRef Path, MemoryBufferRef Bytes,
                      std::vector<Input> &Out);
  Expected<Input> member(const Archive &A, StringRef Path,
                         const Archive::Child &Member);
  Error readLiteral(const Pattern &Native, StringRef Path);
  bool isBitcode(const Input &I) const;
  Error add(const Input &I);
  void addChosen(const Input &I, Skipped &S);
  void tell(const Pattern &Native, unsigned Read, const Skipped &S);

  const Policy &P;
  uint16_t Machine;
  bool TakesFatBitcode;
  std::unique_ptr<NativeInputs> Result = std::make_unique<NativeInputs>();
  StringMap<std::unique_ptr<MemoryBuffer>> Files; ///< By cleaned path.
  std::vector<std::unique_ptr<Archive>> Archives; ///< Own members' bytes.
  DenseSet<const char *> Added;                   ///< By their first byte.
};
} // namespace

Expected<MemoryBufferRef> InputReader::open(StringRef Path) {
  auto [Known, IsNew] = Files.try_emplace(relativeToCurrentFolder(Path));
  if (!IsNew)
    return Known->second->getMemBufferRef();
  auto Fail = [&, Known = Known](const Twine &Why) {
    Files.erase(Known);
    return plainError(Why);
  };
  sys::fs::file_status Status;
  if (std::error_code Fault = sys::fs::status(Path, Status))
    return Fail("cannot be read: " + Fault.message());
  // A pipe would never end, and is empty after the linker has read it.
  if (!sys::fs::is_regular_file(Status))
    return Fail(sys::fs::is_directory(Status) ? "is a folder"
                                              : "is no regular file");
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return Fail("cannot be read: " + Buffer.getError().message());
  Known->second = std::move(*Buffer);
  return Known->second->getMemBufferRef();
}

Expected<Input> InputReader::member(const Archive &A, StringRef Path,
                                    const Archive::Child &Member) {
  if (Error Cut = checkMember(A, Member))
    return Cut;
  Input I;
  I.Archive = relativeToCurrentFolder(Path);
  if (A.isThin()) {
    Expected<std::string> Full = Member.getFullName();
    if (!Full)
      return Full.takeError();
    Expected<MemoryBufferRef> Contents = open(*Full);
    if (!Contents)
      return plainError("member " + *Full + " " +
                        whyUnreadable(Contents.takeError()));
    // ld.lld and `ar t` call it by the path in the archive, which begins at
    // the archive's own folder.
    Expected<StringRef> Stored = Member.getName();
    if (!Stored)
      return Stored.takeError();
    I.Stored = Stored->str();
    I.Member = relativeToCurrentFolder(*Full);
    I.Bytes = *Contents;
  } else {
    Expected<StringRef> Name = Member.getName();
    if (!Name)
      return Name.takeError();
    Expected<MemoryBufferRef> Contents = Member.getMemoryBufferRef();
    if (!Contents)
      return Contents.takeError();
    I.Member = Name->str();
    I.Bytes = *Contents;
  }
  I.Name = I.Archive + "(" + I.Member + ")";
  return I;
}

Error InputReader::expandArchive(StringRef Path, MemoryBufferRef Bytes,
                                 std::vector<Input> &Out) {
  Expected<std::unique_ptr<Archive>> A = Archive::create(Bytes);
  if (!A)
    return A.takeError();
  const Archive &Opened = *Archives.emplace_back(std::move(*A));
  Error E = Error::success();
  for (const Archive::Child &Child : Opened.children(E)) {
    Expected<Input> I = member(Opened, Path, Child);
    if (!I)
      return joinErrors(std::move(E), I.takeError());
    Out.push_back(std::move(*I));
  }
  return E;
}

Error InputReader::expand(StringRef Path, std::vector<Input> &Out) {
  Expected<MemoryBufferRef> Bytes = open(Path);
  if (!Bytes)
    return Bytes.takeError();
  if (identify_magic(Bytes->getBuffer()) == file_magic::archive)
    return expandArchive(Path, *Bytes, Out);
  Out.push_back({relativeToCurrentFolder(Path), "", "", "", *Bytes});
  return Error::success();
}

Error InputReader::add(const Input &I) {
  if (I.Bytes.getBuffer().empty())
    return plainError("is empty");
  Expected<uint16_t> Found = elfMachine(I.Bytes);
  if (!Found)
    return Found.takeError();
  if (Machine != ELF::EM_NONE && *Found != Machine)
    return plainError("is for another machine (e_machine " + Twine(*Found) +
                      "; this link is for " + Twine(Machine) + ")");
  if (Added.contains(I.Bytes.getBufferStart()))
    return Error::success();
  if (Error E = Result->Facts.add(I.Bytes, I.Name))
    return E;
  Added.insert(I.Bytes.getBufferStart());
  return Error::success();
}

bool InputReader::isBitcode(const Input &I) const {
  return identify_magic(I.Bytes.getBuffer()) == file_magic::bitcode ||
         (TakesFatBitcode && holdsFatBitcode(I.Bytes));
}

/// `lib.a(member.o)`: takes the member off \p File, which is a path of it all
/// where it names a file as it stands.
static StringRef splitMember(StringRef &File) {
  if (File.back() != ')' || sys::fs::exists(File))
    return "";
  for (size_t At = File.rfind('('); At != StringRef::npos && At > 0;
       At = File.take_front(At).rfind('(')) {
    StringRef Member = File.slice(At + 1, File.size() - 1);
    if (sys::fs::exists(File.take_front(At))) {
      File = File.take_front(At);
      return Member;
    }
  }
  return "";
}

/// `lib.a(member.o)` names one member, `lib.a` all of them that are no bitcode.
Error InputReader::readLiteral(const Pattern &Native, StringRef Path) {
  auto Fault = [&](StringRef What, Error E) {
    return errorAt(Native.Where, "native object '" + What +
                                     "': " + whyUnreadable(std::move(E)));
  };
  StringRef File = Path, Member = splitMember(File);
  if (!sys::fs::exists(File))
    return Fault(Path, plainError("is not there (looked up in the folder that "
                                  "the link runs in)"));
  std::vector<Input> Inputs;
  if (Error E = expand(File, Inputs))
    return Fault(Path, std::move(E));
  bool Found = false, HasNative = false;
  for (const Input &I : Inputs) {
    if (!Member.empty() && I.Member != Member && I.Stored != Member &&
        sys::path::filename(I.Member) != Member)
      continue;
    Found = true;
    if (isBitcode(I))
      continue;
    HasNative = true;
    if (Error E = add(I))
      return Fault(I.Name, std::move(E));
  }
  if (HasNative)
    return Error::success();
  if (Found)
    return Fault(Path,
                 plainError("is LLVM bitcode, no native object: what it calls "
                            "is seen at the link without being named"));
  return Fault(Path, plainError(Member.empty() ? "is an archive without members"
                                               : "the archive has no such "
                                                 "member"));
}

Error InputReader::readLiterals() {
  Error All = Error::success();
  for (const Pattern &Native : P.Natives)
    if (std::optional<StringRef> Path = Native.Compiled.literal())
      All = joinErrors(std::move(All), readLiteral(Native, *Path));
  return All;
}

void InputReader::addChosen(const Input &I, Skipped &S) {
  if (isBitcode(I)) {
    ++S.Bitcode;
    return;
  }
  file_magic Magic = identify_magic(I.Bytes.getBuffer());
  if (Magic == file_magic::elf_shared_object ||
      Magic == file_magic::elf_executable) {
    ++S.Linked;
    return;
  }
  Expected<uint16_t> Found = elfMachine(I.Bytes);
  if (!Found) {
    consumeError(Found.takeError());
    ++S.Other;
    return;
  }
  if (Machine != ELF::EM_NONE && *Found != Machine) {
    ++S.Machine;
    return;
  }
  if (Error E = add(I)) {
    if (!S.Damaged++)
      S.FirstDamage = I.Name + ": " + toString(std::move(E));
    else
      consumeError(std::move(E));
  }
}

void InputReader::tell(const Pattern &Native, unsigned Read, const Skipped &S) {
  std::string Glob = ("native '" + Native.Compiled.pattern() + "'").str();
  unsigned All = S.Bitcode + S.Machine + S.Linked + S.Other + S.Damaged;
  if (!Read && !All) {
    Result->Told.push_back(Glob + " finds nothing among the inputs of this "
                                  "link");
    return;
  }
  if (!All)
    return;
  std::string Line =
      Glob + ": " + std::to_string(Read) + " objects read; passed over: ";
  auto Count = [&, First = true](unsigned N, StringRef What) mutable {
    if (N)
      Line += ((First ? "" : ", ") + Twine(N) + " " + What).str();
    First &= !N;
  };
  Count(S.Bitcode, "bitcode");
  Count(S.Machine, "for another machine");
  Count(S.Linked, "linked already");
  Count(S.Other, "no ELF");
  Count(S.Damaged, "damaged");
  if (S.Damaged)
    Line += " (" + S.FirstDamage + ")";
  Result->Told.push_back(Line);
}

void InputReader::readWildcards(ArrayRef<std::string> LinkInputs) {
  bool HasWildcard = false;
  for (const Pattern &Native : P.Natives)
    HasWildcard |= !Native.Compiled.literal();
  if (!HasWildcard)
    return;
  std::vector<Input> Inputs;
  std::string Unopened;
  for (const std::string &Path : LinkInputs)
    if (Error E = expand(Path, Inputs))
      Unopened += (Unopened.empty() ? "" : "; ") + Path + ": " +
                  whyUnreadable(std::move(E));
  if (!Unopened.empty())
    Result->Told.push_back("inputs of the link that could not be read: " +
                           Unopened);
  for (const Pattern &Native : P.Natives) {
    if (Native.Compiled.literal())
      continue;
    Skipped S;
    unsigned Chosen = 0;
    for (const Input &I : Inputs)
      if (choosesNative(Native.Compiled, I.Name)) {
        ++Chosen;
        addChosen(I, S);
      }
    tell(Native,
         Chosen - (S.Bitcode + S.Machine + S.Linked + S.Other + S.Damaged), S);
  }
}

Expected<std::unique_ptr<NativeInputs>>
readNativeInputs(const Policy &P, ArrayRef<std::string> LinkInputs,
                 uint16_t Machine, bool TakesFatBitcode) {
  InputReader R(P, Machine, TakesFatBitcode);
  if (Error E = R.readLiterals())
    return E;
  R.readWildcards(LinkInputs);
  return R.take();
}

} // namespace section_placement
