//===- ObjectFiles.h - The objects that an image was made of ----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_OBJECTFILES_H
#define SECTION_PLACEMENT_OBJECTS_OBJECTFILES_H

#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Objects/ObjectFile.h"
#include <string>
#include <vector>

namespace section_placement {

/// Objects and the members of archives (thin ones too), in the order of the
/// command line.
class ObjectFiles {
public:
  /// Reads \p Paths for an image of \p Machine, which itself is \p Image. Fails
  /// for a file that cannot be read, is damaged, is for another machine, or is
  /// neither object, archive nor bitcode. \p OnFile, where there is one, hears
  /// of each file and member before it is read.
  static llvm::Expected<ObjectFiles>
  open(llvm::ArrayRef<std::string> Paths, uint16_t Machine,
       llvm::StringRef Image,
       llvm::function_ref<void(llvm::StringRef Name)> OnFile = nullptr);

  std::vector<ObjectFile> Objects;
  std::vector<bool> IsImage; ///< By object: is it the image itself?
  /// The names of bitcode files: what they became is in the image only.
  std::vector<std::string> Bitcode;
  /// Files of GCC's LTO, which has no native code before the link.
  std::vector<std::string> SlimGCC;

  /// Adds the linked image \p Path, whose objects were not given.
  llvm::Error addImage(llvm::StringRef Path);

  unsigned PassedOver = 0; ///< Members of archives that are no code at all.

private:
  ObjectFiles() = default;
  llvm::Error add(const InputFile &Input, uint16_t Machine, bool IsImage);

  InputWalker Files;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_OBJECTFILES_H
