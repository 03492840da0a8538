#!/usr/bin/env bash
# Publishes the profiles of a tag in $PROJECT. What is there already is left alone; other content under the same version is
# refused, with the difference.
set -euo pipefail

palette pack push packs/*
palette profile publish profiles.ts --packs packs --locked --project "$PROJECT"
