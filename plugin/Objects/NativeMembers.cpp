//===- NativeMembers.cpp - Native code that a link takes in ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/NativeMembers.h"
#include "llvm/Object/ELF.h"
#include <map>
#include <set>

using namespace llvm;

namespace section_placement {

struct NativeMembers::Definer {
  ElfFile File;
  NativeMember Member;
  bool IsRead = false; ///< Member has all but its name only then.
};

NativeMembers::NativeMembers(std::vector<std::string> Inputs, uint16_t Machine)
    : Inputs(std::move(Inputs)), Machine(Machine) {}

NativeMembers::~NativeMembers() = default;

void NativeMembers::readInputs() {
  Files.emplace();
  auto Add = [&](const InputFile &Input) -> Error {
    if (Input.Kind == InputKind::SlimGCC)
      Unread.push_back(Input.Name.str() + ": " + explainSlimGCC());
    if (Input.Kind != InputKind::Native)
      return Error::success();
    Expected<ElfFile> File = ElfFile::read(Input.Bytes);
    if (!File) {
      Unread.push_back(Input.Name.str() + ": " + toString(File.takeError()));
      return Error::success();
    }
    if (File->machine() != Machine)
      return Error::success();
    auto Made = std::make_unique<Definer>(Definer{std::move(*File), {}, false});
    Made->Member.Name = Input.Name.str();
    for (const ElfSymbol &S : Made->File.definitions())
      if (!S.IsLocal)
        ByName.try_emplace(S.Name, Made.get());
    Definers.push_back(std::move(Made));
    return Error::success();
  };
  for (const std::string &Path : Inputs)
    if (Error E = Files->visit(Path, Add))
      Unread.push_back(Files->at() + ": " + toString(std::move(E)));
}

std::vector<std::string> NativeMembers::unread() {
  std::lock_guard<std::mutex> Guard(Lock);
  return Unread;
}

/// Does the native input that has \p Name say that it is no code?
bool NativeMembers::isData(StringRef Name) const {
  const Definer *Home = ByName.lookup(Name);
  if (!Home)
    return false;
  for (uint32_t I : Home->File.symbolsNamed(Name)) {
    const ElfSymbol &S = Home->File.symbols()[I];
    if (!S.IsLocal)
      return S.Type == ELF::STT_OBJECT ||
             !Home->File.sections()[S.Section].isCode();
  }
  return false;
}

/// Constants that scripts move with the code beside them.
static bool isBesideCode(const ElfSection &S) {
  return S.isLoaded() &&
         (S.Name == ".rodata" || S.Name.take_front(8) == ".rodata." ||
          S.Name.take_front(12) == ".data.rel.ro");
}

/// What an assembler or a compiler makes of a far jump is an address in a
/// register, and relocations do not say what is done with an address. So each
/// reference to code counts.
void NativeMembers::readReferences(Definer &Of) const {
  const ElfFile &File = Of.File;
  NativeMember &Member = Of.Member;
  std::set<StringRef> Callees;
  std::map<StringRef, AddressedCode> Addressed;
  Member.HasUnknownCallees = !File.areReachesKnown();
  for (uint32_t I = 0; I < File.sections().size(); ++I) {
    bool IsCode = File.sections()[I].isCode();
    if (IsCode)
      Member.CodeBytes += File.sections()[I].Size;
    else if (!isBesideCode(File.sections()[I]))
      continue;
    Error E = File.forEachRelocation(I, [&](const ElfRelocation &R) {
      const ElfSymbol &Target = File.symbols()[R.Symbol];
      // R_*_NONE, of which every machine's is 0, keeps a member and no more.
      if (!Target.isUndefined() || Target.Name.empty() || R.Type == 0 ||
          Target.Type == ELF::STT_TLS)
        return Error::success();
      if (IsCode && R.Reach && R.Reach->IsCall) {
        Callees.insert(Target.Name);
        return Error::success();
      }
      if (!Addressed.count(Target.Name) && !isData(Target.Name))
        Addressed[Target.Name] = {
            Target.Name.str(),
            object::getELFRelocationTypeName(File.machine(), R.Type).str(),
            R.Address};
      return Error::success();
    });
    Member.HasUnknownCallees |= bool(E);
    consumeError(std::move(E));
  }
  Member.Callees.assign(Callees.begin(), Callees.end());
  for (auto &[Name, Code] : Addressed)
    if (!Callees.count(Name))
      Member.Addressed.push_back(std::move(Code));
}

const NativeMember *NativeMembers::definingCode(StringRef Name) {
  const NativeMember *Member = defining(Name);
  return Member && !isData(Name) ? Member : nullptr;
}

const NativeMember *NativeMembers::defining(StringRef Name) {
  std::lock_guard<std::mutex> Guard(Lock);
  if (!Files)
    readInputs();
  Definer *Found = ByName.lookup(Name);
  if (!Found)
    return nullptr;
  if (!Found->IsRead)
    readReferences(*Found);
  Found->IsRead = true;
  return &Found->Member;
}

} // namespace section_placement
