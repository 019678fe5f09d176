//===- TrainingLink.cpp - Counts that the link takes, and uses ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Flags/TrainingLink.h"
#include "section-placement/Annotate/CompileDigest.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/LLVMCompat.h"
#include "section-placement/Support/OutputFile.h"
#include "section-placement/Support/Quoting.h"
#include "section-placement/Whole/TrainingProfile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ProfileData/InstrProf.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

/// What of a link decides which code is counted, beside its objects.
struct LinkRecord {
  std::string LLVM;      ///< The major version.
  std::string Isolation; ///< isolationDigest(), empty without such rules.
};

static LinkRecord recordOf(const Policy *P) {
  return {std::to_string(compat::llvmMajorVersion()),
          P ? isolationDigest(*P) : ""};
}

static std::string inFolder(StringRef Folder, StringRef Name) {
  SmallString<256> Path(Folder);
  sys::path::append(Path, Name);
  return Path.str().str();
}

std::string countingFile(StringRef Folder) {
  return inFolder(Folder, "counting.s");
}

static std::string recordFile(StringRef Folder) {
  return inFolder(Folder, "link.json");
}

/// \p Text in a string of the assembler.
static std::string assemblyString(StringRef Text) {
  std::string Result = "\"";
  for (unsigned char C : Text) {
    if (isPrint(char(C)) && C != '"' && C != '\\') {
      Result += char(C);
      continue;
    }
    Result += '\\';
    for (int Shift : {6, 3, 0})
      Result += char('0' + ((C >> Shift) & 7));
  }
  return Result + '"';
}

/// Both are weak in the run-time, and it replaces `%m` by one name for the
/// program, into whose file each run adds, and `%p` by the number of the
/// process: it cannot add traces.
static std::string countingAssembly(StringRef Folder) {
  uint64_t Version =
      INSTR_PROF_RAW_VERSION | VARIANT_MASK_IR_PROF | VARIANT_MASK_CSIR_PROF;
  if (compat::hasTemporalProfiles())
    Version |= uint64_t(1) << 63; // VARIANT_MASK_TEMPORAL_PROF, of 17 on.
  auto Define = [](StringRef Name, const Twine &Value) {
    return ("\t.globl " + Name + "\n\t.hidden " + Name + "\n" + Name + ":\n\t" +
            Value + "\n")
        .str();
  };
  return "# Made by 'section-placement flags --profile-generate': tells the "
         "run-time of the\n# profile that the link instruments, and where to "
         "write.\n"
         "\t.section .rodata.__llvm_profile,\"a\"\n\t.p2align 3\n" +
         Define("__llvm_profile_raw_version",
                ".quad 0x" + utohexstr(Version, /*LowerCase=*/true)) +
         Define("__llvm_profile_filename",
                ".asciz " + assemblyString(
                                inFolder(Folder, compat::hasTemporalProfiles()
                                                     ? "counts-%p.profraw"
                                                     : "counts-%m.profraw"))) +
         "\t.section .note.GNU-stack,\"\"\n";
}

static std::vector<std::string> rawProfiles(StringRef Folder) {
  std::vector<std::string> Result;
  std::error_code EC;
  for (sys::fs::directory_iterator I(Folder, EC), End; I != End && !EC;
       I.increment(EC))
    if (sys::path::extension(I->path()) == ".profraw")
      Result.push_back(I->path());
  llvm::sort(Result);
  return Result;
}

Expected<std::vector<std::string>> prepareTraining(StringRef Folder,
                                                   const Policy *P) {
  if (Folder.contains('%'))
    return errorIn(Folder, "has a '%', which the run-time of the profile "
                           "replaces; name another folder");
  if (std::error_code EC = sys::fs::create_directories(Folder))
    return errorIn(Folder, "cannot be made: " + EC.message());
  if (Error E = writeOutputFile(countingFile(Folder), countingAssembly(Folder)))
    return E;
  LinkRecord R = recordOf(P);
  if (Error E = writeOutputFile(recordFile(Folder), [&](raw_ostream &OS) {
        json::OStream J(OS, /*IndentSize=*/2);
        J.object([&] {
          writeText(J, "llvm", R.LLVM);
          writeText(J, "isolation", R.Isolation);
        });
        OS << '\n';
      }))
    return E;
  return rawProfiles(Folder);
}

