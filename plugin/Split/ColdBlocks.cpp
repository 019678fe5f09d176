//===- ColdBlocks.cpp - Which blocks never run ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which blocks of a machine function may leave it, so that nothing that runs
// has to jump far.
//
// Method: a walk from the entry; what it does not reach is cold. With a profile
// it follows each edge that was ever taken (probability not zero). Counts of
// blocks say less: inlined code has its callee's, divided up, and rounding
// makes ones of them. Without a profile it follows no edge to an exception's
// landing pad, and goes into no block from which every way leads to a call that
// is cold or does not return.
//
// Limits: one entry of a function's table of exceptions covers the landing pads
// of one section, so these leave all together or not at all. What `asm goto`
// jumps to stays: nobody knows how far the instruction reaches.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/LLVMCompat.h"

#ifdef SECTION_PLACEMENT_HAS_CODEGEN_HOOK

#include "ColdBlocks.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/CodeGen/MachineBasicBlock.h"
#include "llvm/CodeGen/MachineInstr.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

namespace section_placement {

/// The section that its source or a rule gave it; empty without one.
static StringRef givenSection(const Function &F) {
  return F.hasSection()
             ? F.getSection()
             : F.getFnAttribute("implicit-section-name").getValueAsString();
}

/// TargetInstrInfo refuses a function that has a section, because LLVM would
/// choose where the part goes. Here the policy does.
static bool isSafeToSplit(MachineFunction &MF) {
  Function &F = MF.getFunction();
  std::string Section = F.getSection().str();
  F.setSection("");
  bool IsSafe = MF.getSubtarget().getInstrInfo()->isFunctionSafeToSplit(MF);
  F.setSection(Section);
  return IsSafe;
}

/// On AArch64 the table of unwinding says of a whole function by which key it
/// signs its return address and whether it tags its frame, and LLVM writes that
/// for the first section alone.
static bool unwindsAsAWhole(const Function &F) {
  auto Says = [&](StringRef Attribute) {
    return F.getFnAttribute(Attribute).getValueAsString();
  };
  bool Signs = !Says("sign-return-address").empty() &&
               Says("sign-return-address") != "none";
  return (Signs && Says("sign-return-address-key") == "b_key") ||
         F.hasFnAttribute(Attribute::SanitizeMemTag);
}

std::string whyWhole(MachineFunction &MF) {
  const Function &F = MF.getFunction();
  const Triple &Target = MF.getTarget().getTargetTriple();
  if (!compat::splitsMachineFunctions(Target))
    return ("LLVM splits no functions for " + Target.getArchName()).str();
  if (MF.getTarget().getCodeModel() == CodeModel::Large)
    return "it is compiled for the large code model, in which no branch "
           "reaches another section";
  StringRef Section = givenSection(F);
  if (!Section.empty() && Section != ".text" &&
      !compat::startsWith(Section, ".text."))
    return ("its section " + inQuotes(Section) +
            " is neither .text nor begins with '.text.', and LLVM leaves the "
            "parts of such a function in its section");
  if (F.hasFnAttribute(Attribute::Naked))
    return "it is naked: its assembly is all that there is of it";
  if (Target.isAArch64() && unwindsAsAWhole(F))
    return "its return address is signed with the B key, or its frame is "
           "tagged, which LLVM does not write into a part's unwinding table";
  if (F.getParent()->getNamedValue((F.getName() + ".cold").str()))
    return "the program has another '" + F.getName().str() +
           ".cold', which the part would be called";
  if (auto Prefix = F.getSectionPrefix();
      Prefix && (*Prefix == "unlikely" || *Prefix == "unknown"))
    return "it is cold as a whole";
  if (!isSafeToSplit(MF))
    return "a longer branch to another section would need the stack, and it "
           "keeps data below the stack pointer (a red zone)";
  return "";
}

/// Does \p Block call what its source or the compiler knows to be cold?
static bool callsCold(const MachineBasicBlock &Block) {
  return any_of(Block, [](const MachineInstr &I) {
    return I.isCall() && any_of(I.operands(), [](const MachineOperand &O) {
             auto *Callee =
                 O.isGlobal()
                     ? dyn_cast<Function>(O.getGlobal()->stripPointerCasts())
                     : nullptr;
             return Callee && Callee->hasFnAttribute(Attribute::Cold);
           });
  });
}

namespace {
class ColdFinder {
public:
  ColdFinder(MachineFunction &MF,
             const MachineBranchProbabilityInfo &Probabilities)
      : MF(MF), Probabilities(Probabilities),
        HasProfile(MF.getFunction().hasProfileData()) {}

