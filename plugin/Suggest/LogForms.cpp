//===- LogForms.cpp - The forms of a linker's messages --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A message is one of these, whole. Where none fits, the last rows take what an
// error that was cut off still says. The forms of references were printed by
// real linkers: test/Suggest/Inputs/ holds the messages.
//
//===----------------------------------------------------------------------===//

#include "LogForms.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

static constexpr MessageForm Forms[] = {
    // ld.lld; some versions write the target without quotes.
    {Message::Reference, "{place}: relocation {type} out of range: {distance} "
                         "is not in {range}; references section '{section}'{}"},
    {Message::Reference, "{place}: relocation {type} out of range: {distance} "
                         "is not in {range}; references '{target}'{}"},
    {Message::Reference, "{place}: relocation {type} out of range: {distance} "
                         "is not in {range}; references {bare}; {}"},
    {Message::Reference, "{place}: relocation {type} out of range: {distance} "
                         "is not in {range}; references {bare}"},
    {Message::Reference, "{place}: relocation {type} out of range: {distance} "
                         "is not in {range}"},
    {Message::Reference,
     "{place}: unencodeable immediate {distance} for relocation {type}"},
    // mold.
    {Message::Reference, "{place}: relocation {type} against symbol '{target}' "
                         "out of range: {distance} is not in {range}"},
    {Message::Reference, "{place}: relocation {type} against {target} out of "
                         "range: {distance} is not in {range}"},
    // GNU ld.
    {Message::Reference,
     "{place}: relocation truncated to fit: {type} against symbol '{target}' "
     "defined in {section} section in {object}"},
    {Message::Reference, "{place}: relocation truncated to fit: {type} against "
                         "undefined symbol '{target}'"},
    {Message::Reference, "{place}: relocation truncated to fit: {type} against "
                         "symbol '{target}'"},
    {Message::Reference,
     "{place}: relocation truncated to fit: {type} against '{target}'"},
    {Message::Reference, "{place}: relocation truncated to fit: {type}"},
    // gold.
    {Message::Reference, "{place}: error: relocation overflow in {type}"},
    {Message::Reference, "{place}: error: relocation overflow: {words} "
                         "'{target}' defined in {object}"},
    {Message::Reference,
     "{place}: error: relocation overflow: {words} '{target}'"},
    {Message::Reference, "{place}: error: relocation overflow: reference to "
                         "local symbol {words} in {object}"},
    {Message::Reference, "{place}: error: relocation overflow"},

    {Message::FunctionHeader, "{object}: in function '{function}':"},
    {Message::FunctionHeader, "{object}: In function '{function}':"},
    {Message::ReferencedBy, ">>> referenced by {source}"},
    {Message::DefinedIn, ">>> defined in {object}"},
    {Message::MoreOmitted, "too many errors emitted, stopping now{}"},
    {Message::MoreOmitted, "additional relocation overflows omitted{}"},

    // No room for a thunk: ld.lld, gold, GNU ld, mold.
    {Message::Other, "InputSection too large for range extension thunk{}",
     LinkFailure::NoRoomForThunk},
    {Message::Other, "Stub is too far away{}", LinkFailure::NoRoomForThunk},
    {Message::Other, "cannot find stub entry{}", LinkFailure::NoRoomForThunk},
    {Message::Other, "range extension thunk is out of range{}",
     LinkFailure::NoRoomForThunk},
    {Message::Other, "thunk creation not converged{}",
     LinkFailure::NoRoomForThunk},
    {Message::Other, "' offset overflow{}", LinkFailure::NoRoomForThunk},
    // The assembler's own: LLVM, GNU as.
    {Message::Other, "fixup value out of range{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "out of range pc-relative fixup value{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "rror: branch out of range{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "rror: Branch out of range{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "conditional branch out of range{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "pc-relative load offset not word aligned{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "pcrel too far{}", LinkFailure::BranchInsideFunction},
    {Message::Other, "out of range PC16 fixup{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "out of range branch target{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "rror: operand out of range{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "too large for field of{}",
     LinkFailure::BranchInsideFunction},
    // Xtensa and others of GNU ld: the call can be made another way.
    {Message::Other, "call target out of range{}", LinkFailure::LongCall},
    {Message::Other, "literal target out of range{}", LinkFailure::FarLiteral},
    {Message::Other, "literal placed after use{}", LinkFailure::FarLiteral},
    {Message::Other, "dangerous relocation: {}",
     LinkFailure::DangerousRelocation},
    // Code that is compiled for another kind of image.
    {Message::Other, "recompile with -fPIC{}",
     LinkFailure::PositionDependentCode},
    {Message::Other, "recompile with -fPIE{}",
     LinkFailure::PositionDependentCode},
    {Message::Other, "can not be used when making a{}",
     LinkFailure::PositionDependentCode},
    {Message::Other, "cannot be used when making a{}",
     LinkFailure::PositionDependentCode},
    // The kernel's checks after the link.
    {Message::Other, "ection mismatch in reference{}",
     LinkFailure::SectionMismatch},
    {Message::Other, "ection mismatch(es){}", LinkFailure::SectionMismatch},
    {Message::Other, "leaves .noinstr.text section{}",
     LinkFailure::LeavesNoInstr},
    // Linkers of other formats.
    {Message::Other, "ld64.lld: error: {}relocation {}out of range{}",
     LinkFailure::MachO},
    {Message::Other, "ld: {}branch out of range{}", LinkFailure::MachO},
    {Message::Other, "ld: {}B/BL out of range{}", LinkFailure::MachO},
    {Message::Other, "ld: {}bl out of range{}", LinkFailure::MachO},
    {Message::Other, "ADRP out of range{}", LinkFailure::MachO},
    {Message::Other, "RIP relative reference out of range{}",
     LinkFailure::MachO},
    {Message::Other, "relocation BRANCH26 is out of range{}",
     LinkFailure::MachO},
    {Message::Other, "relocation {} is out of range: {} is not in [{}",
     LinkFailure::MachO},
    {Message::Other, "thunk range overrun{}", LinkFailure::MachO},
    {Message::Other, "lld-link: error: relocation{} out of range{}",
     LinkFailure::Coff},
    {Message::Other, "lld-link: error: relocation against{}",
     LinkFailure::Coff},
    {Message::Other, "IMAGE_REL_{}", LinkFailure::Coff},
    {Message::Other, "LNK2013{}", LinkFailure::Coff},
    {Message::Other, "LNK2017{}", LinkFailure::Coff},
    {Message::Other, "LNK1248{}", LinkFailure::Coff},
    {Message::Other, "wasm-ld: error: {}relocation{}", LinkFailure::Wasm},

    // Errors that are cut off.
    {Message::CutReference, "{place}: relocation {type} out of range{}"},
    {Message::CutReference, "{place}: relocation truncated to fit: {type}{}"},
    {Message::CutReference, "{place}: relocation truncated to fit: {type} {}"},
    {Message::CutReference, "{place}: error: relocation overflow in {type} {}"},
    {Message::CutReference, "{place}: error: relocation overflow:{}"},
};

static bool isBalanced(StringRef Text) {
  int Depth = 0;
  for (char C : Text) {
    Depth += C == '(' ? 1 : C == ')' ? -1 : 0;
    if (Depth < 0)
      return false;
  }
  return Depth == 0;
}

/// The parentheses of a place are whole, and a section's name and offset in
/// them hold no blank, as they do where lines were joined that were no such
/// parts.
static bool isPlace(StringRef Text) {
  if (!isBalanced(Text))
    return false;
  size_t Open = Text.rfind(":(");
  if (Open == StringRef::npos || Text.back() != ')')
    return true;
  StringRef Section = Text.substr(Open + 2).drop_back();
  if (Section.consume_front("function ")) {
    size_t Colon = Section.rfind(": ");
    if (Colon == StringRef::npos)
      return false;
    Section = Section.substr(Colon + 2);
  }
  return Section.find(' ') == StringRef::npos;
}

std::optional<std::pair<int64_t, int64_t>> rangeIn(StringRef Text) {
  int64_t Lowest, Highest;
  if (!Text.consume_front("[") || Text.consumeInteger(10, Lowest) ||
      !Text.consume_front(", ") || Text.consumeInteger(10, Highest))
    return std::nullopt;
  if (Text == ")")
    return std::pair(Lowest, Highest - 1);
  if (Text == "]")
    return std::pair(Lowest, Highest);
  return std::nullopt;
}

static bool isNumber(StringRef Text) {
  return !Text.empty() &&
         Text.find_first_not_of("-0123456789") == StringRef::npos;
}

static bool isRelocation(StringRef Text) {
  return Text.take_front(2) == "R_" && Text.size() > 2 &&
         all_of(Text,
                [](char C) { return isAlnum(C) || C == '_' || C == '/'; });
}

static bool isValid(StringRef Field, StringRef Value) {
  if (Field == "place")
    return isPlace(Value);
  if (Field == "type")
    return isRelocation(Value);
  if (Field == "distance")
    return isNumber(Value);
  if (Field == "range")
    return Value.take_front(1) == "[" &&
           StringRef("])").contains(Value.take_back(1)) &&
           Value.find(']') >= Value.size() - 1;
  if (Field == "bare")
    return !Value.empty() && Value.take_front(1) != "'" &&
           !Value.contains(": ");
  if (Field == "object" || Field == "source")
    return !Value.trim().empty();
  return true;
}

/// Matches \p Text with \p Form, from a field's or a word's first occurrence on
/// to the end.
static bool matchForm(StringRef Text, StringRef Form, LogFields &Found) {
  auto TakeWords = [&] {
    StringRef Words = Form.take_until([](char C) { return C == '{'; });
    Form = Form.substr(Words.size());
    return Words;
  };
  StringRef Words = TakeWords();
  size_t At = Text.find(Words);
  if (At == StringRef::npos)
    return false;
  Text = Text.substr(At + Words.size());
  while (!Form.empty()) {
    auto [Field, Rest] = Form.drop_front().split('}');
    Form = Rest;
    Words = TakeWords();
    // A name may hold quotes of its own: `f()::'lambda'()`.
    bool IsQuoted = Words.take_front(1) == "'";
    size_t End = Words.empty() ? Text.size()
                 : IsQuoted    ? Text.rfind(Words)
                               : Text.find(Words);
    if (End == StringRef::npos || !isValid(Field, Text.take_front(End)))
      return false;
    Found[Field] = Text.take_front(End);
    Text = Text.substr(End + Words.size());
  }
  return Text.empty();
}

const MessageForm *findForm(StringRef Text, bool MayBeCut, LogFields &Found) {
  for (const MessageForm &Form : Forms) {
    if ((Form.Kind == Message::CutReference) != MayBeCut)
      continue;
    Found.clear();
    if (matchForm(Text, Form.Text, Found))
      return &Form;
  }
  return nullptr;
}

/// A word of each form, by which most lines are passed over.
bool mayMatter(StringRef Line) {
  for (StringRef Word :
       {"R_", "elocation", "range", "overflow", "too ", "mmediate", ">>> ",
        "n function", "fixup", "section", "recompile", "making", "LNK", "tub",
        "hunk", "literal", "pcrel", "omitted"})
    if (Line.find(Word) != StringRef::npos)
      return true;
  return false;
}

} // namespace section_placement
