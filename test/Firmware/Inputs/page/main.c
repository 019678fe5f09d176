#include <stdint.h>
#include <string.h>

extern const uint32_t crc_table[16];
int flash_program(uint32_t offset, const void *data, unsigned size);
void print(const char *text);
void finish(int code);

int main(void) {
  char text[32];
  strcpy(text, "hello");
  print(flash_program(crc_table[0], text, strlen(text) + 1) ? "done\n" : "bad\n");
  finish(0);
}
