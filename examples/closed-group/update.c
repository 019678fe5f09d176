// The updater overwrites the rest of the program: it may call nothing outside.
void log_text(const char *text);
__attribute__((noinline)) static void copy_page(volatile char *to, const volatile char *from) {
  for (int i = 0; i < 4096; ++i)
    to[i] = from[i];
}
__attribute__((noinline)) void update(char *to, const char *from) {
  copy_page(to, from);
#ifdef LOGGING
  log_text("page copied");
#endif
}
