#!/bin/sh
# Every check runs, so that one look shows everything there is to mend.
cd "$(dirname "$0")/.." || exit 1
bin=.venv/bin
failed=

check() {
    echo "$1"
    shift
    "$@" </dev/null || failed=yes
}

check "ruff check" $bin/ruff check --quiet --output-format concise .
check "ruff format" $bin/ruff format --check --quiet .
check "mypy" $bin/mypy --no-error-summary
check "import-linter" $bin/lint-imports --no-logo --cache-dir .cache/import-linter
check "djlint" $bin/djlint --quiet --lint templates
if [ -n "$failed" ]; then
    echo "make lint: there is something to mend" >&2
    exit 1
fi
echo "make lint: all is well"
