"""Settings: frozen, read from the environment, each mistake told with its variable."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, asdict, fields
from typing import Any

import pytest

from api.limits.limits import Bounds
from api.settings import PREFIX, Settings
from tests.support.checkout import ROOT

README = ROOT / "README.md"
OTHER: dict[str, Any] = {
    "quotation_characters": 120,
    "quotation_share": 10,
    "database_url": "postgresql://pactbook@localhost/pactbook",
    "host": "0.0.0.0",
    "port": 0,
    "public_url": "https://pactbook.example",
    "path_prefix": "/pactbook",
    "trusted_proxies": "127.0.0.1, ::1, 10.0.0.0/8",
    "author": "editor",
    "page_size": 5,
    "page_ceiling": 50,
    "body_bytes": 1024,
    "depth": 6,
    "selections": 600,
    "cost": 500,
    "answer_bytes": 4096,
    "answers_kept": 0,
    "documents_kept": 0,
    "persisted_kept": 0,
    "listed_documents": "documents",
    "listed_only": 1,
    "name_characters": 64,
    "database_connections": 3,
    "long_operations": 1,
    "waiting_operations": 0,
    "operation_seconds": 0.5,
    "shutdown_seconds": 3,
    "cors_origins": "https://a.example, http://localhost:3000",
    "connections": 10,
    "target_bytes": 100,
    "header_bytes": 200,
    "header_seconds": 1.5,
    "idle_seconds": 2.5,
    "send_seconds": 3.5,
    "unsent_bytes": 300,
}
NUMBERS = [setting.name for setting in fields(Settings) if not isinstance(setting.default, str)]


def test_the_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]  # this is what is tested


def test_nothing_is_read_where_nothing_is_given() -> None:
    assert Settings.from_environment({}) == Settings()
    empty = {PREFIX + setting.name.upper(): "" for setting in fields(Settings)}
    assert Settings.from_environment(empty) == Settings(cors_origins="")


def test_every_variable_is_read() -> None:
    assert {setting.name for setting in fields(Settings)} == set(OTHER)
    environment = {PREFIX + name.upper(): str(value) for name, value in OTHER.items()}
    read = Settings.from_environment({**environment, "PACTBOOK_TEST_POSTGRES": "x", "PORT": "1"})
    assert {name: getattr(read, name) for name in OTHER} == OTHER


def test_settings_are_read_again_from_their_own_environment() -> None:
    given = Settings(**OTHER)
    assert Settings.from_environment(given.environment) == given


def test_the_process_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACTBOOK_AUTHOR", "somebody")
    assert Settings.from_environment().author == "somebody"


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["many", "-1", "1e", "nan", "1,5"])
def test_a_wrong_value_names_the_variable_and_the_default(name: str, value: str) -> None:
    variable = PREFIX + name.upper()
    with pytest.raises(ValueError, match=variable) as refused:
        Settings.from_environment({variable: value})
    assert repr(value) in str(refused.value)
    assert str(getattr(Settings(), name)) in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "65536"),
        ("page_size", "0"),
        ("page_ceiling", "0"),
        ("body_bytes", "0"),
        ("depth", "0"),
        ("cost", "0"),
        ("operation_seconds", "-0.1"),
        ("operation_seconds", "inf"),
    ],
)
def test_a_value_out_of_range_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=PREFIX + name.upper()):
        Settings.from_environment({PREFIX + name.upper(): value})


def test_a_page_is_no_larger_than_its_ceiling() -> None:
    with pytest.raises(ValueError, match="PACTBOOK_PAGE_SIZE"):
        Settings.from_environment({"PACTBOOK_PAGE_SIZE": "101"})
    with pytest.raises(ValueError, match="PACTBOOK_PAGE_SIZE"):
        Settings.from_environment({"PACTBOOK_PAGE_CEILING": "10"})


def test_the_limits_are_those_of_the_settings() -> None:
    limits = Settings(**OTHER).limits
    assert (limits.body_bytes, limits.depth, limits.cost) == (1024, 6, 500)
    assert (limits.page, limits.page_maximum, limits.operation_seconds) == (5, 50, 0.5)


def test_the_bounds_are_those_of_the_settings() -> None:
    assert Settings().bounds == Bounds()
    assert asdict(Settings(**OTHER).bounds) == {
        bound.name: OTHER[bound.name] for bound in fields(Bounds)
    }


@pytest.mark.parametrize(
    "value", ["*, https://a.test", "a.test", "https://a.test/", "https://*.test", "null", "//a"]
)
def test_what_is_no_origin_is_told(value: str) -> None:
    with pytest.raises(ValueError, match="PACTBOOK_CORS_ORIGINS"):
        Settings.from_environment({"PACTBOOK_CORS_ORIGINS": value})


def test_every_setting_is_described() -> None:
    assert all(setting.metadata["description"].endswith(".") for setting in fields(Settings))


def test_the_readme_tells_every_setting() -> None:
    if not README.exists():
        pytest.skip("README.md is not written yet")
    rows = re.findall(
        r"^\| `(PACTBOOK_\w+)` \| (.*?) \| (.*?) \|$", README.read_text("utf-8"), re.MULTILINE
    )
    assert rows == [
        (PREFIX + setting.name.upper(), f"`{setting.default}`", setting.metadata["description"])
        for setting in fields(Settings)
    ]
