// What runs at the start, and what does not, in the order in which it was written.
#define FUNCTION(name) __attribute__((noinline, used)) void name(void) { __asm__ volatile(".skip 4092"); }
FUNCTION(read_config)
FUNCTION(print_usage)
FUNCTION(export_to_pdf)
FUNCTION(open_window)
FUNCTION(check_for_updates)
FUNCTION(load_last_file)
void start(void) {
  read_config();
  open_window();
  load_last_file();
}
