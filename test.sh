#!/usr/bin/env bash
# Builds everything and runs all tests. Installs the Debian packages that are missing (asks for sudo
# when not root). In CI (CI=true) a skipped test is a failure.
set -euo pipefail
cd "$(dirname "$0")"
. .ci/packages.sh
install_packages build test

# layout
find core filters plugin tests \( -name '*.c' -o -name '*.h' -o -name '*.cxx' \) -print0 |
  xargs -0 clang-format --dry-run --Werror

run() { # PRESET
  cmake --preset "$1" >"build/$1.log" 2>&1 || { tail -n 30 "build/$1.log"; exit 1; }
  cmake --build --preset "$1" >>"build/$1.log" 2>&1 || { tail -n 30 "build/$1.log"; exit 1; }
  ctest --preset "$1" | tee "build/$1-tests.log"
  if [ "${CI:-}" = true ] && grep -q '\*\*\*Skipped' "build/$1-tests.log"; then
    echo "a test was skipped in CI"
    exit 1
  fi
}
mkdir -p build
run sanitize # the core under AddressSanitizer and UndefinedBehaviorSanitizer
run threads  # the core under ThreadSanitizer
run release  # core and plugin
