#!/bin/sh
# Puts what a lock file names into .venv, which is made first where there is none: environment.sh PYTHON LOCK
set -eu
cd "$(dirname "$0")/.."
python=$1 lock=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "The tracker needs Python 3.11 or later; $python is $("$python" --version 2>&1). Name another with PYTHON=" >&2
    exit 1
fi
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    echo "Making .venv ..."
    "$python" -m venv --clear .venv
fi
echo "Installing what $lock names ..."
.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r "$lock" </dev/null
