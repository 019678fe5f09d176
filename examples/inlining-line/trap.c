// Code that runs before the stack of the tracer is set up: nothing of the rest of
// the program may be inlined into it, since that would be instrumented.
void record(int number);
void trap_enter(int number) { record(number); }
