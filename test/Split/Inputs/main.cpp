#include <cstdio>

extern "C" int guarded(const char *Text);
[[gnu::cold, gnu::noinline]] void complain(const char *Why) {
  std::fprintf(stderr, "%s\n", Why);
}

int main(int Count, char **Words) {
  for (int I = 1; I < Count; ++I)
    std::printf("%s: %d\n", Words[I], guarded(Words[I]));
}
