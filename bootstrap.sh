#!/usr/bin/env bash
# From a fresh Debian 12 to a link that works, or to a tested build:
#
#   ./bootstrap.sh demo     the link that fails, the policy, the link that works
#   ./bootstrap.sh test     build and run every test
#   ./bootstrap.sh build    build only
#   ./bootstrap.sh package  Debian packages, installed in a root of their own;
#                           `package 15 16 19`: these too, side by side
#   ./bootstrap.sh fresh    these packages on a fresh Debian 12, used by the pages alone
#   ./bootstrap.sh sanitize the tool, links and unit tests under ASan, UBSan, TSan
#   ./bootstrap.sh style    clang-format and clang-tidy
#   ./bootstrap.sh report-page  the report's page: types, lint, headless Chromium
#   ./bootstrap.sh opt-out-fidelity  how near lto: opt-out comes to its promise
#   ./bootstrap.sh unclaimed  the code of whole programs, with and without a policy
#   ./bootstrap.sh determinism  the same input gives the same bytes, ten runs
#   ./bootstrap.sh fuzz     libFuzzer on each reader of inputs, SECONDS_EACH=600
#   ./bootstrap.sh mutants  which small faults in the judging code no test notices
#   ./bootstrap.sh chaos    random policies on real programs, SEEDS=1-100, TARGET=x86-64
#   ./bootstrap.sh firmware  a RAM-resident flash driver under LTO, proven and run
#   ./bootstrap.sh kernel   the link of 2021 in a real kernel, mended and booted
#
#   LLVM=19 ./bootstrap.sh test     another version (15, 16, 19, 22)
#
# What is missing is installed from the distribution's packages, as root or with
# sudo; where neither may install, the one line that would is printed.
set -euo pipefail
cd "$(dirname "$0")"

LLVM=${LLVM:-22}
BUILD=build/llvm-$LLVM
WERROR=${WERROR:-OFF} # Are warnings errors? Where nothing lands, no.

usage() {
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

if ! [[ "$LLVM" =~ ^[0-9]+$ ]] || [ "$LLVM" -lt 15 ] || [ "$LLVM" -gt 22 ]; then
  echo "bootstrap: LLVM must be a version from 15 to 22, as LLVM=22, not '$LLVM'" >&2
  exit 2
fi

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

may_not_install() {
  echo "bootstrap: packages are missing, and this user cannot install them. As root, run:" >&2
  echo "  $1" >&2
  exit 1
}

# Installs those of the packages $@ that are missing.
install() {
  local missing=() package root=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local line="apt-get update && apt-get install --no-install-recommends -y ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    echo "bootstrap: this is no Debian; install what these packages hold, and build with cmake:" >&2
    echo "  ${missing[*]}" >&2
    exit 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    # On a terminal sudo may ask for its password.
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
      root=(sudo)
    else
      may_not_install "$line"
    fi
  fi
  echo "== installing ${missing[*]}"
  # A fresh image has no package lists.
  "${root[@]}" apt-get update -qq || may_not_install "$line"
  for package in "${missing[@]}"; do
    [ -n "$(apt-cache madison "$package" 2>/dev/null)" ] && continue
    echo "bootstrap: this machine's package sources have no $package." >&2
    echo "  Debian 12 packages LLVM 15, 16, 19 (bookworm) and 22 (bookworm-security: is it in /etc/apt?)." >&2
    exit 1
  done
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --no-install-recommends -y "${missing[@]}" >/dev/null
}

# What every command needs, and $@ besides: all in one go, so that a user who
# may not install is told everything at once.
install_toolchain() {
  install g++ cmake ninja-build python3 \
    "llvm-$LLVM-dev" "llvm-$LLVM-tools" "clang-$LLVM" "lld-$LLVM" "$@"
}

TEST_NEEDS=(make meson libgtest-dev python3-jsonschema python3-yaml fish mandoc zsh binutils
  mold "llvm-$LLVM-linker-tools")
# The sanitizers' run-time libraries, for test/Matrix; up to 15 clang brings them.
[ "$LLVM" -le 15 ] || TEST_NEEDS+=("libclang-rt-$LLVM-dev")
# The short form of the firmware lane, which is tested on the newest LLVM alone.
[ "$LLVM" -ne 22 ] || TEST_NEEDS+=(qemu-system-arm picolibc-arm-none-eabi gcc-arm-none-eabi)
# Split functions are run for AArch64, too.
[ "$LLVM" -ne 22 ] || TEST_NEEDS+=(qemu-user g++-aarch64-linux-gnu)
# The pages that a run touches are counted.
[ "$LLVM" -ne 22 ] || TEST_NEEDS+=(valgrind)

# Bazel brings 250 MB of Java for one test: continuous integration has it.
[ "$LLVM" -ne 22 ] || [ -z "${CI:-}" ] || TEST_NEEDS+=(bazel-bootstrap)

# Where the distribution's Rust has this LLVM its tests run; else they are
# reported as unsupported. The package lists are there by now.
install_rust() {
  local needs
  [ "$LLVM" -eq 22 ] || return 0
  needs=$(apt-cache depends --recurse rustc-web 2>/dev/null) || return 0
  if [[ $needs =~ libllvm$LLVM[[:space:]] ]]; then
    install rustc-web cargo-web
  fi
}

# A room at a time is compiled (see plugin/CMakeLists.txt), which halves the
# time of a first build. With UNITY=OFF each file is compiled alone, as by who
# builds with CMake and no options.
build() { # build OPTION... -- TARGET...
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  mkdir -p "$BUILD"
  cmake -G Ninja -S . -B "$BUILD" -DCMAKE_BUILD_TYPE=Release -DCMAKE_UNITY_BUILD="${UNITY:-ON}" \
    -DSECTION_PLACEMENT_WERROR="$WERROR" \
    -DLLVM_DIR="$(llvm-config-"$LLVM" --cmakedir)" "${options[@]}" \
    >"$BUILD/configure.log" 2>&1 || { cat "$BUILD/configure.log" >&2; exit 1; }
  echo "== building against LLVM $LLVM in $BUILD"
  ninja -C "$BUILD" "$@" >"$BUILD/build.log" 2>&1 || { cat "$BUILD/build.log" >&2; exit 1; }
}

build_with_clang() { # as build
  build -DSECTION_PLACEMENT_TESTS=ON -DCMAKE_C_COMPILER="clang-$LLVM" \
    -DCMAKE_CXX_COMPILER="clang++-$LLVM" "$@"
}

case "${1:-}" in
demo)
  install_toolchain
  build -DSECTION_PLACEMENT_TESTS=OFF -- SectionPlacement section-placement
  LLVM_BIN="$(llvm-config-"$LLVM" --bindir)" PLUGIN="$PWD/$BUILD/plugin/SectionPlacement.so" \
    demo/run.sh "$BUILD/demo"
  ;;
