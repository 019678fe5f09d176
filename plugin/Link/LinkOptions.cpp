//===- LinkOptions.cpp - The options of linkers and drivers ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table for each kind of command line, one line an option. The linker's is
// from lld/ELF/Options.td of LLVM 15 to 22: each option that has a value (the
// next word is no input then), and each flag that says something of the link.
// An option that only some versions know is no fault here, because the others
// refuse the link. LLVM's own option library would do the same, but its tables
// differ between the versions that this builds with.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/LinkOptions.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

namespace {
/// How many dashes an option may have.
enum class Dashes : uint8_t { One, Two, Any };

/// Where an option's value stands.
enum class Value : uint8_t {
  None,
  Next,         ///< `-x VALUE`
  Equals,       ///< `--x=VALUE`
  EqualsOrNext, ///< `--x=VALUE`, `--x VALUE`
  Joined,       ///< `-xVALUE`
  JoinedOrNext, ///< `-xVALUE`, `-x VALUE`
};

template <typename Id> struct Option {
  StringLiteral Name;
  Dashes Begin;
  Value Form;
  Id What;
};

/// What becomes of an option of a compiler driver.
enum class Driver : uint8_t {
  Dropped,
  Forwarded, ///< The linker is given it as it is.
  Words,     ///< `-Wl,a,b`: the linker is given the words of its value.
  Word,      ///< `-Xlinker a`: its value.
  Rdynamic,
  StaticPie,
  NoInputs, ///< It adds no start-up files and libraries of its own.
  NoLink,   ///< It compiles only.
};
} // namespace

