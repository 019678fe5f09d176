# Completions of section-placement for fish: the tool knows what may follow.
#
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

function __section_placement_complete
    set -l words (commandline -opc)
    # A name may be in quotes, `'ns::f(int)'`, which are not closed yet.
    set -l current (commandline -ct | string replace -r "^['\"]" '')
    set -l tool $words[1]
    set -e words[1]
    set -l lines (command $tool print-completions (count $words) $words "$current" 2>/dev/null)
    set -l before (string match -r -- '^-[^=]*=' "$current")
    set -l value (string replace -r -- '^-[^=]*=' '' "$current")
    switch "$lines[1]"
        case files
            printf "$before%s\n" (__fish_complete_path "$value")
        case folders
            printf "$before%s\n" (__fish_complete_directories "$value")
        case words
            set -e lines[1]
            test -n "$lines"; and printf "$before%s\n" $lines
    end
end

complete -c section-placement -f -a '(__section_placement_complete)'
