//===- Tools.cpp - Which tools there are ----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunProgram.h"
#include "section-placement/Doctor/Doctor.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <map>

using namespace llvm;

namespace section_placement {

StringRef nameOf(ToolKind Kind) {
  static constexpr StringLiteral Names[] = {"clang", "ld.lld", "opt", "rustc"};
  return Names[size_t(Kind)];
}

static std::string ourMajor() {
  return compat::llvmVersion().split('.').first.str();
}

/// `22.1` of `22.1.8`: what the interface of LLVM's library is bound to.
static StringRef interfaceOf(StringRef Version) {
  size_t Dot = Version.find('.');
  return Version.take_front(Version.find('.', Dot + 1));
}

/// The package of Debian that has the tool for our LLVM.
static std::string installRemedy(ToolKind Kind) {
  StringRef Package = Kind == ToolKind::Clang    ? "clang-"
                      : Kind == ToolKind::Linker ? "lld-"
                                                 : "llvm-";
  if (Kind == ToolKind::Rustc)
    return "name one with --rustc";
  return "install " + Package.str() + ourMajor() + ", or name one with --" +
         (Kind == ToolKind::Linker ? "lld" : nameOf(Kind).str());
}

/// rustup puts a program of its own in PATH that starts the compiler.
static std::string behindRustup(const std::string &Program) {
  ProgramRun Run = runProgram({Program, "--print", "sysroot"});
  std::string Real = firstLine(Run.Output).str() + "/bin/rustc";
  return Run.Status == 0 && sys::fs::exists(Real) ? Real : Program;
}

/// `22.1.8` behind `LLVM version`, `clang version`, `LLD`.
static std::string versionIn(StringRef Text) {
  for (StringRef Before :
       {"LLVM version: ", "LLVM version ", "clang version ", "LLD "}) {
    size_t Where = Text.find(Before);
    if (Where == StringRef::npos)
      continue;
    StringRef Rest = Text.drop_front(Where + Before.size());
    StringRef Version =
        Rest.take_while([](char C) { return isDigit(C) || C == '.'; });
    if (!Version.empty())
      return Version.str();
  }
  return "";
}

/// What the loader maps for \p Program, by full path. Empty where it says
/// nothing, as of a program without an interpreter.
static std::vector<std::string> librariesOf(const std::string &Program) {
  ProgramRun Run =
      runProgram({Program, "--version"}, {"LD_TRACE_LOADED_OBJECTS=1"});
  std::vector<std::string> Result;
  StringRef Text = Run.Output;
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    Text = Rest;
    auto [Name, Path] = Line.split(" => ");
    Path = Path.take_front(Path.find(" (0x"));
    if (!Path.empty() && sys::path::is_absolute(Path))
      Result.push_back(Path.str());
  }
  return Result;
}

/// Visits the dynamic symbols of \p File that are defined, or are not.
static Error forDynamicSymbols(StringRef File, bool AreDefined,
                               function_ref<void(StringRef)> Visit) {
  Expected<std::unique_ptr<MemoryBuffer>> Bytes = readInputFile(File);
  if (!Bytes)
    return Bytes.takeError();
  auto Read = object::ObjectFile::createELFObjectFile(**Bytes);
  if (!Read)
    return errorReading(File, Read.takeError());
  auto *Elf = dyn_cast<object::ELFObjectFileBase>(Read->get());
  if (!Elf)
    return errorIn(File, "is not ELF");
  for (object::ELFSymbolRef S : Elf->getDynamicSymbolIterators()) {
    Expected<uint32_t> Flags = S.getFlags();
    if (!Flags)
      return errorReading(File, Flags.takeError());
    bool IsDefined = !(*Flags & object::SymbolRef::SF_Undefined);
    if (IsDefined != AreDefined ||
        (!IsDefined && *Flags & object::SymbolRef::SF_Weak))
      continue;
    Expected<StringRef> Name = S.getName();
    if (!Name)
      return errorReading(File, Name.takeError());
    Visit(*Name);
  }
  return Error::success();
}

namespace {
/// Looks at one tool at a time.
class Examiner {
public:
  Examiner(const DoctorInputs &In, Diagnosis &To) : In(In), To(To) {}

  /// Fails where the plugin cannot be read.
  Error readPlugin() {
    return forDynamicSymbols(In.Plugin, /*AreDefined=*/false,
                             [&](StringRef Name) {
                               if (Name.find("4llvm") != StringRef::npos)
                                 Needed.insert(Name);
                             });
  }

  void examine(ToolKind Kind) {
    Tool T;
    T.Kind = Kind;
    const std::string &Named = In.Named[size_t(Kind)];
    T.Program = Named.empty() ? sought(Kind) : found(Named);
    T.Counts =
        !Named.empty() || Kind == ToolKind::Clang || Kind == ToolKind::Linker;
    if (T.Program.empty()) {
      if (T.Counts)
        say(Health::NotKnown, Kind,
            Named.empty() ? "was not found" : "is not at " + inQuotes(Named),
            installRemedy(Kind));
      return;
    }
    if (Kind == ToolKind::Rustc)
      T.Program = behindRustup(T.Program);
    judge(T);
    To.Tools.push_back(std::move(T));
  }

private:
  void say(Health Is, ToolKind Kind, const Twine &Text,
           const Twine &Remedy = "", bool Counts = true) {
    To.Symptoms.push_back(
        {Is, nameOf(Kind).str(), Text.str(), Remedy.str(), Counts});
  }

