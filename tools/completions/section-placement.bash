# Completions of section-placement for bash.
#
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

_section_placement() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options
  COMPREPLY=()
  # bash divides `--for=kbuild` at the '=', which is a word of its own.
  if [[ $word == = ]]; then
    word= before=${COMP_WORDS[COMP_CWORD - 1]}
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "check diff doctor flags plan report suggest verify why --help --help-list --version" -- "$word")
    return
  fi
  case $before in
  --for)
    mapfile -t COMPREPLY < <(compgen -W "clang lld kbuild cmake" -- "$word")
    return
    ;;
  --build | --old-report | --report | --thinlto-cache-dir)
    compopt -o nospace
    mapfile -t COMPREPLY < <(compgen -d -S / -- "$word")
    return
    ;;
  --min-margin | --output) return ;;
  esac
  case ${COMP_WORDS[1]} in
  check) options="--json --link-command" ;;
  diff) options="--all --json --old-report --report" ;;
  doctor) options="--build --clang --json --lld --opt --plugin --policy --rustc" ;;
  flags) options="--check --for --json --link-command --objects --output --plugin --policy --thinlto-cache-dir" ;;
  plan) options="--after --json --link-command --linker-script -o --policy --profile --read-bodies --symbol-ordering-file" ;;
  report) options="--before --image --inputs --json -o --output --strict" ;;
  suggest) options="--json --link-command --log -o" ;;
  verify) options="--all --json --junit --link-command --min-margin --objects --policy --report" ;;
  why) options="--json --output --report" ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options --help --help-list" -- "$word")
  elif [[ ${COMP_WORDS[1]} != why ]]; then
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _section_placement section-placement
