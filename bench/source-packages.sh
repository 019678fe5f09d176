# For the benchmarks that build real programs. Sourced.

# fetch_sources FOLDER PACKAGE... : unpacks the source packages into FOLDER, from
# where this machine has its packages, with package lists of our own: those of
# the machine have no deb-src, and stay as they are. Of bookworm itself, since a
# security update may lack its newest source.
fetch_sources() {
  local folder=$1 package missing=()
  shift
  for package in "$@"; do
    [ -n "$(ls -d "$folder/$package"-*/ 2>/dev/null)" ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  mkdir -p "$folder"/apt/{lists,cache,etc}/partial
  apt-get indextargets --format 'deb-src $(REPO_URI) $(CODENAME) $(COMPONENT)' \
    'Created-By: Packages' | grep ' bookworm main$' | sort -u \
    >"$folder/apt/sources.list"
  local apt=(apt-get -qq -o APT::Sandbox::User="$(id -un)"
    -o Dir::Etc::SourceList="$folder/apt/sources.list"
    -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$folder/apt/lists"
    -o Dir::Cache="$folder/apt/cache")
  (cd "$folder" && "${apt[@]}" update && "${apt[@]}" source "${missing[@]}") \
    >"$folder/fetch.log" 2>&1 || { cat "$folder/fetch.log" >&2; exit 1; }
}
