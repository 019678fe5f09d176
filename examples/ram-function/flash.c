// While the flash is being erased nothing may be fetched from it: erase() must
// run from RAM, and so must all that it calls.
extern volatile unsigned FLASH_STATUS, FLASH_COMMAND;

static void wait_until_ready(void) {
  while (FLASH_STATUS & 1) {
  }
}

void erase(unsigned page) {
  wait_until_ready();
  FLASH_COMMAND = page;
  wait_until_ready();
}
