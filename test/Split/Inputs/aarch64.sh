# aarch64.sh NAME TOOLS PLUGIN FLAGS...: compiles, links, runs.
name=$1 tools=$2 plugin=$3
shift 3
clang="clang++ --target=aarch64-linux-gnu $*"
case "$*" in
*-flto*) load="-Wl,--load-pass-plugin=$plugin" place= ;;
*) load= place="-fpass-plugin=$plugin -mllvm -section-placement-policy=split.yaml" ;;
esac
$clang -c main.cpp -o $name-main.o
$clang $place -c parse.cpp -o $name-parse.o
# Far apart: branches between the parts go through thunks.
echo 'SECTIONS { .text.split 0x20000000 : { *(.text.split.*) } } INSERT AFTER .bss;' > $name.ld
SECTION_PLACEMENT_POLICY=split.yaml $clang -fuse-ld=lld -B$tools $load -static -Wl,-T,$name.ld $name-parse.o $name-main.o -o $name
qemu-aarch64 ./$name abcdefg 'wo?rk' | diff says.txt -
llvm-nm $name