build)
  install_toolchain
  build -DSECTION_PLACEMENT_TESTS=OFF -- all
  echo "   the plugin: $BUILD/plugin/SectionPlacement.so"
  echo "   the tool:   $BUILD/tools/section-placement/section-placement"
  ;;
test)
  install_toolchain "${TEST_NEEDS[@]}"
  install_rust
  build -DSECTION_PLACEMENT_TESTS=ON -- all
  echo "== testing with LLVM $LLVM"
  ctest --test-dir "$BUILD" --verbose --no-tests=error
  ;;
package)
  shift
  packages=$PWD/build/packages
  rm -rf "$packages"
  mkdir -p "$packages"
  install dpkg-dev lintian file
  versions=("$LLVM" "$@")
  for LLVM in "${versions[@]}"; do
    BUILD=build/llvm-$LLVM
    install_toolchain
    build -DSECTION_PLACEMENT_TESTS=OFF -- all
    echo "== packing for LLVM $LLVM"
    rm -rf "$BUILD/packages"
    (cd "$BUILD" && cpack -G DEB -B packages >packages.log 2>&1) || { cat "$BUILD/packages.log" >&2; exit 1; }
    test/Package/gather.sh "$BUILD/packages" "$packages"
  done
  # It warns of root, whom a container has alone.
  lintian --fail-on error --allow-root "$packages"/*.deb
  test/Package/packages.sh "$packages" "${versions[@]}"
  ls "$packages"/*.deb
  ;;
fresh)
  install debootstrap
  [ -e build/packages/section-placement-22_* ] ||
    { echo "bootstrap: make the packages first: ./bootstrap.sh package" >&2; exit 1; }
  test/Package/fresh.sh build/packages
  ;;
sanitize)
  # liblld: a linker that has the sanitizers' run-time (test/SanitizedLinker).
  install_toolchain "${TEST_NEEDS[@]}" "liblld-$LLVM-dev"
  build -- SectionPlacement
  plain=$PWD/$BUILD/plugin/SectionPlacement.so
  BUILD=build/sanitize # That of `fuzz`, too.
  build_with_clang -DSECTION_PLACEMENT_FUZZ=ON -DSECTION_PLACEMENT_PLAIN_PLUGIN="$plain" -- all
  ctest --test-dir "$BUILD" --verbose --no-tests=error
  BUILD=build/sanitize-threads
  build_with_clang -DSECTION_PLACEMENT_SANITIZERS=thread \
    -DSECTION_PLACEMENT_PLAIN_PLUGIN="$plain" -- SectionPlacement section-placement ld.lld
  ctest --test-dir "$BUILD" --verbose --tests-regex lit
  ;;
report-page)
  install_toolchain chromium chromium-driver
  command -v npm >/dev/null || install nodejs npm
  test/ReportPage/check.sh "$BUILD/report-page-scripts"
  build -DSECTION_PLACEMENT_TESTS=OFF -- SectionPlacement section-placement
  LLVM_BIN="$(llvm-config-"$LLVM" --bindir)" PLUGIN="$PWD/$BUILD/plugin/SectionPlacement.so" \
    TOOL="$PWD/$BUILD/tools/section-placement/section-placement" \
    test/ReportPage/run.sh "$BUILD/report-page"
  ;;
opt-out-fidelity)
  install_toolchain dpkg-dev gcc libc6-dev
  build -DSECTION_PLACEMENT_TESTS=OFF -- SectionPlacement
  LLVM=$LLVM PLUGIN="$PWD/$BUILD/plugin/SectionPlacement.so" bench/opt-out-fidelity
  ;;
unclaimed)
  install_toolchain dpkg-dev libc6-dev libstdc++-12-dev
  build -DSECTION_PLACEMENT_TESTS=OFF -- SectionPlacement section-placement
  test/Unclaimed/run.sh "$LLVM" "$BUILD"
  ;;
firmware)
  install_toolchain qemu-system-arm qemu-system-misc picolibc-arm-none-eabi \
    picolibc-riscv64-unknown-elf gcc-arm-none-eabi gcc-riscv64-unknown-elf
  build -DSECTION_PLACEMENT_TESTS=OFF -- SectionPlacement section-placement
  python3 firmware/run.py --llvm "$(llvm-config-"$LLVM" --bindir)" \
    --plugin "$BUILD/plugin/SectionPlacement.so" \
    --tool "$BUILD/tools/section-placement/section-placement" \
    --results docs/firmware/results.md
  ;;
determinism)
  install_toolchain
  build -DSECTION_PLACEMENT_TESTS=OFF -- SectionPlacement section-placement
  python3 test/Determinism/determinism.py --llvm "$(llvm-config-"$LLVM" --bindir)" \
    --plugin "$BUILD/plugin/SectionPlacement.so" \
    --tool "$BUILD/tools/section-placement/section-placement" --folder "$BUILD/determinism"
  ;;
fuzz)
  install_toolchain "${TEST_NEEDS[@]}"
  BUILD=build/sanitize
  build_with_clang -DSECTION_PLACEMENT_FUZZ=ON -- fuzz-targets
  python3 test/Fuzz/fuzz.py --build "$BUILD" --llvm "$(llvm-config-"$LLVM" --bindir)" \
    --seconds "${SECONDS_EACH:-600}" --runs "${RUNS:-0}" --targets "${TARGETS:-}" \
    --at-once "${AT_ONCE:-1}"
  ;;
mutants)
  install_toolchain "${TEST_NEEDS[@]}"
  python3 test/Mutants/mutants.py --llvm "$(llvm-config-"$LLVM" --bindir)" \
    --folder build/mutants --jobs "$(nproc)"
  ;;
chaos)
  install_toolchain dpkg-dev make libc6-dev libstdc++-12-dev libgtest-dev libgmock-dev tcl \
    qemu-user g++-aarch64-linux-gnu
  [ "$LLVM" -le 15 ] || install "libclang-rt-$LLVM-dev"
  build -DSECTION_PLACEMENT_TESTS=OFF -- SectionPlacement section-placement
  test/Chaos/run.sh "$LLVM" "$BUILD"
  ;;
kernel)
  install_toolchain linux-source-6.12 flex bison bc libssl-dev libelf-dev cpio kmod \
    rsync patch perl xz-utils valgrind qemu-system-arm qemu-system-misc opensbi qemu-system-x86 \
    clang-19 lld-19 llvm-19-dev llvm-19-tools
  # LLVM 19 is for its own configuration; a step without one is run in each.
  versions=22
  set -f
  for pattern in ${STEPS:-all}; do
    [[ $pattern == */* && $pattern != *llvm-19* ]] || versions="22 19"
  done
  set +f
  for LLVM in $versions; do
    BUILD=build/llvm-$LLVM
    build -DSECTION_PLACEMENT_TESTS=OFF -- SectionPlacement section-placement
  done
  exec kernel/lane.sh
  ;;
