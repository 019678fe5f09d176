/* What the violations call, in flash. */
#include "firmware.h"

volatile uint32_t sink;
__attribute__((noinline)) void in_flash(void) { sink = sink + 1; }
