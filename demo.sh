#!/usr/bin/env bash
# Builds the plugin and analyses the built-in specimen: pictures, tables and summary.json in
# demo-output/. Installs the Debian packages that are missing (asks for sudo when not root).
set -euo pipefail
cd "$(dirname "$0")"
. .ci/packages.sh
install_packages build run

cmake --preset release >build-demo.log 2>&1 || { tail -n 30 build-demo.log; exit 1; }
cmake --build --preset release >>build-demo.log 2>&1 || { tail -n 30 build-demo.log; exit 1; }
rm -f build-demo.log

rm -rf demo-output
xvfb-run -a pvbatch sample_states/csro_batch.py --out demo-output --twins 3 --render
echo
echo "Results in $(pwd)/demo-output:"
ls demo-output
