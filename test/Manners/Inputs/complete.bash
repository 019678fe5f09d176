# Prints what bash would complete: complete.bash SCRIPT WORD..., of which the last
# is not finished. Words of signs alone, `=` and `:`, are what bash divides a word
# at.
source "$1"
compopt() { :; }
shift
COMP_WORDS=(section-placement "$@") COMP_CWORD=$# COMP_LINE=section-placement after=' '
for word; do
  [[ $word =~ ^[=:]+$ ]] && after=
  COMP_LINE+=$after$word after=' '
  [[ $word =~ ^[=:]+$ ]] && after=
done
_section_placement
echo "bash: ${COMPREPLY[*]}"
