#include "firmware.h"
#include <string.h>

/* A page: the name, the size, a sum over both and the contents. */
struct record {
  char name[16];
  uint32_t size, sum;
  uint8_t data[PageSize - 24];
};
_Static_assert(sizeof(struct record) == PageSize, "one record is one page");

static uint32_t sum_of(const struct record *r) {
  struct record copy = *r;
  copy.sum = 0;
  return crc32(&copy, sizeof copy);
}

static const struct record *record_at(uint32_t page) {
  return (const struct record *)flash_data(page * PageSize);
}

enum { Pages = Sectors * SectorSize / PageSize };
static uint32_t next;

int store_write(const char *name, const void *data, uint32_t size) {
  struct record r;
#ifdef ALWAYS_INLINE
  flash_peek(next * PageSize);
#endif
  memset(&r, 0xff, sizeof r);
  strncpy(r.name, name, sizeof r.name);
  if (size > sizeof r.data)
    return 0;
  memcpy(r.data, data, size);
  r.size = size;
  r.sum = 0;
  r.sum = sum_of(&r);
  if (next * PageSize % SectorSize == 0 && !flash_erase(next * PageSize))
    return 0;
  if (!flash_program(next * PageSize, &r, sizeof r))
    return 0;
  next = (next + 1) % Pages;
  return 1;
}

int store_read(const char *name, void *data, uint32_t size) {
  for (uint32_t back = 1; back <= Pages; ++back) {
    const struct record *r = record_at((next + Pages - back) % Pages);
    if (strncmp(r->name, name, sizeof r->name) || r->sum != sum_of(r))
      continue;
    size = size < r->size ? size : r->size;
    memcpy(data, r->data, size);
    return size;
  }
  return -1;
}
