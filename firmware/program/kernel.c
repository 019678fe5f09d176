#include "firmware.h"

enum { MaxTasks = 2, StackSize = 1024 };
static struct {
  void *frame;
  uint64_t stack[StackSize / 8];
} tasks[MaxTasks];
static unsigned count, current;
static volatile unsigned locks;
volatile uint32_t ticks;

void kernel_add_task(void (*entry)(void)) {
  tasks[count].frame =
      task_frame(tasks[count].stack, sizeof tasks[count].stack, entry);
  ++count;
}

void kernel_start(void) {
  start_tick();
  switch_to_first(tasks[0].frame);
}

#ifdef CALLEE /* Not inlined, so that the driver calls them. */
#define LOCK __attribute__((noinline))
#else
#define LOCK
#endif
LOCK void kernel_lock(void) { ++locks; }
LOCK void kernel_unlock(void) { --locks; }

/* Of the tick's interrupt, which comes while the flash is unreadable, too. */
void kernel_tick(void) {
  ++ticks;
  if (!locks)
    request_switch();
}

void *kernel_next(void *from) {
  tasks[current].frame = from;
  current = (current + 1) % count;
  return tasks[current].frame;
}
