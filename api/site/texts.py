"""Robots and language models: what they may read, and how to ask."""

from __future__ import annotations

from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from schema.graph.catalog import plural
from schema.model.noun import Versioned
from schema.model.record_choices import record_nouns

ROBOTS = """\
User-agent: *
Disallow: {path}/graphql
Disallow: {path}/*edition=
Disallow: {path}/*format=
Disallow: {path}/*@

Sitemap: {base}/sitemap.xml
"""
"""Answers are no pages, and a page as of an edition is another copy of one."""

MODELS = Template((Path(__file__).parent / "llms.txt").read_text("utf-8"))


def robots(base_url: str) -> str:
    """What robots may read, which is all pages."""
    return ROBOTS.format(base=base_url, path=urlsplit(base_url).path)


def models(base_url: str) -> str:
    """What this is and how to ask it, in Markdown, as llmstxt.org has it."""
    nouns = "\n".join(_noun(noun) for noun in record_nouns().values())
    return MODELS.substitute(base=base_url, nouns=nouns)


def _noun(noun: type[Versioned]) -> str:
    meaning = " ".join((noun.__doc__ or "").split())
    return f"- `{plural(noun.__name__)}`: {meaning}"