  void say(const Tool &T, Health Is, const Twine &Text,
           const Twine &Remedy = "") {
    say(Is, T.Kind, Text, Remedy, T.Counts);
  }

  static std::string found(const std::string &Named) {
    ErrorOr<std::string> Path = sys::findProgramByName(Named);
    return Path && sys::fs::can_execute(*Path) ? *Path : "";
  }

  static std::string sought(ToolKind Kind) {
    for (const std::string &Name :
         {nameOf(Kind).str() + "-" + ourMajor(), nameOf(Kind).str()})
      if (ErrorOr<std::string> Path = sys::findProgramByName(Name))
        return *Path;
    return "";
  }

  void judge(Tool &T) {
    ProgramRun Run = T.Kind == ToolKind::Rustc
                         ? runProgram({T.Program, "-vV"})
                         : runProgram({T.Program, "--version"});
    T.Version = versionIn(Run.Output);
    if (Run.Status != 0 || T.Version.empty())
      return say(T, Health::NotKnown,
                 Run.Status == 0 && !Run.Output.empty()
                     ? "does not report a version of LLVM, but " +
                           inQuotes(firstLine(Run.Output))
                     : "cannot be run",
                 installRemedy(T.Kind));
    SmallString<256> Real;
    file_magic Magic;
    if (sys::fs::real_path(T.Program, Real) || identify_magic(Real, Magic) ||
        (Magic != file_magic::elf_executable &&
         Magic != file_magic::elf_shared_object))
      return say(T, Health::NotKnown,
                 "is not an ELF file, perhaps a script that runs another "
                 "program, so its LLVM cannot be read",
                 "name the program itself");
    judgeLoading(T, Real);
  }

  void judgeLoading(Tool &T, StringRef Real) {
    std::vector<std::string> Files = {Real.str()};
    for (std::string &Library : librariesOf(T.Program))
      Files.push_back(std::move(Library));
    StringSet<> Missing = Needed;
    T.Home = LLVMHome::Static;
    for (const std::string &File : Files) {
      StringRef Name = sys::path::filename(File);
      StringRef Rest = Name;
      if (Rest.consume_front("libLLVM")) {
        T.Home = LLVMHome::Shared;
        T.Library = Name.str();
      }
      if (Error E = forDynamicSymbols(
              File, /*AreDefined=*/true,
              [&](StringRef Symbol) { Missing.erase(Symbol); }))
        return say(T, Health::NotKnown, toString(std::move(E)));
    }
    std::string LLVM =
        "has LLVM " + T.Version +
        (T.Home == LLVMHome::Static ? " linked in statically"
                                    : " from the shared library " + T.Library);
    std::string Ours = compat::llvmVersion().str();
    // The trial says whether a linker can place what such a rustc compiles.
    if (T.Kind == ToolKind::Rustc &&
        (interfaceOf(T.Version) != interfaceOf(Ours) || !Missing.empty())) {
      T.Loads = Health::Bad;
      return say(Health::Bad, T.Kind,
                 LLVM + ", which cannot load a plugin that is built for LLVM " +
                     Ours + ", so rustc's own LTO cannot place",
                 "use -C linker-plugin-lto, which loads the plugin into ld.lld",
                 /*Counts=*/false);
    }
    if (interfaceOf(T.Version) != interfaceOf(Ours)) {
      T.Loads = Health::Bad;
      return say(T, Health::Bad,
                 LLVM + ", and the plugin is built for LLVM " + Ours +
                     ", which alone can load it",
                 "use the plugin that is built for LLVM " +
                     interfaceOf(T.Version) + ", or " + installRemedy(T.Kind));
    }
    if (!Missing.empty()) {
      T.Loads = Health::Bad;
      return say(T, Health::Bad,
                 LLVM + ", and does not export " + Twine(Missing.size()) +
                     " of the " + Twine(Needed.size()) +
                     " functions of LLVM that the plugin needs, so it cannot "
                     "load it",
                 "use a build of the tool with the shared libLLVM, as the "
                 "distribution packages it: " +
                     installRemedy(T.Kind));
    }
    T.Loads = Health::Good;
    say(T, Health::Good, LLVM + ", and can load the plugin");
  }

  const DoctorInputs &In;
  Diagnosis &To;
  StringSet<> Needed;
};
} // namespace

void examineTools(const DoctorInputs &In, Diagnosis &To) {
  Examiner Each(In, To);
  if (Error E = Each.readPlugin()) {
    To.Symptoms.push_back({Health::NotKnown, "plugin", toString(std::move(E)),
                           "name it with --plugin"});
    return;
  }
  for (ToolKind Kind : {ToolKind::Clang, ToolKind::Linker, ToolKind::Optimizer,
                        ToolKind::Rustc})
    Each.examine(Kind);
}

} // namespace section_placement
