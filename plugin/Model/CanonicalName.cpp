//===- CanonicalName.cpp - The name a policy calls a symbol by ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A policy names what stands in the source; a module holds what the compiler
// made of it. The suffixes are those that clang and LLVM 15 to 22 append to a
// function that they rename, clone or split, and those of gcc, whose objects
// are read too. They stack in any order, so they come off one by one, from the
// right.
//
// Left alone is what is not one function of the source under another name:
// what belongs to several (`OUTLINED_FUNCTION_0`, `.cfi.jumptable`), an entry
// of a jump table (`foo.cfi_jt`), and the versions that the source itself asks
// for (`foo.avx2`, `foo.resolver`).
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Model/DemangledSize.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"
#include <cstdlib>
#include <utility>

using namespace llvm;

namespace section_placement {
namespace {

//===----------------------------------------------------------------------===//
// Suffixes
//===----------------------------------------------------------------------===//

/// What a suffix says of the function that carries it.
enum class Origin {
  None,    ///< It has no suffix.
  Renamed, ///< It is the function itself, under a name made unique.
  Derived  ///< It was split or cloned from the function.
};

/// Does a number come after the word, as in `.cold.1`?
enum class Number { Never, Maybe, Always };

struct Suffix {
  const char *Word;
  Number Num;
  Origin From;
};

constexpr Suffix Suffixes[] = {
    // HotColdSplitting numbers it; machine function splitting and gcc do not.
    {"cold", Number::Maybe, Origin::Derived},
    // Coroutines. One that is left by more ways than one is numbered.
    {"resume", Number::Maybe, Origin::Derived},
    {"destroy", Number::Maybe, Origin::Derived},
    {"cleanup", Number::Maybe, Origin::Derived},
    {"noalloc", Number::Maybe, Origin::Derived},
    // FunctionSpecialization (17 on; before, a number alone), MemProf's, the
    // Attributor, ExpandVariadics, GlobalMergeFunctions.
    {"specialized", Number::Always, Origin::Derived},
    {"memprof", Number::Always, Origin::Derived},
    {"internalized", Number::Maybe, Origin::Derived},
    {"valist", Number::Maybe, Origin::Derived},
    {"Tgm", Number::Never, Origin::Derived},
    // PartialInlining and the loop extractor; see below.
    {"extracted", Number::Maybe, Origin::Derived},
    // Basic block sections.
    {"__part", Number::Always, Origin::Derived},
    {"eh", Number::Never, Origin::Derived},
    // gcc.
    {"constprop", Number::Always, Origin::Derived},
    {"isra", Number::Always, Origin::Derived},
    {"part", Number::Always, Origin::Derived},
    {"lto_priv", Number::Always, Origin::Renamed},
    {"localalias", Number::Maybe, Origin::Renamed},
    // Unique internal linkage names, CFI, and DataFlowSanitizer.
    {"__uniq", Number::Always, Origin::Renamed},
    {"cfi", Number::Never, Origin::Renamed},
    {"dfsan", Number::Never, Origin::Renamed},
};

bool isNumber(StringRef S) { return !S.empty() && all_of(S, isDigit); }

/// The hash of a module, as a split LTO unit appends it to its locals.
bool isModuleHash(StringRef S) {
  return S.size() == 32 &&
         all_of(S, [](char C) { return isDigit(C) || (C >= 'a' && C <= 'f'); });
}

/// What ThinLTO appends to a promoted local: a number, or, under
/// -use-source-filename-for-promoted-locals, the file's name.
bool isModuleId(StringRef S) {
  return !S.empty() && all_of(S, [](char C) { return isAlnum(C) || C == '_'; });
}

/// A name and its last suffix, parted. Rest is empty where Last is the name.
struct Parts {
  StringRef Rest;
  StringRef Last;

