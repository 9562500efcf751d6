#!/usr/bin/env bash
# Line coverage of the core by its tests: builds the preset coverage, runs the tests, prints the share
# of each room of core/src and of all.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
: >build/coverage.log
. .ci/steps.sh
build coverage build/coverage.log
find build/coverage -name '*.gcda' -delete
step build/coverage.log "Running the tests of the core" ctest --preset coverage -E 'consumer|fuzz'
cd build/coverage
find core/CMakeFiles/csro_core.dir -name '*.gcda' -print0 | xargs -0 gcov -n 2>/dev/null | awk '
  /^File/ { file = $2; gsub("\x27", "", file) }
  /^Lines executed/ && file ~ /core\/src\/.*\.c$/ {
    split($2, share, /[:%]/); room = file; sub(/.*core\/src\//, "", room); sub(/\/.*/, "", room)
    lines[room] += $4; run[room] += $4 * share[2] / 100; file = ""
  }
  END {
    for (room in lines) {
      printf "%-12s %5.1f %% of %5d lines\n", room, 100 * run[room] / lines[room], lines[room]
      all += lines[room]; ran += run[room]
    }
    printf "%-12s %5.1f %% of %5d lines\n", "core", 100 * ran / all, all
  }' | sort
