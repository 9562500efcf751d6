#!/bin/sh
# fuzz_all.sh FOLDER SECONDS [JOBS]: runs every fuzz target in FOLDER (build/fuzz/tests/fuzz) for so
# many seconds, JOBS of them at a time (1), and prints the table in docs/robustness.md. What a target
# finds, and its log, is left in FOLDER/findings.
set -eu
build=$(cd "$1" && pwd)
seconds=$2
jobs=${3:-1}
corpora=$(cd "$(dirname "$0")" && pwd)/corpus
mkdir -p "$build/findings"
export build seconds corpora
# less memory kept back by the sanitizer, so that the limit is one of the target
export ASAN_OPTIONS="quarantine_size_mb=64${ASAN_OPTIONS:+:$ASAN_OPTIONS}"

# One target, and its row of the table in FOLDER/findings/NAME.row.
run='
  name=$1
  inputs=$(mktemp -d)
  log=$build/findings/$name.log
  "$build/fuzz_$name" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
    -malloc_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$build/findings/$name-" \
    "$inputs" "$corpora/$name" 2> "$log" || true
  rm -r "$inputs"
  executions=$(sed -n "s/^stat::number_of_executed_units: *//p" "$log")
  found=$(find "$build/findings" -name "$name-*" | wc -l)
  printf "| %s | %s | %s | %s |\n" "$name" "${executions:-?}" "$((seconds / 60))" "$found" \
    > "$build/findings/$name.row"
'
rm -f "$build"/findings/*.row
ls "$corpora" | xargs -n 1 -P "$jobs" sh -c "$run" sh
printf '| target | executions | minutes | findings |\n|---|---:|---:|---:|\n'
cat "$build"/findings/*.row
