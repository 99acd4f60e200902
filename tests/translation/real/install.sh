#!/usr/bin/env bash
# Installs what `make test-translation` drives: LibreTranslate in an environment of its own (.cache/libretranslate; it pins old
# versions of much that we use too), and Apertium with two pairs of languages from Debian. No models are downloaded.
set -euo pipefail
cd "$(dirname "$0")/../../.."

home=.cache/libretranslate
lock=tests/translation/real/requirements.lock
if ! cmp -s "$lock" "$home/installed.lock"; then
    echo "Installing LibreTranslate into $home/ ..."
    rm -rf "$home"
    "${PYTHON:-python3}" -m venv "$home"
    "$home/bin/python" -m pip --disable-pip-version-check --quiet --quiet install --require-hashes -r "$lock"
    cp "$lock" "$home/installed.lock"
fi

missing=()
for package in apertium apertium-rus-ukr apertium-eng-spa; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
if ((${#missing[@]})); then
    root=()
    [[ $EUID -eq 0 ]] || root=(sudo)
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null
fi
