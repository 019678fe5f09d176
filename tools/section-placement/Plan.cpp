//===- Plan.cpp - section-placement plan ----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The whole program, the same planner, and a policy that names its functions
// for backends that see one module each.
//
//===----------------------------------------------------------------------===//

#include "AfterFailure.h"
#include "Inputs.h"
#include "JsonOption.h"
#include "LinkCommandOption.h"
#include "NativeNames.h"
#include "Progress.h"
#include "Subcommand.h"
#include "section-placement/Explain/ExplainNatives.h"
#include "section-placement/Explain/JsonPlan.h"
#include "section-placement/Explain/Promises.h"
#include "section-placement/Link/NativeInputs.h"
#include "section-placement/Objects/NativeMembers.h"
#include "section-placement/Plan/Escapes.h"
#include "section-placement/PlanFile/LiteralPolicy.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/LLVMCompat.h"
#include "section-placement/Support/OutputFile.h"
#include "section-placement/Support/Quoting.h"
#include "section-placement/Support/TextWriter.h"
#include "section-placement/Whole/LiveCode.h"
#include "section-placement/Whole/TrainingProfile.h"
#include "section-placement/Whole/WholeProgram.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/ModuleSummaryIndex.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <deque>

using namespace llvm;
using namespace section_placement;

static cl::SubCommand
    PlanCommand("plan", "Plan a whole program, and write a literal policy");
static constexpr char Example[] = R"(
EXAMPLE:

  section-placement plan --policy policy.yaml a.o b.o lib.a entry.o -o plan.yaml

  Reads the summaries of the bitcode (or a combined index, which names the
  modules) and the native objects, grows across modules, and writes a policy for
  ThinLTO backends, which see one module each. Lists of names go beside it.

EXIT CODES:

  0  all well
  1  no function is claimed, a name that nothing answers to, or 'closed' or
     'max-size' does not hold
  2  bad input or usage
)";
static cl::opt<std::string> PolicyFile("policy", cl::Required,
                                       cl::desc("The policy to plan"),
                                       cl::value_desc("FILE"),
                                       cl::sub(PlanCommand));
static cl::opt<std::string> OutputFile("o", cl::Required,
                                       cl::desc("Write the plan there"),
                                       cl::value_desc("FILE"),
                                       cl::sub(PlanCommand));
static cl::opt<std::string> ProfileFile("profile",
                                        cl::desc("Read which functions ran"),
                                        cl::value_desc("FILE"),
                                        cl::sub(PlanCommand));
static cl::opt<std::string>
    AfterFolder("after", cl::value_desc("DIR"), cl::sub(PlanCommand),
                cl::desc("Take up what closed rules met in a failed link"));
static cl::opt<bool> ReadBodies("read-bodies",
                                cl::desc("Read the code, not summaries alone"),
                                cl::sub(PlanCommand));
static cl::opt<std::string>
    SymbolOrderFile("symbol-ordering-file",
                    cl::desc("Write the order for a final link"),
                    cl::value_desc("FILE"), cl::sub(PlanCommand));
static cl::opt<std::string>
    LinkerScript("linker-script",
                 cl::desc("Write a linker script for the groups"),
                 cl::value_desc("FILE"), cl::sub(PlanCommand));
static cl::opt<std::string>
    RegionName("region", cl::value_desc("name"), cl::sub(PlanCommand),
               cl::desc("Put the script's groups into this region"));
static cl::opt<std::string>
    LoadName("load", cl::value_desc("name"), cl::sub(PlanCommand),
             cl::desc("With --region: load them from this region"));
static cl::list<std::string>
    InputFiles(cl::Positional, cl::desc("BITCODE|INDEX|OBJECT|ARCHIVE..."),
               cl::sub(PlanCommand));

static LinkCommandOption TheLink(PlanCommand);
static JsonOption TheJson(PlanCommand);

static Expected<int> plan();
static RegisterSubcommand Registration(PlanCommand, plan, Example);

