#include "re2/re2.h"
#include <cstdio>
#include <stdexcept>

int main() {
  std::string Text = "the quick brown fox jumps over 13 lazy dogs, 2026-11-28", Found;
  int Number = 0;
  std::printf("%d\n", RE2::PartialMatch(Text, "(\\d+) (\\w+)", &Number, &Found));
  std::printf("%d %s\n", Number, Found.c_str());
  std::printf("%d %s\n", RE2::GlobalReplace(&Text, "(?i)[aeiou]+", "<\\0>"), Text.c_str());
  std::printf("%d\n", RE2::FullMatch(Text, "(a|b|c)*?x{3,7}[^[:alpha:]]\\pL+$"));
  try {
    throw std::runtime_error(RE2("a(b").error());
  } catch (const std::exception &E) {
    std::printf("%s\n", E.what());
  }
  return 0;
}
