# Sourced by demo.sh and test.sh: installs the Debian packages that are missing.
# usage: install_packages LIST...   where LIST is run, build or test

# ParaView, and what find_package(ParaView) of Debian 12 wants to see
packages_build="cmake ninja-build gcc g++ paraview paraview-dev python3-paraview qtbase5-dev
  qttools5-dev libqt5svg5-dev libqt5x11extras5-dev libqt5opengl5-dev qtxmlpatterns5-dev-tools
  libutfcpp-dev libgdal-dev libglew-dev libopenmpi-dev openmpi-bin python3-dev python3-mpi4py
  libogg-dev libtheora-dev libnetcdf-dev libhdf5-openmpi-dev liblz4-dev liblzma-dev libexpat1-dev
  libdouble-conversion-dev libjpeg-dev libpng-dev libtiff-dev libfreetype-dev libgl2ps-dev
  libeigen3-dev libxml2-dev libavcodec-dev libavformat-dev libswscale-dev libxcursor-dev
  libboost-dev libopenblas-dev"
packages_run="xvfb xauth"
packages_test="xvfb xauth clang clang-format libclang-rt-dev libomp-dev python3-numpy python3-h5py
  libxml2-utils pkgconf"

install_packages() {
  local list package missing=""
  for list in "$@"; do
    local -n packages="packages_$list"
    for package in $packages; do
      dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
        missing="$missing $package"
    done
  done
  [ -n "$missing" ] || return 0
  local as_root=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  echo "Installing:$missing"
  $as_root apt-get update -qq
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $missing >/dev/null
}
