"""The grammar of Atom feeds as RFC 4287 gives it in appendix B, and the rules beside it."""

from __future__ import annotations

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

from lxml import etree  # type: ignore[import-untyped]  # it has no types

ATOM = "http://www.w3.org/2005/Atom"
NAMES = {"a": ATOM}
TEXT = '<optional><attribute name="type"><choice>{types}</choice></attribute></optional><text/>'
PLAIN = TEXT.format(types="<value>text</value><value>html</value>")
DATE = '<data type="dateTime"/>'
PERSON = """<interleave>
  <element name="name"><ref name="common"/><text/></element>
  <optional><element name="uri"><ref name="common"/><data type="anyURI"/></element></optional>
  <optional><element name="email"><ref name="common"/>
    <data type="string"><param name="pattern">.+@.+</param></data></element></optional>
</interleave>"""
LINK = """<attribute name="href"><data type="anyURI"/></attribute>
<optional><attribute name="rel"><text/></attribute></optional>
<optional><attribute name="type"><data type="string">
  <param name="pattern">.+/.+</param></data></attribute></optional>
<optional><attribute name="hreflang"><data type="language"/></attribute></optional>
<optional><attribute name="title"><text/></attribute></optional>
<optional><attribute name="length"><text/></attribute></optional>"""
CATEGORY = """<attribute name="term"><text/></attribute>
<optional><attribute name="scheme"><data type="anyURI"/></attribute></optional>
<optional><attribute name="label"><text/></attribute></optional>"""
GENERATOR = """<optional><attribute name="uri"><data type="anyURI"/></attribute></optional>
<optional><attribute name="version"><text/></attribute></optional><text/>"""
URI = '<data type="anyURI"/>'


def _element(name: str, content: str, how_often: str = "") -> str:
    made = f'<element name="{name}"><ref name="common"/>{content}</element>'
    return f"<{how_often}>{made}</{how_often}>" if how_often else made


ANY, MAYBE = "zeroOrMore", "optional"
SHARED = (
    _element("author", PERSON, ANY)
    + _element("category", CATEGORY + "<empty/>", ANY)
    + _element("contributor", PERSON, ANY)
    + _element("id", URI)
    + _element("link", LINK + "<empty/>", ANY)
    + _element("rights", PLAIN, MAYBE)
    + _element("title", PLAIN)
    + _element("updated", DATE)
)
FEED = (
    _element("generator", GENERATOR, MAYBE)
    + _element("icon", URI, MAYBE)
    + _element("logo", URI, MAYBE)
    + _element("subtitle", PLAIN, MAYBE)
)
ENTRY = (
    _element("content", PLAIN, MAYBE)
    + _element("published", DATE, MAYBE)
    + _element("summary", PLAIN, MAYBE)
)
GRAMMAR = f"""<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{ATOM}"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="feed"><ref name="common"/>
    <interleave>{SHARED}{FEED}</interleave>
    <zeroOrMore><element name="entry"><ref name="common"/>
      <interleave>{SHARED}{ENTRY}</interleave>
    </element></zeroOrMore>
  </element></start>
  <define name="common">
    <optional><attribute name="xml:base"><data type="anyURI"/></attribute></optional>
    <optional><attribute name="xml:lang"><data type="language"/></attribute></optional>
  </define>
</grammar>"""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def valid_atom(content: bytes) -> Any:
    """The feed that these bytes are, which has to obey the grammar and the rules in the prose."""
    document = etree.fromstring(content)
    schema = etree.RelaxNG(etree.fromstring(GRAMMAR))
    assert schema.validate(document), schema.error_log
    entries = document.findall("a:entry", NAMES)
    ids = [entry.findtext("a:id", namespaces=NAMES) for entry in entries]
    assert len(ids) == len(set(ids)), "an id stands for one entry"
    for each in [document, *entries]:
        assert each.find("a:author", NAMES) is not None
        assert urlsplit(each.findtext("a:id", namespaces=NAMES)).scheme
        for name in ("updated", "published"):
            for instant in each.findall(f"a:{name}", NAMES):
                assert INSTANT.fullmatch(instant.text)
                assert datetime.datetime.fromisoformat(instant.text).tzinfo
        links = [
            (link.get("rel"), link.get("type"), link.get("hreflang"))
            for link in each.findall("a:link", NAMES)
        ]
        alternates = [link for link in links if link[0] == "alternate"]
        assert len(alternates) == len(set(alternates)) > 0
        assert all(urlsplit(link.get("href")).scheme for link in each.findall("a:link", NAMES))
    assert len(document.findall("a:link[@rel='self']", NAMES)) == 1
    return document