namespace {
class Planning {
public:
  Planning(Policy &P, const LinkFacts *Link)
      : P(P), Root(P.Root), Wanted(interestOf(P)),
        Whole(Wanted, Root, ReadBodies),
        LeftOut(Wanted, Root, /*ReadsBodies=*/false), Link(Link) {
    if (!Link)
      return;
    Whole.setLink(*Link);
    Settings = codegenSettingsOf(*Link);
  }

  Error read(const ToolInputs &Inputs);
  Expected<int> finish();

private:
  static Interest interestOf(const Policy &P);
  void findLiveCode();
  void tellDropped(const Program &Prog) const;
  Error readIndex(MemoryBufferRef Bytes, StringRef Name);
  Error readBitcode(const ToolInputs &Inputs, const StringSet<> *Only);
  void readPromotedSuffix(MemoryBufferRef Bytes);
  Error readNatives(const ToolInputs &Inputs);
  Error readProfile(Program &Prog) const;
  Error takeFailure(const Program &Prog);
  Error planAndCompile(Program &Prog);
  Sight sight() const;
  bool isMet(const Planned &What, const LiteralPolicy &Plan);
  void tell(const Planned &What, const LiteralPolicy &Plan) const;
  Error write(const Planned &What, const LiteralPolicy &Plan) const;
  std::string verdict(const Planned &What) const;

  Policy &P;
  std::optional<RuleIndex> Index; ///< Of P as it is after takeFailure().
  SourceRoot Root;
  Interest Wanted;
  WholeProgram Whole;
  WholeProgram LeftOut; ///< Of files that the link does not take in.
  const LinkFacts *Link;
  std::optional<LiveCode> Live;
  std::deque<ToolInputs> OfIndex;
  CodegenSettings Settings;
  CompiledFacts Facts;
  std::optional<Plan> ThePlan;
  uint32_t BitcodeSymbols = 0;
  std::unique_ptr<NativeInputs> Natives;
  std::vector<NativeNeed> Needs; ///< Of ThePlan.
  Policy AllNativesPolicy;
  std::unique_ptr<NativeInputs> AllNatives;
  std::optional<NativeMembers> Members;
  std::vector<PromotedSuffix> Promoted;
  Progress Shown;
};
} // namespace

/// Local functions are written with their source, whatever rules ask for.
Interest Planning::interestOf(const Policy &P) {
  Interest I = P.interest();
  I.Sources = true;
  I.Guids = !ProfileFile.empty();
  return I;
}

/// A combined index has no names: it tells which modules are in the link, and
/// they are read.
Error Planning::readIndex(MemoryBufferRef Bytes, StringRef Name) {
  Expected<std::unique_ptr<ModuleSummaryIndex>> Combined =
      getModuleSummaryIndex(Bytes);
  if (!Combined)
    return errorReading(Name, Combined.takeError());
  std::vector<std::string> Files;
  StringSet<> Members, Seen;
  for (const auto &Path : (*Combined)->modulePaths()) {
    InputName Module = InputName::parse(Path.first());
    // `lib.a(member.o at 1234)`
    size_t At = StringRef(Module.Member).rfind(" at ");
    if (At == StringRef::npos)
      Module = {Path.first().str(), ""};
    else
      Module.Member.resize(At);
    Members.insert(Module.key());
    StringRef File = Module.File;
    if (Seen.insert(File).second)
      Files.push_back(File.str());
  }
  llvm::sort(Files);
  if (Files.empty())
    return errorIn(Name, "is a summary index that names no module");
  Expected<ToolInputs> Modules = ToolInputs::open(Files);
  if (!Modules)
    return joinErrors(errorIn(Name, "names modules that cannot be read; run "
                                    "in the folder that the link ran in"),
                      Modules.takeError());
  OfIndex.push_back(std::move(*Modules)); // The bitcode is read again.
  return readBitcode(OfIndex.back(), &Members);
}

Error Planning::readBitcode(const ToolInputs &Inputs, const StringSet<> *Only) {
  for (const ToolInputs::Bitcode &Input : Inputs.bitcode()) {
    std::string Name = Input.Name.str();
    Shown(Name);
    if (Only && !Only->count(Input.Name.key()))
      continue;
    if (Live && !Live->linked().contains(Input.Name, Input.Offset)) {
      if (Error E = LeftOut.addBitcode(Input.Bytes, Name))
        return E;
      continue;
    }
    bool IsIndex = Input.Triple.empty() && !Only;
    if (Error E = IsIndex ? readIndex(Input.Bytes, Name)
                          : Whole.addBitcode(Input.Bytes, Name))
      return E;
    if (!IsIndex)
      readPromotedSuffix(Input.Bytes);
  }
  return Error::success();
}

