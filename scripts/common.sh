# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts of this folder: sourced, never run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}

say() { printf '== %s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# Prints the comment at the head of the calling script, which is its help.
usage() { sed -n '3,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

# Test data beside the repository, where there is any.
if [[ -z ${BATON_TEST_DATA:-} && -d $root/../shared ]]; then
  BATON_TEST_DATA=$(cd "$root/../shared" && pwd)
  export BATON_TEST_DATA
fi

# Compiled objects are shared between checkouts of this project on one machine.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=true
