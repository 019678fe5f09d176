#include "section-placement/Policy/Policy.h"
#include "llvm/Support/raw_ostream.h"

int main(int, char **Arguments) {
  llvm::Expected<section_placement::Policy> P =
      section_placement::readPolicy(Arguments[1]);
  if (!P) {
    llvm::errs() << toString(P.takeError()) << '\n';
    return 1;
  }
  llvm::outs() << "first rule: " << P->Rules.front().Name << '\n';
}
