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
#include "llvm/ADT/StringSet.h"
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

static bool isNameChar(char C) {
  return isAlnum(C) || C == '_' || C == '.' || C == '$';
}

/// Does \p Text have \p Name, and not as a part of a longer one?
static bool containsWholeName(StringRef Text, StringRef Name) {
  for (size_t At = Text.find(Name); At != StringRef::npos;
       At = Text.find(Name, At + 1)) {
    StringRef After = Text.substr(At + Name.size());
    if ((At == 0 || !isNameChar(Text[At - 1])) &&
        (After.empty() || !isNameChar(After[0])))
      return true;
  }
  return false;
}

static std::optional<SectionQuestion::Objection>
firstNamedIn(ArrayRef<std::string> Texts, ArrayRef<StringRef> Sections) {
  for (StringRef Section : Sections)
    if (any_of(Texts, [&](StringRef Text) {
          return containsWholeName(Text, Section);
        }))
      return SectionQuestion::Objection{
          Section, "has that name in a text that cannot be read"};
  return std::nullopt;
}

std::optional<SectionQuestion::Objection>
SectionQuestion::ask(const AsmQuery &Q, const Function *Of,
                     ArrayRef<StringRef> Sections) {
  auto Assemble = [&](StringRef Text) {
    return A.assemble(Q.Before + Text.str() + Q.After,
                      attributeOf(Of, "target-cpu"),
                      attributeOf(Of, "target-features"));
  };
  for (const std::string &Text : Q.Texts) {
    Expected<SmallVector<char, 0>> Object = Assemble(Text);
    if (Object)
      return objectionIn(*Object, Sections);
    consumeError(Object.takeError());
  }
  Expected<SmallVector<char, 0>> Object = Assemble(Q.Directives);
  if (!Object) {
    consumeError(Object.takeError());
    return firstNamedIn(Q.Texts, Sections);
  }
  if (std::optional<Objection> Found = objectionIn(*Object, Sections))
    return Found;
  return firstNamedIn(Q.Instructions, Sections);
}

std::optional<SectionQuestion::Objection>
SectionQuestion::ofModuleAsm(ArrayRef<StringRef> Sections) {
  std::string Text = M.getModuleInlineAsm();
  SmallVector<StringRef, 4> Meant = meant(Text, Sections);
  if (Text.empty() || Meant.empty())
    return std::nullopt;
  Expected<SmallVector<char, 0>> Object = assembleModuleAsm(M);
  if (Object)
    return objectionIn(*Object, Meant);
  consumeError(Object.takeError());
  return firstNamedIn({Text}, Meant);
}

/// Where no sample register suits an operand, it is that of an instruction:
/// Text is parted into its directives, with the labels that they refer to, and
/// its instructions. A call of a macro is a directive.
static void partStatements(StringRef Text, const Assembler &A, StringRef Macros,
                           std::string &Directives, std::string &Instructions) {
  StringSet<> Names;
  for (StringRef Of : {Macros, Text})
    for (size_t At = Of.find(".macro"); At != StringRef::npos;
         At = Of.find(".macro", At + 1))
      Names.insert(Of.substr(At + 6).ltrim(" \t").take_while(isNameChar));
  for (const std::string &Statement :
       statementsOf(Text, A.commentString(), A.separator())) {
    StringRef Rest = StringRef(Statement).ltrim();
    StringRef Word = Rest.take_while(isNameChar);
    while (!Word.empty() && Rest.substr(Word.size()).take_front(1) == ":") {
      Directives += (Word + ":\n").str();
      Rest = Rest.substr(Word.size() + 1).ltrim();
      Word = Rest.take_while(isNameChar);
    }
    bool IsDirective = Rest.take_front(1) == "." || Names.contains(Word);
    (IsDirective ? Directives : Instructions) += (Rest + "\n").str();
  }
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
  AsmQuery Q;
  for (StringRef Register : sampleRegisters(T))
    Q.Texts.push_back(expandTemplate(Template, Register, T));
  // Operands and alternatives (`{a|b}`) are part of a name, too.
  SmallVector<StringRef, 4> Meant = Q.Texts.empty()
                                        ? SmallVector<StringRef, 4>()
                                        : meant(Q.Texts[0], Sections);
  if (Meant.empty())
    return std::nullopt;
  Q.Before = Macros + (IsIntel ? ".intel_syntax\n" : "");
  if (A.isAvailable())
    partStatements(Q.Texts.front(), A, Q.Before, Q.Directives, Q.Instructions);
  Q.After = ("\n.text\n" + SampleLabel + ":\n").str();
  return ask(Q, Call.getFunction(), Meant);
}

} // namespace section_placement
