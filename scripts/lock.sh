#!/usr/bin/env bash
# Writes requirements*.lock anew from pyproject.toml: exact versions with hashes, for every platform, no addresses.
# Versions that still fit stay as they are; UPGRADE=1 takes the newest that pyproject.toml allows.
set -euo pipefail
cd "$(dirname "$0")/.."

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
if command -v uv >/dev/null; then
    uv=uv
else
    "${PYTHON:-python3}" -m venv "$temporary/venv"
    "$temporary/venv/bin/python" -m pip --disable-pip-version-check --quiet --quiet install 'uv>=0.9,<1'
    uv=$temporary/venv/bin/uv
fi

# What builds the project is locked too: it is installed without build isolation, so nothing comes unlocked.
build=$("${PYTHON:-python3}" -c '
import pathlib, tomllib
print("\n".join(tomllib.loads(pathlib.Path("pyproject.toml").read_text())["build-system"]["requires"]))')

lock() {
    local file=$1
    shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --output-file "$file" "$@" pyproject.toml - <<<"$build" >/dev/null
    echo "$file: $(grep -c '^[a-z]' "$file") packages"
}

# Tools of `make audit` and `make sbom`, in an environment of their own.
"$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
    --no-emit-find-links --output-file requirements-tools.lock ${UPGRADE:+--upgrade} - >/dev/null \
    <<<$'pip-audit>=2.10,<3\ncyclonedx-bom>=7.5,<8'
echo "requirements-tools.lock: $(grep -c '^[a-z]' requirements-tools.lock) packages"

# The smaller locks start as copies of the larger one, so that they keep its versions: what runs is what was tested.
lock requirements-dev.lock --extra dev ${UPGRADE:+--upgrade}
cp requirements-dev.lock requirements-demo.lock
lock requirements-demo.lock --extra demo
cp requirements-dev.lock requirements-otel.lock
lock requirements-otel.lock --extra otel
cp requirements-dev.lock requirements.lock
lock requirements.lock
