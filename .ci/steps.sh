# Sourced by demo.sh and test.sh: steps that say what they do while they do it. All of their output
# goes to a log, whose end is shown when a step fails. Wants bash with pipefail.

# usage: step LOG WHAT COMMAND...
step() {
  local log=$1 what=$2
  shift 2
  echo "$what"
  "$@" 2>&1 | tee -a "$log" | show_progress && return
  echo "$what: failed. The end of $log:" >&2
  tail -n 30 "$log" >&2
  exit 1
}

# Reads the output of apt-get or ninja and shows how far they are: on a terminal as it changes,
# elsewhere every ten seconds.
show_progress() {
  local line action=built n=0 total=0 shown=$SECONDS
  while IFS= read -r line; do
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
      n=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
    elif [[ $line =~ ([0-9]+)\ newly\ installed ]]; then
      total=${BASH_REMATCH[1]}
    elif [[ $line =~ ^(Get:|Unpacking |Setting up ) ]]; then
      case ${BASH_REMATCH[1]} in Get:) line=fetched ;; Un*) line=unpacked ;; *) line="set up" ;; esac
      [ "$line" = "$action" ] || n=0
      action=$line n=$((n + 1))
    else
      continue
    fi
    if [ -t 1 ]; then
      printf '\r  %s %d of %d\033[K' "$action" "$n" "$total"
    elif [ $((SECONDS - shown)) -ge 10 ]; then
      echo "  $action $n of $total"
      shown=$SECONDS
    fi
  done
  if [ -t 1 ] && [ "$total" -gt 0 ]; then echo; fi
}

# usage: build PRESET LOG
build() {
  step "$2" "Configuring $1" cmake --preset "$1"
  step "$2" "Building $1" cmake --build --preset "$1"
}
