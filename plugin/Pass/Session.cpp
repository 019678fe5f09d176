//===- Session.cpp - What one process reads once --------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/Session.h"
#include "section-placement/Explain/ExplainRule.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <map>
#include <unistd.h>

using namespace llvm;

namespace section_placement {

static std::string variable(StringRef Name) {
  return sys::Process::GetEnv(Name).value_or("");
}

Environment Environment::read() {
  static const StringRef Known[] = {
      "SECTION_PLACEMENT_POLICY", "SECTION_PLACEMENT_ROOT",
      "SECTION_PLACEMENT_OUTPUT", "SECTION_PLACEMENT_REPORT",
      "SECTION_PLACEMENT_STAGE",  "SECTION_PLACEMENT_MISMATCH"};
  Environment Env{variable(Known[0]),
                  variable(Known[1]),
                  variable(Known[2]),
                  variable(Known[3]),
                  variable(Known[4]),
                  variable(Known[5]),
                  {},
                  {}};
  auto Check = [&](StringRef Name, StringRef Value,
                   ArrayRef<StringRef> Values) {
    if (Env.Fault.empty() && !Value.empty() && !is_contained(Values, Value))
      Env.Fault =
          (Name + " is " + inQuotes(Value) + suggestion(Value, Values)).str();
  };
  Check(Known[4], Env.Stage, {"compile", "link"});
  Check(Known[5], Env.Mismatch, {"error", "warn"});
  for (char **Entry = environ; *Entry; ++Entry) {
    StringRef Name = StringRef(*Entry).split('=').first;
    if (Name.take_front(18) == "SECTION_PLACEMENT_" &&
        !is_contained(Known, Name))
      Env.Unknown.push_back("environment variable '" + Name.str() +
                            "' is not known" + suggestion(Name, Known));
  }
  std::sort(Env.Unknown.begin(), Env.Unknown.end());
  return Env;
}

const Environment &Environment::get() {
  // Never destroyed: lld ends its process under running threads.
  static const auto &Env = *new Environment(read());
  return Env;
}

std::string policyInForce(StringRef Parameter, StringRef Option,
                          const Environment &Env) {
  if (!Parameter.empty())
    return Parameter.str();
  if (!Option.empty())
    return Option.str();
  return Env.Policy;
}

Session &Session::get(StringRef File) {
  static std::mutex Lock;
  // Never destroyed: lld ends its process under running threads.
  static auto &Sessions = *new std::map<std::string, std::unique_ptr<Session>>;
  std::lock_guard<std::mutex> Guard(Lock);
  std::unique_ptr<Session> &S = Sessions[File.str()];
  if (!S)
    S.reset(new Session(File));
  return *S;
}

Session::Session(StringRef File)
    : Env(Environment::get()), Host(currentHostKind()) {
  Expected<Policy> Parsed = readPolicy(File, Env.Root);
  if (!Parsed) {
    Faults = diagnosticsOf(Parsed.takeError());
    return;
  }
  P = std::move(*Parsed);
  const Rule *Splits = P->firstThatSplits();
  if (Splits && !compat::hasCodegenHook()) {
    Faults = {explainNoSplitting(*Splits)};
    return;
  }
  Index.emplace(*P);
  Root.emplace(P->Root);
  Wanted = P->interest();
  Wanted.Sizes |= !Env.Report.empty(); // The report has them.
  if (Host == HostKind::Linker) {
    if (Error E = readLink())
      Faults = diagnosticsOf(std::move(E));
  } else if (Host == HostKind::Compiler) {
    readCompile();
  }
}

/// What of code generation stands nowhere in the IR. A command line that cannot
/// be read says nothing of it.
void Session::readCompile() {
  Expected<std::vector<CommandWord>> Words = processArguments();
  if (Words)
    Words = expandResponseFiles(*Words);
  if (Words)
    Settings = codegenSettingsOf(ArrayRef<CommandWord>(*Words));
  else
    consumeError(Words.takeError());
}

Error Session::readLink() {
  Expected<std::vector<CommandWord>> Words = processArguments();
  Expected<LinkFacts> Command =
      Words ? parseLinkCommand(ArrayRef<CommandWord>(*Words).drop_front(
                  Words->empty() ? 0 : 1))
            : Expected<LinkFacts>(Words.takeError());
  bool HasWildcard = any_of(P->Natives, [](const Pattern &Native) {
    return !Native.Compiled.literal();
  });
  if (Command) {
    Settings = codegenSettingsOf(*Command);
    Link = std::move(*Command);
    Bitcode = std::make_unique<BitcodeInputs>(Link->Inputs, *Root);
  } else if ((P->Outputs.empty() || !Env.Output.empty()) && !HasWildcard)
    consumeError(Command.takeError()); // Nothing of it is needed.
  else
    return handleErrors(Command.takeError(), [](const PlacedError &Why) {
      return errorAt(
          Why.what().Where,
          Why.what().Text +
              "; set SECTION_PLACEMENT_OUTPUT to the name of the output, "
              "and name native objects without a wildcard");
    });
  Output = !Env.Output.empty() ? Env.Output : Link ? Link->Output : "";
  // A glob with a `/` may be whole, or from the folder that the link runs in.
  std::string FromHere = relativeToCurrentFolder(Output);
  IsAbout = P->Outputs.empty() || any_of(P->Outputs, [&](const Pattern &O) {
              return namesOutput(O, Output) || namesOutput(O, FromHere);
            });
  return Error::success();
}

NativeMembers *Session::members(uint16_t Machine) {
  std::call_once(MembersOnce, [&] {
    if (Link)
      Members = std::make_unique<NativeMembers>(Link->Inputs, Machine);
  });
  return Members.get();
}

bool Session::claimWarning(StringRef About) {
  std::lock_guard<std::mutex> Guard(WarnedLock);
  return Warned.insert(About).second;
}

const Session::Natives &Session::natives(uint16_t Machine) {
  std::call_once(NativesOnce, [&] {
    Expected<std::unique_ptr<NativeInputs>> Inputs = readNativeInputs(
        *P,
        Link ? ArrayRef<std::string>(Link->Inputs) : ArrayRef<std::string>(),
        Machine, Link && Link->TakesFatBitcode);
    if (!Inputs) {
      Read.Faults = diagnosticsOf(Inputs.takeError());
      return;
    }
    Read.Inputs = std::move(*Inputs);
    for (StringRef Name : Wanted.Names)
      append_range(Read.Named, Read.Inputs->Facts.symbolsNamed(Name));
    std::sort(Read.Named.begin(), Read.Named.end());
  });
  return Read;
}

const StringMap<std::string> &Session::nativeData() {
  std::call_once(NativeDataOnce, [&] {
    if (Link)
      NativeData = readNativeData(Link->Inputs, Link->TakesFatBitcode);
  });
  return NativeData;
}

} // namespace section_placement