static constexpr Option<LinkOption> LinkerOptions[] = {
    {"Bdynamic", Dashes::Any, Value::None, LinkOption::Dynamic},
    {"Bno-symbolic", Dashes::Any, Value::None, LinkOption::BsymbolicNone},
    {"Bshareable", Dashes::Any, Value::None, LinkOption::Shared},
    {"Bstatic", Dashes::Any, Value::None, LinkOption::Static},
    {"Bsymbolic", Dashes::Any, Value::None, LinkOption::BsymbolicAll},
    {"Bsymbolic-functions", Dashes::Any, Value::None,
     LinkOption::BsymbolicFunctions},
    {"Bsymbolic-non-weak", Dashes::Any, Value::None,
     LinkOption::BsymbolicNonWeak},
    {"Bsymbolic-non-weak-functions", Dashes::Any, Value::None,
     LinkOption::BsymbolicNonWeakFunctions},
    {"E", Dashes::One, Value::None, LinkOption::ExportDynamic},
    {"F", Dashes::One, Value::JoinedOrNext, LinkOption::Ignored},
    {"G", Dashes::One, Value::JoinedOrNext, LinkOption::Ignored},
    {"L", Dashes::One, Value::JoinedOrNext, LinkOption::Folder},
    {"Map", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"N", Dashes::One, Value::None, LinkOption::Static},
    {"O", Dashes::One, Value::JoinedOrNext, LinkOption::Optimize},
    {"R", Dashes::One, Value::JoinedOrNext, LinkOption::JustSymbols},
    {"T", Dashes::One, Value::JoinedOrNext, LinkOption::Script},
    {"Tbss", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"Tdata", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"Ttext", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"Ttext-segment", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"android-memtag-mode", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"auxiliary", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"b", Dashes::One, Value::JoinedOrNext, LinkOption::Format},
    {"call-graph-ordering-file", Dashes::Any, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"call_shared", Dashes::Any, Value::None, LinkOption::Dynamic},
    {"chroot", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"compress-debug-sections", Dashes::Any, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"compress-sections", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"dT", Dashes::One, Value::JoinedOrNext, LinkOption::Script},
    {"default-script", Dashes::Two, Value::EqualsOrNext, LinkOption::Script},
    {"defsym", Dashes::Any, Value::EqualsOrNext, LinkOption::Defsym},
    {"dependency-file", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"dn", Dashes::Any, Value::None, LinkOption::Static},
    {"dy", Dashes::Any, Value::None, LinkOption::Dynamic},
    {"dynamic-linker", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"dynamic-list", Dashes::Any, Value::EqualsOrNext, LinkOption::DynamicList},
    {"e", Dashes::One, Value::JoinedOrNext, LinkOption::Entry},
    {"end-lib", Dashes::Any, Value::None, LinkOption::EndLib},
    {"entry", Dashes::Any, Value::EqualsOrNext, LinkOption::Entry},
    {"error-handling-script", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"error-limit", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"exclude-libs", Dashes::Any, Value::EqualsOrNext, LinkOption::ExcludeLibs},
    {"export-dynamic", Dashes::Any, Value::None, LinkOption::ExportDynamic},
    {"export-dynamic-symbol", Dashes::Two, Value::EqualsOrNext,
     LinkOption::ExportDynamicSymbol},
    {"export-dynamic-symbol-list", Dashes::Two, Value::EqualsOrNext,
     LinkOption::ExportDynamicSymbolList},
    {"f", Dashes::One, Value::JoinedOrNext, LinkOption::Ignored},
    {"fat-lto-objects", Dashes::Two, Value::None, LinkOption::FatObjects},
    {"filter", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"fini", Dashes::Any, Value::EqualsOrNext, LinkOption::Fini},
    {"flavor", Dashes::One, Value::Next, LinkOption::Ignored},
    {"format", Dashes::Any, Value::EqualsOrNext, LinkOption::Format},
    {"gc-sections", Dashes::Any, Value::None, LinkOption::Ignored},
    {"h", Dashes::One, Value::JoinedOrNext, LinkOption::Ignored},
    {"hash-style", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"icf", Dashes::Two, Value::Equals, LinkOption::Ignored},
    {"image-base", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"in-implib", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"init", Dashes::Any, Value::EqualsOrNext, LinkOption::Init},
    {"irpgo-profile", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"just-symbols", Dashes::Any, Value::EqualsOrNext, LinkOption::JustSymbols},
    {"keep-unique", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"l", Dashes::One, Value::JoinedOrNext, LinkOption::Library},
    {"library", Dashes::Any, Value::EqualsOrNext, LinkOption::Library},
    {"library-path", Dashes::Any, Value::EqualsOrNext, LinkOption::Folder},
    {"load-pass-plugin", Dashes::Two, Value::EqualsOrNext,
     LinkOption::LoadPlugin},
    {"long-plt", Dashes::Any, Value::None, LinkOption::Ignored},
    {"lto-CGO", Dashes::Any, Value::Joined, LinkOption::LTOEffort},
    {"lto-O", Dashes::Any, Value::Joined, LinkOption::LTOLevel},
    {"lto-known-safe-vtables", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"m", Dashes::One, Value::JoinedOrNext, LinkOption::Ignored},
    {"mips-got-size", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"mllvm", Dashes::Any, Value::EqualsOrNext, LinkOption::LLVM},
    {"n", Dashes::One, Value::None, LinkOption::Static},
    {"nmagic", Dashes::Any, Value::None, LinkOption::Static},
    {"no-dynamic-linker", Dashes::Any, Value::None, LinkOption::Ignored},
    {"no-export-dynamic", Dashes::Any, Value::None,
     LinkOption::NoExportDynamic},
    {"no-fat-lto-objects", Dashes::Two, Value::None, LinkOption::NoFatObjects},
    {"no-gc-sections", Dashes::Any, Value::None, LinkOption::Ignored},
    {"no-pic-executable", Dashes::Any, Value::None, LinkOption::NoPie},
    {"no-pie", Dashes::Any, Value::None, LinkOption::NoPie},
    {"no-whole-archive", Dashes::Any, Value::None, LinkOption::NoWholeArchive},
    {"non_shared", Dashes::Any, Value::None, LinkOption::Static},
    {"o", Dashes::One, Value::JoinedOrNext, LinkOption::Output},
    {"oformat", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"omagic", Dashes::Any, Value::None, LinkOption::Static},
    {"opt-remarks-filename", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"opt-remarks-format", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"opt-remarks-hotness-threshold", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"opt-remarks-passes", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"orphan-handling", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"out-implib", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"output", Dashes::Two, Value::EqualsOrNext, LinkOption::Output},
    {"pack-dyn-relocs", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"pic-executable", Dashes::Any, Value::None, LinkOption::Pie},
    {"pie", Dashes::Any, Value::None, LinkOption::Pie},
    {"plugin", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"plugin-opt", Dashes::Any, Value::Equals, LinkOption::LLVM},
    {"plugin-opt=thinlto-index-only", Dashes::Any, Value::Joined,
     LinkOption::Distributed},
    {"pop-state", Dashes::Any, Value::None, LinkOption::PopState},
    {"print-symbol-order", Dashes::Any, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"push-state", Dashes::Any, Value::None, LinkOption::PushState},
    {"r", Dashes::One, Value::None, LinkOption::Relocatable},
    {"relocatable", Dashes::Any, Value::None, LinkOption::Relocatable},
    {"remap-inputs", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"reproduce", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"require-defined", Dashes::Any, Value::EqualsOrNext,
     LinkOption::Undefined},
    {"retain-symbols-file", Dashes::Any, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"rpath", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"rpath-link", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"rsp-quoting", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"script", Dashes::Any, Value::EqualsOrNext, LinkOption::Script},
    {"section-start", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"shared", Dashes::Any, Value::None, LinkOption::Shared},
    {"shuffle-sections", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"soname", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"sort-section", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"split-stack-adjust-size", Dashes::Any, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"start-lib", Dashes::Any, Value::None, LinkOption::StartLib},
    {"static", Dashes::Any, Value::None, LinkOption::StaticLink},
    {"symbol-ordering-file", Dashes::Two, Value::EqualsOrNext,
     LinkOption::SymbolOrder},
    {"sysroot", Dashes::Any, Value::EqualsOrNext, LinkOption::Sysroot},
    {"target2", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"thinlto-cache-dir", Dashes::Two, Value::Equals, LinkOption::CacheFolder},
    {"thinlto-cache-policy", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"thinlto-distributor", Dashes::Two, Value::Joined,
     LinkOption::Distributed},
    {"thinlto-index-only", Dashes::Two, Value::Joined, LinkOption::Distributed},
    {"threads", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"time-trace-granularity", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"trace-symbol", Dashes::Any, Value::EqualsOrNext, LinkOption::Ignored},
    {"u", Dashes::One, Value::JoinedOrNext, LinkOption::Undefined},
    {"undefined", Dashes::Any, Value::EqualsOrNext, LinkOption::Undefined},
    {"undefined-glob", Dashes::Two, Value::EqualsOrNext,
     LinkOption::UndefinedGlob},
    {"unresolved-symbols", Dashes::Any, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"version-script", Dashes::Any, Value::EqualsOrNext,
     LinkOption::VersionScript},
    {"warn-backrefs-exclude", Dashes::Two, Value::EqualsOrNext,
     LinkOption::Ignored},
    {"whole-archive", Dashes::Any, Value::None, LinkOption::WholeArchive},
    {"why-live", Dashes::Two, Value::EqualsOrNext, LinkOption::Ignored},
    {"wrap", Dashes::Any, Value::EqualsOrNext, LinkOption::Wrap},
    {"y", Dashes::One, Value::JoinedOrNext, LinkOption::Ignored},
    {"z", Dashes::One, Value::JoinedOrNext, LinkOption::Ignored},
};

