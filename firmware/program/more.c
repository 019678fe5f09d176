/* What the violations call, in flash. */
#include "firmware.h"

volatile uint32_t sink;
void in_flash(void) { sink = sink + 1; }
