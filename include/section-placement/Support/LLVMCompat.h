//===- LLVMCompat.h - What differs between LLVM versions --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One source builds against LLVM 15 to 23. Every difference between those
// versions that we meet stands here as a function whose contract is the same
// on all of them, and nowhere else does a version macro appear (a test says
// so). When a new LLVM changes something, this is the file to open.
//
// What differs in 23 was read in its sources, and nothing here has run with it:
// test/Hygiene/the-code-for-llvm-23-compiles.test applies the differences to
// the headers of 22 and compiles against those.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_LLVMCOMPAT_H
#define SECTION_PLACEMENT_SUPPORT_LLVMCOMPAT_H

#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/Any.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/InlineAdvisor.h"
#include "llvm/CodeGen/CommandFlags.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/GlobalValue.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"
#include "llvm/MC/MCAsmBackend.h"
#include "llvm/MC/MCCodeEmitter.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCObjectWriter.h"
#include "llvm/MC/MCParser/MCAsmParser.h"
#include "llvm/MC/MCParser/MCTargetAsmParser.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#if LLVM_VERSION_MAJOR >= 22
#include "llvm/Plugins/PassPlugin.h"
#else
#include "llvm/Passes/PassPlugin.h"
#endif
#if LLVM_VERSION_MAJOR >= 16
#include "llvm/TargetParser/Triple.h"
#else
#include "llvm/ADT/Triple.h"
#endif
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Compiler.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/InstructionCost.h"
#include "llvm/Target/TargetMachine.h"
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

// any_cast compares the addresses of these, so ours must be the host's; a copy
// of our own, which hidden visibility makes, is never equal. 22's
// PassInstrumentation.h says the same.
#if LLVM_VERSION_MAJOR < 22
extern template struct __attribute__((
    visibility("default"))) llvm::Any::TypeId<const llvm::Module *>;
#endif

