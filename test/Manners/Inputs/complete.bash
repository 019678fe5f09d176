# Prints what bash would complete: complete.bash SCRIPT WORD..., of which the last
# is not finished.
source "$1"
compopt() { :; }
shift
COMP_WORDS=(section-placement "$@") COMP_CWORD=$#
_section_placement
echo "bash: ${COMPREPLY[*]}"
