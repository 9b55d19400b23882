"""The rules of the tests: each file runs alone, patches no constant, and waits for conditions."""

from __future__ import annotations

import ast

import pytest

from tests.support.import_graph import MODULES, imported

TESTS = [name for name in MODULES if name.rpartition(".")[2].startswith("test_")]
MOMENTS = {"tests.publishing.test_verify": 1}
"""Where a process is killed at a moment that is drawn: how many sleeps there are."""


def calls(module: str) -> list[ast.Call]:
    """What a test calls."""
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def is_sleep(call: ast.Call) -> bool:
    """Whether it waits for some time; `asyncio.sleep(0)` only lets others run."""
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "sleep"
        and not (isinstance(call.args[0], ast.Constant) and call.args[0].value == 0)
    )


@pytest.mark.parametrize("module", TESTS)
def test_no_test_imports_another(module: str) -> None:
    """What several tests need stands in `tests.support`."""
    assert not imported(MODULES[module]) & {*TESTS}


@pytest.mark.parametrize("module", TESTS)
def test_no_test_patches_a_constant(module: str) -> None:
    """What is to be another is passed in."""
    names = {
        argument.value.rpartition(".")[2]
        for call in calls(module)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "setattr"
        for argument in call.args[:2]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    assert not {name for name in names if name.isupper()}


@pytest.mark.parametrize("module", TESTS)
def test_no_test_waits_for_some_time(module: str) -> None:
    """`tests.support.waiting` waits until something holds."""
    assert sum(map(is_sleep, calls(module))) == MOMENTS.get(module, 0)