/// Of clang and gcc: what has a value, and what reaches the linker.
static constexpr Option<Driver> DriverOptions[] = {
    {"B", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"D", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"E", Dashes::One, Value::None, Driver::NoLink},
    {"F", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"G", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"I", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"L", Dashes::One, Value::JoinedOrNext, Driver::Forwarded},
    {"M", Dashes::One, Value::None, Driver::NoLink},
    {"MF", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"MJ", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"MM", Dashes::One, Value::None, Driver::NoLink},
    {"MQ", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"MT", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"S", Dashes::One, Value::None, Driver::NoLink},
    {"T", Dashes::One, Value::JoinedOrNext, Driver::Forwarded},
    {"U", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"Wl,", Dashes::One, Value::Joined, Driver::Words},
    {"Xarch_device", Dashes::One, Value::Next, Driver::Dropped},
    {"Xarch_host", Dashes::One, Value::Next, Driver::Dropped},
    {"Xassembler", Dashes::One, Value::Next, Driver::Dropped},
    {"Xclang", Dashes::One, Value::Next, Driver::Dropped},
    {"Xlinker", Dashes::One, Value::Next, Driver::Word},
    {"Xpreprocessor", Dashes::One, Value::Next, Driver::Dropped},
    {"arch", Dashes::One, Value::Next, Driver::Dropped},
    {"aux-info", Dashes::One, Value::Next, Driver::Dropped},
    {"c", Dashes::One, Value::None, Driver::NoLink},
    {"dumpbase", Dashes::One, Value::Next, Driver::Dropped},
    {"dumpdir", Dashes::One, Value::Next, Driver::Dropped},
    {"e", Dashes::One, Value::JoinedOrNext, Driver::Forwarded},
    {"fsyntax-only", Dashes::One, Value::None, Driver::NoLink},
    {"gcc-toolchain", Dashes::Two, Value::EqualsOrNext, Driver::Dropped},
    {"idirafter", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"imacros", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"include", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"include-pch", Dashes::One, Value::Next, Driver::Dropped},
    {"imultilib", Dashes::One, Value::Next, Driver::Dropped},
    {"iprefix", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"iquote", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"isysroot", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"isystem", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"iwithprefix", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"iwithprefixbefore", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"l", Dashes::One, Value::JoinedOrNext, Driver::Forwarded},
    {"mllvm", Dashes::One, Value::Next, Driver::Dropped},
    {"no-pie", Dashes::One, Value::None, Driver::Forwarded},
    {"nopie", Dashes::One, Value::None, Driver::Forwarded},
    {"nostdlib", Dashes::One, Value::None, Driver::NoInputs},
    {"o", Dashes::One, Value::JoinedOrNext, Driver::Forwarded},
    {"output", Dashes::Two, Value::EqualsOrNext, Driver::Forwarded},
    {"param", Dashes::Two, Value::EqualsOrNext, Driver::Dropped},
    {"pie", Dashes::One, Value::None, Driver::Forwarded},
    {"r", Dashes::One, Value::None, Driver::Forwarded},
    {"rdynamic", Dashes::One, Value::None, Driver::Rdynamic},
    {"rpath", Dashes::One, Value::Next, Driver::Dropped},
    {"serialize-diagnostics", Dashes::Any, Value::Next, Driver::Dropped},
    {"shared", Dashes::Any, Value::None, Driver::Forwarded},
    {"specs", Dashes::Any, Value::EqualsOrNext, Driver::Dropped},
    {"static", Dashes::Any, Value::None, Driver::Forwarded},
    {"static-pie", Dashes::One, Value::None, Driver::StaticPie},
    {"sysroot", Dashes::Two, Value::EqualsOrNext, Driver::Forwarded},
    {"target", Dashes::One, Value::Next, Driver::Dropped},
    {"u", Dashes::One, Value::JoinedOrNext, Driver::Forwarded},
    {"wrapper", Dashes::One, Value::Next, Driver::Dropped},
    {"x", Dashes::One, Value::JoinedOrNext, Driver::Dropped},
    {"z", Dashes::One, Value::JoinedOrNext, Driver::Forwarded},
};

