//===- init.h - What every init of the lane needs ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The end of a booted kernel, in one line on its console. Built with the
// kernel's own nolibc: no library, no start files.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_KERNEL_GUEST_INIT_H
#define SECTION_PLACEMENT_KERNEL_GUEST_INIT_H

#include <linux/reboot.h>

static void end(const char *what) {
  printf("init: %s\n", what);
  reboot(LINUX_REBOOT_CMD_POWER_OFF);
  for (;;)
    sleep(1);
}

/// What a call gave, or the end of it all.
static int must(const char *what, int result) {
  if (result >= 0)
    return result;
  printf("init: errno %d\n", errno);
  end(what);
  return -1;
}

#endif
