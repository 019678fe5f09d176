# The builds of bench/layout/run.sh. Sourced.
#
# CPython is built once by its own makefile, which makes what it generates and
# tells every command; then each set of objects is made by the same commands
# with other options behind them.

# Modules whose libraries are other packages, or that no program here uses.
OUTSIDE='_bz2|_lzma|zlib|_crypt|nis|spwd|ossaudiodev|_sqlite3|_ssl|_hashlib|_uuid'
OUTSIDE+='|_tkinter|_curses|_curses_panel|_dbm|_gdbm|readline|_ctypes|xx.*|_xx.*'

# once NAME COMMAND...: runs it, unless it was done. In FOLDER/NAME.log, what it
# says.
once() {
  local name=$1
  shift
  [ ! -e "$FOLDER/$name.complete" ] || return 0
  echo "layout: $name" >&2
  # Not `( … ) || …`, in which bash has no `set -e`.
  local status=0
  set +e
  (set -euo pipefail; "$@") >"$FOLDER/$name.log" 2>&1
  status=$?
  set -e
  [ $status -eq 0 ] || {
    tail -n 20 "$FOLDER/$name.log" >&2
    echo "layout: '$name' failed; all it said is in $FOLDER/$name.log" >&2
    exit 1
  }
  touch "$FOLDER/$name.complete"
}

# The tree in FOLDER/tree, whose make tells its commands, and those that
# compile, one a line, in FOLDER/compiles; the program's objects and libraries
# in FOLDER/objects.list and libraries.list. Not optimised: nobody measures it. (With -flto already in
# CFLAGS, configure cannot tell the order of a float's words.)
make_tree() {
  set -e
  mkdir -p "$FOLDER/tree"
  cd "$FOLDER/tree"
  MODULE_BUILDTYPE=static "$SOURCE/configure" CC="$LLVM_BIN/clang" \
    AR="$LLVM_BIN/llvm-ar" RANLIB="$LLVM_BIN/llvm-ranlib" OPT=-DNDEBUG \
    CFLAGS=-O0 --without-ensurepip --disable-test-modules
  sed -n '/^\*shared\*/q;p' Modules/Setup.stdlib |
    grep -vE "^($OUTSIDE) " >Modules/Setup.local
  make -j"$JOBS" --output-sync=line python 2>&1 | tee make.out
  [ "${PIPESTATUS[0]}" -eq 0 ]
  sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' make.out >make.lines
  grep -E "^$LLVM_BIN/clang .*-c " make.lines >../compiles
  # All that its link names: objects, archives of objects made here, libraries.
  local words
  words=$(sed -n "s#^$LLVM_BIN/clang .*-o python ##p" make.lines | tail -n 1)
  tr ' ' '\n' <<<"$words" | grep '^-l' | sort -u >../libraries.list
  tr ' ' '\n' <<<"$words" | grep '\.o$' >../objects.list
  tr ' ' '\n' <<<"$words" | grep '\.a$' | sort -u | while read -r archive; do
    sed -n "s#^$LLVM_BIN/llvm-ar rcs $archive ##p" make.lines | tail -n 1 |
      tr -s ' ' '\n'
  done >>../objects.list
}

# compile KIND OPTION...: the objects in FOLDER/KIND.
compile() {
  set -e
  local out="$FOLDER/$1"
  shift
  mkdir -p "$out"
  (cd "$FOLDER/tree" && find . -type d) | (cd "$out" && xargs mkdir -p)
  cd "$FOLDER/tree"
  # A command is for the shell, as make wrote it.
  sed -E "s#[[:space:]]-o ([^ ]+\.o)# -o $out/\1#; s#\$# -O2 -w $*#" ../compiles |
    tr '\n' '\0' | xargs -0 -P "$JOBS" -n 1 sh -c
  cd "$out"
  xargs ls -d <"$FOLDER/objects.list" >/dev/null
}

# link KIND PROGRAM OPTION...: at fixed addresses, so that two runs compare.
link() {
  set -e
  local kind=$1 program=$2
  shift 2
  cd "$FOLDER/$kind"
  "$LLVM_BIN/clang" --ld-path="$LLVM_BIN/ld.lld" -no-pie -rdynamic "$@" \
    -Wl,--thinlto-jobs="$JOBS",--thinlto-cache-dir="$FOLDER/cache" @"$FOLDER/objects.list" \
    @"$FOLDER/libraries.list" -o "$program"
}
