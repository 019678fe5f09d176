# libsodium (106 files of C in 40 directories, 8 of assembly), for the benchmarks
# that build it: sets FLAGS, and defines fetch, which unpacks it into $FOLDER, and
# compile. Sourced, with FOLDER and LLVM_BIN set.

# The source package, from where this machine has its packages, with package
# lists of our own: those of the machine have no deb-src, and stay as they are.
fetch() {
  [ -z "$(ls -d "$FOLDER"/libsodium-*/ 2>/dev/null)" ] || return 0
  mkdir -p "$FOLDER"/apt/{lists,cache,etc}/partial
  apt-get indextargets --format 'deb-src $(REPO_URI) $(CODENAME) $(COMPONENT)' \
    'Created-By: Packages' | grep ' bookworm main$' | sort -u \
    >"$FOLDER/apt/sources.list"
  local apt=(apt-get -qq -o APT::Sandbox::User="$(id -un)"
    -o Dir::Etc::SourceList="$FOLDER/apt/sources.list"
    -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$FOLDER/apt/lists"
    -o Dir::Cache="$FOLDER/apt/cache")
  (cd "$FOLDER" && "${apt[@]}" update && "${apt[@]}" source libsodium) \
    >"$FOLDER/fetch.log" 2>&1 || { cat "$FOLDER/fetch.log" >&2; exit 1; }
  (
    cd "$FOLDER"/libsodium-*/
    sed -e 's/@VERSION@/1.0/; s/@SODIUM_LIBRARY_VERSION_M[A-Z]*@/0/' \
      -e '/@SODIUM_LIBRARY_MINIMAL_DEF@/d' \
      src/libsodium/include/sodium/version.h.in \
      >src/libsodium/include/sodium/version.h
  )
}

# What ./configure finds out on x86-64; every file may use all that is defined.
# Without debug info: who wants it says so.
FLAGS=(-O2 -w -fPIC -march=x86-64-v3 -maes -mpclmul -mrdrnd
  -Isrc/libsodium/include/sodium -DCONFIGURED -DNATIVE_LITTLE_ENDIAN
  -DHAVE_TI_MODE -DHAVE_CPUID -DHAVE_AMD64_ASM -DHAVE_AVX_ASM -DHAVE_INLINE_ASM
  -DHAVE_MMINTRIN_H -DHAVE_EMMINTRIN_H -DHAVE_PMMINTRIN_H -DHAVE_TMMINTRIN_H
  -DHAVE_SMMINTRIN_H -DHAVE_AVXINTRIN_H -DHAVE_AVX2INTRIN_H -DHAVE_WMMINTRIN_H
  -DHAVE_RDRAND -DHAVE_PTHREAD -DHAVE_SYS_MMAN_H -DHAVE_MMAP -DHAVE_MLOCK
  -DHAVE_MPROTECT -DHAVE_POSIX_MEMALIGN -DHAVE_ATOMIC_OPS -DHAVE_C_VARARRAYS
  -DTLS=_Thread_local)

# compile OUT PATTERN FLAG... : the files whose path below src/libsodium matches
# the extended regular expression PATTERN, once.
compile() {
  local out="$1" pattern="$2"
  shift 2
  [ ! -e "$out/complete" ] || return 0
  mkdir -p "$out"
  (
    cd "$FOLDER"/libsodium-*/
    find src/libsodium -name '*.[cS]' -printf '%P\n' | sort |
      grep -E "$pattern" |
      xargs -P "$(nproc)" -I{} sh -c \
        'out=$1/$(echo "$2" | tr / _).o; shift 2; exec "$@" -o "$out"' \
        sh "$out" {} "$LLVM_BIN/clang" "${FLAGS[@]}" "$@" -c \
        src/libsodium/{}
  )
  touch "$out/complete"
}
