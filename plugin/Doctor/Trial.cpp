//===- Trial.cpp - A function placed by the very tools --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunProgram.h"
#include "section-placement/Doctor/Doctor.h"
#include "section-placement/Objects/ElfFile.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/OutputFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

static constexpr StringLiteral FunctionName = "section_placement_trial";
static constexpr StringLiteral RustName = "section_placement_trial_of_rust";
static constexpr StringLiteral SectionName = ".section_placement_trial";

namespace {
/// A folder of its own that goes with it.
class Workshop {
public:
  ~Workshop() {
    if (!Folder.empty())
      (void)sys::fs::remove_directories(Folder);
  }
  Error open() {
    if (std::error_code Fault =
            sys::fs::createUniqueDirectory("section-placement", Folder))
      return plainError("no temporary folder can be made: " + Fault.message());
    return Error::success();
  }
  std::string path(StringRef Name) const { return (Folder + "/" + Name).str(); }

private:
  SmallString<128> Folder;
};

class DryRun {
public:
  DryRun(const DoctorInputs &In, Diagnosis &To) : In(In), To(To) {}

  Error run() {
    if (Error E = Shop.open())
      return E;
    if (Error E = write("trial.ll", "define i32 @" + FunctionName +
                                        "() {\n  ret i32 1\n}\n"))
      return E;
    // Its LTO wants a crate that is linked, and that one a panic handler.
    if (Error E = write(
            "trial.rs",
            "#![no_std]\n#[no_mangle]\npub extern \"C\" fn " + RustName +
                "() -> i32 { 1 }\n#[panic_handler]\n"
                "fn panic(_: &core::panic::PanicInfo) -> ! { loop {} }\n"))
      return E;
    if (Error E = write("policy.yaml",
                        "version: 1\nrules:\n  - name: trial\n    match: { "
                        "function: [" +
                            FunctionName + ", " + RustName +
                            "] }\n    section: " + SectionName + "\n"))
      return E;
    const Tool *Clang = tool(ToolKind::Clang), *LLD = tool(ToolKind::Linker),
               *Opt = tool(ToolKind::Optimizer);
    if (Clang)
      step(*Clang, "a compile by clang without LTO",
           {Clang->Program, "-x", "ir", "-O1", "-c", Shop.path("trial.ll"),
            "-fpass-plugin=" + In.Plugin, "-o", Shop.path("clang.o")},
           "clang.o");
    if (LLD && (Clang || Opt))
      link(*LLD, Clang ? *Clang : *Opt);
    for (const Tool &T : To.Tools)
      if (T.Kind == ToolKind::Rustc && T.Counts && !T.Version.empty())
        placeRust(T, LLD);
    return Error::success();
  }

private:
  Error write(StringRef Name, const Twine &Text) {
    return writeOutputFile(Shop.path(Name), Text.str());
  }

  /// The tool of that kind, where the plugin may work in it.
  const Tool *tool(ToolKind Kind) const {
    for (const Tool &T : To.Tools)
      if (T.Kind == Kind && T.Counts && T.Loads == Health::Good)
        return &T;
    return nullptr;
  }

  void say(Health Is, const Tool &T, const Twine &Text,
           const Twine &Remedy = "", bool Counts = true) {
    To.Symptoms.push_back({Is, nameOf(T.Kind).str(), "dry run: " + Text.str(),
                           Remedy.str(), Counts});
  }

  /// Runs what makes \p Object out of our function, and does not place.
  bool prepare(const Tool &T, const std::vector<std::string> &Words) {
    ProgramRun Run = runProgram(Words);
    if (Run.Status == 0)
      return true;
    say(Health::NotKnown, T,
        "the function could not be compiled: " +
            inQuotes(firstLine(Run.Output)));
    return false;
  }

  void link(const Tool &LLD, const Tool &Maker) {
    for (StringRef Kind : {"thin", "full"}) {
      std::string Bitcode = Shop.path((Kind + ".bc").str());
      std::vector<std::string> Words = {Maker.Program};
      if (Maker.Kind == ToolKind::Clang)
        Words.insert(Words.end(),
                     {"-x", "ir", "-O1", "-c", "-flto=" + Kind.str()});
      else if (Kind == "thin")
        Words.push_back("--thinlto-bc");
      Words.insert(Words.end(), {Shop.path("trial.ll"), "-o", Bitcode});
      if (prepare(Maker, Words))
        linkOne(LLD,
                Kind == "thin" ? "a ThinLTO link by ld.lld"
                               : "a full-LTO link by ld.lld",
                {Bitcode}, {FunctionName});
    }
  }

