//===- NativeNames.cpp - Names of a policy that are native code -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NativeNames.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

std::vector<NativeName> takeNativeNames(std::vector<UnansweredName> &Names,
                                        NativeMembers &Members,
                                        const LinkFacts *Link) {
  std::vector<NativeName> Found;
  erase_if(Names, [&](const UnansweredName &N) {
    if (N.IsOfVariable || N.IsOtherKind || N.IsOfSource)
      return false;
    const NativeMember *Member = Members.definingCode(N.Name);
    if (Member)
      Found.push_back({N.Rule, N.Name, Member->Name});
    return Member != nullptr;
  });
  bool AreInputsKnown =
      Link && !Link->HasMoreInputs && Members.unread().empty();
  for (UnansweredName &N : Names)
    N.MayBeElsewhere = !AreInputsKnown && !N.IsOfVariable && !N.IsOfSource;
  return Found;
}

} // namespace section_placement
