#!/usr/bin/env bash
# Instructions of the link of libsodium (106 files of C, 8 of assembly), by
# callgrind: without the plugin, with it and a policy of ten rules, and with the
# same rules and native objects by wildcard. In full LTO and in ThinLTO.
#
#   bench/links.sh PLUGIN FOLDER     prints: link, what, instructions
#
# LLVM_BIN names the folder of clang and ld.lld.
set -euo pipefail

PLUGIN=$(realpath "$1")
mkdir -p "$2"
FOLDER=$(realpath "$2")
LLVM_BIN=${LLVM_BIN:-$(llvm-config-22 --bindir)}

. "$(dirname "$0")/libsodium.sh"

policy() { # policy NATIVE...
  cat <<EOF
version: 1
root: $(cd "$FOLDER"/libsodium-*/ && pwd)
native: [$1]
rules:
  - name: short-branches
    match: { native: ["**"] }
    grow: { along: [branch] }
  - name: ladder
    match: { function: [crypto_scalarmult_curve25519_sandy2x] }
    grow: { along: [call], depth: 1 }
    section: .text.ladder
  - name: startup
    match: { function: [sodium_init, "_crypto_*_pick_best_implementation", "_sodium_*_init"] }
    section: .text.startup
  - name: keep
    match: { section: [".init.*", ".text.keep"] }
    leave: true
    optional: true
  - name: hashes
    match: { source: ["src/libsodium/crypto_{hash,generichash}/**"] }
    section: "{unsplit}"
  - name: signatures
    match:
      source: ["src/libsodium/crypto_sign/**"]
      except: { function: ["*_keypair"] }
    section: ".text.sign.{file}"
  - name: cold-parts
    match: { attribute: [cold] }
    section: .text.unlikely
    optional: true
  - name: ciphers
    match:
      source: ["src/libsodium/crypto_stream/*/*.c", "src/libsodium/crypto_core/**"]
      function: ["*chacha20*", "*salsa*"]
    section: .text.ciphers
  - name: utilities
    match: { function: [sodium_memzero, sodium_memcmp, sodium_increment, sodium_add, sodium_bin2hex] }
    section: .text.utilities
  - name: one-each
    match: { source: ["src/libsodium/crypto_pwhash/**"] }
    section: ".text.pwhash.{function}"
EOF
}

# Inlined into nothing, so that each run starts from the same shell environment.
link() { # link full|thin without|named|wildcard
  local options=() name="$1-$2"
  [ "$2" = without ] || options=(--load-pass-plugin="$PLUGIN")
  (
    cd "$FOLDER/$1"
    if [ "$2" = without ]; then unset SECTION_PLACEMENT_POLICY
    else export SECTION_PLACEMENT_POLICY="$FOLDER/$2.yaml"; fi
    valgrind --tool=callgrind --callgrind-out-file="$FOLDER/$name.callgrind" \
      "$LLVM_BIN/ld.lld" -r --threads=1 --thinlto-jobs=1 "${options[@]}" \
      -o "$FOLDER/$name.o" *.o >"$FOLDER/$name.log" 2>&1 ||
      { cat "$FOLDER/$name.log" >&2; exit 1; }
  )
  echo "$1 $2 $(sed -n 's/^.*Collected : //p' "$FOLDER/$name.log")"
}

fetch
compile "$FOLDER/full" . -g1 -flto=full
compile "$FOLDER/thin" . -g1 -flto=thin
policy "$(cd "$FOLDER/full" && ls *.S.o | paste -sd, | sed 's/,/, /g')" \
  >"$FOLDER/named.yaml"
policy '"**/*.o"' >"$FOLDER/wildcard.yaml"
export FOLDER PLUGIN LLVM_BIN
export -f link
printf '%s\n' {full,thin}\ {without,named,wildcard} |
  xargs -P "$(nproc)" -L1 bash -euo pipefail -c 'link "$@"' bash
