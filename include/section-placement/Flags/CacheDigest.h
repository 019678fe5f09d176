//===- CacheDigest.h - What a cached LTO object depends on ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The key of a ThinLTO cache knows the bitcode, and of us nothing: neither the
// plugin nor the policy, its lists, or the native objects whose branches it
// follows. A folder whose name has a digest of all of them cannot give back an
// object that was made under others.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_FLAGS_CACHEDIGEST_H
#define SECTION_PLACEMENT_FLAGS_CACHEDIGEST_H

#include "section-placement/Flags/TrainingLink.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Policy/Policy.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace section_placement {

struct CacheInputs {
  std::string Plugin;        ///< Empty where the link has no policy.
  const Policy *P = nullptr; ///< Null likewise.
  /// The files of the link, among which the wildcards of `native` choose, in
  /// the order of the link.
  llvm::ArrayRef<std::string> Objects;
  /// The link's output; empty where it is not known.
  std::string Output;
  /// SECTION_PLACEMENT_STAGE and SECTION_PLACEMENT_MISMATCH.
  std::string Stage, Mismatch;
  /// What the link is, by which growth binds names; null where not known.
  const LinkFacts *Link = nullptr;
  /// Of which the cache's own key knows nothing either.
  TrainingLink Training;
};

/// 16 hexadecimal digits of a hash of the contents of all that \p In names: the
/// members of archives, thin ones too, one by one. A file counts under the one
/// name that `native` knows it by, however it is spelled, and the policy's root
/// counts as a folder. Bitcode is left out: the cache's own key has it. Fails
/// where a file cannot be read, and where the policy has wildcards in `native`
/// and there are no objects.
llvm::Expected<std::string> cacheDigest(const CacheInputs &In);

/// The same of what a link reads, whose cache has the digest \p OfCache: its
/// order file, too, which changes no object. \p OrderFile may be empty. Fails
/// where it cannot be read.
llvm::Expected<std::string> linkDigest(llvm::StringRef OfCache,
                                       llvm::StringRef OrderFile);

} // namespace section_placement

#endif // SECTION_PLACEMENT_FLAGS_CACHEDIGEST_H
