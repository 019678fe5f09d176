# What bash would complete.
source "$1"
compopt() { :; }
COMP_WORDS=(section-placement re) COMP_CWORD=1
_section_placement
echo "commands: ${COMPREPLY[*]}"
COMP_WORDS=(section-placement report reports --i) COMP_CWORD=3
_section_placement
echo "options: ${COMPREPLY[*]}"
