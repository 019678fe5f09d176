//===- Assembler.cpp - Assembly text into an ELF object, in memory --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Asm/Assembler.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCInstrAnalysis.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCObjectFileInfo.h"
#include "llvm/MC/MCParser/MCAsmParser.h"
#include "llvm/MC/MCParser/MCAsmParserExtension.h"
#include "llvm/MC/MCParser/MCTargetAsmParser.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

struct Assembler::Machine {
  explicit Machine(const llvm::Triple &Triple) : Triple(Triple) {}

  llvm::Triple Triple;
  const Target *T = nullptr;
  MCTargetOptions Options;
  std::unique_ptr<MCRegisterInfo> Registers;
  std::unique_ptr<MCAsmInfo> Info;
  std::unique_ptr<MCInstrInfo> Instructions;
  std::unique_ptr<MCInstrAnalysis> Analysis;
};

Assembler::Assembler(const llvm::Triple &Triple)
    : M(std::make_unique<Machine>(Triple)) {
  M->T = compat::lookupTarget(Triple);
  if (!M->T || !M->T->hasMCAsmBackend() || !M->T->hasMCAsmParser()) {
    M->T = nullptr;
    return;
  }
  M->Registers.reset(M->T->createMCRegInfo(compat::tripleArgument(Triple)));
  M->Info.reset(M->T->createMCAsmInfo(
      *M->Registers, compat::tripleArgument(Triple), M->Options));
  M->Instructions.reset(M->T->createMCInstrInfo());
  M->Analysis.reset(M->T->createMCInstrAnalysis(M->Instructions.get()));
}

Assembler::~Assembler() = default;

bool Assembler::isAvailable() const { return M->T; }

namespace {
/// The first thing that the assembler finds fault with. Nothing is printed:
/// the host says it again when it assembles the text itself.
struct FirstFault {
  std::string Message;

  void keep(const SMDiagnostic &Diagnostic) {
    if (Diagnostic.getKind() != SourceMgr::DK_Error || !Message.empty())
      return;
    if (Diagnostic.getLineNo() > 0)
      Message = ("line " + Twine(Diagnostic.getLineNo()) + ": ").str();
    Message += Diagnostic.getMessage();
  }
  static void keepOf(const SMDiagnostic &Diagnostic, void *Self) {
    static_cast<FirstFault *>(Self)->keep(Diagnostic);
  }
};
} // namespace

namespace {
/// Replaces directives by which a text reaches beyond itself. It comes from
/// bitcode that may be anybody's: it must not open files of this machine
/// (`.incbin` of a pipe never ends) nor ask for more memory than it is worth.
/// The parser asks extensions before it looks at its own directives.
class BoundedDirectives : public MCAsmParserExtension {
public:
  void Initialize(MCAsmParser &Parser) override {
    MCAsmParserExtension::Initialize(Parser);
    // Its own directives are found in either case, those of extensions not.
    for (StringRef Name : {".incbin", ".include"})
      addInEachCase(Name.str(), 1);
    for (StringRef Name : {".zero", ".space", ".skip"})
      addInEachCase(Name.str(), 1, /*IsFill=*/true);
    getParser().addDirectiveHandler(
        ".size",
        {this, HandleDirective<BoundedDirectives, &BoundedDirectives::size>});
    getParser().addDirectiveHandler(
        ".weakref",
        {this,
         HandleDirective<BoundedDirectives, &BoundedDirectives::weakref>});
  }

private:
  /// The largest of real code are far below.
  static constexpr int64_t MaxFill = 64 << 20;

  void addInEachCase(std::string Name, size_t At, bool IsFill = false) {
    if (At == Name.size()) {
      // The parser keeps a view of it.
      StringRef Kept = Names.insert(Name).first->getKey();
      MCAsmParser::DirectiveHandler Handler =
          IsFill
              ? HandleDirective<BoundedDirectives, &BoundedDirectives::fill>
              : HandleDirective<BoundedDirectives, &BoundedDirectives::refuse>;
      getParser().addDirectiveHandler(Kept, {this, Handler});
      return;
    }
    for (char C : {toLower(Name[At]), toUpper(Name[At])}) {
      Name[At] = C;
      addInEachCase(Name, At + 1, IsFill);
    }
  }

