#include <stdint.h>
#include <string.h>
#define REGISTER(address) (*(volatile uint32_t *)(address))

extern const uint32_t crc_table[16];
void wait_for_tick(void);
volatile char state[8];

static uint8_t *const storage = (uint8_t *)0x21000000;
static uint8_t page[256];
static const char names[][8] = {"idle", "busy", "done"};

/* By the MPU: no access to the first 4 MiB, no execution. */
static void flash_off(void) {
  REGISTER(0xe000ed98) = 0;
  REGISTER(0xe000ed9c) = 0;
  REGISTER(0xe000eda0) = 1u << 28 | 21u << 1 | 1u;
  REGISTER(0xe000ed94) = 5;
  __asm__ volatile("dsb\n isb" ::: "memory");
}

static void flash_on(void) {
  REGISTER(0xe000ed94) = 0;
  __asm__ volatile("dsb\n isb" ::: "memory");
}

static uint32_t crc(const uint8_t *at, unsigned size) {
  uint32_t crc = ~0u;
  while (size--) {
    crc ^= *at++;
    crc = crc >> 4 ^ crc_table[crc & 15];
    crc = crc >> 4 ^ crc_table[crc & 15];
  }
  return ~crc;
}

int flash_program(uint32_t offset, const void *data, unsigned size) {
  flash_off();
  memcpy(page, data, size);
  for (unsigned i = 0; i < size; ++i)
    ((volatile uint8_t *)storage)[offset + i] = page[i];
  wait_for_tick();
  for (unsigned i = 0; i < 8; ++i)
    state[i] = names[storage[offset] % 3][i];
  int good = crc(storage + offset, size) == crc(page, size);
  flash_on();
  return good;
}
