# Completions of section-placement for bash: the tool knows what may follow.
#
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# From the sources, the tool of a build beside them serves.
_section_placement_builds=$(cd "${BASH_SOURCE[0]%/*}" 2>/dev/null && cd ../../build 2>/dev/null && pwd)

_section_placement() {
  local tool=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before= line lines built
  COMPREPLY=()
  if ! command -v "$tool" >/dev/null; then
    for built in "$_section_placement_builds"/*/tools/section-placement/section-placement; do
      [[ -x $built ]] && tool=$built
    done
  fi
  mapfile -t lines < <("$tool" print-completions $((COMP_CWORD - 1)) "${COMP_WORDS[@]:1}" 2>/dev/null)
  # bash divides `--for=kbuild` at the '=', if COMP_WORDBREAKS has one.
  if [[ $word == = ]]; then
    word=
  elif [[ $word == -*=* ]]; then
    before=${word%%=*}= word=${word#*=}
  fi
  case ${lines[0]} in
  files)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -P "$before" -f -- "$word")
    ;;
  folders)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -P "$before" -d -- "$word")
    ;;
  words)
    for line in "${lines[@]:1}"; do
      COMPREPLY+=("$before${line%%$'\t'*}")
    done
    ;;
  esac
}
complete -F _section_placement section-placement
