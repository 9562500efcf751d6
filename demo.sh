#!/usr/bin/env bash
# Builds the plugin and analyses the built-in specimen: pictures, tables and summary.json in
# demo-output/. Installs the Debian packages that are missing (asks for sudo when not root).
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p build
: >build/demo.log
. .ci/steps.sh
. .ci/packages.sh
install_packages build/demo.log build run
build release build/demo.log

echo "Analysing the built-in specimen and 19 randomised copies of it"
rm -rf demo-output
xvfb-run -a pvbatch sample_states/csro_batch.py --out demo-output --render
echo
echo "Results in $(pwd)/demo-output:"
ls demo-output
