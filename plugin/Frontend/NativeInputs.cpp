//===- NativeInputs.cpp - Which native objects a policy reads -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Frontend/NativeInputs.h"
#include "section-placement/Frontend/ArchiveMember.h"
#include "section-placement/Frontend/SourcePath.h"
#include "section-placement/Policy/RuleIndex.h"
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
  std::string
      Name; ///< `a.o`, `lib.a(a.o)`; of a thin archive the member's path.
  std::string Archive; ///< Of a thin archive's member: the archive.
  MemoryBufferRef Bytes;
};

/// What a wildcard met and did not read.
struct Skipped {
  unsigned Bitcode = 0, Machine = 0, Linked = 0, Other = 0, Damaged = 0;
  std::string FirstDamage;
};

class InputReader {
public:
  InputReader(const Policy &P, uint16_t Machine) : P(P), Machine(Machine) {}

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
  Error readLiteral(const Pattern &Native, StringRef Path);
  Error add(const Input &I);
  void addChosen(const Input &I, Skipped &S);
  void tell(const Pattern &Native, unsigned Read, const Skipped &S);
  static bool chooses(const Glob &G, const Input &I);

  const Policy &P;
  uint16_t Machine;
  std::unique_ptr<NativeInputs> Result = std::make_unique<NativeInputs>();
  StringMap<std::unique_ptr<MemoryBuffer>> Files;
  std::vector<std::unique_ptr<Archive>> Archives; ///< Own members' bytes.
  StringMap<bool> Added;                          ///< By name.
};
} // namespace

Expected<MemoryBufferRef> InputReader::open(StringRef Path) {
  auto [Known, IsNew] = Files.try_emplace(Path);
  if (IsNew) {
    auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                        /*RequiresNullTerminator=*/false);
    if (!Buffer) {
      Files.erase(Known);
      return plainError("cannot be read: " + Buffer.getError().message());
    }
    Known->second = std::move(*Buffer);
  }
  return Known->second->getMemBufferRef();
}

Error InputReader::expandArchive(StringRef Path, MemoryBufferRef Bytes,
                                 std::vector<Input> &Out) {
  Expected<std::unique_ptr<Archive>> A = Archive::create(Bytes);
  if (!A)
    return A.takeError();
  Archive &Opened = **A;
  Archives.push_back(std::move(*A));
  Error E = Error::success();
  for (const Archive::Child &Member : Opened.children(E)) {
    auto Fail = [&](Error Cause) {
      return joinErrors(std::move(E), std::move(Cause));
    };
    if (Error Cut = checkMember(Opened, Member))
      return Fail(std::move(Cut));
    Expected<StringRef> Name = Member.getName();
    if (!Name)
      return Fail(Name.takeError());
    Input I;
    if (Opened.isThin()) {
      Expected<std::string> Full = Member.getFullName();
      if (!Full)
        return Fail(Full.takeError());
      Expected<MemoryBufferRef> Contents = open(*Full);
      if (!Contents)
        return Fail(plainError("member " + *Full + " " +
                               toString(Contents.takeError())));
      SmallString<128> Clean(relativeToCurrentFolder(*Full));
      sys::path::remove_dots(Clean, /*remove_dot_dot=*/true);
      I = {Clean.str().str(), Path.str(), *Contents};
    } else {
      Expected<MemoryBufferRef> Contents = Member.getMemoryBufferRef();
      if (!Contents)
        return Fail(Contents.takeError());
      I = {relativeToCurrentFolder(Path) + "(" + Name->str() + ")", "",
           *Contents};
    }
    Out.push_back(std::move(I));
  }
  return E;
}

Error InputReader::expand(StringRef Path, std::vector<Input> &Out) {
  Expected<MemoryBufferRef> Bytes = open(Path);
  if (!Bytes)
    return Bytes.takeError();
  if (identify_magic(Bytes->getBuffer()) == file_magic::archive)
    return expandArchive(Path, *Bytes, Out);
  SmallString<128> Clean(relativeToCurrentFolder(Path));
  sys::path::remove_dots(Clean);
  Out.push_back({Clean.str().str(), "", *Bytes});
  return Error::success();
}

