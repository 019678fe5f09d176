//===- import.cpp - Any text as another tool's selectors ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first byte chooses the format. A zero byte in the rest ends the selectors
// and begins the build's configuration. The policy that is written must be one.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Import/Import.h"
#include "Fuzz.h"
#include "section-placement/Policy/Policy.h"

using namespace llvm;
using namespace section_placement;

static const ImportFormat Formats[] = {
    ImportFormat::Fragments, ImportFormat::Relocations, ImportFormat::CMake,
    ImportFormat::Script};

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  if (!Size)
    return 0;
  Workplace &Here = Workplace::get();
  auto [Selectors, Config] = textOf(Data + 1, Size - 1).split('\0');
  ImportOptions Options;
  Options.Format = Formats[Data[0] % std::size(Formats)];
  Options.Root = "/top";
  std::string File = Here.write("selectors", Selectors);
  if (!Config.empty())
    Options.ConfigFile = Here.write("config", Config);
  Expected<Import> Read = importSelectors({File}, Options);
  if (!isGiven(Read))
    return 0;
  for (const Diagnostic &D : Read->NotExpressed)
    printDiagnostic(nulls(), D, SourceMgr::DK_Error);
  ImportedPolicy Written = writeImportedPolicy(*Read, {File}, Options.Root);
  if (Written.Text.empty())
    return 0;
  Expected<Policy> Again = readPolicyText(Written.Text, "policy.yaml");
  if (!Again) {
    errs() << Written.Text << toString(Again.takeError()) << '\n';
    require(false, "what is written is a policy");
  }
  require(Again->Rules.size() == Written.Rules, "its rules are counted");
  return 0;
}