/// The link makes it of the module's hash, which stands in its summary. A file
/// of two modules has one for ThinLTO.
void Planning::readPromotedSuffix(MemoryBufferRef Bytes) {
  if (SymbolOrderFile.empty())
    return;
  std::string Suffix;
  auto Parts = cantFail(getBitcodeModuleList(Bytes)); // It was read before.
  for (BitcodeModule &Part : Parts) {
    Expected<std::unique_ptr<ModuleSummaryIndex>> Summary = Part.getSummary();
    if (!Summary) { // As where the module has none.
      consumeError(Summary.takeError());
      continue;
    }
    ModuleHash Hash = compat::hashOfModule(**Summary);
    if (any_of(Hash, [](uint32_t Word) { return Word != 0; }))
      Suffix = ModuleSummaryIndex::getGlobalNameForLocal("", Hash);
  }
  Promoted.push_back({Whole.symbolCount(), std::move(Suffix)});
}

Error Planning::readNatives(const ToolInputs &Inputs) {
  Expected<std::unique_ptr<NativeInputs>> Read = readNativeInputs(
      P, Inputs.files(), Inputs.machine(),
      /*TakesFatBitcode=*/false, [&](const InputFile &I) {
        return !Live || Live->linked().contains(I.Name, I.Offset);
      });
  if (!Read)
    return Read.takeError();
  Natives = std::move(*Read);
  // For telling a native callee from a missing one.
  Expected<Glob> Any = Glob::compile("**", Glob::Dialect::Path);
  if (!Any)
    return Any.takeError();
  AllNativesPolicy.Natives.push_back({std::move(*Any), {}});
  Read = readNativeInputs(AllNativesPolicy, Inputs.files(), Inputs.machine());
  if (!Read)
    return Read.takeError();
  AllNatives = std::move(*Read);
  Members.emplace(std::vector<std::string>(Inputs.files()), Inputs.machine());
  Whole.setMembers(*Members);
  Whole.addNatives(Natives->Facts, AllNatives->Facts);
  if (LeftOut.moduleCount())
    Whole.addLeftOut(LeftOut.finish());
  return Error::success();
}

Error Planning::readProfile(Program &Prog) const {
  if (ProfileFile.empty())
    return Error::success();
  Expected<std::unique_ptr<MemoryBuffer>> Bytes = readInputFile(ProfileFile);
  if (!Bytes)
    return Bytes.takeError();
  Expected<TrainingMatch> Match = readTrainingProfile(std::move(*Bytes), Prog);
  if (!Match)
    return Match.takeError();
  if (!Match->Functions)
    return errorIn(ProfileFile, "mentions no function of these inputs: it is "
                                "another program's, or of other paths");
  if (Match->Known < Match->Told - Match->Known)
    printNote(ProfileFile + " mentions " + counted(Match->Told, "function") +
              ", of which these inputs have " + inThousands(Match->Known) +
              ": is it of this program, as it is now?");
  return Error::success();
}

Error Planning::takeFailure(const Program &Prog) {
  if (AfterFolder.empty())
    return Error::success();
  Expected<ReportFolder> Folder = readReports(AfterFolder);
  if (!Folder)
    return Folder.takeError();
  Expected<std::vector<std::string>> Said =
      takeEscapes(P, Prog, Folder->Reports);
  if (!Said)
    return Said.takeError();
  if (Said->empty())
    Said->push_back("the reports in " + AfterFolder +
                    " mention nothing that a closed rule met outside");
  for (const std::string &Line : *Said)
    printNote(Line);
  return Error::success();
}

/// What the link drops is not planned, where it is known.
void Planning::findLiveCode() {
  if (!Link)
    return; // The verdict says it.
  Expected<LiveCode> Known = LiveCode::create(*Link);
  if (!Known)
    return printNote("functions that the link drops are planned as well: " +
                     toString(Known.takeError()));
  Live.emplace(std::move(*Known));
  Wanted.Guids = true;
  Whole.setLive(*Live);
}

