"""The real LibreTranslate server with Apertium as its engine. Runs in the environment of `install.sh`, not in ours.

Argos, its usual engine, needs models of several hundred MB that no package contains. Apertium translates by rules.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PAIRS = {("ru", "uk"): "rus-ukr", ("en", "es"): "eng-spa"}


def main(port: str, home: str) -> None:
    """Serves on that port of this machine. What LibreTranslate writes goes below `home`."""
    packages = Path(home, "packages")
    for source, target in PAIRS:
        folder = packages / f"translate-{source}_{target}"
        folder.mkdir(parents=True)
        said = {"package_version": "1.0", "argos_version": "1.0", "from_code": source, "to_code": target}
        (folder / "metadata.json").write_text(json.dumps({**said, "from_name": source, "to_name": target}))
    os.environ.update(ARGOS_PACKAGES_DIR=str(packages), LC_ALL="C.UTF-8")  # Apertium decodes letters by the locale
    os.environ.update(HOME=home, XDG_DATA_HOME=home, XDG_CACHE_HOME=home)
    os.chdir(home)

    from argostranslate import translate  # noqa: PLC0415 - it reads the environment when it is imported
    from libretranslate.main import main as serve  # noqa: PLC0415

    def hypotheses(self: translate.PackageTranslation, text: str, num_hypotheses: int = 1) -> list[object]:
        pair = PAIRS[self.from_lang.code, self.to_lang.code]
        command = ["apertium", "-u", pair]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)  # noqa: S603
        return [translate.Hypothesis(done.stdout, 0.0)] * num_hypotheses

    translate.PackageTranslation.hypotheses = hypotheses
    sys.argv = ["libretranslate", "--host", "127.0.0.1", "--port", port, "--disable-web-ui"]
    serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
