# Completions of section-placement for bash: the tool knows what may follow.
#
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# From the sources, the tool of a build beside them serves.
_section_placement_builds=$(cd "${BASH_SOURCE[0]%/*}" 2>/dev/null && cd ../../build 2>/dev/null && pwd)

# Does word belong to the last of typed? Whoever calls the function without a
# line, as a test or another completion does, has the signs alone.
_section_placement_goes_on() {
  if [[ -n $COMP_LINE ]]; then
    [[ $rest == "${rest#[[:space:]]}" ]]
  else
    [[ $word =~ ^[=:]+$ || ${typed[-1]} == *[=:] ]]
  fi
}

# COMP_WORDS as they were typed: bash divides `--for=kbuild` and `ns::f` at the
# signs of COMP_WORDBREAKS. Sets typed, current, and before: what of the current
# word stands before the piece that bash replaces.
_section_placement_words() {
  local rest=$COMP_LINE i word
  typed=() current=0 before=
  for ((i = 0; i < ${#COMP_WORDS[@]}; ++i)); do
    word=${COMP_WORDS[i]}
    if ((i > 1)) && [[ -n $word ]] && _section_placement_goes_on; then
      ((i == COMP_CWORD)) && before=${typed[-1]}
      typed[-1]+=$word
    else
      typed+=("$word")
    fi
    rest=${rest#"${rest%%[![:space:]]*}"}
    rest=${rest#"$word"}
    ((i == COMP_CWORD)) && current=$((${#typed[@]} - 1))
  done
  # A piece of signs alone is not replaced.
  [[ ${COMP_WORDS[COMP_CWORD]} =~ ^[=:]+$ ]] && before=${typed[current]}
}

_section_placement() {
  local tool=${COMP_WORDS[0]} typed current before word quote= line lines built option=
  COMPREPLY=()
  if ! command -v "$tool" >/dev/null; then
    for built in "$_section_placement_builds"/*/tools/section-placement/section-placement; do
      [[ -x $built ]] && tool=$built
    done
  fi
  _section_placement_words
  word=${typed[current]}
  [[ $word == -*=* ]] && option=${word%%=*}=
  word=${word#"$option"}
  # 'a name in quotes: bash closes them. Else a backslash stands before a sign.
  if [[ $word == [\'\"]* ]]; then
    quote=${word:0:1} word=${word:1}
  else
    word=${word//\\/}
  fi
  typed[current]=$option$word
  mapfile -t lines < <("$tool" print-completions $((current - 1)) "${typed[@]:1}" 2>/dev/null)
  case ${lines[0]} in
  files)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -P "$option" -f -- "$word")
    ;;
  folders)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -P "$option" -d -- "$word")
    ;;
  words)
    for line in "${lines[@]:1}"; do
      line=${line%%$'\t'*}
      # `ns::f(int)` is one word for the shell.
      [[ -n $quote ]] || printf -v line %q "$line"
      COMPREPLY+=("$option$line")
    done
    ;;
  esac
  if [[ -n $before ]]; then
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
  fi
}
complete -F _section_placement section-placement
