#!/usr/bin/env bash
# Writes review.md: what a branch changes in the profiles, and what that would do to the clusters of $PROJECT.
#   ci/review.sh BASE
set -euo pipefail

base=$1
before=$(mktemp -d)
git worktree add --quiet --detach "$before" "$base"
trap 'git worktree remove --force "$before"' EXIT

# 0: nothing changes, 2: something does; both are for the reader to judge. All else ends the pipeline.
tell() {
  local status=0
  "$@" --output markdown >>review.md || status=$?
  if [ "$status" -ne 0 ] && [ "$status" -ne 2 ]; then exit "$status"; fi
  echo "$* ended with $status"
}

echo '## Cluster profiles' >review.md
if [ -f "$before/profiles.ts" ]; then
  tell palette profile diff "$before/profiles.ts" profiles.ts --old-packs "$before/packs" --packs packs --locked
fi
tell palette profile policy profiles.ts --packs packs --locked
tell palette profile impact profiles.ts --packs packs --locked --project "$PROJECT"