/// Does \p Text, which follows the dashes, spell \p O? Then \p Joined is the
/// value that is joined to it, null where the next word would be.
template <typename Id>
static bool spells(const Option<Id> &O, StringRef Text, StringRef &Joined) {
  if (!Text.consume_front(O.Name))
    return false;
  Joined = Text;
  bool IsAlone = Text.empty();
  if (IsAlone)
    Joined = StringRef();
  switch (O.Form) {
  case Value::None:
  case Value::Next:
    return IsAlone;
  case Value::Equals:
    return Joined.consume_front("=");
  case Value::EqualsOrNext:
    return IsAlone || Joined.consume_front("=");
  case Value::Joined:
  case Value::JoinedOrNext:
    return true;
  }
  return false;
}

/// The option of \p Table that \p Word is: the longest name that spells it, as
/// LLVM's option library chooses.
template <typename Id>
static const Option<Id> *findOption(ArrayRef<Option<Id>> Table, StringRef Word,
                                    StringRef &Joined) {
  StringRef Text = Word.drop_front();
  bool IsLong = Text.consume_front("-");
  const Option<Id> *Found = nullptr;
  for (const Option<Id> &O : Table) {
    StringRef Value;
    bool Fits = O.Begin == Dashes::Any || (O.Begin == Dashes::Two) == IsLong;
    if (!Fits || !spells(O, Text, Value) ||
        (Found && Found->Name.size() >= O.Name.size()))
      continue;
    Found = &O;
    Joined = Value;
  }
  return Found;
}

