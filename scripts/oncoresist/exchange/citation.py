"""Who made the graph, and its licence, for a release: CITATION.cff (https://citation-file-format.github.io/) and LICENSE."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oncoresist.errors import InputError
from oncoresist.paths import Layout


@dataclass(frozen=True)
class Citation:
    """What CITATION.cff says.

    :param authors: names as they are to be printed
    :param persons: whether the author of the same place is a person, not a group
    :param sources: DOIs of the references
    """

    title: str
    message: str
    authors: tuple[str, ...]
    persons: tuple[bool, ...]
    keywords: tuple[str, ...]
    sources: tuple[str, ...]


def read_citation(layout: Layout) -> Citation:
    """Read CITATION.cff, which lies beside ontology/.

    :raises InputError: it is missing, no YAML, or lacks title or authors

    >>> from oncoresist.paths import find_layout
    >>> read_citation(find_layout()).authors
    ('OncoResist contributors',)
    """
    import yaml

    path = layout.root / "CITATION.cff"
    try:
        data = yaml.safe_load(_read(path))
        authors = data["authors"]
        return Citation(
            str(data["title"]),
            " ".join(str(data.get("message", "")).split()),
            tuple(_name(author) for author in authors),
            tuple("family-names" in author for author in authors),
            tuple(map(str, data.get("keywords", ()))),
            tuple(str(r["doi"]) for r in data.get("references", ()) if "doi" in r),
        )
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError("CITATION.cff", "not valid YAML", mark.line + 1 if mark else None) from None
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "CITATION.cff", f"needs title and authors with names for a release (missing or wrong: {error})"
        ) from None


def licence_text(layout: Layout) -> str:
    """The text of LICENSE, which lies beside ontology/.

    :raises InputError: it is missing
    """
    return _read(layout.root / "LICENSE")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(path, f"cannot be read ({reason}); a release says who made it and under which licence") from None


def _name(author: dict) -> str:
    parts = [author.get("given-names", ""), author.get("family-names", "")] if "family-names" in author else [author["name"]]
    return " ".join(part for part in parts if part)