namespace section_placement {
namespace compat {

/// StringRef::starts_with, which is startswith up to 15.
inline bool startsWith(llvm::StringRef Text, llvm::StringRef With) {
  return Text.take_front(With.size()) == With;
}

/// The LLVM that this was built against, as `22.1.8`.
inline llvm::StringRef llvmVersion() { return LLVM_VERSION_STRING; }
inline unsigned llvmMajorVersion() { return LLVM_VERSION_MAJOR; }

/// Can a profile have traces (-pgo-temporal-instrumentation)? From 17 on.
inline bool hasTemporalProfiles() { return LLVM_VERSION_MAJOR >= 17; }

/// Does LLVM's splitter of machine functions work for \p T? On AArch64 from 18
/// on; elsewhere nothing makes the longer branches that it needs.
inline bool splitsMachineFunctions(const llvm::Triple &T) {
  return T.getArch() == llvm::Triple::x86_64 ||
         (T.getArch() == llvm::Triple::aarch64 && LLVM_VERSION_MAJOR >= 18);
}

/// May a plugin add a pass to code generation? From 22 on, by
/// RegisterTargetPassConfigCallback.
#if LLVM_VERSION_MAJOR >= 22
#define SECTION_PLACEMENT_HAS_CODEGEN_HOOK
inline bool hasCodegenHook() { return true; }
#else
inline bool hasCodegenHook() { return false; }
#endif

/// What a symbol needs to be found by dlsym where all others are hidden.
/// LLVM_ATTRIBUTE_VISIBILITY_DEFAULT came in 17.
#define SECTION_PLACEMENT_EXPORT __attribute__((visibility("default")))

/// A module's triple is a string up to 20 and a Triple from 21 on.
inline llvm::Triple targetTriple(const llvm::Module &M) {
  return llvm::Triple(M.getTargetTriple());
}

/// The DW_LANG of \p Unit. 22 has a class around the number.
inline unsigned sourceLanguage(const llvm::DICompileUnit &Unit) {
#if LLVM_VERSION_MAJOR >= 22
  return Unit.getSourceLanguage().getName();
#else
  return Unit.getSourceLanguage();
#endif
}

/// How often \p Block runs for one run of its function. getEntryFreq gives a
/// number up to 17 and a BlockFrequency from 18 on.
inline double relativeFrequency(const llvm::BlockFrequencyInfo &Frequencies,
                                const llvm::BasicBlock &Block) {
#if LLVM_VERSION_MAJOR >= 18
  uint64_t Entry = Frequencies.getEntryFreq().getFrequency();
#else
  uint64_t Entry = Frequencies.getEntryFreq();
#endif
  uint64_t Here = Frequencies.getBlockFreq(&Block).getFrequency();
  return Entry ? double(Here) / double(Entry) : 1;
}

/// Is \p I llvm.threadlocal.address, which came in 16? Before, a thread-local
/// variable is used like any other.
inline bool isThreadLocalAddress(const llvm::IntrinsicInst &I) {
#if LLVM_VERSION_MAJOR >= 16
  return I.getIntrinsicID() == llvm::Intrinsic::threadlocal_address;
#else
  (void)I;
  return false;
#endif
}

/// Reports \p Text, printable, through \p Context. An error makes the host fail
/// with no output file and without a crash banner. DiagnosticInfoGeneric came
/// in 20; up to 19 emitError itself makes the inline-asm kind, without a place.
inline void diagnose(llvm::LLVMContext &Context, const llvm::Twine &Text,
                     llvm::DiagnosticSeverity Severity) {
  std::string Message = printableLines(Text.str());
#if LLVM_VERSION_MAJOR >= 20
  Context.diagnose(llvm::DiagnosticInfoGeneric(Message, Severity));
#else
  Context.diagnose(llvm::DiagnosticInfoInlineAsm(Message, Severity));
#endif
}

/// The module that \p IR, of a callback of the pass instrumentation, is; null
/// for a function or a loop. Asking for another type than it holds is an
/// assertion up to 15.
inline llvm::Module *moduleIn(const llvm::Any &IR) {
#if LLVM_VERSION_MAJOR < 16
  if (!llvm::any_isa<const llvm::Module *>(IR))
    return nullptr;
#endif
  const auto *M = llvm::any_cast<const llvm::Module *>(&IR);
  return M ? const_cast<llvm::Module *>(*M) : nullptr;
}

/// What each pass of ours derives from: it runs on every module, and whoever
/// skips optional passes (optnone, opt-bisect) does not skip it. 23 has a class
/// for that, and 24 takes PassInfoMixin away.
#if LLVM_VERSION_MAJOR >= 23
template <typename PassT>
using RequiredPass = llvm::RequiredPassInfoMixin<PassT>;
#else
template <typename PassT> struct RequiredPass : llvm::PassInfoMixin<PassT> {
  static bool isRequired() { return true; }
};
#endif

/// The three places that the end of the per-module pipeline runs at.
enum class LinkPhase {
  /// A compile whose output is machine code.
  None,
  /// A compile whose output is bitcode for a later LTO link.
  PreLink,
  /// A ThinLTO backend.
  PostLink,
  /// 15 to 19 hand over nothing that tells; see Link/Phase.h.
  Unknown,
};

using PipelineCallback =
    std::function<void(llvm::ModulePassManager &, LinkPhase)>;

#if LLVM_VERSION_MAJOR >= 20
inline LinkPhase linkPhase(llvm::ThinOrFullLTOPhase Phase) {
  switch (Phase) {
  case llvm::ThinOrFullLTOPhase::ThinLTOPreLink:
  case llvm::ThinOrFullLTOPhase::FullLTOPreLink:
    return LinkPhase::PreLink;
  case llvm::ThinOrFullLTOPhase::ThinLTOPostLink:
  case llvm::ThinOrFullLTOPhase::FullLTOPostLink:
    return LinkPhase::PostLink;
  default:
    return LinkPhase::None;
  }
}
#endif

/// Registers \p Callback at the end of the per-module pipeline: compiles with
/// and without LTO, and ThinLTO backends.
inline void registerOptimizerLast(llvm::PassBuilder &PB,
                                  const PipelineCallback &Callback) {
#if LLVM_VERSION_MAJOR >= 20
  PB.registerOptimizerLastEPCallback(
      [=](llvm::ModulePassManager &MPM, llvm::OptimizationLevel,
          llvm::ThinOrFullLTOPhase Phase) { Callback(MPM, linkPhase(Phase)); });
#else
  PB.registerOptimizerLastEPCallback(
      [=](llvm::ModulePassManager &MPM, llvm::OptimizationLevel) {
        Callback(MPM, LinkPhase::Unknown);
      });
#endif
}

/// Registers \p Callback early in the per-module pipeline, before its inliner:
/// compiles with and without LTO, and ThinLTO backends.
inline void registerEarlySimplification(llvm::PassBuilder &PB,
                                        const PipelineCallback &Callback) {
#if LLVM_VERSION_MAJOR >= 20
  PB.registerPipelineEarlySimplificationEPCallback(
      [=](llvm::ModulePassManager &MPM, llvm::OptimizationLevel,
          llvm::ThinOrFullLTOPhase Phase) { Callback(MPM, linkPhase(Phase)); });
#else
  PB.registerPipelineEarlySimplificationEPCallback(
      [=](llvm::ModulePassManager &MPM, llvm::OptimizationLevel) {
        Callback(MPM, LinkPhase::Unknown);
      });
#endif
}

/// Says whether inlining the second into the first is forbidden.
using InliningGuard = bool (*)(const llvm::Function &Caller,
                               const llvm::Function &Callee);

#if LLVM_VERSION_MAJOR >= 16
/// LLVM's own advisor, asked only about what \p Forbids lets pass.
template <InliningGuard Forbids>
class GuardedInlineAdvisor final : public llvm::InlineAdvisor {
public:
  GuardedInlineAdvisor(llvm::Module &M, llvm::FunctionAnalysisManager &FAM,
                       llvm::InlineParams Params, llvm::InlineContext Context)
      : InlineAdvisor(M, FAM, Context), Inner(M, FAM, Params, Context) {}

