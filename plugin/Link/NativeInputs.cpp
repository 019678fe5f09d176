//===- NativeInputs.cpp - Which native objects a policy reads -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/NativeInputs.h"
#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Policy/RuleIndex.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace section_placement {

namespace {
class InputReader {
public:
  InputReader(const Policy &P, uint16_t Machine, bool TakesFatBitcode,
              function_ref<bool(const InputFile &)> IsLinked)
      : P(P), Machine(Machine), TakesFatBitcode(TakesFatBitcode),
        IsLinked(IsLinked) {}

  Error readLiterals();
  void readWildcards(ArrayRef<std::string> LinkInputs);
  std::unique_ptr<NativeInputs> take() {
    Result->Facts.finish();
    if (std::optional<uint16_t> Unknown = Result->Facts.UnknownMachine) {
      NativeNote Note;
      Note.What = NativeNote::Kind::UnknownReaches;
      Note.Machine = *Unknown;
      Result->Notes.push_back(std::move(Note));
    }
    return std::move(Result);
  }

private:
  Error readLiteral(const Pattern &Native, StringRef Path);
  bool isBitcode(const InputFile &I) const;
  bool isLeftOut(const InputFile &I) const { return IsLinked && !IsLinked(I); }
  Error add(const InputFile &I);
  void addChosen(const InputFile &I, NativeNote &S);

  const Policy &P;
  uint16_t Machine;
  bool TakesFatBitcode;
  function_ref<bool(const InputFile &)> IsLinked;
  std::unique_ptr<NativeInputs> Result = std::make_unique<NativeInputs>();
  InputWalker Files;
  DenseSet<const char *> Added; ///< By their first byte.
};
} // namespace

Error InputReader::add(const InputFile &I) {
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
  if (Error E = Result->Facts.add(I.Bytes, I.Name.str()))
    return E;
  Added.insert(I.Bytes.getBufferStart());
  return Error::success();
}

bool InputReader::isBitcode(const InputFile &I) const {
  return I.Kind == InputKind::Bitcode ||
         (TakesFatBitcode && I.Kind == InputKind::Fat);
}

/// Members that linkers pass over: rustc's lib.rmeta, a text.
static bool isCode(const InputFile &I) {
  return I.isElf() || I.Kind == InputKind::Bitcode ||
         I.Kind == InputKind::SlimGCC || I.Kind == InputKind::Archive;
}

/// Returns true if \p Wanted names \p I: of a thin archive's member also where
/// it is the path of its file.
static bool isNamed(const InputFile &I, const InputName &Wanted) {
  return I.Name.matches(Wanted) ||
         (I.IsThin && InputName{I.Path, ""}.matches({Wanted.Member, ""}));
}

/// `lib.a(member.o)` names one member, `lib.a` all of them that are no bitcode.
Error InputReader::readLiteral(const Pattern &Native, StringRef Path) {
  auto Fault = [&](StringRef What, Error E) {
    return errorAt(Native.Where, "native object '" + What +
                                     "': " + whyUnreadable(std::move(E)));
  };
  InputName Wanted{Path.str(), ""};
  if (!sys::fs::exists(Path))
    Wanted = InputName::parse(Path);
  if (!sys::fs::exists(Wanted.File))
    return Fault(Path, plainError("is not there (looked up in the folder that "
                                  "the link runs in)"));
  bool Found = false, HasNative = false, HasMember = !Wanted.Member.empty();
  Error E = Files.visit(Wanted.File, [&](const InputFile &I) -> Error {
    bool IsWanted = HasMember ? isNamed(I, Wanted) : !I.isMember() || isCode(I);
    if (!IsWanted)
      return Error::success();
    Found = true;
    if (isBitcode(I))
      return Error::success();
    HasNative = true;
    if (!HasMember && I.isMember() && isLeftOut(I))
      return Error::success();
    return I.Kind == InputKind::SlimGCC ? plainError(explainSlimGCC()) : add(I);
  });
  if (E)
    return Fault(Files.at(), std::move(E));
  if (HasNative)
    return Error::success();
  if (Found)
    return Fault(Path,
                 plainError("is LLVM bitcode, no native object: what it calls "
                            "is seen at the link without being named"));
  return Fault(Path, plainError(HasMember ? "the archive has no such member"
                                          : "is an archive without members"));
}

