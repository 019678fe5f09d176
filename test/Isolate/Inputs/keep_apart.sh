# Links one program of this host twice: its first source alone under LTO, the
# others being native, and all sources under LTO, with `lto: opt-out` for the
# first. That stands first in the link, with LAST=1 last. Leaves the programs
# `alone` and `together`, and of each the native code that LTO made, joined:
# alone.o and together.o.
#
#   [LAST=1] [CFLAGS=…] [LTOFLAGS=…] [LDFLAGS=…] keep_apart.sh \
#     PLUGIN LINKER LTO SOURCE...
#
# LTOFLAGS are for what is compiled for LTO only.
set -eu
plugin=$1 linker=$2 lto=$3
shift 3

compile() { # compile SOURCE OPTION... : beside the source.
  source=$1
  shift
  clang -O2 ${CFLAGS:-} "$@" -c "$source" -o "${source%.*}.o"
}
link() { # link OUT OPTION... : all objects.
  out=$1
  shift
  rm -f lto.o*
  clang ${LDFLAGS:-} --ld-path="$linker" "-flto=$lto" -Wl,--lto-obj-path=lto.o \
    "$@" $objects -o "$out"
  ld.lld -r $(find . -name 'lto.o*' -size +0 | sort) -o "$out.o"
}

objects=
for source in "$@"; do
  if [ "${LAST:-}" ]; then objects="${source%.*}.o $objects"
  else objects="$objects ${source%.*}.o"; fi
done
printf '%s\n' 'version: 1' 'rules:' '  - name: apart' \
  "    match: { source: [$1] }" '    lto: opt-out' > policy.yaml

lto_options="-flto=$lto ${LTOFLAGS:-}"
compile "$1" $lto_options
for source in "$@"; do
  [ "$source" = "$1" ] || compile "$source"
done
link alone

export SECTION_PLACEMENT_POLICY=policy.yaml
for source in "$@"; do compile "$source" $lto_options "-fpass-plugin=$plugin"; done
link together -Wl,--load-pass-plugin="$plugin"
