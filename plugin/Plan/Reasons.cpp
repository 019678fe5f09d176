//===- Reasons.cpp - What reports call each reason ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Plan/Escapes.h"
#include "section-placement/Plan/Plan.h"

using namespace llvm;

namespace section_placement {

StringRef nameOf(PlacementReason Reason) {
  switch (Reason) {
  case PlacementReason::Unclaimed:
    return "unclaimed";
  case PlacementReason::Matched:
    return "matched";
  case PlacementReason::GrownAlongBranch:
    return "grown-along-branch";
  case PlacementReason::GrownAlongCall:
    return "grown-along-call";
  case PlacementReason::GrownToCaller:
    return "grown-to-caller";
  case PlacementReason::SplitFromParent:
    return "split-from-parent";
  case PlacementReason::KeepsSection:
    return "keeps-section";
  case PlacementReason::Left:
    return "left";
  case PlacementReason::FollowsCode:
    return "follows-code";
  }
  return "";
}

StringRef nameOf(RefusalReason Reason) {
  switch (Reason) {
  case RefusalReason::NativeStays:
    return "native-stays";
  case RefusalReason::NativeToNative:
    return "native-to-native";
  case RefusalReason::NativeSection:
    return "native-section";
  case RefusalReason::NoSection:
    return "no-section";
  case RefusalReason::ClaimedEarlier:
    return "claimed-earlier";
  case RefusalReason::KeepsSection:
    return "keeps-section";
  case RefusalReason::SourceUnknown:
    return "source-unknown";
  case RefusalReason::Interposable:
    return "interposable";
  case RefusalReason::ThreadLocal:
    return "thread-local";
  case RefusalReason::Common:
    return "common";
  case RefusalReason::Reserved:
    return "reserved";
  case RefusalReason::OtherContent:
    return "other-content";
  case RefusalReason::ReadOnlyOnceLoaded:
    return "read-only-once-loaded";
  case RefusalReason::SharedConstant:
    return "shared-constant";
  case RefusalReason::ClosedIsWhole:
    return "closed-is-whole";
  case RefusalReason::OptedOutIsWhole:
    return "opted-out-is-whole";
  }
  return "";
}

StringRef nameOf(HoleKind Kind) {
  switch (Kind) {
  case HoleKind::IndirectCalls:
    return "indirect-calls";
  case HoleKind::UnreadableAsm:
    return "unreadable-asm";
  case HoleKind::UnknownCode:
    return "unknown-code";
  case HoleKind::UnreadBody:
    return "unread-body";
  case HoleKind::CalleeOutside:
    return "callee-outside";
  case HoleKind::NativeCallee:
    return "native-callee";
  case HoleKind::RuntimeCall:
    return "runtime-call";
  case HoleKind::ClaimedEarlier:
    return "claimed-earlier";
  case HoleKind::KeepsSection:
    return "keeps-section";
  case HoleKind::Interposable:
    return "interposable";
  }
  return "";
}

StringRef nameOf(Escape::Kind Kind) {
  switch (Kind) {
  case Escape::Kind::Call:
    return "call";
  case Escape::Kind::Address:
    return "address";
  case Escape::Kind::Pointer:
    return "pointer";
  case Escape::Kind::Constant:
    return "constant";
  case Escape::Kind::IndirectCalls:
    return "indirect-calls";
  case Escape::Kind::NotCompiled:
    return "not-compiled";
  }
  return "";
}

} // namespace section_placement
