#!/usr/bin/env bash
# Moves the Debian packages of FOLDER to the others in TO:
#
#   gather.sh FOLDER TO
#
# Each build makes section-placement-common. There can be one, so all of them
# must hold the same.
set -euo pipefail
folder=$1 to=$2

common=$(basename "$folder"/section-placement-common_*.deb)
if [ -e "$to/$common" ]; then
  dpkg-deb -x "$to/$common" "$folder/theirs"
  dpkg-deb -x "$folder/$common" "$folder/ours"
  # A compressed file has its time inside.
  find "$folder/theirs" "$folder/ours" -type f -name '*.gz' -exec gunzip {} +
  diff -r "$folder/theirs" "$folder/ours" >&2 ||
    { echo "gather: $folder/$common is another package than that in $to" >&2; exit 1; }
fi
mv "$folder"/*.deb "$to"
