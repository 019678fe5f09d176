//===- Split.cpp - Blocks that never run leave their function -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code generation with one pass more.
//
// Method: the pass stands where LLVM's own splitter does, in front of what must
// know the sections of blocks: branch relaxation, BTI, PAC, and what writes CFI
// for each section. It gives the cold blocks the section of cold ones and lets
// LLVM's basic block sections do the rest: jumps, symbols, tables of unwinding,
// ranges of debug info.
//
// LLVM names that section by an option of the whole process (`.text.split.`
// and the function). So that a rule can name it, the section is made here, as
// LLVM will ask for it, and gets the rule's name: whoever asks finds it.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Split/Split.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/IR/Attributes.h"
#include "llvm/IR/Function.h"
#include <atomic>

#ifdef SECTION_PLACEMENT_HAS_CODEGEN_HOOK
#include "ColdBlocks.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/CodeGen/BasicBlockSectionUtils.h"
#include "llvm/CodeGen/MachineFunctionPass.h"
#include "llvm/CodeGen/MachineOptimizationRemarkEmitter.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/Module.h"
#include "llvm/InitializePasses.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCSectionELF.h"
#include "llvm/Support/Debug.h"
#include "llvm/Target/RegisterTargetPassConfigCallback.h"
#include "llvm/Target/TargetMachine.h"
#endif

using namespace llvm;

#define DEBUG_TYPE "section-placement"

namespace section_placement {

static constexpr StringLiteral SplitMark = "section-placement-split";

/// Has anything been marked? Code generation of the module comes after that;
/// where nothing is, no pass is added to it.
static std::atomic<bool> IsWanted{false};

void markSplit(Function &F, StringRef Section) {
  IsWanted = true;
  F.addFnAttr(SplitMark, Section);
}

void unmarkSplit(Function &F) { F.removeFnAttr(SplitMark); }

#ifdef SECTION_PLACEMENT_HAS_CODEGEN_HOOK

namespace {
/// Reaches the name of a section, which LLVM means to be set by those that
/// derive from it.
struct NamedSection : MCSection {
  static void rename(MCSection &S, StringRef To) {
    S.*(&NamedSection::Name) = To;
  }
};

class SplitPass : public MachineFunctionPass {
public:
  static char ID;
  explicit SplitPass(const SplitHooks &Hooks)
      : MachineFunctionPass(ID), Hooks(Hooks) {}

  StringRef getPassName() const override {
    return "Section placement: split functions";
  }
  bool doFinalization(Module &M) override {
    if (!Outcomes.empty())
      Hooks.OnSplit(M, Outcomes);
    Outcomes.clear();
    return false;
  }

protected:
  void getAnalysisUsage(AnalysisUsage &AU) const override {
    AU.addRequired<MachineBranchProbabilityInfoWrapperPass>();
    MachineFunctionPass::getAnalysisUsage(AU);
  }
  bool runOnMachineFunction(MachineFunction &MF) override;

private:
  bool isForbidden(MachineFunction &MF);
  void split(MachineFunction &MF, SplitOutcome &Outcome);

