//===- suspend.c - An init that sends the machine to sleep ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Does the processor's state come back after a sleep, restored by the function
// that a policy kept free of inlined code? Sets the clock to wake the machine,
// suspends it to memory, prints "suspended and woken", and powers off.
//
//===----------------------------------------------------------------------===//

#include "init.h"

static void write_to(const char *path, const char *text) {
  int file = must("a file of /sys cannot be opened", open(path, O_WRONLY));
  must("a file of /sys cannot be written", write(file, text, strlen(text)));
  close(file);
}

int main(void) {
  mkdir("/sys", 0755);
  must("/sys cannot be mounted", mount("sysfs", "/sys", "sysfs", 0, 0));
  write_to("/sys/class/rtc/rtc0/wakealarm", "+3"); // seconds
  write_to("/sys/power/state", "mem");
  end("suspended and woken");
  return 0;
}