Error InputReader::readLiterals() {
  Error All = Error::success();
  for (const Pattern &Native : P.Natives)
    if (std::optional<StringRef> Path = Native.Compiled.literal())
      All = joinErrors(std::move(All), readLiteral(Native, *Path));
  return All;
}

void InputReader::addChosen(const InputFile &I, NativeNote &S) {
  if (isBitcode(I)) {
    ++S.Bitcode;
    return;
  }
  if (I.Kind == InputKind::Linked) {
    ++S.Linked;
    return;
  }
  if (I.Kind == InputKind::SlimGCC) {
    ++S.SlimGCC;
    return;
  }
  Expected<uint16_t> Found = elfMachine(I.Bytes);
  if (!Found) {
    consumeError(Found.takeError());
    ++S.NoELF;
    return;
  }
  if (Machine != ELF::EM_NONE && *Found != Machine) {
    ++S.OtherMachine;
    return;
  }
  if (Error E = add(I)) {
    if (!S.Damaged++)
      S.Why = I.Name.str() + ": " + toString(std::move(E));
    else
      consumeError(std::move(E));
  }
}

void InputReader::readWildcards(ArrayRef<std::string> LinkInputs) {
  bool HasWildcard = false;
  for (const Pattern &Native : P.Natives)
    HasWildcard |= !Native.Compiled.literal();
  if (!HasWildcard)
    return;
  std::vector<InputFile> Inputs;
  NativeNote Unopened;
  Unopened.What = NativeNote::Kind::Unopened;
  for (const std::string &Path : LinkInputs)
    if (Error E = Files.visit(Path, [&](const InputFile &I) {
          if (!isLeftOut(I))
            Inputs.push_back(I);
          return Error::success();
        }))
      Unopened.Why += (Unopened.Why.empty() ? "" : "; ") + Files.at() + ": " +
                      whyUnreadable(std::move(E));
  if (!Unopened.Why.empty())
    Result->Notes.push_back(std::move(Unopened));
  for (const Pattern &Native : P.Natives) {
    if (Native.Compiled.literal())
      continue;
    NativeNote S;
    S.Glob = Native.Compiled.pattern().str();
    unsigned Chosen = 0;
    for (const InputFile &I : Inputs)
      if (any_of(I.spellings(), [&](const std::string &Name) {
            return choosesNative(Native.Compiled, Name);
          })) {
        ++Chosen;
        addChosen(I, S);
      }
    S.Read = Chosen - S.passedOver();
    if (!S.Read || S.passedOver())
      Result->Notes.push_back(std::move(S));
  }
}

Expected<std::unique_ptr<NativeInputs>>
readNativeInputs(const Policy &P, ArrayRef<std::string> LinkInputs,
                 uint16_t Machine, bool TakesFatBitcode,
                 function_ref<bool(const InputFile &)> IsLinked) {
  InputReader R(P, Machine, TakesFatBitcode, IsLinked);
  if (Error E = R.readLiterals())
    return E;
  R.readWildcards(LinkInputs);
  return R.take();
}

static void addNativeData(const InputFile &I, StringMap<std::string> &Data) {
  Expected<std::unique_ptr<object::ObjectFile>> Object =
      object::ObjectFile::createELFObjectFile(I.Bytes);
  if (!Object) {
    consumeError(Object.takeError());
    return;
  }
  for (const object::ELFSectionRef Section : (*Object)->sections()) {
    uint64_t Flags = Section.getFlags();
    if (!(Flags & ELF::SHF_ALLOC) || Flags & ELF::SHF_EXECINSTR)
      continue;
    if (Expected<StringRef> Name = Section.getName())
      Data.try_emplace(*Name, I.Name.str());
    else
      consumeError(Name.takeError());
  }
}

StringMap<std::string> readNativeData(ArrayRef<std::string> LinkInputs,
                                      bool TakesFatBitcode) {
  StringMap<std::string> Data;
  InputWalker Files;
  for (const std::string &Path : LinkInputs)
    consumeError(Files.visit(Path, [&](const InputFile &I) {
      bool IsNative = I.Kind == InputKind::Native ||
                      (I.Kind == InputKind::Fat && !TakesFatBitcode);
      if (IsNative)
        addNativeData(I, Data);
      return Error::success();
    }));
  return Data;
}

} // namespace section_placement
