//===- LinkerMain.cpp - ld.lld with the sanitizers' run-time --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lld/Common/Driver.h"
#include "llvm/Support/raw_ostream.h"

LLD_HAS_DRIVER(elf)

// A finding ends the linker by a signal: a test that expects the link to fail
// fails, too. A linker ends without giving back what it has.
extern "C" const char *__asan_default_options() {
  return "abort_on_error=1:detect_leaks=0";
}
extern "C" const char *__tsan_default_options() {
  return "abort_on_error=1:halt_on_error=1";
}

// LLVM's library is not compiled with ThreadSanitizer, which so does not see
// what guards a table that is made once, and the atomic pointers of its list of
// files to remove on a signal.
extern "C" const char *__tsan_default_suppressions() {
  return "race:llvm::DWARFExpression::Operation::extract\n"
         "race:llvm::sys::RemoveFileOnSignal\n";
}

int main(int Argc, const char **Argv) {
  return lld::lldMain({Argv, Argv + Argc}, llvm::outs(), llvm::errs(),
                      {{lld::Gnu, &lld::elf::link}})
      .retCode;
}
