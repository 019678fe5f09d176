#include "firmware.h"
#include <string.h>

static volatile uint32_t worked;

void print(const char *text) {
  while (*text)
    console_put(*text++);
}

void print_hex(uint32_t number) {
  for (int shift = 28; shift >= 0; shift -= 4)
    console_put("0123456789abcdef"[number >> shift & 15]);
}

static void writer(void) {
  char text[] = "entry 0";
  for (int i = 0; i < 8; ++i) {
    text[6] = '0' + i;
    if (!store_write("log", text, sizeof text)) {
      print("the store is broken\n");
      finish(2);
    }
  }
  char found[16] = "";
  if (store_read("log", found, sizeof found) != sizeof text ||
      strcmp(found, text)) {
    print("another file was read\n");
    finish(2);
  }
  while (worked < 3)
    ;
  print("done: 8 files written\n");
  finish(0);
}

static void worker(void) {
  for (;;) {
    uint32_t start = ticks;
    while (ticks == start)
      ;
    ++worked;
  }
}

int main(void) {
  kernel_add_task(writer);
  kernel_add_task(worker);
  kernel_start();
}