  std::vector<MachineBasicBlock *> find();

private:
  void findAbnormal();
  bool isFollowed(const MachineBasicBlock &From,
                  const MachineBasicBlock &To) const;
  void walk();
  bool mayMove(const MachineBasicBlock &Block) const;

  MachineFunction &MF;
  const MachineBranchProbabilityInfo &Probabilities;
  const bool HasProfile;
  /// Blocks from which every way leads to a call that is cold or does not
  /// return.
  SmallPtrSet<const MachineBasicBlock *, 16> Abnormal;
  SmallPtrSet<const MachineBasicBlock *, 32> Reached;
};
} // namespace

void ColdFinder::findAbnormal() {
  auto EndsAbnormally = [&](const MachineBasicBlock &Block) {
    return !Block.isReturnBlock() &&
           all_of(Block.successors(), [&](const MachineBasicBlock *Next) {
             return Next->isEHPad() || Abnormal.contains(Next);
           });
  };
  for (const MachineBasicBlock &Block : MF)
    if (callsCold(Block))
      Abnormal.insert(&Block);
  for (bool IsNew = true; IsNew;) {
    IsNew = false;
    for (const MachineBasicBlock &Block : reverse(MF))
      if (!Abnormal.contains(&Block) && EndsAbnormally(Block))
        IsNew = Abnormal.insert(&Block).second;
  }
}

bool ColdFinder::isFollowed(const MachineBasicBlock &From,
                            const MachineBasicBlock &To) const {
  if (HasProfile)
    return !Probabilities.getEdgeProbability(&From, &To).isZero();
  return !To.isEHPad() && !Abnormal.contains(&To);
}

void ColdFinder::walk() {
  SmallVector<const MachineBasicBlock *, 16> Open = {&MF.front()};
  Reached.insert(&MF.front());
  while (!Open.empty()) {
    const MachineBasicBlock *Block = Open.pop_back_val();
    for (const MachineBasicBlock *Next : Block->successors())
      if (isFollowed(*Block, *Next) && Reached.insert(Next).second)
        Open.push_back(Next);
  }
}

bool ColdFinder::mayMove(const MachineBasicBlock &Block) const {
  bool HasAsmGoto = any_of(Block, [](const MachineInstr &I) {
    return I.getOpcode() == TargetOpcode::INLINEASM_BR;
  });
  return !HasAsmGoto && !Block.isInlineAsmBrIndirectTarget() &&
         !Block.isEntryBlock() &&
         MF.getSubtarget().getInstrInfo()->isMBBSafeToSplitToCold(Block);
}

std::vector<MachineBasicBlock *> ColdFinder::find() {
  if (!HasProfile)
    findAbnormal();
  if (Abnormal.contains(&MF.front()))
    return {}; // Each way through it ends so: nothing says which is seldom.
  walk();
  bool MovePads = all_of(MF, [&](const MachineBasicBlock &Block) {
    return !Block.isEHPad() || (!Reached.contains(&Block) && mayMove(Block));
  });
  std::vector<MachineBasicBlock *> Cold;
  for (MachineBasicBlock &Block : MF)
    if (!Reached.contains(&Block) && mayMove(Block) &&
        (MovePads || !Block.isEHPad()))
      Cold.push_back(&Block);
  return Cold;
}

std::vector<MachineBasicBlock *>
coldBlocks(MachineFunction &MF,
           const MachineBranchProbabilityInfo &Probabilities) {
  return ColdFinder(MF, Probabilities).find();
}

} // namespace section_placement

#endif // SECTION_PLACEMENT_HAS_CODEGEN_HOOK