style)
  install_toolchain "clang-format-$LLVM" "clang-tidy-$LLVM"
  # Not git's list: a new file is to be right before it is added.
  mapfile -t sources < <(find . -path ./build -prune -o '(' -name '*.cpp' -o -name '*.h' ')' -print | sort)
  "clang-format-$LLVM" --dry-run --Werror "${sources[@]}"
  echo "== clang-format: ${#sources[@]} files as they should be"
  BUILD=build/tidy
  # clang-tidy goes through all that a precompiled header has. A room at a time,
  # it needs an eighth of the time. A file that includes those of a room is CMake's,
  # and in it a file's own header is like any other: clang-format sorts them.
  build -DSECTION_PLACEMENT_TESTS=OFF -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
    -DCMAKE_C_COMPILER="clang-$LLVM" -DCMAKE_CXX_COMPILER="clang++-$LLVM" -- plugin/PageTemplate.inc
  "run-clang-tidy-$LLVM" -p "$BUILD" -quiet -j "$(nproc)" -checks=-bugprone-suspicious-include,-llvm-include-order \
    >"$BUILD/tidy.log" 2>&1 || { grep -E 'error|warning' "$BUILD/tidy.log" >&2; exit 1; }
  mapfile -t sources < <(find plugin tools -name '*.cpp' | sort)
  echo "== clang-tidy: ${#sources[@]} files without a finding"
  ;;
*)
  usage
  ;;
esac
