"""A made-up world of the domain's shape: the same rows for the same scale and seed."""

from __future__ import annotations

import datetime
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate

from schema.indexing.documents import chunks
from tests.benchmarks.telling import AUTHOR, Placed, Telling, parts_of
from tests.benchmarks.words import (
    ACTS,
    CATEGORIES,
    DESIGNATIONS,
    FORMS,
    MODES,
    POSTS,
    SECTORS,
    STAGES,
    STATUSES,
    TOPICS,
    person,
    state_name,
)

STATES, OFFICIALS, AGREEMENTS, PROCUREMENTS, STATEMENTS = 200, 5_000, 20_000, 50_000, 200_000
PUBLISHED = "2026-01-0{} 12:00:00.000000"


class World(Telling):
    """The rows of a data set: states and officials, what they do, and where it is written.

    The tables hold what the schema's constraints ask for, and passages that stand in their
    sources' texts. The reasons of nulls are left out, and the search's index holds one row, so
    that a server does not take it for missing.
    """

    def __init__(self, scale: float, seed: int = 1) -> None:
        super().__init__(seed)
        self.count = {
            "party": max(12, round(STATES * scale)),
            "official": max(24, round(OFFICIALS * scale)),
            "agreement": max(60, round(AGREEMENTS * scale)),
            "procurement": max(60, round(PROCUREMENTS * scale)),
            "statement": max(60, round(STATEMENTS * scale)),
        }
        states = range(self.count["party"])
        # The first states have a hand in most of it, as in the world.
        self.weights = [*accumulate(1 / (rank + 3) for rank in states)]
        self.sellers = [*accumulate(1 / (rank + 2) ** 1.3 for rank in states)]
        self.states: list[tuple[str, str]] = []
        self.ministries: list[tuple[str, str]] = []
        self.officials: list[list[tuple[str, str]]] = [[] for _ in states]
        self.agreements: list[str] = []

    @property
    def records(self) -> int:
        """How many records there are beside sources and tenures, a ministry for each state too."""
        return sum(self.count.values()) + self.count["party"]

    def rows(self) -> Iterator[Placed]:
        """Every row; one that others point at may come after them."""
        for number, summary in ((1, "States"), (2, "Everything else")):
            yield (
                "edition",
                {
                    "number": number,
                    "published_at": PUBLISHED.format(number),
                    "author": AUTHOR,
                    "summary": summary,
                    "idempotency_key": str(number),
                    "mark": f"{number:016x}",
                },
            )
        for index in range(self.count["party"]):
            yield from self.state(index)
        for index in range(self.count["official"]):
            yield from self.official(index)
        for index in range(self.count["agreement"]):
            yield from self.agreement(index)
        for index in range(self.count["procurement"]):
            yield from self.procurement(index)
        for index in range(self.count["statement"]):
            yield from self.statement(index)
        for source in self.open:
            yield from self.closed(source)
        yield from self.indexed()

    def state(self, index: int) -> Iterator[Placed]:
        """A state, its names and its ministry."""
        slug, name = state_name(index)
        self.states.append((f"party/{slug}", name))
        row = {"name": name, "kind": "STATE", "description": f"A state called {name}"}
        yield from self.record(f"party/{slug}", name, row, since=1)
        for kind, text in (("OFFICIAL", f"Republic of {name}"), ("COMMON", name)):
            yield from self.name(f"party/{slug}", kind, text, since=1)
        ministry = (f"party/ministry-of-{slug}", f"Ministry of Defence of {name}")
        row = {"name": ministry[1], "kind": "INSTITUTION", "state_id": f"party/{slug}"}
        yield from self.record(*ministry, row, since=1)
        self.ministries.append(ministry)

    def official(self, index: int) -> Iterator[Placed]:
        """An official, the names and the posts."""
        state = self.one_of(self.weights) if index >= self.count["party"] else index
        state_id, state_title = self.states[state]
        slug, name = person(index)
        id = f"official/{slug}"
        self.officials[state].append((id, name))
        row = {"state_id": state_id, "name": name, "description": f"An official of {state_title}"}
        yield from self.record(id, name, row)
        yield from self.name(id, "OFFICIAL", name)
        yield from self.name(id, "ALIAS", name.split(" ")[-1])
        for number in range(1 + index % 2):
            post = POSTS[(index + number * 3) % len(POSTS)]
            start = self.day()
            tenure = {
                "official_id": id,
                "party_id": self.ministries[state][0] if index % 2 else state_id,
                "post": post,
                "is_acting": index % 11 == 0,
                **self.date("started_on", start),
                **self.date("ended_on", start + datetime.timedelta(days=900 + index % 900)),
            }
            yield from self.record(f"tenure/{slug}-{number}", f"{name}, {post}", tenure)

    def agreement(self, index: int) -> Iterator[Placed]:
        """An agreement of two states, who signed it, and what is claimed of it."""
        one, other = self.two_of(self.weights, self.weights)
        (_, first), (_, second) = self.states[one], self.states[other]
        form = FORMS[index % len(FORMS)]
        day, sector = self.day(), SECTORS[index * 7 % len(SECTORS)]
        id = f"agreement/{self.slug(one)}-{self.slug(other)}-{index:06d}"
        title = f"{form.replace('_', ' ').capitalize()} on {sector} of {first} and {second}"
        status = STATUSES[self.random.randrange(len(STATUSES))]
        signed = self.date("signed_on", day)
        row = {
            "kind": form,
            "status": status,
            "label": f"a {form.lower().replace('_', ' ')} on {sector}",
            "instrument_title": title if index % 2 else None,
            "sector": sector,
            "purpose": f"to deepen {sector} between {first} and {second}" if index % 3 else None,
            "is_binding": None if index % 5 == 0 else index % 2 == 0,
            "amends_id": self.agreements[-1 - index % 40] if index % 50 == 49 else None,
            **signed,
            **self.date("in_force_on", day + datetime.timedelta(days=90)),
        }
        self.agreements.append(id)
        yield from self.record(id, title, row)
        for state in (one, other):
            yield from self.involvement(id, "PARTY", *self.states[state])
        for state in (one, other):
            if self.random.random() < 0.95:
                yield from self.involvement(id, "SIGNATORY", *self.someone(state))
        words = f"{first} and {second} agreed on {sector}"
        yield from self.claim(id, None, {"kind": form}, words)
        yield from self.claim(id, "kind", form, f"a {form.lower()} of {first} and {second}")
        yield from self.claim(id, "signedOn", parts_of(signed), f"signed on {day:%d %B %Y}")
        yield from self.claim(id, "status", status, f"which is {status.lower()} now")
        yield from self.claim(id, "sector", sector, f"for {sector} in the years to come")

    def procurement(self, index: int) -> Iterator[Placed]:
        """A purchase of one state from one or two others, and what is claimed of it."""
        buyer, seller = self.two_of(self.weights, self.sellers)
        day, random = self.day(), self.random
        goods = DESIGNATIONS[index * 13 % len(DESIGNATIONS)]
        category = CATEGORIES[index * 5 % len(CATEGORIES)]
        stage = STAGES[random.randrange(len(STAGES))]
        pieces, value = random.randrange(1, 400), self.money()
        id = f"procurement/{self.slug(buyer)}-{self.slug(seller)}-{index:06d}"
        title = f"{goods} from {self.states[seller][1]} for {self.states[buyer][1]}"
        ordered = self.date("ordered_on", day)
        row = {
            "stage": stage,
            "label": f"{pieces} {category}",
            "designation": goods,
            "category": category,
            "purpose": f"to renew its {category}" if index % 3 else None,
            "contracting_authority": f"Procurement office of {self.states[buyer][1]}",
            "is_government_to_government": None if index % 4 == 0 else index % 2 == 0,
            "agreement_id": random.choice(self.agreements) if index % 5 == 0 else None,
            "quantity_stated": str(pieces),
            "quantity_minimum": pieces,
            "quantity_maximum": pieces if index % 6 else None,
            "quantity_certainty": "EXACT" if index % 6 else "AT_LEAST",
            **value,
            **ordered,
            **self.date("delivered_on", day + datetime.timedelta(days=random.randrange(200, 2000))),
        }
        yield from self.record(id, title, row)
        yield from self.involvement(id, "BUYER", *self.states[buyer])
        yield from self.involvement(id, "SUPPLIER", *self.states[seller])
        if index % 10 == 0:
            third = self.one_of(self.sellers)
            if third not in (buyer, seller):
                yield from self.involvement(id, "SUPPLIER", *self.states[third])
        yield from self.claim(id, None, {"designation": goods}, f"the purchase of {goods}")
        yield from self.claim(id, "stage", stage, f"it is {stage.lower().replace('_', ' ')}")
        yield from self.claim(id, "value", parts_of(value), f"worth {value['value_stated']}")
        yield from self.claim(id, "orderedOn", parts_of(ordered), f"ordered on {day:%d %B %Y}")

    def statement(self, index: int) -> Iterator[Placed]:
        """What an official or a state says of another state, and where it is written."""
        speaker, target = self.two_of(self.weights, self.weights)
        act, topic = ACTS[index % len(ACTS)], TOPICS[index * 3 % len(TOPICS)]
        sort = self.random.random()
        who = (
            self.someone(speaker)
            if sort < 0.7
            else self.ministries[speaker]
            if sort < 0.85
            else self.states[speaker]
        )
        about = self.states[target]
        words = f"{who[1]} spoke of {topic} and of {about[1]}"
        id = f"statement/{self.slug(speaker)}-on-{self.slug(target)}-{index:07d}"
        row = {
            "act": act,
            "mode": MODES[index % len(MODES)],
            "text": words,
            "topic": topic,
            "hedge": "reportedly" if index % 9 == 0 else None,
            **self.date("made_on", self.day()),
        }
        yield from self.record(id, f"{who[1]} on {topic}", row)
        yield from self.involvement(id, "SPEAKER", *who)
        yield from self.involvement(id, "TARGET", *about)
        yield from self.claim(id, "text", words, words)

    def indexed(self) -> Iterator[Placed]:
        """The one row of the search's index."""
        id, name = self.states[0]
        doc = {"record_id": id, "node_id": id, "noun": "Party", "place": "TITLE", "field": "title"}
        [(start, wide, text, tok)] = chunks(name, named=True)
        place = {"start": start, "start_utf16": wide, "text": text, "tok": tok, "since": 1}
        yield "search_doc", {"number": 1, **doc, **place}

    def one_of(self, weights: list[float]) -> int:
        """A state, the heavier the likelier."""
        return bisect(weights, self.random.random() * weights[-1], hi=len(weights) - 1)

    def two_of(self, ones: list[float], others: list[float]) -> tuple[int, int]:
        """Two different states."""
        one, other = self.one_of(ones), self.one_of(others)
        while one == other:
            other = self.one_of(others)
        return one, other

    def someone(self, state: int) -> tuple[str, str]:
        """An official of a state, the first ones likelier; the state where it has none."""
        officials = self.officials[state]
        if not officials:
            return self.states[state]
        return officials[int(len(officials) * self.random.random() ** 2)]

    def slug(self, state: int) -> str:
        """The id of a state without its noun."""
        return self.states[state][0][6:]
