// Exceptions, a function that never returns, a loop, and a table of jumps.
#include <stdexcept>
#include <string>

#include <cstdio>
#include <cstdlib>

struct Note {
  const char *Name;
  ~Note() { std::printf("left %s\n", Name); }
};

[[gnu::cold]] void complain(const char *Why);

extern "C" [[gnu::noinline]] int parse(const char *Text) {
  Note Here{"parse"};
  int Sum = 0;
  for (long I = 0; Text[I]; ++I) {
    if (Text[I] == '?')
      throw std::runtime_error("a question at " + std::to_string(I));
    if (Text[I] == '!') {
      complain("an exclamation");
      std::abort();
    }
    switch (Text[I]) {
    case 'a':
      Sum += 3;
      break;
    case 'b':
      Sum *= 5;
      break;
    case 'c':
      Sum -= 7;
      break;
    case 'd':
      Sum ^= 11;
      break;
    case 'e':
      Sum += Sum;
      break;
    case 'f':
      Sum = -Sum;
      break;
    default:
      Sum += Text[I];
    }
  }
  return Sum;
}

extern "C" [[gnu::noinline]] int guarded(const char *Text) {
  try {
    return parse(Text);
  } catch (const std::exception &E) {
    std::printf("caught %s\n", E.what());
    return -1;
  }
}
