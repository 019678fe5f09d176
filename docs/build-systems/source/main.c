int handle(int x);
void report(int x);

int main(int argc, char **argv) {
  (void)argv;
  report(handle(argc));
  return 0;
}