  bool refuse(StringRef Directive, SMLoc Where) {
    return Error(Where, Directive + " opens a file, which is not done here");
  }

  /// As the parser's own parseDirectiveSpace() does it.
  bool fill(StringRef Directive, SMLoc Where) {
    const MCExpr *Count = nullptr;
    int64_t Value = 0, Bytes = 0;
    if (getParser().checkForValidSection() ||
        getParser().parseExpression(Count))
      return true;
    if (getParser().parseOptionalToken(AsmToken::Comma) &&
        getParser().parseAbsoluteExpression(Value))
      return true;
    if (getParser().parseEOL())
      return true;
    if (Count->evaluateAsAbsolute(Bytes) && Bytes > MaxFill)
      return Error(Where, Directive + " of more than 64 MiB, which is not "
                                      "assembled here");
    getStreamer().emitFill(*Count, Value, Where);
    return false;
  }

  /// As ELFAsmParser's own handler does it, for sizes that are known here:
  /// LLVM's ELFWriter ends the process where one is not absolute. A symbol
  /// whose size is left out ends where the next one begins.
  bool size(StringRef, SMLoc) {
    StringRef Name;
    const MCExpr *Size = nullptr;
    if (getParser().parseIdentifier(Name))
      return TokError("expected identifier");
    if (getParser().parseToken(AsmToken::Comma, "expected comma") ||
        getParser().parseExpression(Size) || getParser().parseEOL())
      return true;
    if (isAbsolute(*Size))
      getStreamer().emitELFSize(getContext().getOrCreateSymbol(Name), Size);
    return false;
  }

  /// A number, or the distance of two labels of one section.
  static bool isAbsolute(const MCExpr &E) {
    int64_t Value;
    if (E.evaluateAsAbsolute(Value))
      return true;
    auto *Binary = dyn_cast<MCBinaryExpr>(&E);
    if (!Binary || Binary->getOpcode() != MCBinaryExpr::Sub)
      return false;
    const MCSymbol *End = labelOf(*Binary->getLHS());
    const MCSymbol *Begin = labelOf(*Binary->getRHS());
    return End && Begin && &End->getSection() == &Begin->getSection();
  }

  static const MCSymbol *labelOf(const MCExpr &E) {
    auto *Reference = dyn_cast<MCSymbolRefExpr>(&E);
    if (!Reference || unsigned(Reference->getKind()) != 0) // As `f@PLT` has.
      return nullptr;
    const MCSymbol &Symbol = Reference->getSymbol();
    return !Symbol.isVariable() && Symbol.isInSection() ? &Symbol : nullptr;
  }

  /// As ELFAsmParser's own handler does it, but for an alias of an alias: LLVM
  /// follows a circle of them without end.
  bool weakref(StringRef Directive, SMLoc Where) {
    StringRef Alias, Target;
    if (getParser().parseIdentifier(Alias) ||
        getParser().parseToken(AsmToken::Comma, "expected comma") ||
        getParser().parseIdentifier(Target))
      return TokError("expected two names");
    MCSymbol *Symbol = getContext().getOrCreateSymbol(Target);
    if (Symbol->isVariable() || Alias == Target)
      return Error(Where, Directive + " of another alias is not read here");
    getStreamer().emitWeakReference(getContext().getOrCreateSymbol(Alias),
                                    Symbol);
    return false;
  }

  StringSet<> Names;
};
} // namespace

