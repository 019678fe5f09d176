//===- Annotate.cpp - What the compile writes down ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Annotate/Annotate.h"
#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

namespace {
class SourceStamper {
public:
  SourceStamper(Module &M, const SourceRoot *Root, const Policy *P)
      : M(M), Root(Root), P(P) {
    const NamedMDNode *Units = M.getNamedMetadata("llvm.dbg.cu");
    // What llvm-link and a full-LTO link call what they make is no file.
    bool IsMerged = (Units && Units->getNumOperands() > 1) ||
                    M.getSourceFileName() == "llvm-link" ||
                    M.getSourceFileName() == "ld-temp.o";
    HasOwn = !IsMerged && isNamedAfterFile(M);
    if (HasOwn)
      Own = idOf(M.getSourceFileName(), "");
  }

  /// A variable is of its module's file.
  bool stamp(GlobalVariable &V) {
    if (V.hasAttribute(SourceIdStamp) || Own.empty())
      return false;
    V.addAttribute(SourceIdStamp, Own);
    return true;
  }

  bool stamp(Function &F) {
    if (F.hasFnAttribute(SourceIdStamp) || F.hasFnAttribute(SourceStamp))
      return false;
    StringRef Id = idOfFunction(F);
    if (Id.empty())
      return false;
    F.addFnAttr(SourceIdStamp, Id);
    return true;
  }

private:
  /// Records the path, where the module does not say it anyhow.
  std::string idOf(StringRef Source, StringRef Directory) {
    std::string Path = stampedPath(Source, Directory, Root);
    if (Path.empty())
      return "";
    std::string Digest = P ? compileDigest(*P, Path) : "";
    if (!isToldByModule(Path))
      recordSource(M, {Path, Digest});
    return sourceId(Path);
  }

  /// A ThinLTO backend has the module's source_filename, so that the path need
  /// not stand there twice: half of what the stamps of a small module cost. Not
  /// where bodies that are imported from it must be known by it.
  bool isToldByModule(StringRef Path) const {
    Path.consume_front("./");
    auto IsSet = [&](StringRef Flag) {
      auto *Value =
          mdconst::extract_or_null<ConstantInt>(M.getModuleFlag(Flag));
      return Value && !Value->isZero();
    };
    return M.getModuleFlag("EnableSplitLTOUnit") &&
           !IsSet("EnableSplitLTOUnit") && !IsSet("UnifiedLTO") &&
           !M.getModuleFlag("ThinLTO") && !(P && P->isolates()) &&
           Path == M.getSourceFileName();
  }

  StringRef idOfFile(const DIFile *File) {
    auto [Known, IsNew] = Files.try_emplace(File);
    if (IsNew)
      Known->second = idOf(File->getFilename(), File->getDirectory());
    return Known->second;
  }

  /// A unit that is no file has functions of several.
  StringRef idOfFunction(const Function &F) {
    const DIFile *File = debugSourceOf(F);
    bool IsOfUnit = File && File == F.getSubprogram()->getUnit()->getFile();
    if (HasOwn && (!File || IsOfUnit))
      return Own;
    return File ? idOfFile(File) : StringRef();
  }

  Module &M;
  const SourceRoot *Root;
  const Policy *P;
  bool HasOwn; ///< The module is named after its source file.
  std::string Own;
  DenseMap<const DIFile *, std::string> Files;
};
} // namespace

unsigned stampSources(Module &M, const SourceRoot *Root, const Policy *P) {
  // A record without a function that refers to it would be size for nothing.
  bool AsksVariables = P && P->interest().Variables && P->interest().Sources;
  bool HasVariables =
      AsksVariables && any_of(M.globals(), [](const GlobalVariable &V) {
        return !V.isDeclaration();
      });
  if (!HasVariables &&
      all_of(M, [](const Function &F) { return F.isDeclaration(); }))
    return 0;
  SourceStamper Stamper(M, Root, P);
  unsigned Count = 0;
  for (Function &F : M)
    Count += !F.isDeclaration() && Stamper.stamp(F);
  if (HasVariables)
    for (GlobalVariable &V : M.globals())
      Count += !V.isDeclaration() && Stamper.stamp(V);
  return Count;
}

void stripStamps(Module &M) {
  for (Function &F : M) {
    F.removeFnAttr(SourceIdStamp);
    F.removeFnAttr(SourceStamp);
  }
  for (GlobalVariable &V : M.globals())
    if (V.hasAttribute(SourceIdStamp))
      V.setAttributes(
          V.getAttributes().removeAttribute(M.getContext(), SourceIdStamp));
}

/// A module with debug info has a few functions without: those that the
/// compiler made, none of which is a strong definition.
void markUnrecordedOrigins(Module &M) {
  const NamedMDNode *Units = M.getNamedMetadata("llvm.dbg.cu");
  bool HasDebugInfo = Units && Units->getNumOperands();
  for (Function &F : M) {
    if (F.isDeclaration() || F.getSubprogram() ||
        F.hasFnAttribute(SourceIdStamp) || F.hasFnAttribute(SourceStamp) ||
        isMadeByCompiler(canonicalName(F.getName(), /*Merged=*/true)))
      continue;
    if (!HasDebugInfo || F.hasExternalLinkage())
      F.addFnAttr(SourceIdStamp);
  }
}

} // namespace section_placement
