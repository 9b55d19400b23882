"""`pactbook documents`: which documents a server knows by their ids, or serves at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from api.console import out, settings_of, tell
from api.settings import Settings

app = typer.Typer(
    help="Lists documents, which clients call by their `documentId`.", no_args_is_help=True
)

KINDS = (".graphql", ".gql", ".json")

Listed = Annotated[
    Path | None,
    typer.Option(
        "--listed", help="The folder of listed documents; PACTBOOK_LISTED_DOCUMENTS when left out."
    ),
]


@app.command()
def add(
    folder: Annotated[
        Path,
        typer.Argument(
            help="A folder with a document in each .graphql or .gql file, or with the manifests "
            "that clients' compilers write as .json; or one such file."
        ),
    ],
    listed: Listed = None,
) -> None:
    """Checks every document against the graph and lists all of them, or says what is wrong."""
    from graphql import GraphQLError

    from api.http.listed_documents import DocumentsRefusedError
    from api.limits.extension import documents_of
    from schema.build import build

    settings, store = _opened(listed)
    documents = documents_of(build(), settings.limits)
    wrong: list[str] = []
    texts: dict[str, str] = {}
    for place, text in _read(folder, wrong):
        try:
            found = documents.made(text)
        except GraphQLError as error:
            wrong.append(f"{place}: {error.message}")
            continue
        wrong.extend(f"{place}: {error.message}" for error in found.errors)
        texts[place] = text
    if not texts and not wrong:
        wrong.append(f"{folder} has no document in a {', '.join(KINDS)} file.")
    if wrong:
        raise DocumentsRefusedError("\n".join(["No document is listed:", *wrong]))
    for place, text in texts.items():
        _tell(f"sha256:{store.add(text)}  {place}")


@app.command("list")
def show(listed: Listed = None) -> None:
    """Shows the listed documents by their ids, each with its operations."""
    from graphql import OperationDefinitionNode, parse

    _, store = _opened(listed)
    for digest in sorted(store.digests):
        text = store.text(digest)
        if text is None:
            _tell(f"sha256:{digest}  is served no more: its file holds something else")
            continue
        operations = [
            " ".join([node.operation.value, node.name.value if node.name else ""]).rstrip()
            for node in parse(text).definitions
            if isinstance(node, OperationDefinitionNode)
        ]
        _tell(f"sha256:{digest}  {', '.join(operations)}")


@app.command()
def remove(
    ids: Annotated[
        list[str], typer.Argument(help="The ids, as `pactbook documents list` has them.")
    ],
    listed: Listed = None,
) -> None:
    """Lists documents no more; all of them, or none where one is not listed."""
    from api.http.listed_documents import DocumentsRefusedError

    _, store = _opened(listed)
    digests = [id.removeprefix("sha256:") for id in ids]
    wrong = [digest for digest in digests if digest not in store.digests]
    if wrong:
        lines = [f"{digest} is not listed." for digest in wrong]
        raise DocumentsRefusedError("\n".join([*lines, "`pactbook documents list` shows what is."]))
    for digest in dict.fromkeys(digests):
        store.remove(digest)
        _tell(f"sha256:{digest}  removed")


def _opened(listed: Path | None) -> tuple[Settings, Any]:
    """The settings, and the documents in the folder that is given or set."""
    from api.http.listed_documents import ListedDocuments

    settings = settings_of()
    if listed is None and not settings.listed_documents:
        tell(
            "Say in which folder documents are listed: by --listed, or for the server too by "
            "PACTBOOK_LISTED_DOCUMENTS."
        )
        raise typer.Exit(2)
    return settings, ListedDocuments(listed or Path(settings.listed_documents))


def _read(folder: Path, wrong: list[str]) -> Iterator[tuple[str, str]]:
    """Every document with its place; what cannot be read is told in `wrong`."""
    files = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    if not files and not folder.is_dir():
        wrong.append(f"{folder} is no folder and no file.")
    for file in files:
        if file.suffix not in KINDS or not file.is_file():
            continue
        try:
            text = file.read_bytes().decode()
            if file.suffix != ".json":
                yield str(file), text
                continue
            for id, document in _manifest(json.loads(text)):
                yield from _called(f"{file}: {id}", id, document, wrong)
        except (TypeError, ValueError) as error:
            wrong.append(f"{file}: {error}")


def _manifest(value: Any) -> Iterator[tuple[str, str]]:
    """The documents of a manifest by their ids: a plain one, or one of Apollo's."""
    if isinstance(value, dict) and isinstance(value.get("operations"), list):
        value = {each["id"]: each["body"] for each in value["operations"]}
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise TypeError("This is no manifest; it must be an object of documents by their ids.")
    yield from value.items()


def _called(place: str, id: str, text: str, wrong: list[str]) -> Iterator[tuple[str, str]]:
    """A document of a manifest, whose clients must call it by its SHA-256."""
    from api.http.listed_documents import digest_of

    if id.removeprefix("sha256:") != digest_of(text):
        wrong.append(
            f"{place} is not the SHA-256 of its document, sha256:{digest_of(text)}. Have the "
            "compiler name documents by SHA-256, in hexadecimal digits."
        )
        return
    yield place, text


def _tell(line: str) -> None:
    out.print(line, highlight=False, markup=False, soft_wrap=True)
