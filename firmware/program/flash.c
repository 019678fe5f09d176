#include "firmware.h"
#include "violations.h"
#include <string.h>

/* The storage of the flash, as its controller shows it. */
static uint8_t *const storage = (uint8_t *)STORAGE;
static uint8_t page[PageSize];

/* The flash needs time; the tick goes on meanwhile. */
static void wait(void) {
  uint32_t start = ticks;
  while (ticks == start)
    ;
}

/* Is what was written what was meant? */
static uint32_t check(const uint8_t *data, uint32_t size) {
  uint32_t crc = ~0u;
  for (uint32_t i = 0; i < size; ++i) {
    crc ^= data[i];
    crc = crc >> 4 ^ crc_table[crc & 15];
    crc = crc >> 4 ^ crc_table[crc & 15];
  }
  return ~crc;
}

static int command(uint32_t offset, uint32_t size, int erases) {
  int good = 1;
  kernel_lock();
  flash_off();
  VIOLATE(offset, size);
  if (erases) {
    for (uint32_t i = 0; i < size; ++i)
      ((volatile uint8_t *)storage)[offset + i] = 0xff;
  } else {
    for (uint32_t i = 0; i < size; ++i)
      storage[offset + i] &= page[i];
    good = check(storage + offset, size) == check(page, size);
  }
  wait();
  flash_on();
  kernel_unlock();
  return good;
}

int flash_erase(uint32_t offset) { return command(offset, SectorSize, 1); }

int flash_program(uint32_t offset, const void *data, uint32_t size) {
  if (size > PageSize || offset + size > Sectors * SectorSize)
    return 0;
  for (uint32_t i = 0; i < size; ++i)
    page[i] = ((const uint8_t *)data)[i];
  return command(offset, size, 0);
}

const uint8_t *flash_data(uint32_t offset) { return storage + offset; }
