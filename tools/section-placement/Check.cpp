//===- Check.cpp - section-placement check --------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before a link: is the policy well formed, and what would each rule claim of
// these bitcode files and objects?
//
//===----------------------------------------------------------------------===//

#include "Subcommand.h"
#include "section-placement/Frontend/IRFrontend.h"
#include "section-placement/Frontend/NativeInputs.h"
#include "section-placement/Frontend/TargetMachineType.h"
#include "section-placement/Report/PrintPlan.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/IRObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <set>

using namespace llvm;
using namespace section_placement;

static cl::SubCommand
    CheckCommand("check", "Validate a policy, and show what it claims");
static cl::opt<std::string> PolicyFile(cl::Positional, cl::Required,
                                       cl::desc("POLICY"),
                                       cl::sub(CheckCommand));
static cl::list<std::string> InputFiles(cl::Positional,
                                        cl::desc("[BITCODE|OBJECT|ARCHIVE...]"),
                                        cl::sub(CheckCommand));

static Expected<int> check();
static RegisterSubcommand Registration(CheckCommand, check);

namespace {
/// A bitcode module among the inputs.
struct BitcodeInput {
  std::string Name;
  MemoryBufferRef Bytes;
};

/// What the rules claim over all modules.
struct Totals {
  uint64_t Seeds = 0, Claimed = 0, Moved = 0;
};

class Checker {
public:
  explicit Checker(const Policy &P) : P(P), Index(P), Root(P.Root) {}

  Error open(StringRef File);
  Error readNatives();
  Error planModules();
  int print(raw_ostream &OS);

private:
  Error openArchive(StringRef File, MemoryBufferRef Bytes);
  void openOne(StringRef Name, MemoryBufferRef Bytes);
  Error planModule(const BitcodeInput &Input);
  Error planModule(Module &M, StringRef Name);

  const Policy &P;
  RuleIndex Index;
  SourceRoot Root;
  std::vector<std::unique_ptr<MemoryBuffer>> Files;
  std::vector<std::unique_ptr<object::Archive>> Archives;
  std::vector<BitcodeInput> Modules;
  std::vector<std::string> NativeFiles;
  std::unique_ptr<NativeInputs> Natives;
  std::vector<uint32_t> Named;
  std::vector<Totals> ByRule;
  std::set<std::string> Answered; ///< Literal names.
  std::vector<std::string> Unanswered;
  std::string Plans;
  unsigned Planned = 0;
};
} // namespace

void Checker::openOne(StringRef Name, MemoryBufferRef Bytes) {
  if (auto Bitcode = object::IRObjectFile::findBitcodeInMemBuffer(Bytes))
    Modules.push_back({Name.str(), *Bitcode});
  else
    consumeError(Bitcode.takeError());
}

Error Checker::openArchive(StringRef File, MemoryBufferRef Bytes) {
  Expected<std::unique_ptr<object::Archive>> A = object::Archive::create(Bytes);
  if (!A)
    return errorIn(File, toString(A.takeError()));
  Error E = Error::success();
  for (const object::Archive::Child &Member : (*A)->children(E)) {
    Expected<MemoryBufferRef> Contents = Member.getMemoryBufferRef();
    if (!Contents)
      return joinErrors(std::move(E),
                        errorIn(File, toString(Contents.takeError())));
    openOne((File + "(" + sys::path::filename(Contents->getBufferIdentifier()) +
             ")")
                .str(),
            *Contents);
  }
  if (E)
    return errorIn(File, toString(std::move(E)));
  Archives.push_back(std::move(*A));
  return Error::success();
}