static bool fromJSON(const json::Value &V, LinkRecord &R, json::Path P) {
  json::ObjectMapper O(V, P);
  return O && O.map("llvm", R.LLVM) && O.map("isolation", R.Isolation);
}

static Expected<LinkRecord> readRecord(StringRef File) {
  Expected<std::string> Text = readTextFile(File, MaximumTextSize);
  if (!Text)
    return Text.takeError();
  JsonInput In{
      File, *Text, "record",
      "make it again with 'flags --profile-generate', link, and train"};
  Expected<json::Value> V = parseJson(In);
  return V ? readJson<LinkRecord>(In, *V) : V.takeError();
}

static Error checkRecord(StringRef Profile, const LinkRecord &Counted,
                         const LinkRecord &Now) {
  if (Counted.LLVM != Now.LLVM)
    return errorIn(Profile, "was counted in a link by LLVM " + Counted.LLVM +
                                ", and this is LLVM " + Now.LLVM +
                                ", whose code is another; link with "
                                "--profile-generate again, and train");
  if (Counted.Isolation != Now.Isolation)
    return errorIn(Profile,
                   "was counted in a link whose policy has other rules with "
                   "'lto' or 'inline', which change the code before it is "
                   "counted; give both links the same, or link with "
                   "--profile-generate again, and train");
  return Error::success();
}

Expected<bool> checkTraining(std::unique_ptr<MemoryBuffer> Profile,
                             const Policy *P) {
  std::string Name = Profile->getBufferIdentifier().str();
  Expected<ProfileKinds> Kinds = readProfileKinds(std::move(Profile));
  if (!Kinds)
    return Kinds.takeError();
  if (Kinds->IsEmpty)
    return errorIn(Name, "has no counts: the link that should have counted had "
                         "no object of LTO (clang -flto=thin), or each run "
                         "ended before it wrote them; "
                         "a run writes them where it returns from 'main' or "
                         "calls 'exit', not where a signal or '_exit' ends "
                         "it: end it so, or call '__llvm_profile_write_file'");
  if (!Kinds->IsOfIR)
    return errorIn(Name, "counts source code (-fprofile-instr-generate), not "
                         "what the link makes of it; link with "
                         "--profile-generate, and train");
  if (!Kinds->IsContextSensitive)
    return errorIn(Name, "has no counts of a link, and ld.lld would ignore it "
                         "without a word; link with --profile-generate, train, "
                         "and merge what that counted");
  std::string Record = recordFile(sys::path::parent_path(Name));
  if (!sys::fs::exists(Record))
    return false;
  Expected<LinkRecord> Counted = readRecord(Record);
  if (!Counted)
    return Counted.takeError();
  if (Error E = checkRecord(Name, *Counted, recordOf(P)))
    return E;
  return true;
}

std::string whyNotSplit(const Triple &Target) {
  if (compat::splitsMachineFunctions(Target))
    return "";
  return ("LLVM " + Twine(compat::llvmMajorVersion()) +
          " splits no functions for " + Target.getArchName() +
          ": link without --profile-use, with the order of 'plan --profile'")
      .str();
}

std::vector<std::string> linkerWords(const TrainingLink &Training,
                                     bool HasOrder) {
  switch (Training.Step) {
  case TrainingLink::StepKind::None:
    return {};
  case TrainingLink::StepKind::Generate:
    if (compat::hasTemporalProfiles())
      return {"--plugin-opt=-pgo-temporal-instrumentation"};
    return {};
  case TrainingLink::StepKind::Use: {
    std::vector<std::string> Words = {"--lto-cs-profile-file=" +
                                      Training.Profile};
    // The cutoff: blocks that never ran, not those that ran seldom.
    if (!Training.IsSplitByPolicy)
      Words.insert(Words.end(), {"--plugin-opt=-enable-split-machine-functions",
                                 "--plugin-opt=-mfs-psi-cutoff=0"});
    if (!HasOrder)
      Words.push_back("-zkeep-text-section-prefix");
    return Words;
  }
  }
  return {};
}

std::vector<std::string> driverWords(const TrainingLink &Training) {
  if (Training.Step != TrainingLink::StepKind::Generate)
    return {};
  // The driver assembles that file, with options that only C has a use for.
  return {"-fcs-profile-generate=" + Training.Folder,
          countingFile(Training.Folder), "-Wno-unused-command-line-argument"};
}

} // namespace section_placement
