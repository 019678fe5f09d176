# The orders that bench/layout/run.sh compares. Sourced.

# One a line: NAME OBJECTS OPTION..., those of the linker. The first with each
# set of objects is what the others of that set are compared with.
orders() {
  local i bp="--bp-startup-sort=function,--irpgo-profile=$FOLDER/profile"
  echo "default plain"
  for i in $(seq "$RANDOMS"); do
    echo "random-$i plain -Wl,--shuffle-sections=.text*=$i"
  done
  ours plain affinity
  ours plain affinity-bodies
  echo "no-sort profiled -Wl,--call-graph-profile-sort=none"
  echo "cdsort profiled -Wl,--call-graph-profile-sort=cdsort"
  echo "prefix profiled -Wl,--call-graph-profile-sort=none,-z,keep-text-section-prefix"
  echo "bp profiled -Wl,$bp"
  ours profiled profile-affinity
  ours profiled profile-affinity-bodies
}

ours() { # ours OBJECTS NAME
  echo "$2 $1 -Wl,--symbol-ordering-file=$FOLDER/plans/$2.order,--no-warn-symbol-ordering"
}

# One rule for every function: the order is all that is wanted of it.
plans() {
  mkdir -p "$FOLDER/plans"
  cat >"$FOLDER/plans/policy.yaml" <<POLICY
version: 1
root: $SOURCE
rules:
  - name: all
    match: { function: ["*"] }
    section: ".text.{function}"
    order: affinity
POLICY
  once plan-affinity plan plain affinity
  once plan-affinity-bodies plan plain affinity-bodies --read-bodies
  once plan-profile-affinity plan profiled profile-affinity
  once plan-profile-affinity-bodies plan profiled profile-affinity-bodies \
    --read-bodies
}

plan() { # plan OBJECTS NAME OPTION...
  set -e
  local objects=$1 name=$2
  shift 2
  cd "$FOLDER/$objects"
  tr '\n' '\0' <"$FOLDER/objects.list" |
    xargs -0 "$TOOL" plan --policy "$FOLDER/plans/policy.yaml" "$@" \
      --symbol-ordering-file "$FOLDER/plans/$name.order" \
      -o "$FOLDER/plans/$name.yaml"
}