  explicit Parts(StringRef Name) : Last(Name) {
    size_t Dot = Name.rfind('.');
    if (Dot == StringRef::npos)
      return;
    Rest = Name.take_front(Dot);
    Last = Name.drop_front(Dot + 1);
  }
};

Origin lookUp(StringRef Word, bool Numbered) {
  for (const Suffix &S : Suffixes)
    if (S.Num != (Numbered ? Number::Never : Number::Always) && Word == S.Word)
      return S.From;
  return Origin::None;
}

/// The partial inliner takes its part out of a clone, `foo.1`, which it then
/// drops: the number is never a function of its own.
StringRef withoutInlinersClone(StringRef Rest, StringRef Word) {
  Parts P(Rest);
  return Word == "extracted" && !P.Rest.empty() && isNumber(P.Last) ? P.Rest
                                                                    : Rest;
}

/// Takes the last suffix off \p Name, and says of which kind it was. The name
/// stays as it is where it has none.
Origin strip(StringRef &Name, bool Merged) {
  Parts Outer(Name);
  if (Outer.Rest.empty())
    return Origin::None;
  Origin From = lookUp(Outer.Last, /*Numbered=*/false);
  if (From != Origin::None) {
    Name = withoutInlinersClone(Outer.Rest, Outer.Last);
    return From;
  }
  Parts Inner(Outer.Rest);
  if (!Inner.Rest.empty() && isNumber(Outer.Last))
    From = lookUp(Inner.Last, /*Numbered=*/true);
  if (From != Origin::None) {
    Name = withoutInlinersClone(Inner.Rest, Inner.Last);
    return From;
  }
  if (!Inner.Rest.empty() && Inner.Last == "llvm" && isModuleId(Outer.Last)) {
    Name = Inner.Rest;
    return Origin::Renamed;
  }
  if (isModuleHash(Outer.Last) || (Merged && isNumber(Outer.Last))) {
    Name = Outer.Rest;
    return Origin::Renamed;
  }
  return Origin::None;
}

/// Names that the compiler made from nothing in the source begin with a dot,
/// and intrinsics with `llvm.`: what looks like a suffix is part of them.
bool isWhole(StringRef Name) {
  return !Name.contains('.') || Name[0] == '.' || Name.take_front(5) == "llvm.";
}

//===----------------------------------------------------------------------===//
// Mangled names
//===----------------------------------------------------------------------===//

/// The demanglers hand out malloc'ed memory, or null.
std::string take(char *Allocated) {
  std::string Text = Allocated ? Allocated : "";
  std::free(Allocated);
  return Text;
}

using Spellings = SmallVector<std::string, 4>;

void addOnce(Spellings &To, std::string Text) {
  if (!Text.empty() && !is_contained(To, Text))
    To.push_back(std::move(Text));
}

/// The `::h0123456789abcdef` at the end of a Rust name in the legacy mangling,
/// which is otherwise a C++ one; empty where there is none.
StringRef rustHash(StringRef Demangled) {
  StringRef Hash = Demangled.take_back(19);
  bool IsHash = Hash.size() == 19 && Hash.take_front(3) == "::h" &&
                all_of(Hash.drop_front(3), isHexDigit);
  return IsHash ? Hash : StringRef();
}

/// Reads an escape of the legacy mangling, without its two `$`. NUL for one
/// that is not known.
char rustEscape(StringRef Escape) {
  static constexpr struct {
    const char *Name;
    char Char;
  } Known[] = {{"SP", '@'}, {"BP", '*'}, {"RF", '&'}, {"LT", '<'},
               {"GT", '>'}, {"LP", '('}, {"RP", ')'}, {"C", ','}};
  for (const auto &K : Known)
    if (Escape == K.Name)
      return K.Char;
  unsigned Code;
  if (Escape.consume_front("u") && !Escape.getAsInteger(16, Code) &&
      Code < 0x80 && isPrint(static_cast<char>(Code)))
    return static_cast<char>(Code);
  return '\0';
}

/// The legacy mangling writes `<T as a::B>` as `_$LT$T$u20$as$u20$a..B$GT$`.
std::string rustUnescape(StringRef Path) {
  std::string Text;
  for (bool AtStart = true; !Path.empty();) {
    if (AtStart && Path.take_front(2) == "_$")
      Path = Path.drop_front();
    AtStart = false;
    if (Path.consume_front("..") || Path.consume_front("::")) {
      Text += "::";
      AtStart = true;
      continue;
    }
    StringRef Escape = Path.drop_front().split('$').first;
    char C = Path[0] == '$' ? rustEscape(Escape) : '\0';
    Path = C ? Path.drop_front(Escape.size() + 2) : Path;
    Text += C ? C : Path[0];
    Path = C ? Path : Path.drop_front();
  }
  return Text;
}

Spellings rustLegacyNames(StringRef Whole, StringRef Hash) {
  Spellings Names;
  StringRef Path = Whole.drop_back(Hash.size());
  std::string Readable = rustUnescape(Path);
  addOnce(Names, Readable);
  addOnce(Names, Readable + Hash.str());
  addOnce(Names, Path.str());
  addOnce(Names, Whole.str());
  return Names;
}

Spellings itaniumNames(const std::string &Mangled) {
  Spellings Names;
  ItaniumPartialDemangler D;
  if (D.partialDemangle(Mangled.c_str()))
    return Names;
  std::string Whole = take(D.finishDemangle(nullptr, nullptr));
  StringRef Hash = rustHash(Whole);
  if (!Hash.empty() && !D.isFunction())
    return rustLegacyNames(Whole, Hash);
  addOnce(Names, Whole);
  if (!D.isFunction())
    return Names;
  std::string Name = take(D.getFunctionName(nullptr, nullptr));
  std::string Params = take(D.getFunctionParameters(nullptr, nullptr));
  std::string Return = take(D.getFunctionReturnType(nullptr, nullptr));
  // A return type can stand around the name (a pointer to a function); then
  // there is no spelling with it and without the parameters.
  StringRef Rest = Whole;
  if (!Return.empty() && Rest.consume_front(Return) &&
      Rest.consume_front(" ")) {
    addOnce(Names, Rest.str());
    addOnce(Names, Return + " " + Name);
  } else if (!Return.empty()) {
    addOnce(Names, Name + Params);
  }
  addOnce(Names, std::move(Name));
  return Names;
}

} // namespace

StringRef canonicalName(StringRef Symbol, bool Merged) {
  Symbol.consume_front("\01");
  if (isWhole(Symbol))
    return Symbol;
  while (strip(Symbol, Merged) != Origin::None)
    ;
  return Symbol;
}

StringRef parentName(StringRef Symbol) {
  StringRef Parent = Symbol;
  Parent.consume_front("\01");
  if (isWhole(Parent) || strip(Parent, /*Merged=*/false) != Origin::Derived)
    return StringRef();
  // With the \01, where there was one: the parent has it too.
  return Symbol.take_front(Parent.end() - Symbol.begin());
}

SmallVector<std::string, 4> demangledNames(StringRef Canonical) {
  bool IsItanium =
      Canonical.take_front(2) == "_Z" || Canonical.take_front(3) == "__Z";
  bool IsRust = Canonical.take_front(2) == "_R";
  if (!IsItanium && !IsRust)
    return {};
  if (!(IsItanium && isShortAnyway(Canonical)) &&
      !isDemangledInBounds(Canonical))
    return {};
  if (IsItanium)
    return itaniumNames(Canonical.str());
  SmallVector<std::string, 4> Names;
  std::string Demangled = demangle(Canonical.str());
  if (Demangled != Canonical)
    Names.push_back(std::move(Demangled));
  return Names;
}

bool holdsForAnySpelling(StringRef Symbol,
                         function_ref<bool(StringRef)> Holds) {
  StringRef Canonical = canonicalName(Symbol, /*Merged=*/false);
  return Holds(Symbol) || Holds(Canonical) ||
         any_of(demangledNames(Canonical), Holds);
}

bool isMadeByCompiler(StringRef Canonical) {
  static const StringRef Prefixes[] = {".",           "llvm.",
                                       "__llvm_",     "__cfi_check",
                                       "outlined_ir", "OUTLINED_FUNCTION_",
                                       "__rust_"};
  return any_of(Prefixes,
                [&](StringRef Prefix) {
                  return Canonical.take_front(Prefix.size()) == Prefix;
                }) ||
         // The allocator's shims, in the crate `__rustc`.
         Canonical.contains("_7___rustc") ||
         Canonical.contains(".module_ctor") ||
         Canonical.contains(".module_dtor");
}

} // namespace section_placement