void Planning::tellDropped(const Program &Prog) const {
  static constexpr size_t MaximumNamed = 5;
  std::vector<std::string> Names;
  for (const Symbol &S : Prog.Symbols)
    if (S.IsDropped && !S.isVariable())
      Names.push_back(S.Canonical.str());
  if (Names.empty())
    return;
  llvm::sort(Names);
  size_t Others = Names.size() - std::min(Names.size(), MaximumNamed);
  std::string Text = "the link drops " + counted(Names.size(), "function") +
                     ", which this plan leaves out: ";
  Text += join(ArrayRef<std::string>(Names).take_front(MaximumNamed), ", ");
  if (Others)
    Text += " and " + std::to_string(Others) + " more";
  printNote(Text);
}

Error Planning::read(const ToolInputs &Inputs) {
  findLiveCode();
  if (Error E = readBitcode(Inputs, nullptr))
    return E;
  if (!Whole.moduleCount() && LeftOut.moduleCount())
    return plainError(
        "the link takes in none of the bitcode: each is a member "
        "of an archive, or stands behind --start-lib, and nothing "
        "refers to it");
  if (!Whole.moduleCount())
    return plainError("none of the inputs has bitcode in it: give the objects "
                      "that the LTO link is given");
  BitcodeSymbols = Whole.symbolCount();
  return readNatives(Inputs);
}

/// What has to hold of functions was compiled; the rest is estimated.
Sight Planning::sight() const {
  return {/*IsWholeProgram=*/true,
          Facts.Failed.empty() ? SizePrecision::Compiled
                               : SizePrecision::Summaries,
          &Facts};
}

/// As a backend does: plans, and compiles what a rule that asks for it has
/// claimed. What that finds may make the rule grow, so until nothing new is
/// claimed.
Error Planning::planAndCompile(Program &Prog) {
  static const bool CanCompile = [] {
    InitializeAllTargets();
    InitializeAllAsmPrinters();
    return true;
  }();
  (void)CanCompile;
  for (;;) {
    ThePlan = makePlan(Prog, *Index);
    std::vector<uint32_t> Wanted =
        wantedCode(Facts, *Index, *ThePlan, BitcodeSymbols);
    if (Wanted.empty())
      return Error::success();
    if (Error E = Whole.compile(Wanted, Facts, Settings))
      return E;
  }
}

void Planning::tell(const Planned &What, const LiteralPolicy &Plan) const {
  auto Say = [](StringRef Text) { printNote(Text); };
  for (const std::string &Line : explainNatives(Natives->Notes))
    Say(Line);
  static constexpr size_t MaximumTold = 20;
  ArrayRef<Refusal> Refusals = What.ThePlan.Refusals;
  for (const Refusal &R : Refusals.take_front(MaximumTold))
    Say(explainRefusal(What, R));
  if (Refusals.size() > MaximumTold)
    Say(std::to_string(Refusals.size() - MaximumTold) + " more refusals");
  for (const std::string &Line : explainTold(What))
    Say(Line);
  for (const std::string &Line : tellPromises(What, sight()))
    Say(Line);
  for (const PlanFileNote &Note : Plan.Notes)
    Say(explainPlanFileNote(What, Note));
  for (const NativeNeed &Need : Needs)
    Say("rule '" + What.Index.rule(Need.Rule).R->Name + "' reaches '" +
        Need.Symbol + "' of " + Need.Member +
        ", native code that no pass can move; the linker script moves it by '" +
        scriptSelector(Need.Member) + "'");
  if (Wanted.Weights && ProfileFile.empty() && Whole.hasProfiledSummary())
    Say("'order: affinity' does without the profile that these objects were "
        "compiled with: their summaries do not say what ran; --read-bodies "
        "reads the counts, --profile FILE the runs");
}

