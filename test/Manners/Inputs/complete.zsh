# Prints what zsh would complete: complete.zsh SCRIPT WORD..., of which the last is
# not finished. What the function calls of zsh's own prints what it was given.
script=$1
shift
words=(section-placement "$@") CURRENT=$(($# + 1))
compset() { print -r "the word begins behind $3" }
_files() { print -r "files $*" }
_describe() { print -rl -- "${(@P)argv[-1]}" }
source $script
