# What the reader of a page has before a block of commands: fixtures.sh NAME, in an
# empty folder. The file `rest` holds what `…` stands for.
sources() {
  cat > a.c <<'END'
extern int b(int);
__attribute__((noinline)) int near_a(int x) { __asm__ volatile(""); return x + 1; }
int main(int n, char **v) { return b(near_a(n)) == 0; }
END
  cat > b.c <<'END'
__attribute__((noinline)) int near_b(int x) { __asm__ volatile(""); return x * 3; }
int b(int x) { return near_b(x); }
END
  cat > policy.yaml <<'END'
version: 1
rules:
  - name: near
    match: { function: ["near_*"] }
    section: .text.near
END
}
objects() {
  sources
  clang -O2 -flto=thin -c a.c b.c
}
case $1 in
use) sources ;;
program | cached) objects ;;
build)
  objects
  mkdir build
  cat > build/compile_commands.json <<END
[{ "directory": "$PWD", "file": "a.c", "command": "clang -O2 -flto=thin -c a.c -o a.o" }]
END
  cat > build/build.ninja <<END
rule link
  command = SECTION_PLACEMENT_POLICY=$PWD/policy.yaml clang -flto=thin -fuse-ld=lld -Wl,--load-pass-plugin=$PLUGIN \$in -o \$out
build program: link ../a.o ../b.o
END
  ;;
parts)
  objects
  printf 'void part(void) {}\n' > part.c
  clang -O2 -flto=thin -c part.c
  llvm-ar rc lib.a part.o
  ;;
profile)
  sources
  echo "a.c b.c -fuse-ld=lld -o program" > rest
  ;;
order)
  sources
  sed -i 's/section: .*/section: ".text.{function}"\n    order: affinity/' policy.yaml
  clang -O2 -flto=thin -fprofile-generate -mllvm -pgo-temporal-instrumentation -fuse-ld=lld a.c b.c -o program
  LLVM_PROFILE_FILE=profraw ./program
  llvm-profdata merge profraw -o profile
  clang -O2 -flto=thin -c a.c b.c
  ;;
why)
  cat > entry.c <<'END'
void __guest_exit_panic(void) { __asm__ volatile("" ::: "memory"); }
END
  cat > policy.yaml <<'END'
version: 1
rules:
  # What the entry of a guest reaches.
  - name: entry
    match: { function: ["__guest_*"] }
    section: .text
END
  clang --target=aarch64-linux-gnu -O2 -flto=thin -ffunction-sections -c entry.c
  SECTION_PLACEMENT_POLICY=policy.yaml SECTION_PLACEMENT_REPORT=reports \
    ld.lld -r --load-pass-plugin="$PLUGIN" entry.o -o vmlinux.o
  ;;
esac
