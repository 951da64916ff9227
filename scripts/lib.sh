# Shared by the scripts beside it. Source it; do not run it.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(nproc)

build_packages=(
  g++ cmake ninja-build ccache pkg-config git
  libspdlog-dev libfmt-dev libyaml-cpp-dev nlohmann-json3-dev libeigen3-dev libcli11-dev
  libre2-dev libsimdjson-dev libabsl-dev libxxhash-dev zlib1g-dev libzstd-dev liblzma-dev libbz2-dev libcsv-dev
  libtorch-dev libopenblas-dev
)
test_packages=(libgtest-dev libgmock-dev python3 clang-format-14)
tidy_packages=(clang-14 clang-tidy-14)
fuzz_packages=(clang-14 libclang-rt-14-dev)
bench_packages=(libbenchmark-dev time)
coverage_packages=(gcovr)
docs_packages=(doxygen)

say() { printf '\n== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Installs those of the named Debian packages that are not there yet; asks the network for nothing if all are.
need_packages() {
  local missing=() package
  for package in "$@"; do
    if ! dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed; then
      missing+=("$package")
    fi
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "please install with your package manager: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "run as root or install sudo; missing packages: ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# build PRESET TARGET...: configures and builds; no target means all.
build() {
  local preset=$1 target targets=()
  shift
  for target in "$@"; do
    targets+=(--target "$target")
  done
  (cd "$root" && cmake --preset "$preset" && cmake --build --preset "$preset" -j "$jobs" "${targets[@]}")
}
