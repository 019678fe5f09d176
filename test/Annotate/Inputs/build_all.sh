# Builds the program in this folder in each kind of LTO.
#   build_all.sh INPUTS PLUGIN OPTION...
inputs=$1 plugin=$2
shift 2
export SECTION_PLACEMENT_POLICY=policy.yaml
compile() { # compile FOLDER OPTION...
  mkdir -p "$1"
  folder=$1
  shift
  for file in dir/first other/second third; do
    clang --target=x86_64-linux-gnu -O2 -std=c++17 -fPIC -I. -ffunction-sections \
      -fno-exceptions -fno-rtti -fpass-plugin="$plugin" "$@" \
      -c $file.cpp -o "$folder/$(basename $file).o"
  done
}
rm -rf plain thin full distributed dtlto
compile plain "$@"
# So that of each comdat the first copy is kept, as in the others.
ld.lld -r plain/*.o -o plain.o
compile thin -flto=thin "$@"
compile full -flto=full "$@"
ld.lld -r --load-pass-plugin="$plugin" thin/*.o -o thin.o
ld.lld -r --load-pass-plugin="$plugin" full/*.o -o full.o
# No backend of these loads the plugin, so the compile places.
SECTION_PLACEMENT_STAGE=compile compile stage -flto=thin "$@"
SECTION_PLACEMENT_STAGE=compile compile stage-full -flto=full "$@"
(
  mkdir distributed
  unset SECTION_PLACEMENT_POLICY
  ld.lld -r --thinlto-index-only stage/*.o -o distributed.o
  for file in first second third; do
    clang --target=x86_64-linux-gnu -O2 -fPIC -ffunction-sections -x ir \
      stage/$file.o -fthinlto-index=stage/$file.o.thinlto.bc \
      -c -o distributed/$file.o
  done
  ld.lld -r distributed/*.o -o distributed.o
)
