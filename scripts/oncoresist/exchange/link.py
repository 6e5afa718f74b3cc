"""Joining the graph with other data: its mappings as a table, and what it knows of the things in a user's file.

A match is never more than the SKOS relation the mapping has: ``exact``, ``close``, ``broad`` (theirs is broader than ours) or
``narrow``. ``itself`` is a thing under our own identifier, ``name`` one that is only called as in the file.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from oncoresist.engines import Engine
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.exchange.identifiers import Recogniser
from oncoresist.exchange.things import Thing, read
from oncoresist.names import folded
from oncoresist.namespaces import Prefixes

TABLE_FORMATS = ("table", "tsv", "csv", "json", "md")
MATCHES = ("itself", "exact", "close", "narrow", "broad", "name")
_SHOWN = 3
_MAPPINGS = """SELECT ?entity ?label ?match ?external ?externalLabel ?justification ?source ?version WHERE {
  ?mapping sssom:subject_id ?entity ; sssom:subject_label ?label ; sssom:predicate_id ?match ; sssom:object_id ?external ;
    sssom:object_label ?externalLabel ; sssom:mapping_justification ?justification ; sssom:object_source ?source .
  OPTIONAL { ?mapping sssom:object_source_version ?version } }"""
_NAMES = """SELECT ?entity ?name WHERE {
  ?entity a onr:Entity . VALUES ?property { rdfs:label skos:altLabel } ?entity ?property ?name }"""
_LABELS = """SELECT ?thing ?label WHERE { VALUES ?class { onr:Entity onr:Publication } ?thing a ?class ; rdfs:label ?label }"""
_PUBLICATIONS = """SELECT ?thing ?property ?id WHERE {
  VALUES ?property { prism:doi fabio:hasPubMedId fabio:hasPubMedCentralId } ?thing ?property ?id ; a onr:Publication }"""
_CLAIMS = """SELECT DISTINCT ?claim ?thing WHERE {
  { ?claim onr:hasStep ?step . ?step ?property ?thing . ?thing a onr:Entity }
  UNION { VALUES ?about { onr:aboutDrug onr:aboutCancer onr:inModel } ?claim ?about ?thing }
  UNION { ?claim onr:hasEvidence ?line . ?line cito:citesAsEvidence ?thing } }"""
_MECHANISMS = """SELECT ?from ?effect ?to ?rank WHERE {
  ?mechanism a onr:DrugMechanism ; onr:from ?from ; onr:effect ?effect ; onr:to ?to ; onr:grade ?grade .
  ?grade onr:rank ?rank } ORDER BY ?rank ?from ?to"""
_EDGES = "SELECT ?from ?to WHERE { ?edge a onr:DerivedEdge ; onr:from ?from ; onr:to ?to }"


@dataclass(frozen=True)
class Linked:
    """A table of links.

    :param columns: their names
    :param rows: one text a column
    :param unknown: what of the user's file the graph does not know
    """

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    unknown: list[str] = field(default_factory=list)

    @property
    def counts(self) -> str:
        """How many links of which kind, in words."""
        at = self.columns.index("match")
        kinds = Counter(row[at] for row in self.rows)
        text = f"{len(self.rows)} links ({', '.join(f'{kinds[m]} {m}' for m in MATCHES if kinds[m])})" if kinds else "no links"
        if self.columns[0] != "given":
            return text
        known = len({row[0] for row in self.rows})
        return f"{known} of {known + len(self.unknown)} things known, {text}; {len(self.unknown)} unknown"

    def to_text(self, format: str) -> str:
        """As ``tsv``, ``csv``, ``json`` or ``md``; what is unknown stands behind, with the match ``unknown``.

        :raises UnknownNameError: no such format
        """
        check_format(format, TABLE_FORMATS[1:])
        given, match = 0, self.columns.index("match")
        blank = [["" for _ in self.columns] for _ in self.unknown]
        for row, name in zip(blank, self.unknown, strict=True):
            row[given], row[match] = name, "unknown"
        rows = [*self.rows, *blank]
        if format == "json":
            return json.dumps([dict(zip(self.columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1) + "\n"
        if format == "md":
            lines = [self.columns, ["---"] * len(self.columns), *rows]
            return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in lines)
        file = io.StringIO()
        csv.writer(file, delimiter="\t" if format == "tsv" else ",", lineterminator="\n").writerows([self.columns, *rows])
        return file.getvalue()


def check_format(name: str, there: tuple[str, ...] = TABLE_FORMATS) -> None:
    """
    :raises UnknownNameError: no such format; all are listed

    >>> check_format("xlsx")
    Traceback (most recent call last):
        ...
    oncoresist.errors.UnknownNameError: unknown format "xlsx". There are: table, tsv, csv, json, md.
    """
    if name not in there:
        raise UnknownNameError("format", name, there, f"There are: {', '.join(there)}.")


def join_table(engine: Engine, prefixes: Prefixes, to: str, *, exact: bool = False) -> Linked:
    """Every mapping to one vocabulary.

    :param to: its prefix in any case, or a usual other spelling (``UniProtKB``, ``Entrez``)
    :param exact: only exact matches
    :raises UnknownNameError: no mapping leads there; the vocabularies are listed with their numbers
    """
    wanted = Recogniser(prefixes).prefix(to)
    rows = []
    counts: Counter[str] = Counter()
    for s in engine.query(_MAPPINGS):
        external = prefixes.curie(s["external"].value)
        prefix = external.partition(":")[0]
        counts[prefix] += 1
        match = _kind(s["match"].value)
        if prefix == wanted and (match == "exact" or not exact):
            texts = (s["externalLabel"].value, prefixes.curie(s["justification"].value), s["source"].value)
            version = s["version"].value if s["version"] else ""
            rows.append((prefixes.curie(s["entity"].value), s["label"].value, match, external, *texts, version))
    if not counts[wanted or ""]:
        there = ", ".join(f"{prefix} ({number})" for prefix, number in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))
        raise UnknownNameError("vocabulary", to, counts, f"Mappings lead to: {there}.")
    columns = ("entity", "label", "match", "external", "external_label", "justification", "source", "source_version")
    return Linked(columns, sorted(rows))


def link_file(engine: Engine, prefixes: Prefixes, path: Path, *, column: str | None = None, exact: bool = False) -> Linked:
    """What the graph knows of the things in a file.

    :param column: of a table, the column to read
    :param exact: only exact matches and things under our own identifier
    :raises InputError: the file cannot be read or names nothing
    """
    known = _Known(engine, prefixes)
    rows, unknown = [], []
    for thing in read(path, Recogniser(prefixes), lambda text: folded(text) in known.by_name, column):
        found = [(match, iri) for match, iri in known.find(thing) if not exact or match in ("itself", "exact")]
        for match, iri in found:
            texts = (known.labels.get(iri, ""), str(len(known.claims[iri])), known.says(iri))
            rows.append((thing.given, thing.curie or "", thing.where, match, prefixes.curie(iri), *texts))
        if not found:
            unknown.append(thing.given)
    return Linked(("given", "identifier", "where", "match", "known_as", "label", "claims", "says"), rows, unknown)


def link(
    engine: Engine, prefixes: Prefixes, file: Path | None, to: str | None, column: str | None = None, exact: bool = False
) -> Linked:
    """One of the two.

    :raises UsageError: neither or both were asked for
    """
    if (file is None) == (to is None):
        raise UsageError("link needs a FILE of things to look up, or --to PREFIX for a table of mappings: one of the two.")
    if to is not None:
        return join_table(engine, prefixes, to, exact=exact)
    return link_file(engine, prefixes, Path(str(file)), column=column, exact=exact)


class _Known:
    """What the graph knows, by identifier and by name."""

    def __init__(self, engine: Engine, prefixes: Prefixes) -> None:
        self.labels = {s["thing"].value: s["label"].value for s in engine.query(_LABELS)}
        self.by_id: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for iri in self.labels:
            self.by_id[prefixes.curie(iri).casefold()].add(("itself", iri))
        for s in engine.query(_MAPPINGS):
            external = prefixes.curie(s["external"].value).casefold()
            self.by_id[external].add((_kind(s["match"].value), s["entity"].value))
        registries = {"doi": "doi", "hasPubMedId": "pubmed", "hasPubMedCentralId": "pmc"}
        for s in engine.query(_PUBLICATIONS):
            registry = registries[s["property"].value.rpartition("/")[2]]
            self.by_id[f"{registry}:{s['id'].value}".casefold()].add(("exact", s["thing"].value))
            self.labels.setdefault(s["thing"].value, f"{registry}:{s['id'].value}")
        self.by_name: dict[str, set[str]] = defaultdict(set)
        for s in engine.query(_NAMES):
            self.by_name[folded(s["name"].value)].add(s["entity"].value)
        self.claims: dict[str, set[str]] = defaultdict(set)
        for s in engine.query(_CLAIMS):
            self.claims[s["thing"].value].add(s["claim"].value)
        self._mechanisms = [tuple(s[v].value for v in ("from", "effect", "to", "rank")) for s in engine.query(_MECHANISMS)]
        edges = [(s["from"].value, s["to"].value) for s in engine.query(_EDGES)]
        self._out, self._in = Counter(start for start, _ in edges), Counter(end for _, end in edges)

    def find(self, thing: Thing) -> list[tuple[str, str]]:
        """Match and IRI, the best kinds of match first."""
        found: Iterable[tuple[str, str]] = self.by_id.get((thing.curie or thing.given).casefold(), ())
        if not found and thing.may_be_name:
            found = {("name", iri) for iri in self.by_name.get(folded(thing.given), ())}
        return sorted(found, key=lambda pair: (MATCHES.index(pair[0]), pair[1]))

    def says(self, iri: str) -> str:
        """In one line, what the graph has on it: mechanisms of resistance first, then how connected it is."""
        parts = []
        for effect, words in (("raises", "raises resistance to"), ("lowers", "lowers resistance to")):
            drugs = [self.labels.get(to, to) for start, what, to, _ in self._mechanisms if start == iri and f"/{effect}" in what]
            if drugs:
                more = f" and {len(drugs) - _SHOWN} more" if len(drugs) > _SHOWN else ""
                parts.append(f"{words} {', '.join(drugs[:_SHOWN])}{more}")
        by = Counter(what.rpartition("/")[2][:6] for _, what, to, _ in self._mechanisms if to == iri)
        if by:
            parts.append(f"resistance to it raised by {by['raises']}, lowered by {by['lowers']}")
        elif self._out[iri] or self._in[iri]:
            parts.append(f"{self._out[iri]} effects from it, {self._in[iri]} on it")
        return "; ".join(parts)


def _kind(predicate: str) -> str:
    """
    >>> _kind("http://www.w3.org/2004/02/skos/core#closeMatch")
    'close'
    """
    return predicate.rpartition("#")[2].removesuffix("Match")
