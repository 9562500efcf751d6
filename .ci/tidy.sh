#!/usr/bin/env bash
# Runs clang-tidy (.clang-tidy) over the core. usage: tidy.sh [FOLDER OF A CONFIGURED BUILD]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/tidy}
[ -e "$build/compile_commands.json" ] ||
  cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER=clang -DCSRO_BUILD_PLUGIN=OFF -DCSRO_BUILD_TESTS=OFF \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null
find core/src -name '*.c' -print0 | xargs -0 -n 4 -P "$(nproc)" clang-tidy -p "$build" --quiet 2> >(grep -v 'warnings\? generated' >&2)
