"""Where the checkout is that is tested, and the contract in it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "schema" / "schema.graphql"
"""The committed SDL."""
