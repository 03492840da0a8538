#!/usr/bin/env bash
# What every commit has to pass. Needs no API: the packs are in the repository.
set -euo pipefail

palette profile lint profiles.ts --packs packs --locked
palette profile lock profiles.ts --packs packs --check
palette profile test . --packs packs --locked --ci
palette profile policy profiles.ts --packs packs --locked
palette profile render profiles.ts --packs packs --locked --output-dir rendered
