__attribute__((noinline)) void log_text(const char *text) { __asm__ volatile("" ::"r"(text)); }
void start(char *to, char *from) {
  void update(char *, const char *);
  update(to, from);
  log_text("start");
}
