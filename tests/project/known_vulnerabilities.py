"""`make audit`: is a vulnerability known in what `uv.lock` pins, or in the uv that make fetches?

pip-audit asks PyPI, and ends with 0 even when PyPI has told it nothing: hence a verdict of our
own. Exit codes: 0 nothing known, 1 something is, 3 nobody could be asked.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT

UV_PINNED = ROOT / ".ci" / "uv-requirements.txt"
PIP_AUDIT = "pip-audit==2.10.1"
NONE, SOME, UNKNOWN = 0, 1, 3


def verdict(report: str) -> tuple[int, str]:
    """The exit code and the sentence for what pip-audit wrote (its `--format json`)."""
    try:
        libraries: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return UNKNOWN, _unknown("there is no report")
    found = [
        f"{library['name']} {library['version']}: {weakness['id']}, "
        f"mended in {', '.join(weakness['fix_versions']) or 'no version yet'}"
        for library in libraries
        for weakness in library.get("vulns", ())
    ]
    skipped = [library["name"] for library in libraries if "skip_reason" in library]
    if found:
        return SOME, "\n".join(found)
    if skipped or not libraries:
        return UNKNOWN, _unknown(f"nothing was learnt of {len(skipped)} of {len(libraries)}")
    return (
        NONE,
        f"No vulnerability is known in uv and the {len(libraries) - 1} libraries of uv.lock.",
    )


def _unknown(why: str) -> str:
    return (
        f"The advisory data could not be reached ({why}), so this says nothing about the "
        "libraries: run it where pypi.org answers."
    )


def main(uv: str) -> int:
    """Export what the bot runs on, ask about it, and say what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        export = ["export", "--locked", "--no-dev", "--no-emit-project", "--quiet"]
        _run(uv, *export, "--format", "requirements-txt", "--output-file", str(wanted))
        options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off"]
        report = _run(
            *(uv, "tool", "run", "--quiet", "--from", PIP_AUDIT),
            *("pip-audit", "--requirement", str(wanted), "--requirement", str(UV_PINNED)),
            *("--format", "json", *options),
        )
    code, sentence = verdict(report)
    print(sentence)
    return code


def _run(*command: str) -> str:
    """What it wrote; that something failed is seen in the report's absence."""
    done = subprocess.run(  # noqa: S603  # our own commands
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
