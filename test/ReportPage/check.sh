#!/usr/bin/env bash
# The scripts of the report's page: types by tsc, faults by eslint, both of the npm
# registry in the versions of npm/package-lock.json. FOLDER gets them and a copy
# of the scripts.
#
#   check.sh FOLDER
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
cp "$here"/npm/* .
rm -rf Page Broken
cp -r "$here/../../plugin/Report/Page" Page
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1 || { cat npm.log >&2; exit 1; }
npm=node_modules/.bin

for script in Page/*.js; do
  [ "$(head -n 1 "$script")" = '// @ts-check' ] || { echo "$script does not begin with // @ts-check" >&2; exit 1; }
done
"$npm/tsc" --project .
"$npm/eslint" Page

# A check that cannot fail is none: both notice a fault.
mkdir Broken
echo '/** @type {number} */ const text = "x"; var unused = byId(1);' >Broken/broken.js
echo '{ "extends": "./tsconfig.json", "include": ["Page/*.js", "Broken/*.js"] }' >broken.json
if "$npm/tsc" --project broken.json >broken.log; then echo "tsc notices nothing" >&2; exit 1; fi
grep -q "'string' is not assignable to type 'number'" broken.log
if "$npm/eslint" Broken >broken.log; then echo "eslint notices nothing" >&2; exit 1; fi
grep -q 'no-var' broken.log
rm -r Broken broken.json broken.log
scripts=(Page/*.js)
echo "ok: ${#scripts[@]} scripts of the page are typed and linted"
