//===- violations.h - What may go wrong while flash is off --------*- C -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

/* What VIOLATE does while the flash is unreadable. Nothing, unless one of these
 * is asked for: each is a mistake, or for RIGHT_..., what looks like one. */
#ifndef VIOLATIONS_H
#define VIOLATIONS_H

extern volatile uint32_t sink;
void in_flash(void); /* main.c */
void in_flash_by_name(void);
uint32_t assembly(uint32_t x);
uint32_t far(uint32_t x);

#if defined(TABLE)
static const uint32_t steps[8] = {3, 1, 4, 1, 5, 9, 2, 6};
#define VIOLATE(offset, size) (sink = steps[(offset) >> 8 & 7])
#elif defined(STRING)
#define VIOLATE(offset, size) print("flash is off\n")
#elif defined(CALL)
#define VIOLATE(offset, size) in_flash()
#elif defined(LIBRARY)
#define VIOLATE(offset, size) (sink = strlen((const char *)page))
#elif defined(MEMSET)
#define VIOLATE(offset, size) memset(page + (size), 0, PageSize - (size))
#elif defined(SHIFT)
#define VIOLATE(offset, size)                                                  \
  (sink = (uint32_t)(((uint64_t)ticks << 32 | sink) >> ((offset) & 63)))
#elif defined(DIVISION)
#define VIOLATE(offset, size)                                                  \
  (sink = (uint32_t)(((uint64_t)ticks << 32 | 7) / (sink + 3)))
#elif defined(FLOAT)
#define VIOLATE(offset, size) (sink = (uint32_t)((float)ticks * 1.5f))
#elif defined(ADDRESS)
#define VIOLATE(offset, size)                                                  \
  do {                                                                         \
    void (*volatile call)(void) = in_flash;                                    \
    call();                                                                    \
  } while (0)
#elif defined(POINTERS)
static void nothing(void) {}
static void (*const calls[2])(void) = {nothing, in_flash};
#define VIOLATE(offset, size) calls[(offset) >> 8 & 1]()
#elif defined(SWITCH)
#define VIOLATE(offset, size) (sink = chosen((offset) >> 6))
static uint32_t chosen(uint32_t x) {
  switch (x & 7) {
  case 0:
    return 17;
  case 1:
    return 4;
  case 2:
    return 90;
  case 3:
    return 31;
  case 4:
    return 5;
  case 5:
    return 77;
  default:
    return 8;
  }
}
#elif defined(ARRAY)
#define VIOLATE(offset, size)                                                  \
  do {                                                                         \
    uint32_t values[] = {9, 4, 17, 22, 5, 81, 3, 1, 44, 21};                   \
    sink = values[(offset) >> 6 & 7];                                          \
  } while (0)
#elif defined(INLINE_ASM)
#if defined(__arm__)
#define VIOLATE(offset, size)                                                  \
  __asm__ volatile("bl in_flash" ::                                            \
                       : "r0", "r1", "r2", "r3", "r12", "lr", "memory")
#else
#define VIOLATE(offset, size)                                                  \
  __asm__ volatile("call in_flash" ::                                          \
                       : "ra", "t0", "t1", "t2", "a0", "a1", "a2", "a3", "a4", \
                         "a5", "a6", "a7", "memory")
#endif
#elif defined(ASSEMBLY)
#define VIOLATE(offset, size) (sink = assembly(offset))
#elif defined(FAR)
#define VIOLATE(offset, size) (sink = far(offset))
#else
#define VIOLATE(offset, size) ((void)0)
#endif

#endif
