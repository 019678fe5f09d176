//===- SectionQuestion.cpp - May code stand beside this asm? --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Asm/SectionQuestion.h"
#include "section-placement/Asm/InlineAsmText.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace llvm;

namespace section_placement {

SectionQuestion::SectionQuestion(const Module &M)
    : M(M), T(compat::targetTriple(M)), A(T),
      Macros(macrosOf(M.getModuleInlineAsm())) {}

SectionQuestion::~SectionQuestion() = default;

/// Those of \p Sections that \p Text may mean: by their names, or by putting
/// them together.
SmallVector<StringRef, 4>
SectionQuestion::meant(StringRef Text, ArrayRef<StringRef> Sections) const {
  bool MayBuild = !Macros.empty() || Text.contains('\\') ||
                  Text.contains(".irp") || Text.contains(".macro");
  SmallVector<StringRef, 4> Result;
  copy_if(Sections, std::back_inserter(Result), [&](StringRef Section) {
    return MayBuild || Text.contains(Section);
  });
  return Result;
}

/// How a section with \p Flags and \p Type differs from one of code; empty
/// where it does not.
static StringRef differenceFromCode(uint64_t Flags, uint32_t Type) {
  // A group, and what a section is linked to, make another section of it.
  Flags &= ~uint64_t(ELF::SHF_GROUP | ELF::SHF_LINK_ORDER);
  if (Type == ELF::SHT_NOBITS)
    return "declares that section without contents (nobits)";
  if (Flags & ELF::SHF_MERGE)
    return "declares that section mergeable ('M')";
  if (Flags & ELF::SHF_WRITE)
    return "declares that section writable ('w')";
  if (!(Flags & ELF::SHF_EXECINSTR))
    return "declares that section without the flag of code ('x')";
  if (Flags != (ELF::SHF_ALLOC | ELF::SHF_EXECINSTR) ||
      Type != ELF::SHT_PROGBITS)
    return "declares that section with other flags than code has";
  return "";
}

std::optional<SectionQuestion::Objection>
SectionQuestion::objectionIn(ArrayRef<char> Object,
                             ArrayRef<StringRef> Sections) {
  auto File = object::ObjectFile::createELFObjectFile(
      MemoryBufferRef(StringRef(Object.data(), Object.size()), "asm"));
  if (!File) {
    consumeError(File.takeError());
    return std::nullopt;
  }
  auto Find = [&](Expected<StringRef> Name) -> StringRef {
    if (!Name) {
      consumeError(Name.takeError());
      return "";
    }
    auto Found = find(Sections, *Name);
    return Found == Sections.end() ? StringRef() : *Found;
  };
  for (const object::SymbolRef &S : (*File)->symbols())
    if (object::ELFSymbolRef(S).getELFType() != ELF::STT_SECTION)
      if (StringRef Section = Find(S.getName()); !Section.empty())
        return Objection{Section, "has a symbol of that name, which would be "
                                  "taken for the section"};
  for (const object::ELFSectionRef S : (*File)->sections())
    if (StringRef Section = Find(S.getName()); !Section.empty())
      if (StringRef Difference = differenceFromCode(S.getFlags(), S.getType());
          !Difference.empty())
        return Objection{Section, Difference.str()};
  return std::nullopt;
}

static StringRef attributeOf(const Function *F, StringRef Name) {
  return F ? F->getFnAttribute(Name).getValueAsString() : "";
}

/// Does \p Text have \p Name, and not as a part of a longer one?
static bool hasName(StringRef Text, StringRef Name) {
  auto GoesOn = [](char C) { return isAlnum(C) || C == '_' || C == '.'; };
  for (size_t At = Text.find(Name); At != StringRef::npos;
       At = Text.find(Name, At + 1)) {
    StringRef After = Text.substr(At + Name.size());
    if ((At == 0 || !GoesOn(Text[At - 1])) &&
        (After.empty() || !GoesOn(After[0])))
      return true;
  }
  return false;
}

std::optional<SectionQuestion::Objection>
SectionQuestion::ask(const Asked &Q, const Function *Of,
                     ArrayRef<StringRef> Sections) {
  for (const std::string &Text : Q.Texts) {
    Expected<SmallVector<char, 0>> Object =
        A.assemble(Q.Before + Text + Q.After, attributeOf(Of, "target-cpu"),
                   attributeOf(Of, "target-features"));
    if (Object)
      return objectionIn(*Object, Sections);
    consumeError(Object.takeError());
  }
  for (StringRef Section : Sections)
    if (any_of(Q.Texts, [&](StringRef Text) { return hasName(Text, Section); }))
      return Objection{Section, "has that name in a text that cannot be read"};
  return std::nullopt;
}

std::optional<SectionQuestion::Objection>
SectionQuestion::ofModuleAsm(ArrayRef<StringRef> Sections) {
  std::string Text = M.getModuleInlineAsm();
  SmallVector<StringRef, 4> Meant = meant(Text, Sections);
  if (Text.empty() || Meant.empty())
    return std::nullopt;
  // It has no features of its own: those of the first function that has any.
  auto Of = find_if(
      M, [](const Function &F) { return F.hasFnAttribute("target-features"); });
  return ask({{Text}, "", ""}, Of == M.end() ? nullptr : &*Of, Meant);
}

/// The text's directives alone, and the labels that they refer to: an operand
/// that no sample register suits is in an instruction.
static std::string directivesOf(StringRef Text, const Assembler &A) {
  auto IsName = [](char C) {
    return isAlnum(C) || C == '_' || C == '.' || C == '$';
  };
  std::string Result;
  for (StringRef Statement :
       statementsOf(Text, A.commentString(), A.separator())) {
    StringRef Rest = Statement.ltrim();
    for (StringRef Name = Rest.take_while(IsName);
         !Name.empty() && Rest.drop_front(Name.size()).take_front(1) == ":";
         Name = Rest.take_while(IsName)) {
      Result += (Name + ":\n").str();
      Rest = Rest.drop_front(Name.size() + 1).ltrim();
    }
    if (Rest.take_front(1) == ".")
      Result += (Rest + "\n").str();
  }
  return Result;
}

std::optional<SectionQuestion::Objection>
SectionQuestion::ofInlineAsm(const CallBase &Call,
                             ArrayRef<StringRef> Sections) {
  auto &Asm = *cast<InlineAsm>(Call.getCalledOperand());
  SmallVector<AsmOperand, 8> Operands = operandsOf(Call, T);
  bool IsIntel = Asm.getDialect() == InlineAsm::AD_Intel;
  AsmTemplate Template{Asm.getAsmString(), Operands,
                       A.isAvailable() ? A.dialect() : 0};
  if (IsIntel) {
    Template.Alternative = 1;
    Template.IsIntel = true;
  }
  Asked Q;
  for (StringRef Register : sampleRegisters(T))
    Q.Texts.push_back(expandTemplate(Template, Register, T));
  // Operands and alternatives (`{a|b}`) are part of a name, too.
  SmallVector<StringRef, 4> Meant = Q.Texts.empty()
                                        ? SmallVector<StringRef, 4>()
                                        : meant(Q.Texts[0], Sections);
  if (Meant.empty())
    return std::nullopt;
  if (A.isAvailable())
    Q.Texts.push_back(directivesOf(Q.Texts.front(), A));
  Q.Before = Macros + (IsIntel ? ".intel_syntax\n" : "");
  Q.After = ("\n.text\n" + SampleLabel + ":\n").str();
  return ask(Q, Call.getFunction(), Meant);
}

} // namespace section_placement