template <typename Id, typename Fn>
static void forEachOption(ArrayRef<Option<Id>> Table,
                          ArrayRef<CommandWord> Words, Fn Visit) {
  for (size_t I = 0; I < Words.size(); ++I) {
    StringRef Word = Words[I].Text;
    if (Word.empty())
      continue;
    if (Word[0] != '-' || Word == "-") {
      Visit(nullptr, Word, Words.slice(I, 1));
      continue;
    }
    StringRef Joined;
    const Option<Id> *O = findOption(Table, Word, Joined);
    if (!O)
      continue;
    size_t First = I;
    bool TakesNext = O->Form == Value::Next || O->Form == Value::EqualsOrNext ||
                     O->Form == Value::JoinedOrNext;
    if (TakesNext && !Joined.data())
      Joined = I + 1 < Words.size() ? StringRef(Words[++I].Text) : StringRef();
    Visit(O, Joined, Words.slice(First, I + 1 - First));
  }
}

void forEachLinkOption(
    ArrayRef<CommandWord> Words,
    function_ref<void(LinkOption, StringRef, const CommandWord &)> Visit) {
  forEachOption(ArrayRef<Option<LinkOption>>(LinkerOptions), Words,
                [&](const Option<LinkOption> *O, StringRef Value,
                    ArrayRef<CommandWord> Spelled) {
                  Visit(O ? O->What : LinkOption::Input, Value,
                        Spelled.front());
                });
}

DriverLink readDriverWords(ArrayRef<CommandWord> Words) {
  DriverLink Result;
  auto Visit = [&](const Option<Driver> *O, StringRef Value,
                   ArrayRef<CommandWord> Spelled) {
    auto Add = [&](StringRef Word) {
      const CommandWord &First = Spelled.front();
      Result.Words.emplace_back(Word.str(), First.File, First.At);
    };
    switch (O ? O->What : Driver::Forwarded) {
    case Driver::Dropped:
      break;
    case Driver::Forwarded:
      append_range(Result.Words, Spelled);
      break;
    case Driver::Words: {
      SmallVector<StringRef, 4> Parts;
      Value.split(Parts, ',');
      for (StringRef Part : Parts)
        Add(Part);
      break;
    }
    case Driver::Word:
      Add(Value);
      break;
    case Driver::Rdynamic:
      Add("--export-dynamic");
      break;
    case Driver::StaticPie:
      Add("-static");
      Add("-pie");
      break;
    case Driver::NoInputs:
      Result.AddsInputs = false;
      break;
    case Driver::NoLink:
      Result.NoLink = &Spelled.front();
      break;
    }
  };
  forEachOption(ArrayRef<Option<Driver>>(DriverOptions), Words, Visit);
  return Result;
}

} // namespace section_placement