/// Reports what the policy asks for and these inputs do not hold. A name that
/// nothing answers to would be lost with the plan, whose rules are optional.
bool Planning::isMet(const Planned &What, const LiteralPolicy &Plan) {
  std::vector<Diagnostic> Messages = brokenPromises(What, sight());
  if (!Messages.empty())
    printNote("a plan inlines nothing across modules, so it may ask for more "
              "than the link does");
  std::vector<UnansweredName> Unanswered = unansweredNames(What.P, *Index);
  takeNativeNames(Unanswered, *Members, Link);
  suggestNames(What.P, Unanswered);
  for (const UnansweredName &N : Unanswered)
    Messages.push_back(explainUnanswered(*Index, N));
  if (Messages.empty() && Plan.Text.empty())
    Messages.push_back({{}, "no rule claims a function of these inputs"});
  for (const Diagnostic &Message : Messages)
    section_placement::tell(errs(), Message, SourceMgr::DK_Error);
  return Messages.empty();
}

Error Planning::write(const Planned &What, const LiteralPolicy &Plan) const {
  StringRef Folder = sys::path::parent_path(OutputFile);
  for (const auto &[Name, Text] : Plan.Lists) {
    SmallString<128> Path(Folder);
    sys::path::append(Path, Name);
    if (Error E = writeOutputFile(Path, Text))
      return E;
  }
  auto WriteMore = [](StringRef File, Expected<std::string> Text) {
    return Text ? writeOutputFile(File, *Text) : Text.takeError();
  };
  if (!SymbolOrderFile.empty())
    if (Error E = WriteMore(SymbolOrderFile, writeSymbolOrder(What, Promoted)))
      return E;
  if (!LinkerScript.empty())
    if (Error E =
            WriteMore(LinkerScript,
                      writeLinkerScript(What, Needs, {RegionName, LoadName})))
      return E;
  // Last: who sees the plan sees its lists.
  return writeOutputFile(OutputFile, Plan.Text);
}

/// What the plan that was written holds, in one line. It goes to standard
/// error, as the notes do: -o may be standard output.
std::string Planning::verdict(const Planned &What) const {
  uint64_t Functions = 0, Variables = 0, Acting = 0;
  for (const RuleTotals &T : ThePlan->Totals) {
    Functions += T.Claimed;
    Variables += T.Variables;
    Acting += T.Claimed || T.Variables || T.Inside;
  }
  std::string Text = counted(Functions, "function");
  if (Variables)
    Text += " and " + counted(Variables, "variable");
  Text += " of " + counted(Acting, "rule");
  if (!ProfileFile.empty()) {
    size_t Ran = 0;
    for (auto [S, P] : zip(What.P.Symbols, What.ThePlan.Placements))
      Ran += P.Rule != NoIndex && S.InTraining == Training::Ran;
    Text += ", of which " + inThousands(Ran) + " ran";
  }
  if (size_t Refused = ThePlan->Refusals.size())
    Text += ", " + counted(Refused, "refusal");
  Text += ", in " + (OutputFile == "-" ? "<stdout>" : std::string(OutputFile));
  if (!Link)
    Text += "; without the link's command, what it drops is planned, too";
  return Text;
}

/// \p Root, which is absolute, as seen from the folder of the plan: a plan that
/// is kept in a tree names no folder of a machine.
static std::string rootSeenFrom(StringRef PlanFile, StringRef Root) {
  SmallString<128> Folder(sys::path::parent_path(PlanFile));
  if (Folder.empty())
    Folder = ".";
  if (sys::fs::make_absolute(Folder))
    return Root.str();
  sys::path::remove_dots(Folder, /*remove_dot_dot=*/true);
  auto Here = sys::path::begin(Folder), HereEnd = sys::path::end(Folder);
  auto There = sys::path::begin(Root), ThereEnd = sys::path::end(Root);
  while (Here != HereEnd && There != ThereEnd && *Here == *There)
    ++Here, ++There;
  SmallString<128> Result;
  for (; Here != HereEnd; ++Here)
    sys::path::append(Result, "..");
  for (; There != ThereEnd; ++There)
    sys::path::append(Result, *There);
  return Result.empty() ? "." : Result.str().str();
}

