//===- image.cpp - Any bytes as a linked image ---------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verified with a policy and without one, and compared with itself.
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Diff/ImageDiff.h"
#include "section-placement/Verify/Verify.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace section_placement;

static const char PolicyText[] = R"(version: 1
rules:
  - name: one
    match: { function: ['f*', main, _start] }
    grow: { along: [branch, call], depth: 3 }
    section: .text.one
  - name: each
    match: { function: ['*'] }
    section: '.text.each.{function}'
)";

static void verifyImage(const VerifyRequest &Request) {
  Expected<Verdict> V = verify(Request);
  if (!isGiven(V))
    return;
  writeTextVerdict(nulls(), *V, {/*IsColoured=*/true, /*ListsAll=*/true});
  writeJUnitVerdict(nulls(), *V);
  requireJson([&](json::OStream &J) { writeJsonVerdict(J, *V); });
}

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  static const bool IsReady = [] {
    InitializeAllTargetInfos();
    InitializeAllTargetMCs();
    InitializeAllDisassemblers();
    return true;
  }();
  (void)IsReady;
  VerifyRequest Request;
  Request.Asked.ImagePath = Workplace::get().write("image", textOf(Data, Size));
  Request.MinMargin = 100;
  verifyImage(Request);
  Request.Asked.PolicyFile = Workplace::get().write("policy.yaml", PolicyText);
  verifyImage(Request);
  Expected<std::unique_ptr<ImageDiff>> D =
      diff({Request.Asked.ImagePath, Request.Asked.ImagePath, "", ""});
  if (isGiven(D)) {
    require((*D)->Came.empty() && (*D)->Went.empty() && (*D)->Resized.empty() &&
                (*D)->Moved.empty(),
            "an image does not differ from itself");
    printDiff(nulls(), **D, /*ListsAll=*/true);
    requireJson([&](json::OStream &J) { writeJsonDiff(J, **D); });
  }
  return 0;
}
