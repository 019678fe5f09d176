# Completions of section-placement for fish.
#
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

function __section_placement_is
    __fish_seen_subcommand_from $argv
end

set -l tool complete -c section-placement
set -l none 'not __fish_seen_subcommand_from check diff doctor flags plan report suggest verify why'

$tool -l help -d 'Print the options and an example'
$tool -l help-list -d 'The same, as a plain list'
$tool -n $none -l version -d 'Print the version'
$tool -n $none -f -a check -d 'Validate a policy, and show what it would claim'
$tool -n $none -f -a diff -d 'Compare the functions of two images'
$tool -n $none -f -a doctor -d 'Tell whether a policy will act here'
$tool -n $none -f -a flags -d 'Print the flags of a build under a policy'
$tool -n $none -f -a plan -d 'Plan a whole program, and write a policy of its functions'
$tool -n $none -f -a report -d 'Tell what the rules did in a whole link'
$tool -n $none -f -a suggest -d 'Print a policy that mends a failed link'
$tool -n $none -f -a verify -d 'Measure the short references of a linked image'
$tool -n $none -f -a why -d 'Tell why a function is where it is'

$tool -n '__section_placement_is check' -l json -F -d 'Write JSON'
$tool -n '__section_placement_is check' -l link-command -r -F -d 'The command line of the link'

$tool -n '__section_placement_is diff' -l all -d 'List all'
$tool -n '__section_placement_is diff' -l json -F -d 'Write JSON'
$tool -n '__section_placement_is diff' -l old-report -x -a '(__fish_complete_directories)' -d 'The reports of the old image'
$tool -n '__section_placement_is diff' -l report -x -a '(__fish_complete_directories)' -d 'The reports of the new image'

$tool -n '__section_placement_is doctor' -l json -F -d 'Write JSON'
$tool -n '__section_placement_is doctor' -l build -x -a '(__fish_complete_directories)' -d 'The folder of the build'
$tool -n '__section_placement_is doctor' -l clang -r -F -d 'The compiler'
$tool -n '__section_placement_is doctor' -l lld -r -F -d 'The linker'
$tool -n '__section_placement_is doctor' -l opt -r -F -d 'opt'
$tool -n '__section_placement_is doctor' -l plugin -r -F -d 'SectionPlacement.so'
$tool -n '__section_placement_is doctor' -l policy -r -F -d 'The policy'
$tool -n '__section_placement_is doctor' -l rustc -r -F -d 'The compiler of Rust'

$tool -n '__section_placement_is flags' -l check -r -F -d 'Say which compiles the policy does not act on'
$tool -n '__section_placement_is flags' -l json -F -d 'Write JSON'
$tool -n '__section_placement_is flags' -l link-command -r -F -d 'The command line of the link'
$tool -n '__section_placement_is flags' -l for -x -a 'clang lld kbuild cmake' -d 'Who reads them'
$tool -n '__section_placement_is flags' -l objects -r -F -d 'The files of the link'
$tool -n '__section_placement_is flags' -l output -x -d 'The link\'s output'
$tool -n '__section_placement_is flags' -l plugin -r -F -d 'SectionPlacement.so'
$tool -n '__section_placement_is flags' -l policy -r -F -d 'The policy'
$tool -n '__section_placement_is flags' -l thinlto-cache-dir -x -a '(__fish_complete_directories)' -d 'Cache below it'

$tool -n '__section_placement_is plan' -l after -r -F -d 'Take up what a failed link met'
$tool -n '__section_placement_is plan' -l json -F -d 'Write JSON'
$tool -n '__section_placement_is plan' -l link-command -r -F -d 'The command line of the link'
$tool -n '__section_placement_is plan' -l linker-script -r -F -d 'Write a linker script'
$tool -n '__section_placement_is plan' -s o -r -F -d 'Write the plan there'
$tool -n '__section_placement_is plan' -l policy -r -F -d 'The policy to plan'
$tool -n '__section_placement_is plan' -l profile -r -F -d 'Read which functions ran'
$tool -n '__section_placement_is plan' -l read-bodies -d 'Read the code too'
$tool -n '__section_placement_is plan' -l symbol-ordering-file -r -F -d 'Write the order of symbols'

$tool -n '__section_placement_is report' -l before -r -F -d 'The image as it was without the policy'
$tool -n '__section_placement_is report' -l image -r -F -d 'The linked image'
$tool -n '__section_placement_is report' -l inputs -r -F -d 'The files that the link was given'
$tool -n '__section_placement_is report' -l json -F -d 'Write JSON'
$tool -n '__section_placement_is report' -s o -r -F -d 'Write an HTML page'
$tool -n '__section_placement_is report' -l output -x -d 'Only the link with this output'
$tool -n '__section_placement_is report' -l strict -d 'Be a gate'

$tool -n '__section_placement_is suggest' -l json -F -d 'Write JSON'
$tool -n '__section_placement_is suggest' -l link-command -r -F -d 'The command line of the link'
$tool -n '__section_placement_is suggest' -l log -r -F -d 'What the linker printed'
$tool -n '__section_placement_is suggest' -s o -r -F -d 'Write the policy there'

$tool -n '__section_placement_is verify' -l json -F -d 'Write JSON'
$tool -n '__section_placement_is verify' -l link-command -r -F -d 'The command line of the link'
$tool -n '__section_placement_is verify' -l all -d 'List all'
$tool -n '__section_placement_is verify' -l junit -r -F -d 'Write a JUnit file'
$tool -n '__section_placement_is verify' -l min-margin -x -d 'How much of a reach must be left'
$tool -n '__section_placement_is verify' -l objects -r -F -d 'What the image was linked from'
$tool -n '__section_placement_is verify' -l policy -r -F -d 'The policy to hold it to'
$tool -n '__section_placement_is verify' -l report -x -a '(__fish_complete_directories)' -d 'The reports of the link'

$tool -n '__section_placement_is why' -f
$tool -n '__section_placement_is why' -l json -F -d 'Write JSON'
$tool -n '__section_placement_is why' -l output -x -d 'Only the link with this output'
$tool -n '__section_placement_is why' -l report -x -a '(__fish_complete_directories)' -d 'The folder of reports'
