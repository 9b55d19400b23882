"""Atom (RFC 4287), with its pages linked as RFC 5005 has it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from api.feeds.feed import Entry, Feed, writable
from api.http.negotiation import ATOM, JSON_FEED

NAMESPACE = "http://www.w3.org/2005/Atom"
GENERATOR = "Pactbook"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(feed: Feed) -> bytes:
    """A feed as Atom."""
    root = ET.Element("feed", {"xmlns": NAMESPACE, LANGUAGE: "en"})
    _text(root, "id", feed.ways["first"])
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", feed.updated)
    _text(ET.SubElement(root, "author"), "name", GENERATOR)
    _text(root, "generator", GENERATOR)
    _text(root, "icon", feed.icon)
    _link(root, "alternate", feed.home, "text/html")
    for rel, address in feed.ways.items():
        _link(root, rel, address, JSON_FEED if rel == "alternate" else ATOM)
    for entry in feed.entries:
        _entry(ET.SubElement(root, "entry"), entry)
    content: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return content


def _entry(element: ET.Element, entry: Entry) -> None:
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "updated", entry.updated)
    _text(element, "published", entry.updated)
    _text(ET.SubElement(element, "author"), "name", entry.author)
    _link(element, "alternate", entry.link, "text/html")
    for term in entry.tags:
        ET.SubElement(element, "category", {"term": writable(term)})
    _text(element, "content", entry.html, type="html")


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = writable(text)


def _link(parent: ET.Element, rel: str, address: str, media_type: str) -> None:
    ET.SubElement(parent, "link", {"rel": rel, "href": address, "type": media_type})