  const SplitHooks &Hooks;
  std::vector<SplitOutcome> Outcomes;
  bool SaidFault = false;
};
} // namespace

char SplitPass::ID = 0;

/// The value of LLVM's option \p Name, which is false by default.
static bool isGiven(StringRef Name) {
  auto &Options = cl::getRegisteredOptions();
  auto Found = Options.find(Name);
  return Found != Options.end() &&
         static_cast<cl::opt<bool> *>(Found->second)->getValue();
}

/// Two that split one function would define its part twice.
bool SplitPass::isForbidden(MachineFunction &MF) {
  const TargetMachine &TM = MF.getTarget();
  StringRef Other = TM.Options.EnableMachineFunctionSplitter ||
                            isGiven("enable-split-machine-functions")
                        ? "-fsplit-machine-functions (-mllvm "
                          "-enable-split-machine-functions)"
                    : TM.getBBSectionsType() == BasicBlockSection::All ||
                            TM.getBBSectionsType() == BasicBlockSection::List
                        ? "-fbasic-block-sections (--lto-basic-block-sections)"
                        : "";
  if (Other.empty())
    return false;
  if (!SaidFault)
    Hooks.OnFault(*MF.getFunction().getParent(),
                  ("'split' and " + Other +
                   " both split functions: leave the option out, or take "
                   "'split' out of the policy")
                      .str());
  SaidFault = true;
  return true;
}

/// Makes the section as TargetLoweringObjectFileELF will ask for it, under
/// another name.
static void nameSection(MachineFunction &MF, StringRef Name) {
  const Function &F = MF.getFunction();
  std::string Asked = (BBSectionsColdTextPrefix + MF.getName()).str();
  if (Name == Asked)
    return;
  unsigned Flags = ELF::SHF_ALLOC | ELF::SHF_EXECINSTR;
  if (F.hasComdat())
    Flags |= ELF::SHF_GROUP;
  MCContext &Context = MF.getContext();
  MCSection *Section = Context.getELFSection(
      Asked, ELF::SHT_PROGBITS, Flags, 0,
      F.hasComdat() ? F.getComdat()->getName() : StringRef(), F.hasComdat(),
      MCSection::NonUniqueID, nullptr);
  auto *Text = static_cast<char *>(Context.allocate(Name.size(), 1));
  llvm::copy(Name, Text);
  NamedSection::rename(*Section, StringRef(Text, Name.size()));
}

void SplitPass::split(MachineFunction &MF, SplitOutcome &Outcome) {
  auto &Probabilities =
      getAnalysis<MachineBranchProbabilityInfoWrapperPass>().getMBPI();
  std::vector<MachineBasicBlock *> Cold = coldBlocks(MF, Probabilities);
  Outcome.Of = MF.size();
  Outcome.Blocks = Cold.size();
  if (Cold.empty())
    return;
  // The blocks of each section keep their order, by these numbers.
  MF.RenumberBlocks();
  MF.setBBSectionsType(BasicBlockSection::Preset);
  for (MachineBasicBlock *Block : Cold)
    Block->setSectionID(MBBSectionID::ColdSectionID);
  sortBasicBlocksAndUpdateBranches(
      MF, [](const MachineBasicBlock &A, const MachineBasicBlock &B) {
        return A.getSectionID().Type < B.getSectionID().Type;
      });
  avoidZeroOffsetLandingPad(MF);
  nameSection(MF, Outcome.Section);
}

template <typename RemarkT>
static void emitOutcome(MachineFunction &MF, StringRef Name,
                        const SplitOutcome &Outcome) {
  RemarkT Remark(DEBUG_TYPE, Name,
                 DiagnosticLocation(MF.getFunction().getSubprogram()),
                 &MF.front());
  Remark << Outcome.sentence();
  MachineOptimizationRemarkEmitter(MF, nullptr).emit(Remark);
}

bool SplitPass::runOnMachineFunction(MachineFunction &MF) {
  Attribute Mark = MF.getFunction().getFnAttribute(SplitMark);
  if (!Mark.isStringAttribute() || isForbidden(MF))
    return false;
  SplitOutcome Outcome;
  Outcome.Function = MF.getName().str();
  Outcome.Section = Mark.getValueAsString().str();
  Outcome.WhyWhole = whyWhole(MF);
  if (Outcome.WhyWhole.empty())
    split(MF, Outcome);
  LLVM_DEBUG(dbgs() << "split: '" << MF.getName() << "', " << Outcome.Blocks
                    << " blocks" << Outcome.WhyWhole << '\n');
  bool IsSplit = Outcome.isSplit();
  if (IsSplit)
    emitOutcome<MachineOptimizationRemark>(MF, "Split", Outcome);
  else if (!Outcome.WhyWhole.empty())
    emitOutcome<MachineOptimizationRemarkMissed>(MF, "NotSplit", Outcome);
  if (IsSplit || !Outcome.WhyWhole.empty())
    Outcomes.push_back(std::move(Outcome));
  return IsSplit;
}

void splitInCodeGeneration(SplitHooks Given) {
  // Never destroyed: lld ends its process under running threads.
  static const auto &Hooks = *new SplitHooks(std::move(Given));
  static const auto *const Registered = new RegisterTargetPassConfigCallback(
      [](TargetMachine &TM, PassManagerBase &, TargetPassConfig *Config) {
        if (!TM.getTargetTriple().isOSBinFormatELF() || !IsWanted)
          return;
        initializeMachineBranchProbabilityInfoWrapperPassPass(
            *PassRegistry::getPassRegistry());
        // Behind LiveDebugValues, which follows values through blocks as they
        // stand.
        Config->insertPass(&MachineSanitizerBinaryMetadataID,
                           new SplitPass(Hooks));
      });
  (void)Registered;
}

#else

void splitInCodeGeneration(SplitHooks) {}

#endif // SECTION_PLACEMENT_HAS_CODEGEN_HOOK

} // namespace section_placement