  /// Rust is placed by the linker, for which rustc only writes bitcode, or by
  /// rustc's own LTO, which loads the plugin. One way is enough for a build.
  void placeRust(const Tool &Rustc, const Tool *LLD) {
    bool IsPlaced = LLD && linkRust(*LLD, Rustc);
    if (Rustc.Loads == Health::Good) {
      for (StringRef Kind : {"thin", "fat"}) {
        std::string Object = ("rust-" + Kind + ".o").str();
        std::vector<std::string> Words = rustCompile(Rustc);
        Words.insert(Words.end(),
                     {"-Zllvm-plugins=" + In.Plugin, "-Clto=" + Kind.str(),
                      "-o", Shop.path(Object)});
        // -Z is for nightly compilers, and this lets each take it.
        step(Rustc, "-C lto=" + Kind.str() + " in rustc", Words, Object,
             {RustName}, /*Counts=*/!IsPlaced, "RUSTC_BOOTSTRAP=1");
      }
    } else if (!LLD) {
      say(Health::Bad, Rustc,
          "no way to place Rust is left: rustc cannot load the plugin, and "
          "there is no ld.lld that can",
          "name an ld.lld, and use -C linker-plugin-lto");
    }
  }

  std::vector<std::string> rustCompile(const Tool &Rustc) const {
    return {Rustc.Program,   "-O",
            "-Cpanic=abort", "--crate-type=staticlib",
            "--emit=obj",    Shop.path("trial.rs")};
  }

  /// Together with the C of the ThinLTO link, where there is some. Returns true
  /// if that placed.
  bool linkRust(const Tool &LLD, const Tool &Rustc) {
    std::string Bitcode = Shop.path("rust.bc"), C = Shop.path("thin.bc");
    std::vector<std::string> Words = rustCompile(Rustc);
    Words.insert(Words.end(), {"-Clinker-plugin-lto", "-o", Bitcode});
    if (!prepare(Rustc, Words))
      return false;
    if (!sys::fs::exists(C))
      return linkOne(LLD, "a link of Rust by ld.lld, for -C linker-plugin-lto,",
                     {Bitcode}, {RustName});
    return linkOne(LLD,
                   "a link of Rust and C by ld.lld, for -C linker-plugin-lto,",
                   {Bitcode, C}, {RustName, FunctionName});
  }

  bool linkOne(const Tool &LLD, const std::string &What,
               ArrayRef<std::string> Bitcode, ArrayRef<StringRef> Functions) {
    std::vector<std::string> Words = {LLD.Program, "-r",
                                      "--load-pass-plugin=" + In.Plugin, "-o",
                                      Bitcode.front() + ".o"};
    Words.insert(Words.end(), Bitcode.begin(), Bitcode.end());
    return step(LLD, What, Words,
                sys::path::filename(Bitcode.front()).str() + ".o", Functions);
  }

  /// Runs \p Words under the policy and looks for \p Functions in \p Object.
  /// \p Counts: whether the verdict counts a failure. \p Variable is added to
  /// the environment. Returns true if all of them were placed.
  bool step(const Tool &T, const std::string &What,
            const std::vector<std::string> &Words, const std::string &Object,
            ArrayRef<StringRef> Functions = {FunctionName}, bool Counts = true,
            StringRef Variable = "") {
    std::vector<std::string> Variables = {"SECTION_PLACEMENT_POLICY=" +
                                          Shop.path("policy.yaml")};
    if (!Variable.empty())
      Variables.push_back(Variable.str());
    auto Fault = [&](Health Is, const Twine &Text, const Twine &Remedy = "") {
      say(Is, T, What + Text, Remedy, Counts);
      return false;
    };
    ProgramRun Run = runProgram(Words, Variables);
    if (Run.Status < 0)
      return Fault(Health::NotKnown,
                   " was killed or did not end within a minute");
    if (Run.Status != 0)
      return Fault(Health::Bad, " failed: " + inQuotes(firstLine(Run.Output)),
                   "docs/messages.md has messages and remedies");
    Expected<ElfFile> Read = ElfFile::openImage(Shop.path(Object));
    if (!Read) {
      std::string Why = toString(Read.takeError());
      return Fault(Health::NotKnown, " made an object that cannot be read",
                   Why.empty() ? "" : "use a target whose objects are ELF");
    }
    for (StringRef Function : Functions) {
      ArrayRef<uint32_t> Found = Read->symbolsNamed(Function);
      if (Found.empty())
        return Fault(Health::NotKnown, " made an object without the function");
      StringRef Section =
          Read->sections()[Read->symbols()[Found.front()].Section].Name;
      if (Section != SectionName)
        return Fault(Health::Bad,
                     " left the function in section " + Section +
                         ", so the plugin was not run",
                     "use clang and ld.lld as the distribution packages them");
    }
    say(Health::Good, T, What + " placed a function in section " + SectionName);
    return true;
  }

  const DoctorInputs &In;
  Diagnosis &To;
  Workshop Shop;
};
} // namespace

Error tryTools(const DoctorInputs &In, Diagnosis &To) {
  return DryRun(In, To).run();
}

} // namespace section_placement
