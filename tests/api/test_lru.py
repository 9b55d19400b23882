"""The bounded cache: never over its bytes, always true, and not emptied by what comes once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.lru import ENTRY_BYTES, GHOSTS, WeightedLRU

KEYS = st.sampled_from("abcdefgh")
STEPS = st.lists(
    st.tuples(st.sampled_from(["keep", "find", "peek", "grow", "forget"]), KEYS, st.integers(0, 12))
)


@given(STEPS)
def test_what_is_kept_stays_bounded_and_true(steps: list[tuple[str, str, int]]) -> None:
    most = 5 * ENTRY_BYTES
    cache = WeightedLRU[tuple[str, int]](most)
    latest: dict[str, tuple[str, int]] = {}
    for step, key, number in steps:
        weight = number * ENTRY_BYTES // 4
        if step == "keep":
            latest[key] = (key, number)
            cache.keep(key, latest[key], weight)
        elif step == "grow":
            cache.grow(key, latest.get(key, ("", 0)), weight)
        elif step == "forget":
            cache.forget(key)
            assert cache.peek(key) is None
        else:
            found = cache.find(key) if step == "find" else cache.peek(key)
            assert found is None or found is latest[key]
        entries = [*cache.probation.values(), *cache.protected.values()]
        assert cache.held == sum(weight for _, weight in entries) <= most
        assert cache.on_probation == sum(weight for _, weight in cache.probation.values())
        assert cache.probation.keys().isdisjoint(cache.protected)
        assert len(cache.ghosts) <= GHOSTS


@given(st.integers(1, 6), st.integers(20, 200))
def test_what_comes_once_pushes_out_nothing_that_came_again(used: int, once: int) -> None:
    cache = WeightedLRU[int](8 * ENTRY_BYTES)
    for key in range(used):
        cache.keep(key, key, 0)
        assert cache.find(key) == key
    for key in range(used, used + once):
        cache.keep(key, key, 0)
    assert [cache.peek(key) for key in range(used)] == list(range(used))


@given(st.integers(1, 8), st.integers(0, 8))
def test_what_comes_round_again_and_again_is_kept_where_it_fits(many: int, used: int) -> None:
    """Though before each comes again, as many others come as the bytes for new values hold."""
    cache = WeightedLRU[int](8 * ENTRY_BYTES)
    for key in range(-used, 0):
        cache.keep(key, key, 0)
        assert cache.find(key) == key
    found: list[int | None] = []
    for key in 3 * [*range(many)]:
        found.append(cache.find(key))
        if found[-1] is None:
            cache.keep(key, key, 0)
    assert found[-many:] == [*range(many)]


def test_what_takes_the_place_of_another_stays_protected() -> None:
    cache = WeightedLRU[int](8 * ENTRY_BYTES)
    for key in range(7):
        cache.keep(key, key, 0)
        cache.find(key)
    cache.keep(0, 10, 3 * ENTRY_BYTES)
    assert [cache.peek(key) for key in range(7)] == [10, None, None, 3, 4, 5, 6]


def test_the_oldest_goes_first() -> None:
    cache = WeightedLRU[int](3 * ENTRY_BYTES)
    for key in range(5):
        cache.keep(key, key, 0)
    assert [cache.peek(key) for key in range(5)] == [None, None, 2, 3, 4]


def test_what_grows_over_the_bound_goes() -> None:
    cache = WeightedLRU[list[int]](3 * ENTRY_BYTES)
    first, second = [1], [2]
    cache.keep("first", first, 0)
    cache.keep("second", second, 0)
    cache.grow("second", [2], 9 * ENTRY_BYTES)
    assert cache.peek("second") is second, "another value's growth is not its own"
    cache.grow("second", second, 9 * ENTRY_BYTES)
    assert (cache.peek("first"), cache.peek("second"), cache.held) == (None, None, 0)
