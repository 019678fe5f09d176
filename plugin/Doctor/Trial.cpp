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
    if (Error E = write("trial.rs", "#![no_std]\n#![crate_type = \"lib\"]\n"
                                    "#[no_mangle]\npub extern \"C\" fn " +
                                        FunctionName + "() -> i32 { 1 }\n"))
      return E;
    if (Error E =
            write("policy.yaml",
                  "version: 1\nrules:\n  - name: trial\n    match: { "
                  "function: [" +
                      FunctionName + "] }\n    section: " + SectionName + "\n"))
      return E;
    const Tool *Clang = tool(ToolKind::Clang), *LLD = tool(ToolKind::Linker),
               *Opt = tool(ToolKind::Optimizer), *Rustc = tool(ToolKind::Rustc);
    if (Clang)
      step(*Clang, "a compile by clang without LTO",
           {Clang->Program, "-x", "ir", "-O1", "-c", Shop.path("trial.ll"),
            "-fpass-plugin=" + In.Plugin, "-o", Shop.path("clang.o")},
           "clang.o");
    if (LLD && (Clang || Opt))
      link(*LLD, Clang ? *Clang : *Opt);
    if (Rustc && LLD)
      linkRust(*LLD, *Rustc);
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
           const Twine &Remedy = "") {
    To.Symptoms.push_back(
        {Is, nameOf(T.Kind).str(), "dry run: " + Text.str(), Remedy.str()});
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
                Bitcode);
    }
  }

  void linkRust(const Tool &LLD, const Tool &Rustc) {
    std::string Bitcode = Shop.path("rust.bc");
    if (prepare(Rustc, {Rustc.Program, "-O", "-Clinker-plugin-lto",
                        "--emit=obj", Shop.path("trial.rs"), "-o", Bitcode}))
      linkOne(LLD, "a link of Rust by ld.lld, for -C linker-plugin-lto",
              Bitcode);
  }

  void linkOne(const Tool &LLD, StringRef What, const std::string &Bitcode) {
    step(LLD, What,
         {LLD.Program, "-r", "--load-pass-plugin=" + In.Plugin, Bitcode, "-o",
          Bitcode + ".o"},
         sys::path::filename(Bitcode + ".o"));
  }

  void step(const Tool &T, StringRef What,
            const std::vector<std::string> &Words, StringRef Object) {
    ProgramRun Run = runProgram(
        Words, {"SECTION_PLACEMENT_POLICY=" + Shop.path("policy.yaml")});
    if (Run.Status < 0)
      return say(Health::NotKnown, T,
                 What + " was killed or did not end within a minute");
    if (Run.Status != 0)
      return say(Health::Bad, T,
                 What + " failed: " + inQuotes(firstLine(Run.Output)),
                 "docs/messages.md has messages and remedies");
    Expected<ElfFile> Read = ElfFile::openImage(Shop.path(Object));
    if (!Read) {
      std::string Why = toString(Read.takeError());
      return say(Health::NotKnown, T,
                 What + " made an object that cannot be read",
                 Why.empty() ? "" : "use a target whose objects are ELF");
    }
    for (uint32_t Index : Read->symbolsNamed(FunctionName)) {
      StringRef Section = Read->sections()[Read->symbols()[Index].Section].Name;
      if (Section == SectionName)
        return say(Health::Good, T,
                   What + " placed a function in section " + SectionName);
      return say(Health::Bad, T,
                 What + " left the function in section " + Section +
                     ", so the plugin was not run",
                 "use clang and ld.lld as the distribution packages them");
    }
    say(Health::NotKnown, T, What + " made an object without the function");
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
