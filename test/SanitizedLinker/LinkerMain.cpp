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

// It ends without giving back what it has.
extern "C" const char *__asan_default_options() { return "detect_leaks=0"; }

// What LLVM's library does is not compiled with ThreadSanitizer, which would
// take half of a synchronisation for none.
extern "C" const char *__tsan_default_options() {
  return "ignore_noninstrumented_modules=1";
}

int main(int Argc, const char **Argv) {
  return lld::lldMain({Argv, Argv + Argc}, llvm::outs(), llvm::errs(),
                      {{lld::Gnu, &lld::elf::link}})
      .retCode;
}
