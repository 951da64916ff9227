#!/usr/bin/env bash
# Builds the release program and the log generator, then runs throughput.py with the given arguments:
#   tests/bench/throughput.sh --log some.log --threads 1 2 --results tests/bench/results
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../scripts/lib.sh"

need_packages "${build_packages[@]}" "${test_packages[@]}" "${bench_packages[@]}"
build release logdetect >&2
build bench loggen >&2
exec python3 "$here/throughput.py" "$@"
