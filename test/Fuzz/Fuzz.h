//===- Fuzz.h - What all fuzz targets share ------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A target gives one reader any bytes. The sanitizers and libFuzzer's limits
// judge most; require() judges what a reader or writer promises besides.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TEST_FUZZ_H
#define SECTION_PLACEMENT_TEST_FUZZ_H

#include "section-placement/Support/Error.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdint>
#include <cstdlib>
#include <string>

/// libFuzzer's entry: \p Size bytes at \p Data. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size);

namespace section_placement {

/// Ends the process, which libFuzzer counts as a finding, unless \p Holds.
inline void require(bool Holds, llvm::StringRef What) {
  if (Holds)
    return;
  llvm::errs() << "require: " << What << '\n';
  abort();
}

inline llvm::StringRef textOf(const uint8_t *Data, size_t Size) {
  return {reinterpret_cast<const char *>(Data), Size};
}

/// Puts \p E in words, as a command does at its edge.
inline void discard(llvm::Error E) {
  for (const Diagnostic &D : diagnosticsOf(std::move(E)))
    printDiagnostic(llvm::nulls(), D, llvm::SourceMgr::DK_Error);
}

/// Returns true if \p Value holds one; else discards its error.
template <typename T> bool isGiven(llvm::Expected<T> &Value) {
  if (Value)
    return true;
  discard(Value.takeError());
  return false;
}

/// A folder of this process, which is its current one.
class Workplace {
public:
  static Workplace &get() {
    static Workplace W;
    return W;
  }

  /// Writes \p Text into the file \p Name, which keeps its inode, and gives its
  /// name.
  std::string write(llvm::StringRef Name, llvm::StringRef Text) const {
    std::error_code EC;
    llvm::raw_fd_ostream OS(Name, EC);
    require(!EC, "the work folder can be written");
    OS << Text;
    return Name.str();
  }

private:
  Workplace() {
    require(!llvm::sys::fs::createUniqueDirectory("fuzz", Folder) &&
                !llvm::sys::fs::set_current_path(Folder),
            "there is a work folder");
    // Once the fuzzer ends; a crash leaves it.
    std::atexit([] { llvm::sys::fs::remove_directories(get().Folder); });
  }
  llvm::SmallString<128> Folder;
};

/// Requires that what \p Write gives a stream of JSON can be read back.
template <typename Fn> void requireJson(Fn Write) {
  std::string Text;
  {
    llvm::raw_string_ostream OS(Text);
    llvm::json::OStream J(OS);
    J.object([&] { Write(J); });
  }
  llvm::Expected<llvm::json::Value> Read = llvm::json::parse(Text);
  if (!Read) {
    llvm::consumeError(Read.takeError());
    require(false, "the JSON can be read");
  }
}

} // namespace section_placement

#endif // SECTION_PLACEMENT_TEST_FUZZ_H
