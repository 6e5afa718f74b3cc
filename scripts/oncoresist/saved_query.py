"""Saved queries: SPARQL files whose `#+` header says what they ask, of what, and what comes back.

The header is YAML once the `#+ ` is stripped, as in grlc (https://github.com/CLARIAH/grlc), so the file stays plain SPARQL.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oncoresist.errors import InputError, QueryError, QueryHeaderError, UnknownNameError, UsageError
from oncoresist.paths import Layout

_ALLOWED = {
    "questions": {"summary", "topic", "tags", "columns", "why", "empty", "description", "params", "per", "reading"},
    "traps": {"summary", "trap", "wrong", "tags", "columns", "params", "per"},
    "checks": {"summary", "tags", "columns", "severity", "problem", "solution"},
    "derive": {"summary", "tags", "order", "description", "repeat"},
    "reports": {"summary", "tags", "columns", "description", "per"},
}
_REQUIRED = {
    "questions": {"summary", "topic", "tags", "columns", "why"},
    "traps": {"summary", "tags", "columns"},
    "checks": {"summary", "tags", "columns", "severity", "problem", "solution"},
    "derive": {"summary", "tags", "order"},
    "reports": {"summary", "tags", "columns"},
}
# What a question is filed under, in the order of the listing and the catalogue.
TOPICS = (
    "drugs",
    "cancers",
    "cells",
    "factors and pathways",
    "surroundings",
    "calcium and stemness",
    "interventions",
    "combinations",
    "evidence",
    "gaps",
    "links",
    "federated",
)
_PARAM_KEYS = {"type", "class", "example", "default", "required", "values", "minimum", "maximum", "description"}
_PARAM_TYPES = {"entity", "record", "term", "value", "integer"}
_COLUMN_KINDS = {"entity", "record", "reference", "value", "text", "integer", "iri"}
# A saved query opens its pattern on a line of its own; parameters are bound right behind it.
_WHERE = re.compile(r"^WHERE \{[ \t]*$", re.MULTILINE)
_BIND_HERE = re.compile(r"^([ \t]*)# bind (\?\w+)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Parameter:
    """What may be asked for.

    :param name: name of the variable and of the option
    :param type: ``entity`` (a thing the sources name), ``record`` (a claim, a publication), ``term`` (of another vocabulary,
        with entities mapped to it or below it), ``value`` (of a closed list) or ``integer``
    :param of_class: CURIE of the class it must belong to; for a term, of the entities mapped to it; for an integer, its datatype
    :param values: CURIEs of the closed list, where it is not every individual of the class
    :param minimum: least value of an integer, likewise `maximum`
    """

    name: str
    type: str
    of_class: str
    example: str
    default: str | None = None
    required: bool = True
    description: str = ""
    values: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class SavedQuery:
    """One ``.rq`` file.

    :param id: file stem
    :param family: folder: ``questions``, ``traps``, ``checks``, ``derive`` or ``reports``
    :param columns: variable → kind (entity, record, reference, value, text, integer, iri)
    :param per: column that makes one answer; rows that share it are shown together
    :param topic: one of `TOPICS`, for questions
    :param why: why the answer is what it is, in a line, for questions
    :param empty: sets of parameters that must give no row
    """

    id: str
    family: str
    path: Path
    text: str
    summary: str
    tags: tuple[str, ...]
    columns: dict[str, str] = field(default_factory=dict)
    params: dict[str, Parameter] = field(default_factory=dict)
    per: str | None = None
    header: dict[str, Any] = field(default_factory=dict)
    topic: str = ""
    why: str = ""
    empty: tuple[dict[str, str], ...] = ()

    @property
    def body(self) -> str:
        """The SPARQL without header and prefixes, for reading."""
        return "\n".join(line for line in self.text.splitlines() if not line.startswith(("#+", "PREFIX "))).strip()

    @property
    def federated(self) -> bool:
        """Whether it calls other endpoints over the network."""
        return "federated" in self.tags

    def bound(self, values: dict[str, list[str]]) -> str:
        """The query with parameters bound to IRIs or whole numbers, as plain SPARQL 1.1 that any engine reads.

        Bound behind the first ``WHERE {``, and again where a line ``# bind ?parameter`` asks for it: most engines compute a
        subquery or a branch of a UNION for everything before they meet it with the rest.

        :param values: parameter → IRIs or digits, any of which may match
        """
        if not values:
            return self.text
        # One block for all: rdflib starts from it, where it would evaluate the pattern for everything behind a second.
        text = _WHERE.sub(lambda match: f"{match.group()}\n  {_values(values)}", self.text, count=1)
        return _BIND_HERE.sub(
            lambda match: match[1] + _values({match[2][1:]: values[match[2][1:]]}) if match[2][1:] in values else match[0], text
        )


def read_saved_query(path: Path, layout: Layout) -> SavedQuery:
    """Read one file and check its header.

    :raises QueryHeaderError: the header is missing, misspelt or incomplete, with what to do
    """
    shown, family = layout.relative(path), path.parent.name
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(shown, f"cannot be read ({error})") from None
    header = _header(text, shown)
    allowed, required = _ALLOWED.get(family, set()), _REQUIRED.get(family, set())
    for key in header:
        if key not in allowed:
            raise QueryHeaderError(shown, str(UnknownNameError("header key", key, allowed)) + " [query-header]", _line(text, key))
    if missing := sorted(required - header.keys()):
        raise QueryHeaderError(
            shown, f"the header lacks {', '.join(missing)}. Add a line `#+ {missing[0]}: …`. [query-header]", 1
        )
    columns = header.get("columns") or {}
    for name, kind in columns.items():
        if kind not in _COLUMN_KINDS:
            raise QueryHeaderError(
                shown, f"{UnknownNameError('column kind', str(kind), _COLUMN_KINDS)} (column {name}) [query-header]"
            )
    params = {name: _parameter(name, spec, shown) for name, spec in (header.get("params") or {}).items()}
    if params and not _WHERE.search(text):
        raise QueryHeaderError(shown, "no line that is just `WHERE {`; parameters are bound behind it. [query-header]")
    for place in _BIND_HERE.finditer(text):
        if (name := place[2][1:]) not in params:
            line = text.count("\n", 0, place.start()) + 1
            raise QueryHeaderError(shown, f"{UnknownNameError('parameter to bind', name, params)} [query-header]", line)
    if header.get("per") and header["per"] not in columns:
        raise QueryHeaderError(shown, f'per: "{header["per"]}" is not one of its columns. [query-header]')
    if "topic" in required and header["topic"] not in TOPICS:
        problem = UnknownNameError("topic", str(header["topic"]), TOPICS)
        raise QueryHeaderError(shown, f"{problem} [query-header]", _line(text, "topic"))
    return SavedQuery(
        path.stem,
        family,
        path,
        text,
        header["summary"],
        tuple(header["tags"]),
        columns,
        params,
        header.get("per"),
        header,
        header.get("topic", ""),
        header.get("why", ""),
        _empty_sets(header.get("empty"), params, shown),
    )


def list_saved_queries(layout: Layout, family: str) -> dict[str, Path]:
    """id → file of one family, sorted by id."""
    return {path.stem: path for path in sorted((layout.queries / family).glob("*.rq"))}


def find_saved_query(layout: Layout, family: str, query_id: str) -> SavedQuery:
    """The saved query of that id.

    :raises UnknownNameError: there is none; the nearest ids are suggested
    """
    files = list_saved_queries(layout, family)
    if query_id not in files:
        command = {"questions": "ask", "reports": "report"}.get(family)
        raise UnknownNameError(
            family.removesuffix("s"), query_id, files, f"`oncoresist {command}` lists them all." if command else ""
        )
    return read_saved_query(files[query_id], layout)


def require_network_allowed(query: SavedQuery, allowed: bool) -> None:
    """Let a federated question call others only if that was allowed.

    :raises UsageError: it was not; the endpoints are named
    """
    if not query.federated or allowed:
        return
    services = " and ".join(dict.fromkeys(re.findall(r"SERVICE <([^>]+)>", query.text)))
    raise UsageError(
        f"{query.id} calls {services} over the network. Allow it with --federated (the engine must know SERVICE, as the embedded "
        f"store does), or run the query at an endpoint of your own with --endpoint."
    )


def require_read_only(query: str) -> None:
    """Refuse a query that would write.

    :raises QueryError: it is a SPARQL update

    >>> require_read_only("DELETE WHERE { ?s ?p ?o }")
    Traceback (most recent call last):
        ...
    oncoresist.errors.QueryError: this is an update (DELETE); the store is only read. Change ...
    """
    bare = re.sub(r"<[^<>\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", " ", query)
    bare = re.sub(r"#[^\n]*", " ", bare)
    bare = re.sub(r"\b(?:PREFIX\s+\S*:|BASE)\s*", " ", bare, flags=re.IGNORECASE)
    first = re.match(r"\s*([A-Za-z]+)", bare)
    if first and first.group(1).upper() in {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}:
        raise QueryError(
            f"this is an update ({first.group(1).upper()}); the store is only read. "
            "Change the files under graph/ and run `oncoresist build`."
        )


def syntax_error(error: SyntaxError, query: str, shown: str) -> QueryError:
    """A query error that points at the place: ``file:line:column: …`` and the line itself."""
    match = re.search(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if not match:
        return QueryError(f"{shown}: {error}")
    line, column, reason = int(match.group(1)), int(match.group(2)), " ".join(match.group(3).split())
    lines = query.splitlines()
    context = f" | {lines[line - 1].strip()}" if 0 < line <= len(lines) else ""
    return QueryError(f"{shown}:{line}:{column}: not valid SPARQL ({reason}){context}")


def _header(text: str, shown: str) -> dict[str, Any]:
    import yaml

    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    if not lines:
        raise QueryHeaderError(shown, "no `#+` header. Begin with `#+ summary: …?`. [query-header]", 1)
    try:
        header = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise QueryHeaderError(
            shown, f"the header is not valid YAML ({getattr(error, 'problem', error)})", mark and mark.line + 1
        ) from None
    if not isinstance(header, dict):
        raise QueryHeaderError(shown, "the header is not a list of `key: value` lines. [query-header]", 1)
    return header


def _parameter(name: str, spec: dict[str, Any], shown: str) -> Parameter:
    for key in spec:
        if key not in _PARAM_KEYS:
            raise QueryHeaderError(
                shown, f"{UnknownNameError('parameter key', key, _PARAM_KEYS)} (parameter {name}) [query-header]"
            )
    if spec.get("type") not in _PARAM_TYPES or "class" not in spec or "example" not in spec:
        raise QueryHeaderError(
            shown, f"parameter {name} needs type (entity, record, term, value or integer), class and example. [query-header]"
        )
    default = None if spec.get("default") is None else str(spec["default"])
    parameter = Parameter(
        name,
        spec["type"],
        spec["class"],
        str(spec["example"]),
        default,
        spec.get("required", default is None),
        spec.get("description", ""),
        tuple(spec.get("values", ())),
        spec.get("minimum"),
        spec.get("maximum"),
    )
    if parameter.type == "integer" and default is None and not parameter.required:
        raise QueryHeaderError(shown, f"parameter {name} is a threshold: give it a default, or make it required. [query-header]")
    return parameter


def _empty_sets(sets: Any, params: dict[str, Parameter], shown: str) -> tuple[dict[str, str], ...]:
    if not isinstance(sets or [], list) or not all(isinstance(s, dict) and s for s in sets or []):
        raise QueryHeaderError(shown, "empty: give a list of parameter sets, such as [{drug: benidipine}]. [query-header]")
    for name in (name for given in sets or [] for name in given):
        if name not in params:
            raise QueryHeaderError(shown, f"{UnknownNameError('parameter', name, params)} (in empty) [query-header]")
    return tuple({name: str(value) for name, value in given.items()} for given in sets or [])


def _values(values: dict[str, list[str]]) -> str:
    """The VALUES block of some parameters, with every combination of their values."""
    if len(values) == 1:
        ((name, terms),) = values.items()
        return f"VALUES ?{name} {{ {' '.join(map(_term, terms))} }}"
    names = " ".join(f"?{name}" for name in values)
    rows = " ".join(f"({' '.join(map(_term, terms))})" for terms in itertools.product(*values.values()))
    return f"VALUES ({names}) {{ {rows} }}"


def _term(value: str) -> str:
    """An IRI or a whole number, as SPARQL writes it."""
    return value if re.fullmatch(r"-?\d+", value) else f"<{value}>"


def whole_number(parameter: Parameter, value: str) -> str:
    """The digits of `value`, if it lies within the bounds of an integer parameter.

    :raises UsageError: it is no whole number, or too small or too large

    >>> whole_number(Parameter("minimum", "integer", "xsd:integer", "2", minimum=1), "few")
    Traceback (most recent call last):
        ...
    oncoresist.errors.UsageError: --minimum is a whole number of 1 or more, not "few".
    """
    low, high = parameter.minimum, parameter.maximum
    number = int(value) if re.fullmatch(r"[+-]?\d{1,9}", value.strip()) else None
    if number is None or (low is not None and number < low) or (high is not None and number > high):
        span = f" from {low} to {high}" if None not in (low, high) else f" of {low} or more" if low is not None else ""
        raise UsageError(f'--{parameter.name} is a whole number{span}, not "{value}".')
    return str(number)


def _line(text: str, key: str) -> int | None:
    return next((n for n, line in enumerate(text.splitlines(), 1) if line.startswith("#+") and key in line), None)


def bind_parameters(query: SavedQuery, given: dict[str, str | None]) -> dict[str, str]:
    """The values to use: what was given, else the defaults.

    :raises UnknownNameError: a parameter the question does not have
    :raises UsageError: a required one is missing
    """
    for name in given:
        if name not in query.params:
            raise UnknownNameError("parameter", name, query.params, f"{query.id} takes: {', '.join(query.params) or 'none'}.")
    values: dict[str, str] = {}
    for name, parameter in query.params.items():
        value = given.get(name) or parameter.default
        if given.get(name) == "":
            raise UsageError(f"--{name} is empty; leave it out or give it a value, such as {_quoted(parameter.example)}.")
        if value:
            values[name] = value
        elif parameter.required:
            raise UsageError(
                f"{query.id} needs --{name}, for example: oncoresist ask {query.id} --{name} {_quoted(parameter.example)}"
            )
    return values


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


__all__ = [
    "TOPICS",
    "Parameter",
    "SavedQuery",
    "bind_parameters",
    "find_saved_query",
    "list_saved_queries",
    "read_saved_query",
    "require_network_allowed",
    "require_read_only",
    "syntax_error",
    "whole_number",
]
