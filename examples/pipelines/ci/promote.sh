#!/usr/bin/env bash
# Brings a version from one project to another as it is: content and digest stay.
#   ci/promote.sh NAME@VERSION FROM TO
set -euo pipefail

palette profile promote "$1" --from "$2" --to "$3"
palette profile versions "$1" --project "$3"