/// The directive of \p Text that repeats, pads or aligns by so large a number
/// that its object would not fit into memory; empty where there is none. LLVM's
/// parser takes each for what it says. Numbers that expressions or macros make
/// are not seen.
static StringRef boundlessDirective(StringRef Text, bool AlignIsInBytes) {
  constexpr uint64_t MaxCopies = 1 << 20, MaxBytes = 64 << 20;
  SmallVector<uint64_t, 4> Copies = {1}; // By open .rept.
  while (!Text.empty()) {
    StringRef Line =
        Text.take_until([](char C) { return C == '\n' || C == ';'; });
    Text = Text.substr(Line.size() + 1);
    StringRef Rest = Line.substr(Line.rfind(':') + 1).ltrim(" \t"); // A label.
    StringRef Name =
        Rest.take_while([](char C) { return isAlnum(C) || C == '.'; });
    bool IsRepeat =
        Name.equals_insensitive(".rept") || Name.equals_insensitive(".rep");
    bool IsFill = Name.equals_insensitive(".fill") ||
                  Name.equals_insensitive(".org") ||
                  Name.equals_insensitive(".balign") ||
                  Name.take_front(4).equals_insensitive(".dcb");
    bool IsAlign = Name.equals_insensitive(".align");
    bool IsPower =
        Name.equals_insensitive(".p2align") || (IsAlign && !AlignIsInBytes);
    IsFill |= IsAlign && AlignIsInBytes;
    if (Name.equals_insensitive(".endr") && Copies.size() > 1)
      Copies.pop_back();
    if (!IsRepeat && !IsFill && !IsPower)
      continue;
    uint64_t Number = 1;
    Rest = Rest.substr(Name.size()).ltrim(" \t");
    if (Rest.take_while(isAlnum).getAsInteger(0, Number))
      Number = 1;
    if (IsRepeat)
      Copies.push_back(SaturatingMultiply(Copies.back(), Number));
    if (IsPower && Number < 64 && Number > 24)
      Number = MaxBytes + 1;
    if (Copies.back() > MaxCopies || (!IsRepeat && Number > MaxBytes))
      return Name;
  }
  return "";
}

namespace {
/// What an MCCodeEmitter of this LLVM writes into: a stream or a vector.
template <typename Method> struct OutputOf;
template <typename Output, typename... Rest>
struct OutputOf<void (MCCodeEmitter::*)(const MCInst &, Output &, Rest...)
                    const> {
  using Type = Output;
};
using EncodedBytes =
    OutputOf<decltype(&MCCodeEmitter::encodeInstruction)>::Type;

/// Sees each instruction on its way into the object.
class JumpCounter final : public MCCodeEmitter {
public:
  JumpCounter(std::unique_ptr<MCCodeEmitter> Inner,
              const MCInstrAnalysis &Analysis, MCRegister Return,
              unsigned &Jumps)
      : Inner(std::move(Inner)), Analysis(Analysis), Return(Return),
        Jumps(Jumps) {}

  void encodeInstruction(const MCInst &Inst, EncodedBytes &Bytes,
                         SmallVectorImpl<MCFixup> &Fixups,
                         const MCSubtargetInfo &STI) const override {
    Jumps += goesByRegister(Inst);
    Inner->encodeInstruction(Inst, Bytes, Fixups, STI);
  }

private:
  bool goesByRegister(const MCInst &Inst) const {
    if (Analysis.isReturn(Inst))
      return false;
    // Arm's `bx lr` is one of its jumps.
    if (Analysis.isIndirectBranch(Inst))
      return none_of(Inst, [&](const MCOperand &O) {
        return O.isReg() && Return && O.getReg() == Return;
      });
    return Analysis.isCall(Inst) &&
           none_of(Inst, [](const MCOperand &O) { return O.isExpr(); });
  }

  std::unique_ptr<MCCodeEmitter> Inner;
  const MCInstrAnalysis &Analysis;
  MCRegister Return; ///< Where a call leaves the address to return to.
  unsigned &Jumps;
};
} // namespace

/// AArch64 code in a kernel uses what its `.arch_extension`s allow, and inline
/// asm what its function's attributes do: here everything is allowed, because
/// the text is judged again by the host when it makes code.
static std::string allFeatures(const Triple &T, StringRef Features) {
  if (!T.isAArch64())
    return Features.str();
  return Features.empty() ? "+all" : ("+all," + Features).str();
}

StringRef Assembler::commentString() const {
  return M->Info->getCommentString();
}

