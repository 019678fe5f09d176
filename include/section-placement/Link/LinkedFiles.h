//===- LinkedFiles.h - Which files a link takes in --------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Problem: a linker takes a member of an archive, or an object between
// --start-lib and --end-lib, only where it defines a name that is undefined so
// far. A plan that counts the others is of code that no image has.
//
// Method: ld.lld's resolution of symbols, over the symbol tables of objects,
// bitcode and shared libraries. All files are read in the order of the command.
// What is lazy enters the names that it defines; a reference, before or behind
// it, makes its file a linked one, whose definitions and then references are
// read at once. A weak reference does not, nor one that a shared library or
// another file satisfies first.
//
// Limits: every name of a linker script's expressions counts as referred to,
// also of a PROVIDE that nothing needs, and routines that code generation may
// call are taken from native archives whether it does or not. Both take in too
// much, never too little. A native definition in a group that another file has
// as well still counts as a definition. Files that a linker script names come
// behind those of the command.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LINK_LINKEDFILES_H
#define SECTION_PLACEMENT_LINK_LINKEDFILES_H

#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Objects/InputFiles.h"
#include "llvm/ADT/StringSet.h"

namespace section_placement {

class LinkedFiles {
public:
  /// Fails where an input cannot be read: then it is not known.
  static llvm::Expected<LinkedFiles> read(const LinkFacts &Link);

  /// False for a file or member that the link leaves out; true for one that the
  /// link's command does not name.
  bool contains(const InputName &Name, uint64_t Offset) const;

  /// What the linked files that are no bitcode, shared libraries among them,
  /// leave to others to define.
  const llvm::StringSet<> &nativeReferences() const { return References; }

private:
  llvm::StringSet<> LeftOut; ///< By file and offset.
  llvm::StringSet<> References;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_LINK_LINKEDFILES_H
