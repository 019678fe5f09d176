# link.sh LTO TOOLS PLUGIN: a program and a shared library, both run.
lto=$1
clang="clang++ -O2 -flto=$lto -fuse-ld=lld -B$2"
export SECTION_PLACEMENT_POLICY=split.yaml
plugin="-Wl,--load-pass-plugin=$3"
$clang -c main.cpp -o $lto-main.o
$clang -fPIC -c parse.cpp -o $lto-parse.o
$clang $plugin -Wl,-z,keep-text-section-prefix $lto-parse.o $lto-main.o -o $lto
./$lto abcdefg 'wo?rk' | diff says.txt -
llvm-readelf -SsW $lto > $lto.symbols
$clang $plugin -shared -Wl,-z,keep-text-section-prefix $lto-parse.o -o $lto.so
llvm-readelf -SsW $lto.so > $lto.so.symbols
SECTION_PLACEMENT_POLICY=none $clang $lto-main.o ./$lto.so -o $lto-uses
./$lto-uses abcdefg 'wo?rk' | diff says.txt -