/// What was written, where \p IsWritten.
static void writeJsonFiles(json::OStream &J, const LiteralPolicy &Plan,
                           bool IsWritten) {
  std::vector<std::string> Lists;
  for (const auto &[Name, Text] : Plan.Lists) {
    SmallString<128> Path(sys::path::parent_path(OutputFile));
    sys::path::append(Path, Name);
    Lists.push_back(Path.str().str());
  }
  J.attributeObject("written", [&] {
    if (!IsWritten)
      return;
    writeText(J, "policy", OutputFile);
    writeTexts(J, "lists", Lists);
    writeTextIfAny(J, "symbolOrderingFile", SymbolOrderFile);
    writeTextIfAny(J, "linkerScript", LinkerScript);
  });
}

Expected<int> Planning::finish() {
  Program &Prog = Whole.finish();
  if (Error E = readProfile(Prog))
    return E;
  if (Error E = takeFailure(Prog))
    return E;
  tellDropped(Prog);
  Index.emplace(P);
  if (Error E = planAndCompile(Prog))
    return E;
  Shown.clear();
  if (ThePlan->Missing.Rule != NoIndex)
    return errorAt(Index->rule(ThePlan->Missing.Rule).R->Where,
                   explainMissingSources(*Index, ThePlan->Missing));
  Planned What{Prog, *Index, *ThePlan};
  Needs = findNativeNeeds(What, *Members);
  std::string Root = rootSeenFrom(OutputFile, P.Root);
  for (StringRef Written : {StringRef(Root), StringRef(OutputFile)})
    if (!isUnicode(Written))
      return plainError(inQuotes(Written) +
                        " is not UTF-8, and a plan cannot name it: plan in "
                        "another folder");
  LiteralPolicy Literal =
      writeLiteralPolicy(What, sys::path::stem(OutputFile), Root);
  tell(What, Literal);
  auto Finish = [&](int Code) {
    return TheJson.finish(Code, [&](json::OStream &J) {
      writeJsonFiles(J, Literal, Code == AllWell);
      writeJsonRules(J, P, ThePlan->Totals);
      writeJsonPlan(J, What);
      writeTexts(J, "told", explainTold(What));
    });
  };
  if (!isMet(What, Literal)) {
    TheJson.printVerdict(textErrors(), NotMet, "not met, no plan is written");
    return Finish(NotMet);
  }
  if (OutputFile == "-" && !Literal.Lists.empty())
    return plainError("this plan has lists of names beside it: -o must name a "
                      "file");
  if (Error E = write(What, Literal))
    return E;
  TheJson.printVerdict(textErrors(), AllWell, verdict(What));
  return Finish(AllWell);
}

static Expected<int> plan() {
  if (!LoadName.empty() && RegionName.empty())
    return plainError("--load says where the groups of --region are loaded "
                      "from, and --region is missing");
  if (!RegionName.empty() && LinkerScript.empty())
    return plainError("--region is for the linker script: add --linker-script "
                      "FILE");
  Expected<Policy> P = readPolicy(
      PolicyFile, sys::Process::GetEnv("SECTION_PLACEMENT_ROOT").value_or(""));
  if (!P)
    return P.takeError();
  Expected<GivenLink> Link = TheLink.read(InputFiles);
  if (!Link)
    return Link.takeError();
  if (Link->Files.empty())
    return plainError("plan needs the files of the link: bitcode and native "
                      "objects; see plan --help");
  bool HasAffinity = any_of(P->Rules, [](const Rule &R) {
    return R.InSection == Rule::Order::Affinity;
  });
  for (StringRef File : {StringRef(OutputFile), StringRef(SymbolOrderFile),
                         StringRef(LinkerScript)})
    if (TheJson.takesOutput() && File == "-")
      return plainError("the plan and --json cannot both go to standard "
                        "output; give one of them a file: --json=FILE");
  if (!ProfileFile.empty() && !HasAffinity)
    return plainError("--profile is for 'order: affinity', and no rule of this "
                      "policy has it");
  Expected<ToolInputs> Inputs = ToolInputs::open(Link->Files);
  if (!Inputs)
    return Inputs.takeError();
  Planning Run(*P, Link->facts());
  if (Error E = Run.read(*Inputs))
    return E;
  return Run.finish();
}
