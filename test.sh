#!/usr/bin/env bash
# Builds everything and runs all tests. Installs the Debian packages that are missing (asks for sudo
# when not root). In CI (CI=true) a skipped test is a failure.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p build
: >build/packages.log
. .ci/steps.sh
. .ci/packages.sh
install_packages build/packages.log build test

# Releases of clang-format lay out the same code differently, and clang-tidy has other checks in each;
# those of Debian 12 decide.
version=$(clang-format --version)
if [[ $version =~ version\ 14\. ]]; then
  echo "Checking the layout of the code"
  find core filters plugin tests \( -name '*.c' -o -name '*.h' -o -name '*.cxx' \) -print0 |
    xargs -0 clang-format --dry-run --Werror
  echo "Checking the core with clang-tidy"
  .ci/tidy.sh
else
  echo "Not checking layout and clang-tidy: those of release 14 decide, this is $version"
fi

run() { # PRESET
  : >"build/$1.log"
  build "$1" "build/$1.log"
  echo "Testing $1"
  ctest --preset "$1" | tee "build/$1-tests.log"
  if [ "${CI:-}" = true ] && grep -q '\*\*\*Skipped' "build/$1-tests.log"; then
    echo "a test was skipped in CI"
    exit 1
  fi
}
run sanitize # the core under AddressSanitizer and UndefinedBehaviorSanitizer
run threads  # the core under ThreadSanitizer
run release  # core and plugin
