//===- Verify.cpp - Does the image do what was asked? ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Verify.h"
#include "VerdictText.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

bool Verdict::isMet() const {
  return !References.OutOfReach && !BelowMargin &&
         (!FileOrder || FileOrder->isKept()) && (!Obeyed || Obeyed->isObeyed());
}

/// An image and objects of two builds must not pass for a link without short
/// references.
static Error checkTogether(const Measurements &M, bool IsProof,
                           StringRef Image) {
  // A proof says itself what fits no object; of a library, there may be no
  // short reference in the image.
  if (IsProof || M.Measured || M.NotDecided || M.NotDecoded || !M.NotLocated)
    return Error::success();
  return errorIn(Image, "has none of the " + Twine(M.NotLocated) +
                            " short references of these objects; give the "
                            "objects that it was linked from");
}

/// Adds a sentence for each kind of thing that could not be judged.
static void addNotJudged(Verdict &V) {
  if (uint64_t Count = V.References.NotDecoded)
    V.NotJudged.push_back(
        counted(Count, "reference") +
        " whose instruction in the image could not be decoded");
  if (uint64_t Count = V.References.GoingNowhere)
    V.NotJudged.push_back(counted(Count, "reference") +
                          " to an address that the image has neither code nor "
                          "a symbol for");
  if (uint64_t Count = V.References.MaybeStripped)
    V.NotJudged.push_back(counted(Count, "reference") +
                          " of local code, which an image without local "
                          "symbols may have or not: give the image from before "
                          "it is stripped");
  if (uint64_t Count = V.References.OfUnknownPlace)
    V.NotJudged.push_back(counted(Count, "reference") +
                          " whose place in the image is not known: its section "
                          "has no symbol, or several local ones have its name");
  if (uint64_t Count = V.References.BytesNotDecoded)
    V.NotJudged.push_back(counted(Count, "byte") +
                          " of functions are no instructions that can be "
                          "decoded: a branch there is not known");
  if (const UncoveredBytes &U = V.References.UncoveredCode; U.Bytes)
    V.NotJudged.push_back(counted(U.Bytes, "byte") +
                          " of code that no symbol covers, the first at " +
                          nameOfAddress(V.Image, U.First) +
                          ": the short branches there are not measured");
  if (const UncoveredBytes &U = V.References.UncoveredMixed; U.Bytes)
    V.NotJudged.push_back(
        counted(U.Bytes, "byte") + " that no symbol covers, the first at " +
        nameOfAddress(V.Image, U.First) + ", of which " +
        std::to_string(U.NotDecoded) +
        " cannot be decoded: what branches are there is not known");
  if (const std::vector<std::string> &Slim = V.Objects.SlimGCC; !Slim.empty())
    V.NotJudged.push_back(
        counted(Slim.size(), "object") + " (" + Slim.front() +
        (Slim.size() > 1 ? ", ..." : "") +
        ") without native code, of GCC's LTO: " +
        "its references are not known; give what that made (-save-temps)");
  if (V.FileOrder && !V.FileOrder->IsJudged)
    V.NotJudged.push_back("whether the order of " + V.FileOrder->Asked +
                          " was followed: no two of the " +
                          counted(V.FileOrder->Listed, "name") +
                          " that it lists stand in one section of the image");
  if (!V.Obeyed)
    return;
  for (const GroupProof &G : V.Obeyed->Proofs)
    for (const std::string &Line : gapsOf(G))
      if (!G.IsReportOnly)
        V.NotJudged.push_back(Line);
  append_range(V.NotJudged, V.Obeyed->NotJudged);
  if (size_t Count = V.Obeyed->NotSeen.size())
    V.NotJudged.push_back(counted(Count, "bitcode file") +
                          " without a report: linked from a cache, or without "
                          "the plugin");
}

Expected<Verdict> verify(const VerifyRequest &Request) {
  const std::string &ImagePath = Request.Asked.ImagePath;
  Expected<ElfFile> Image = ElfFile::openImage(ImagePath);
  if (!Image)
    return Image.takeError();
  std::vector<std::string> Paths = Request.Asked.ObjectPaths;
  if (Paths.empty() && Image->isRelocatable())
    Paths = {ImagePath};
  bool IsAlone = Paths.empty();
  Expected<ObjectFiles> Objects =
      ObjectFiles::open(Paths, Image->machine(), ImagePath, Request.OnFile);
  if (!Objects)
    return Objects.takeError();
  if (IsAlone)
    if (Error E = Objects->addImage(ImagePath))
      return E;
  std::vector<std::string> NotJudged;
  for (uint32_t S = 0; S < Image->sections().size(); ++S)
    if (Image->sections()[S].isLoaded())
      if (auto Bytes = Image->contents(S); !Bytes)
        return errorReading(ImagePath, Bytes.takeError());
  std::unique_ptr<ImageDecoder> Decoder;
  if (Image->areReachesKnown()) {
    Expected<std::unique_ptr<ImageDecoder>> Made = ImageDecoder::create(*Image);
    if (Made)
      Decoder = std::move(*Made);
    else if (std::string Why = toString(Made.takeError());
             !Image->isRelocatable()) // There the relocations say it.
      NotJudged.push_back(std::move(Why));
  } else {
    NotJudged.push_back(reachesUnknown(Image->machine()) +
                        ": none was measured");
  }
  ImageTransfers Transfers(*Image, Decoder.get());
  std::optional<PolicyVerdict> Obeyed;
  std::vector<uint32_t> Members;
  if (!Request.Asked.PolicyFile.empty()) {
    Expected<PolicyVerdict> Judged =
        judge(Request.Asked, *Image, *Objects, Transfers);
    if (!Judged)
      return Judged.takeError();
    Obeyed = std::move(*Judged);
    Members = Obeyed->Members;
  }
  // Branches that leave a group and have no relocation in an object.
  if (!IsAlone && Decoder && !Members.empty())
    if (Error E = Objects->addImage(ImagePath))
      return E;
  Measurements References = measure(*Image, *Objects, Transfers, Members);
  bool IsProof = Obeyed && any_of(Obeyed->Proofs, [](const GroupProof &G) {
                   return G.IsByObjects;
                 });
  if (Error E = checkTogether(References, IsProof, ImagePath))
    return E;
  std::optional<OrderVerdict> FileOrder;
  if (!Request.Asked.OrderFile.empty()) {
    Expected<OrderVerdict> Judged =
        judgeOrderFile(*Image, Request.Asked.OrderFile);
    if (!Judged)
      return Judged.takeError();
    FileOrder = std::move(*Judged);
  }
  Verdict V{ImagePath,
            Request.Asked.PolicyFile,
            std::move(*Image),
            std::move(*Objects),
            std::move(References),
            Request.MinMargin,
            0,
            std::move(Obeyed),
            std::move(FileOrder),
            std::move(NotJudged)};
  addNotJudged(V);
  V.BelowMargin =
      count_if(V.References.References,
               [&](const MeasuredReference &M) { return V.isBelowMargin(M); });
  return V;
}

} // namespace section_placement
