//===- Verify.cpp - Does the image do what was asked? ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Verify.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

bool Verdict::isMet() const {
  return !References.OutOfReach && !BelowMargin &&
         (!Obeyed || Obeyed->isObeyed());
}

/// An image and objects of two builds must not pass for a link without short
/// references.
static Error checkTogether(const Measurements &M, StringRef Image) {
  if (M.Measured || M.NotDecided || !M.NotLocated)
    return Error::success();
  return errorIn(Image, "has none of the " + Twine(M.NotLocated) +
                            " short references of these objects; give the "
                            "objects that it was linked from");
}

Expected<Verdict> verify(const VerifyRequest &Request) {
  const std::string &ImagePath = Request.Asked.ImagePath;
  Expected<ElfFile> Image = ElfFile::openImage(ImagePath);
  if (!Image)
    return Image.takeError();
  std::vector<std::string> Paths = Request.Asked.ObjectPaths;
  if (Paths.empty() && Image->isRelocatable())
    Paths = {ImagePath};
  if (Paths.empty() && Request.Asked.PolicyFile.empty())
    return errorIn(ImagePath,
                   "is linked, and its relocations are gone; give the objects "
                   "that it was linked from: --objects vmlinux.o");
  Expected<ObjectFiles> Objects =
      ObjectFiles::open(Paths, Image->machine(), ImagePath, Request.OnFile);
  if (!Objects)
    return Objects.takeError();
  Measurements References = measure(*Image, *Objects);
  if (Error E = checkTogether(References, ImagePath))
    return E;
  std::optional<PolicyVerdict> Obeyed;
  if (!Request.Asked.PolicyFile.empty()) {
    Expected<PolicyVerdict> Judged = judge(Request.Asked, *Image, *Objects);
    if (!Judged)
      return Judged.takeError();
    Obeyed = std::move(*Judged);
  }
  Verdict V{ImagePath,
            Request.Asked.PolicyFile,
            std::move(*Image),
            std::move(*Objects),
            std::move(References),
            Request.MinMargin,
            0,
            std::move(Obeyed)};
  V.BelowMargin =
      count_if(V.References.References,
               [&](const MeasuredReference &M) { return V.isBelowMargin(M); });
  return V;
}

} // namespace section_placement
