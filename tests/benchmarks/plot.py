"""A picture of the ratios, small, and the same for the same figures."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.report import Run

COLOURS = {"plain": "#9aa5b1", "pactbook": "#1f5fa8", "sql": "#e0a030", "kept": "#4aa87a"}
NAMES = {
    "plain": "plain Strawberry",
    "pactbook": "Pactbook",
    "sql": "SQL by hand",
    "kept": "Pactbook, kept answers",
}


def draw(path: Path, runs: Sequence[Run], connections: int) -> None:
    """Draws how fast each server is, the statements by hand being 1."""
    matplotlib: Any = importlib.import_module("matplotlib")  # heavy, and only for the picture
    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.hashsalt": "pactbook", "svg.fonttype": "none", "font.size": 8}
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    figure, axes = pyplot.subplots(1, len(runs), figsize=(4 * len(runs), 3), squeeze=False)
    for axis, run in zip(axes[0], runs, strict=True):
        questions = list(dict.fromkeys(cell.question for cell in run.cells))
        servers = [name for name in COLOURS if run.rate(questions[0], connections, name)]
        height = 0.8 / max(1, len(servers))
        for index, name in enumerate(servers):
            values = [run.times(question, connections, name, "sql") or 0 for question in questions]
            places = [place + index * height for place in range(len(questions))]
            axis.barh(places, values, height, label=NAMES[name], color=COLOURS[name])
        middle = height * (len(servers) - 1) / 2
        axis.set_yticks([place + middle for place in range(len(questions))], questions)
        axis.invert_yaxis()
        axis.set_xscale("log")
        axis.axvline(1, color="#444444", linewidth=0.6)
        axis.set_title(f"{run.database}, {connections} connections")
        axis.set_xlabel("requests a second ÷ those of SQL by hand")
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=len(labels), frameon=False)
    figure.tight_layout(rect=(0, 0.08, 1, 1))
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
