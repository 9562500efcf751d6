#!/bin/sh
# fuzz_all.sh FOLDER SECONDS: runs every fuzz target in FOLDER (build/fuzz/tests/fuzz) for so many
# seconds, one after the other, and prints a row of the table in docs/robustness.md for each. What a
# target finds is left in FOLDER/findings.
set -eu
build=$(cd "$1" && pwd)
seconds=$2
corpora=$(cd "$(dirname "$0")" && pwd)/corpus
mkdir -p "$build/findings"
printf '| target | executions | minutes | findings |\n|---|---:|---:|---:|\n'
for corpus in "$corpora"/*; do
  name=$(basename "$corpus")
  inputs=$(mktemp -d)
  log=$build/findings/$name.log
  "$build/fuzz_$name" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
    -malloc_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$build/findings/$name-" \
    "$inputs" "$corpus" 2> "$log" || true
  rm -r "$inputs"
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  found=$(find "$build/findings" -name "$name-*" | wc -l)
  printf '| %s | %s | %s | %s |\n' "$name" "$executions" "$((seconds / 60))" "$found"
done