Error Checker::open(StringRef File) {
  auto Buffer = MemoryBuffer::getFile(File, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return errorIn(File, "cannot be read: " + Buffer.getError().message());
  Files.push_back(std::move(*Buffer));
  MemoryBufferRef Bytes = Files.back()->getMemBufferRef();
  file_magic Magic = identify_magic(Bytes.getBuffer());
  NativeFiles.push_back(File.str());
  if (Magic == file_magic::archive)
    return openArchive(File, Bytes);
  if (Magic != file_magic::bitcode && Magic != file_magic::elf_relocatable)
    return errorIn(File, "is neither bitcode nor a relocatable ELF object nor "
                         "an archive");
  openOne(File, Bytes);
  return Error::success();
}

Error Checker::readNatives() {
  uint16_t Machine = 0;
  Expected<std::unique_ptr<NativeInputs>> Read =
      readNativeInputs(P, NativeFiles, Machine);
  if (!Read)
    return Read.takeError();
  Natives = std::move(*Read);
  for (StringRef Name : P.interest().Names)
    append_range(Named, Natives->Facts.symbolsNamed(Name));
  return Error::success();
}

Error Checker::planModule(Module &M, StringRef Name) {
  Interest Wanted = P.interest();
  ModuleInput In{M, Wanted, Root};
  In.Natives = &Natives->Facts;
  In.NamedNatives = Named;
  ReadModule Read;
  readModule(In, Read);
  Plan ThePlan = makePlan(Read.P, Index);
  if (ThePlan.Missing.Rule != NoIndex)
    return errorIn(Name, "rule '" + P.Rules[ThePlan.Missing.Rule].Name +
                             "' asks for source files, and nobody recorded "
                             "those of this module; compile it with -g1");
  for (uint32_t R = 0; R < Index.size(); ++R) {
    ByRule[R].Seeds += ThePlan.Totals[R].Seeds;
    ByRule[R].Claimed += ThePlan.Totals[R].Claimed;
    ByRule[R].Moved += ThePlan.Totals[R].Moved;
  }
  raw_string_ostream OS(Plans);
  OS << Name << ":\n";
  printPlan(OS, {Read.P, Index, ThePlan}, {});
  std::vector<std::string> Here;
  for (const UnansweredName &N : unansweredNames(Read.P, Index))
    Here.push_back(explainUnanswered(Index, N));
  // What no module answers to is unanswered.
  if (!Planned++)
    Unanswered = Here;
  std::vector<std::string> Both;
  for (std::string &Line : Unanswered)
    if (is_contained(Here, Line))
      Both.push_back(std::move(Line));
  Unanswered = std::move(Both);
  return Error::success();
}

Error Checker::planModule(const BitcodeInput &Input) {
  LLVMContext Context;
  Expected<std::vector<BitcodeModule>> Parts =
      getBitcodeModuleList(Input.Bytes);
  if (!Parts)
    return errorIn(Input.Name, toString(Parts.takeError()));
  for (BitcodeModule &Part : *Parts) {
    Expected<std::unique_ptr<Module>> M = Part.parseModule(Context);
    if (!M)
      return errorIn(Input.Name, toString(M.takeError()));
    if (Error E = planModule(**M, Input.Name))
      return E;
  }
  return Error::success();
}

Error Checker::planModules() {
  ByRule.resize(Index.size());
  for (const BitcodeInput &Input : Modules)
    if (Error E = planModule(Input))
      return E;
  return Error::success();
}

int Checker::print(raw_ostream &OS) {
  OS << Plans;
  return AllWell;
}

static Expected<int> check() {
  std::string RootOverride =
      sys::Process::GetEnv("SECTION_PLACEMENT_ROOT").value_or("");
  Expected<Policy> P = readPolicy(PolicyFile, RootOverride);
  if (!P)
    return P.takeError();
  if (InputFiles.empty()) {
    outs() << PolicyFile << ": well formed, " << P->Rules.size() << " rules\n";
    return AllWell;
  }
  Checker C(*P);
  for (const std::string &File : InputFiles)
    if (Error E = C.open(File))
      return E;
  if (Error E = C.readNatives())
    return E;
  if (Error E = C.planModules())
    return E;
  return C.print(outs());
}