  void onPassEntry(llvm::LazyCallGraph::SCC *SCC) override {
    Inner.onPassEntry(SCC);
  }
  void onPassExit(llvm::LazyCallGraph::SCC *SCC) override {
    Inner.onPassExit(SCC);
  }

protected:
  std::unique_ptr<llvm::InlineAdvice>
  getAdviceImpl(llvm::CallBase &Call) override {
    const llvm::Function *Callee = Call.getCalledFunction();
    if (Callee && Forbids(*Call.getCaller(), *Callee))
      return std::make_unique<llvm::InlineAdvice>(
          this, Call, getCallerORE(Call), /*IsInliningRecommended=*/false);
    return Inner.getAdvice(Call);
  }

private:
  llvm::DefaultInlineAdvisor Inner;
};
#endif

/// Puts \p Forbids before the advisor of every inliner that uses \p Analyses.
/// False where LLVM lets no plugin advise (15).
template <InliningGuard Forbids>
bool guardInlining(llvm::ModuleAnalysisManager &Analyses) {
#if LLVM_VERSION_MAJOR >= 16
  Analyses.registerPass([] {
    return llvm::PluginInlineAdvisorAnalysis(
        [](llvm::Module &M, llvm::FunctionAnalysisManager &FAM,
           llvm::InlineParams Params,
           llvm::InlineContext Context) -> llvm::InlineAdvisor * {
          return new GuardedInlineAdvisor<Forbids>(M, FAM, Params, Context);
        });
  });
  return true;
#else
  (void)Analyses;
  return false;
#endif
}

/// The target that assembles for \p Triple, or null where the host has not
/// registered it. lookupTarget takes a string up to 21.
inline const llvm::Target *lookupTarget(const llvm::Triple &Triple) {
  std::string Why;
#if LLVM_VERSION_MAJOR >= 22
  return llvm::TargetRegistry::lookupTarget(Triple, Why);
#else
  return llvm::TargetRegistry::lookupTarget(Triple.str(), Why);
#endif
}

/// What TargetRegistry's create functions take for a triple: a string up to 21,
/// a Triple from 22 on.
#if LLVM_VERSION_MAJOR >= 22
inline llvm::Triple tripleArgument(const llvm::Triple &T) { return T; }
#else
inline llvm::StringRef tripleArgument(const llvm::Triple &T) {
  return T.getTriple();
}
#endif

/// The features that an ELF file says its code needs, as a feature string; it
/// cannot fail up to 15.
template <typename File>
llvm::Expected<std::string> featuresOf(const File &Object) {
#if LLVM_VERSION_MAJOR >= 16
  auto Features = Object.getFeatures();
  if (!Features)
    return Features.takeError();
  return Features->getString();
#else
  return Object.getFeatures().getString();
#endif
}

/// A streamer that writes an object file. 19 dropped the three flags, whose
/// values here are the ones that it fixed.
inline llvm::MCStreamer *
createObjectStreamer(const llvm::Target &Target, const llvm::Triple &Triple,
                     llvm::MCContext &Context,
                     std::unique_ptr<llvm::MCAsmBackend> Backend,
                     std::unique_ptr<llvm::MCObjectWriter> Writer,
                     std::unique_ptr<llvm::MCCodeEmitter> Emitter,
                     const llvm::MCSubtargetInfo &STI) {
#if LLVM_VERSION_MAJOR >= 19
  return Target.createMCObjectStreamer(Triple, Context, std::move(Backend),
                                       std::move(Writer), std::move(Emitter),
                                       STI);
#else
  return Target.createMCObjectStreamer(
      Triple, Context, std::move(Backend), std::move(Writer),
      std::move(Emitter), STI, /*RelaxAll=*/false,
      /*IncrementalLinkerCompatible=*/false, /*DWARFMustBeAtTheEnd=*/false);
#endif
}

/// A context of the machine code layer. 23 takes references, and the options
/// are those of \p Info.
inline std::unique_ptr<llvm::MCContext>
createMCContext(const llvm::Triple &Triple, const llvm::MCAsmInfo &Info,
                const llvm::MCRegisterInfo &Registers,
                const llvm::MCSubtargetInfo &STI,
                const llvm::MCTargetOptions &Options,
                const llvm::SourceMgr *Manager = nullptr) {
#if LLVM_VERSION_MAJOR >= 23
  (void)Options;
  return std::make_unique<llvm::MCContext>(Triple, Info, Registers, STI,
                                           Manager);
#else
  return std::make_unique<llvm::MCContext>(Triple, &Info, &Registers, &STI,
                                           Manager, &Options);
#endif
}

/// The target's part of \p Parser; null where it has none. 23 takes the options
/// from the parser's context.
inline std::unique_ptr<llvm::MCTargetAsmParser> createTargetAsmParser(
    const llvm::Target &Target, const llvm::MCSubtargetInfo &STI,
    llvm::MCAsmParser &Parser, const llvm::MCInstrInfo &Instructions,
    const llvm::MCTargetOptions &Options) {
#if LLVM_VERSION_MAJOR >= 23
  (void)Options;
  return std::unique_ptr<llvm::MCTargetAsmParser>(
      Target.createMCAsmParser(STI, Parser, Instructions));
#else
  return std::unique_ptr<llvm::MCTargetAsmParser>(
      Target.createMCAsmParser(STI, Parser, Instructions, Options));
#endif
}

/// Begins an object in its text section. 23 decides elsewhere about the note
/// for the stack, which we never ask for.
inline void initSections(llvm::MCStreamer &Streamer,
                         const llvm::MCSubtargetInfo &STI) {
#if LLVM_VERSION_MAJOR >= 23
  Streamer.initSections(STI);
#else
  Streamer.initSections(/*NoExecStack=*/false, STI);
#endif
}

/// Reads numbers of a given size from \p Bytes. Addresses have no size of their
/// own from 23 on: say it, with getUnsigned.
inline llvm::DataExtractor extractorOf(llvm::StringRef Bytes,
                                       bool IsLittleEndian) {
#if LLVM_VERSION_MAJOR >= 23
  return llvm::DataExtractor(Bytes, IsLittleEndian);
#else
  return llvm::DataExtractor(Bytes, IsLittleEndian, /*AddressSize=*/0);
#endif
}

/// Takes the records of debug info off \p I, which stand beside instructions
/// from 19 on.
inline void dropDebugRecords(llvm::Instruction &I) {
#if LLVM_VERSION_MAJOR >= 19
  I.dropDbgRecords();
#else
  (void)I;
#endif
}

/// What an object file is called among the outputs of code generation, which
/// are no longer plain enumerators from 18 on.
#if LLVM_VERSION_MAJOR >= 18
constexpr auto ObjectFileType = llvm::CodeGenFileType::ObjectFile;
#else
constexpr auto ObjectFileType = llvm::CGFT_ObjectFile;
#endif

/// The alignment of a section, in bytes; a number up to 15 and an Align from 16
/// on.
template <typename Section> uint64_t alignmentOf(const Section &S) {
#if LLVM_VERSION_MAJOR >= 16
  return S.getAlignment().value();
#else
  return S.getAlignment();
#endif
}

/// The options of code generation that this process was started with: those of
/// LLVM's own flags where the host has them (lld and opt do, clang does not).
inline llvm::TargetOptions targetOptions(const llvm::Triple &Triple) {
  if (llvm::cl::getRegisteredOptions().count("emulated-tls"))
    return llvm::codegen::InitTargetOptionsFromCodeGenFlags(Triple);
  llvm::TargetOptions Options;
  Options.EmulatedTLS = Triple.hasDefaultEmulatedTLS();
  return Options;
}

/// Thread-local variables by calls, as -femulated-tls; up to 16 the options
/// also say that they say so.
inline void emulateTLS(llvm::TargetOptions &Options, bool IsEmulated) {
  Options.EmulatedTLS = IsEmulated;
#if LLVM_VERSION_MAJOR < 17
  Options.ExplicitEmulatedTLS = true;
#endif
}

/// A machine of \p Target for code of \p Effort (0 to 3). createTargetMachine
/// takes a string for a triple up to 20, and levels were renamed in 18.
inline std::unique_ptr<llvm::TargetMachine> createTargetMachine(
    const llvm::Target &Target, const llvm::Triple &Triple, llvm::StringRef CPU,
    llvm::StringRef Features, const llvm::TargetOptions &Options, bool IsPIC,
    std::optional<llvm::CodeModel::Model> CodeModel, unsigned Effort) {
#if LLVM_VERSION_MAJOR >= 18
  using Level = llvm::CodeGenOptLevel;
#else
  using Level = llvm::CodeGenOpt::Level;
#endif
#if LLVM_VERSION_MAJOR >= 21
  const llvm::Triple &Name = Triple;
#else
  llvm::StringRef Name = Triple.getTriple();
#endif
#if LLVM_VERSION_MAJOR >= 16
  std::optional<llvm::CodeModel::Model> Model = CodeModel;
#else
  llvm::Optional<llvm::CodeModel::Model> Model;
  if (CodeModel)
    Model = *CodeModel;
#endif
  return std::unique_ptr<llvm::TargetMachine>(Target.createTargetMachine(
      Name, CPU, Features, Options,
      IsPIC ? llvm::Reloc::PIC_ : llvm::Reloc::Static, Model, Level(Effort)));
}

/// \p Cost in its units; 1 for what the target cannot say. getValue() answered
/// an optional up to 20.
inline uint64_t costOf(const llvm::InstructionCost &Cost) {
  if (!Cost.isValid())
    return 1;
#if LLVM_VERSION_MAJOR >= 21
  int64_t Units = Cost.getValue();
#else
  int64_t Units = *Cost.getValue();
#endif
  return uint64_t(std::max<int64_t>(0, Units));
}

/// The code model that \p M asks for; nothing for the target's own.
inline std::optional<llvm::CodeModel::Model> codeModel(const llvm::Module &M) {
  auto Model = M.getCodeModel();
  return Model ? std::optional<llvm::CodeModel::Model>(*Model) : std::nullopt;
}

/// Of each run that \p Profile (an IndexedInstrProfReader) traced, the hashes
/// of the functions in the order in which they first ran. Traces came in 17.
template <typename ProfileReader>
std::vector<std::vector<uint64_t>> temporalTraces(ProfileReader &Profile) {
  std::vector<std::vector<uint64_t>> Traces;
#if LLVM_VERSION_MAJOR >= 17
  for (const auto &Trace : Profile.getTemporalProfTraces())
    Traces.push_back(Trace.FunctionNameRefs);
#else
  (void)Profile;
#endif
  return Traces;
}

/// What summaries know the global symbol \p Name by. The function has another
/// name from 21 on.
inline uint64_t guidOfGlobal(llvm::StringRef Name) {
#if LLVM_VERSION_MAJOR >= 21
  return llvm::GlobalValue::getGUIDAssumingExternalLinkage(Name);
#else
  return llvm::GlobalValue::getGUID(Name);
#endif
}

/// What summaries know \p V by. 23 records it in the module before names and
/// linkage change, and getGUID() there wants such a record; bitcode of an
/// earlier LLVM and modules of our own have none.
inline uint64_t guidOf(const llvm::GlobalValue &V) {
#if LLVM_VERSION_MAJOR >= 23
  return V.getGUIDOrFallback();
#else
  return V.getGUID();
#endif
}

/// The routines that code generation for \p Target may call, of \p LTO
/// (lto::LTO), which keeps them in a link. Up to 18 they are those of no
/// target.
template <typename LTO> auto runtimeCallsOf(const llvm::Triple &Target) {
#if LLVM_VERSION_MAJOR >= 19
  return LTO::getRuntimeLibcallSymbols(Target);
#else
  (void)Target;
  return LTO::getRuntimeLibcallSymbols();
#endif
}

/// The hash of the one module that \p Summary, of an object, is about; zeros
/// where it has none. It is beside the number of the module up to 17.
template <typename Index> auto hashOfModule(const Index &Summary) {
  auto Module = Summary.modulePaths().begin();
#if LLVM_VERSION_MAJOR >= 18
  using Hash = std::decay_t<decltype(Module->second)>;
  return Module == Summary.modulePaths().end() ? Hash() : Module->second;
#else
  using Hash = std::decay_t<decltype(Module->second.second)>;
  return Module == Summary.modulePaths().end() ? Hash() : Module->second.second;
#endif
}

} // namespace compat
} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_LLVMCOMPAT_H
