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
  ours profiled affinity-counts
  ours profiled affinity-runs
  ours profiled affinity-runs-bodies
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
  plan plain affinity
  plan plain affinity-bodies --read-bodies
  plan profiled affinity-counts --read-bodies
  plan profiled affinity-runs --profile "$FOLDER/profile"
  plan profiled affinity-runs-bodies --profile "$FOLDER/profile" --read-bodies
}

# plan OBJECTS NAME OPTION...: each time, in a second or two. Where the tool has
# come to another order, what was measured of the former is forgotten.
plan() {
  local objects=$1 name=$2 order="$FOLDER/plans/$2.order"
  shift 2
  (cd "$FOLDER/$objects" && tr '\n' '\0' <"$FOLDER/objects.list" |
    xargs -0 "$TOOL" plan --policy "$FOLDER/plans/policy.yaml" "$@" \
      --symbol-ordering-file "$order.new" -o "$FOLDER/plans/$name.yaml") \
    >"$FOLDER/plans/$name.log" 2>&1 || { cat "$FOLDER/plans/$name.log" >&2; exit 1; }
  cmp -s "$order" "$order.new" || rm -f "$FOLDER/measured/$name".* \
    "$FOLDER"/{link,startup,workload,misses}-"$name"{,.[0-9]*}.complete
  mv "$order.new" "$order"
}