StringRef Assembler::separator() const { return M->Info->getSeparatorString(); }

unsigned Assembler::dialect() const { return M->Info->getAssemblerDialect(); }

Expected<SmallVector<char, 0>>
Assembler::assemble(StringRef Text, StringRef CPU, StringRef Features,
                    unsigned *RegisterJumps) const {
  if (!isAvailable())
    return plainError("the host has no assembler for " + M->Triple.str());
  if (StringRef Name =
          boundlessDirective(Text, M->Info->getAlignmentIsInBytes());
      !Name.empty())
    return plainError(Name + " of so large a number is not assembled here");
  SourceMgr Manager;
  FirstFault Fault;
  Manager.setDiagHandler(FirstFault::keepOf, &Fault);
  Manager.AddNewSourceBuffer(MemoryBuffer::getMemBufferCopy(Text, "asm"),
                             SMLoc());
  std::unique_ptr<MCSubtargetInfo> STI(
      M->T->createMCSubtargetInfo(compat::tripleArgument(M->Triple), CPU,
                                  allFeatures(M->Triple, Features)));
  std::unique_ptr<MCContext> OwnedContext = compat::createMCContext(
      M->Triple, *M->Info, *M->Registers, *STI, M->Options, &Manager);
  MCContext &Context = *OwnedContext;
  // What has a place goes to Manager's handler, the rest to this one.
  Context.setDiagnosticHandler(
      [&Fault](const SMDiagnostic &Diagnostic, bool, const SourceMgr &,
               std::vector<const MDNode *> &) { Fault.keep(Diagnostic); });
  std::unique_ptr<MCObjectFileInfo> ObjectInfo(
      M->T->createMCObjectFileInfo(Context, /*PIC=*/false));
  Context.setObjectFileInfo(ObjectInfo.get());

  SmallVector<char, 0> Object;
  raw_svector_ostream OS(Object);
  std::unique_ptr<MCAsmBackend> Backend(
      M->T->createMCAsmBackend(*STI, *M->Registers, M->Options));
  std::unique_ptr<MCCodeEmitter> Emitter(
      M->T->createMCCodeEmitter(*M->Instructions, Context));
  if (RegisterJumps && M->Analysis) {
    *RegisterJumps = 0;
    Emitter = std::make_unique<JumpCounter>(std::move(Emitter), *M->Analysis,
                                            M->Registers->getRARegister(),
                                            *RegisterJumps);
  }
  std::unique_ptr<MCObjectWriter> Writer = Backend->createObjectWriter(OS);
  std::unique_ptr<MCStreamer> Streamer(compat::createObjectStreamer(
      *M->T, M->Triple, Context, std::move(Backend), std::move(Writer),
      std::move(Emitter), *STI));
  compat::initSections(*Streamer, *STI);
  std::unique_ptr<MCAsmParser> Parser(
      createMCAsmParser(Manager, Context, *Streamer, *M->Info));
  std::unique_ptr<MCTargetAsmParser> TargetParser =
      compat::createTargetAsmParser(*M->T, *STI, *Parser, *M->Instructions,
                                    M->Options);
  if (!TargetParser)
    return plainError("the host has no assembler for " + M->Triple.str());
  Parser->setTargetParser(*TargetParser);
  BoundedDirectives Bounds;
  Bounds.Initialize(*Parser);
  if (Parser->Run(/*NoInitialTextSection=*/true) || Context.hadError() ||
      !Fault.Message.empty())
    return plainError(Fault.Message.empty() ? "cannot be assembled"
                                            : Fault.Message);
  return Object;
}

Expected<SmallVector<char, 0>> assembleModuleAsm(const Module &M) {
  StringRef CPU, Features;
  for (const Function &F : M)
    if (F.hasFnAttribute("target-features")) {
      Features = F.getFnAttribute("target-features").getValueAsString();
      CPU = F.getFnAttribute("target-cpu").getValueAsString();
      break;
    }
  return Assembler(compat::targetTriple(M))
      .assemble(M.getModuleInlineAsm(), CPU, Features);
}

} // namespace section_placement
