# Sourced by demo.sh and test.sh after steps.sh: installs the Debian packages that are missing.
# usage: install_packages LOG LIST...   where LIST is run, build, package or test

# ParaView, and what its find_package wants to see; its Qt is that of the release
packages_build="cmake ninja-build gcc g++ paraview paraview-dev python3-paraview libutfcpp-dev
  libgdal-dev libglew-dev libopenmpi-dev openmpi-bin python3-dev python3-mpi4py libogg-dev
  libtheora-dev libnetcdf-dev libhdf5-openmpi-dev liblz4-dev liblzma-dev libexpat1-dev
  libdouble-conversion-dev libjpeg-dev libpng-dev libtiff-dev libfreetype-dev libgl2ps-dev
  libeigen3-dev libxml2-dev libavcodec-dev libavformat-dev libswscale-dev libxcursor-dev
  libboost-dev libopenblas-dev python3-markdown"
packages_run="xvfb xauth"
packages_package="dpkg-dev file debootstrap"
packages_test="xvfb xauth clang clang-format clang-tidy libclang-rt-dev libomp-dev python3-numpy python3-h5py
  libxml2-utils pkgconf xdotool imagemagick lammps"

. /etc/os-release
case "${ID:-} ${VERSION_ID:-}" in
  "debian 12") # ParaView 5.11, Qt 5
    packages_build="$packages_build qtbase5-dev qttools5-dev libqt5svg5-dev libqt5x11extras5-dev
      libqt5opengl5-dev qtxmlpatterns5-dev-tools" ;;
  "debian 13") # ParaView 5.13, Qt 6
    packages_build="$packages_build qt6-base-dev qt6-base-dev-tools qt6-tools-dev
      qt6-tools-dev-tools qt6-documentation-tools qt6-svg-dev qt6-5compat-dev qt6-declarative-dev" ;;
  *)
    echo "This is ${PRETTY_NAME:-an unknown system}; the package lists are those of Debian 12 and" \
      "13. README.md, section Build by hand, has what is needed elsewhere." >&2
    exit 1 ;;
esac

install_packages() {
  local log=$1 list package missing=()
  shift
  for list in "$@"; do
    local -n packages="packages_$list"
    for package in $packages; do
      dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
        missing+=("$package")
    done
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  step "$log" "Reading the package lists" "${as_root[@]}" apt-get update -q
  step "$log" "Installing ${#missing[@]} packages and what they need: ${missing[*]}" \
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}"
}
