//===- firmware.h - A program that writes to its own flash --------*- C -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

/* A small system that writes to its own flash. While the driver runs, the flash
 * that the program stands in is unreadable: by the MPU of Cortex-M, by the PMP
 * of RISC-V. So whatever the driver executes or reads must be in RAM, and each
 * stray fetch or read is a fault with its address. */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <stddef.h>
#include <stdint.h>

/* kernel.c: two tasks, switched by the tick, unless the scheduler is locked. */
extern volatile uint32_t ticks;
void kernel_add_task(void (*entry)(void));
void kernel_start(void) __attribute__((noreturn));
void kernel_lock(void);
void kernel_unlock(void);
void kernel_tick(void);
/* The stack pointer (Cortex-M) or context (RISC-V) of the task that goes on;
 * `from` is that of the task that was running. */
void *kernel_next(void *from);

/* arm.c, riscv.c. */
void flash_off(void); /* Makes the program's flash unreadable. */
void flash_on(void);
void *task_frame(void *stack, size_t size, void (*entry)(void));
void switch_to_first(void *frame) __attribute__((noreturn));
void request_switch(void);
void start_tick(void);
void console_put(char c);
void finish(int code) __attribute__((noreturn));

void print(const char *text);
void print_hex(uint32_t number);

/* flash.c: the driver. Offsets are in the storage, in bytes. */
enum { PageSize = 64, SectorSize = 1024, Sectors = 4 };
int flash_erase(uint32_t offset);
int flash_program(uint32_t offset, const void *data, uint32_t size);
const uint8_t *flash_data(uint32_t offset);

#ifdef ALWAYS_INLINE
/* A part of the driver that its users shall inline. */
__attribute__((always_inline)) static inline void flash_peek(uint32_t offset) {
  kernel_lock();
  flash_off();
  (void)*(volatile uint8_t *)(STORAGE + offset);
  flash_on();
  kernel_unlock();
}
#endif

/* crc.c */
extern const uint32_t crc_table[16];
uint32_t crc32(const void *data, uint32_t size);

/* store.c: files of at most one page, the last of a name counts. */
int store_write(const char *name, const void *data, uint32_t size);
int store_read(const char *name, void *data, uint32_t size);

#endif