Error InputReader::add(const Input &I) {
  Expected<uint16_t> Found = elfMachine(I.Bytes);
  if (!Found)
    return Found.takeError();
  if (Machine != ELF::EM_NONE && *Found != Machine)
    return plainError("is for another machine (e_machine " + Twine(*Found) +
                      "; this link is for " + Twine(Machine) + ")");
  if (!Added.try_emplace(I.Name, true).second)
    return Error::success();
  return Result->Facts.add(I.Bytes, I.Name);
}

/// `lib.a(member.o)` names one member, `lib.a` all of them.
Error InputReader::readLiteral(const Pattern &Native, StringRef Path) {
  auto Fault = [&](StringRef What, Error E) {
    return errorAt(Native.Where,
                   "native object '" + What + "': " + toString(std::move(E)));
  };
  StringRef File = Path, Member;
  if (Path.back() == ')' && !sys::fs::exists(Path))
    std::tie(File, Member) = Path.drop_back().split('(');
  if (!sys::fs::exists(File))
    return Fault(Path, plainError("is not there (looked up in the folder that "
                                  "the link runs in)"));
  std::vector<Input> Inputs;
  if (Error E = expand(File, Inputs))
    return Fault(Path, std::move(E));
  bool Found = false;
  for (const Input &I : Inputs) {
    if (!Member.empty() && I.Name != Path &&
        sys::path::filename(I.Name) != Member)
      continue;
    Found = true;
    file_magic Magic = identify_magic(I.Bytes.getBuffer());
    if (Magic == file_magic::bitcode) {
      if (Inputs.size() > 1)
        continue;
      return Fault(I.Name,
                   plainError("is LLVM bitcode, no native object: what it "
                              "calls is seen at the link without being named"));
    }
    if (Error E = add(I))
      return Fault(I.Name, std::move(E));
  }
  return Found ? Error::success()
               : Fault(Path, plainError("the archive has no such member"));
}

Error InputReader::readLiterals() {
  Error All = Error::success();
  for (const Pattern &Native : P.Natives)
    if (std::optional<StringRef> Path = Native.Compiled.literal())
      All = joinErrors(std::move(All), readLiteral(Native, *Path));
  return All;
}

bool InputReader::chooses(const Glob &G, const Input &I) {
  return choosesNative(G, I.Name) || (!I.Archive.empty() && G.match(I.Archive));
}

void InputReader::addChosen(const Input &I, Skipped &S) {
  file_magic Magic = identify_magic(I.Bytes.getBuffer());
  if (Magic == file_magic::bitcode) {
    ++S.Bitcode;
    return;
  }
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
      Unopened +=
          (Unopened.empty() ? "" : "; ") + Path + ": " + toString(std::move(E));
  if (!Unopened.empty())
    Result->Told.push_back("inputs of the link that could not be read: " +
                           Unopened);
  for (const Pattern &Native : P.Natives) {
    if (Native.Compiled.literal())
      continue;
    Skipped S;
    unsigned Chosen = 0;
    for (const Input &I : Inputs)
      if (chooses(Native.Compiled, I)) {
        ++Chosen;
        addChosen(I, S);
      }
    tell(Native,
         Chosen - (S.Bitcode + S.Machine + S.Linked + S.Other + S.Damaged), S);
  }
}

Expected<std::unique_ptr<NativeInputs>>
readNativeInputs(const Policy &P, ArrayRef<std::string> LinkInputs,
                 uint16_t Machine) {
  InputReader R(P, Machine);
  if (Error E = R.readLiterals())
    return E;
  R.readWildcards(LinkInputs);
  return R.take();
}

} // namespace section_placement
