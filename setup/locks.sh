#!/bin/sh
# Writes requirements.lock and requirements-dev.lock from pyproject.toml: versions and hashes, no addresses.
set -eu
cd "$(dirname "$0")/.."
uv=$(mktemp -d)
trap 'rm -rf "$uv"' EXIT
.venv/bin/python -m pip install --quiet --target="$uv" uv

compile() {
    "$uv/bin/uv" pip compile "$@" --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
}

compile pyproject.toml --output-file requirements.lock
compile --group pyproject.toml:dev --constraints requirements.lock --output-file requirements-dev.lock
