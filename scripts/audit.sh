#!/usr/bin/env bash
# Looks up known vulnerabilities of everything in the lock files. Ends with 1 where there is one, and with 2 where
# nothing could be looked up: that nothing was found then says nothing. $1 is the folder with pip-audit.
set -uo pipefail
cd "$(dirname "$0")/.."

worst=0
for lock in requirements.lock requirements-dev.lock; do
    report=$("$1/pip-audit" --disable-pip --no-deps --progress-spinner off --format json -r "$lock" 2>/dev/null)
    python3 - "$lock" "$report" <<'PYTHON' || worst=$(($? > worst ? $? : worst))
import json, sys

lock, report = sys.argv[1:]
try:
    packages = json.loads(report)["dependencies"]
except (ValueError, KeyError):
    packages = []
known = [one for one in packages if "vulns" in one]
if not known:
    print(f"{lock}: not audited. No source of advisories can be reached from here; nothing is known of any package.")
    sys.exit(2)
for one in known:
    for found in one["vulns"]:
        print(f"{lock}: {one['name']} {one['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'no version'}")
bad, unknown = sum(bool(one["vulns"]) for one in known), len(packages) - len(known)
print(f"{lock}: {len(known)} packages looked up, {bad} of them vulnerable; {unknown} could not be looked up.")
sys.exit(1 if bad else 2 if unknown else 0)
PYTHON
done
exit "$worst"
