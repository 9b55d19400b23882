"""Spelling: words that are written in one way in Britain and in another in America."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby, product

_BOTH = """
    defence/defense offence/offense pretence/pretense licence/license practise/practice
    armour/armor behaviour/behavior candour/candor clamour/clamor colour/color
    endeavour/endeavor favour/favor harbour/harbor honour/honor humour/humor labour/labor
    neighbour/neighbor odour/odor rancour/rancor rigour/rigor rumour/rumor saviour/savior
    splendour/splendor valour/valor vapour/vapor vigour/vigor
    centre/center centred/centered centring/centering calibre/caliber fibre/fiber litre/liter
    meagre/meager metre/meter sabre/saber sceptre/scepter sombre/somber spectre/specter
    theatre/theater manoeuvre/maneuver manoeuvred/maneuvered manoeuvring/maneuvering
    manoeuvra/maneuvera
    programme/program catalogue/catalog dialogue/dialog analogue/analog
    analyse/analyze analysing/analyzing paralyse/paralyze paralysing/paralyzing
    cancelled/canceled cancelling/canceling channelled/channeled channelling/channeling
    counsell/counsel fuelled/fueled fuelling/fueling labelled/labeled labelling/labeling
    levelled/leveled levelling/leveling marshalled/marshaled marshalling/marshaling
    modelled/modeled modelling/modeling signalled/signaled signalling/signaling
    shovelled/shoveled travelled/traveled travelling/traveling traveller/traveler
    tunnelled/tunneled tunnelling/tunneling
    aluminium/aluminum artefact/artifact fulfilment/fulfillment instalment/installment
    judgement/judgment plough/plow skilful/skillful
"""
"""British and American beginnings, or middles, of words."""
_VERBS = """
    author capital categor central character civil critic custom digit emphas final formal
    general global harmon immun industrial jeopard legal liberal local material maxim mechan
    militar minim mobil modern national neutral normal optim organ polar priorit privat public
    rational real recogn scrutin special stabil standard steril subsid summar symbol synchron
    util victim visual
"""
"""What comes before -ise or -ize, -isation or -ization, -ising or -izing."""
_PAIRS: list[tuple[str, str]] = [
    *((one, other) for one, _, other in (pair.partition("/") for pair in _BOTH.split())),
    *((f"{verb}is{on}", f"{verb}iz{on}") for verb in _VERBS.split() for on in "eai"),
]
_AMERICAN = dict(_PAIRS)
_SAME = {form: pair for pair in _PAIRS for form in pair}
_BEGUN: dict[str, list[str]] = {}
"""What is no spelling yet but becomes a British one, `defenc`, with the American ones."""
for _one, _other in _PAIRS:
    for _end in range(1, len(_one)):
        if not _other.startswith(_one[:_end]):
            _BEGUN.setdefault(_one[:_end], []).append(_other)
FORMS_CEILING = 8
"""In how many ways one word is looked for at most."""


def _ending(form: str) -> str:
    """After what a form is none: `programmer` and `programming` are no program."""
    if form.endswith(("mme", "gue")):
        return form + "(?![dr])"
    return form + "(?![mu])" if form.endswith(("gram", "log")) else form


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    """Any of the forms, the longest first; by their first letters, which is quicker."""
    ordered = sorted(forms, key=lambda form: (form[:2], -len(form), form))
    groups = groupby(ordered, key=lambda form: form[:2])
    return re.compile(
        "|".join(
            f"{begin}(?:{'|'.join(_ending(form)[2:] for form in group)})" for begin, group in groups
        )
    )


_BRITISH, _EITHER = _pattern(_AMERICAN), _pattern(_SAME)
_BEGINNING = re.compile(f"(?:{'|'.join(sorted(_BEGUN, key=len, reverse=True))})$")


def spelled(word: str) -> str:
    """A folded word in the one spelling that is kept of it: `programmes` is `programs`."""
    return _BRITISH.sub(_american, word)


def _american(match: re.Match[str]) -> str:
    return _AMERICAN[match[0]]


def spellings(word: str) -> tuple[str, ...]:
    """The ways to write a folded word, or a part of one: `defences` and `defenses`.

    What another of them is a part of is left out, for it is found with that.
    """
    pieces: list[tuple[str, ...]] = []
    end = 0
    for match in _EITHER.finditer(word):
        pieces += ((word[end : match.start()],), _SAME[match[0]])
        end = match.end()
        if 2 ** (len(pieces) // 2) == FORMS_CEILING:
            break
    forms = {"".join(form) for form in product(*pieces, (word[end:],))}
    return tuple(sorted(form for form in forms if not any(o in form for o in forms - {form})))


def begun(word: str) -> tuple[str, ...]:
    """The beginnings, as they are kept, of the words that begin so: of `defenc` also `defense`."""
    found = [spelled(word)]
    if match := _BEGINNING.search(word):
        before = spelled(word[: match.start()])
        found += (before + american for american in _BEGUN[match[0]])
    return tuple(form for form in found if not any(form.startswith(o) for o in found if o != form))
