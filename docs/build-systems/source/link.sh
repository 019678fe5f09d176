#!/bin/sh
# link.sh PROGRAM PLAN ORDER OBJECT…: links under the plan, and verifies.
# $CC and $SECTION_PLACEMENT_TOOL name other tools than the installed ones.
set -e
program=$1 plan=$2 order=$3
shift 3
tool=${SECTION_PLACEMENT_TOOL:-section-placement}
eval "$("$tool" flags --policy "$plan" --symbol-ordering-file "$order")"
# Split at blanks on purpose.
"${CC:-clang-22}" -O2 -flto=thin $PLACEMENT_LDFLAGS "$@" -o "$program"
"$tool" verify "$program" --policy "$plan"
