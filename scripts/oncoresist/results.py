"""What a query gives back, in every form a person or a program may want."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from oncoresist import markup
from oncoresist.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    import pandas
    import polars

Term = ox.NamedNode | ox.Literal | ox.BlankNode | None

_TABULAR = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
    "json": ox.QueryResultsFormat.JSON,
}
_MARKUP = {"md": markup.markdown, "html": markup.table}
_GRAPH = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
FORMATS = ("table", *_TABULAR, *_MARKUP, *_GRAPH)


@dataclass(frozen=True)
class Answer:
    """The rows of a SELECT, the truth of an ASK, or the triples of a CONSTRUCT.

    :param data: SPARQL JSON results, or N-Triples of a graph
    :param columns: variable → kind, for saved questions; empty for free queries
    :param per: column whose value makes one answer (rows sharing it belong together)
    :param labels: IRI → label, for display
    :param given: columns that only repeat what was asked for; not shown to people

    >>> from oncoresist import KnowledgeGraph
    >>> answer = KnowledgeGraph.open().query("SELECT (1 AS ?one) (2 AS ?two) WHERE {}")
    >>> [row["two"].value for row in answer]
    ['2']
    >>> answer.to_text("csv").split()
    ['one,two', '1,2']
    """

    data: bytes
    is_graph: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    per: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    title: str = ""
    given: frozenset[str] = frozenset()

    @classmethod
    def from_results(cls, results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, **more) -> Answer:
        """Keep everything an engine returned.

        :raises InputError: the query calls another endpoint, which does not answer
        """
        try:
            if isinstance(results, ox.QueryTriples):
                return cls(results.serialize(format=ox.RdfFormat.N_TRIPLES), is_graph=True, **more)
            return cls(results.serialize(format=ox.QueryResultsFormat.JSON), **more)
        except OSError as error:  # results are computed while they are read, and SERVICE reaches out only then
            raise InputError("SERVICE", f"an endpoint that the query calls cannot be reached ({error})") from None

    @cached_property
    def variables(self) -> list[str]:
        """Names of the columns, in order."""
        return ["subject", "predicate", "object"] if self.is_graph else list(json.loads(self.data)["head"].get("vars", []))

    @cached_property
    def boolean(self) -> bool | None:
        """The answer of an ASK, else None."""
        return None if self.is_graph else json.loads(self.data).get("boolean")

    @cached_property
    def rows(self) -> list[tuple[Term, ...]]:
        """One tuple of terms per row, in the order of the query."""
        if self.is_graph:
            triples = ox.parse(self.data, format=ox.RdfFormat.N_TRIPLES)
            return [(t.subject, t.predicate, t.object) for t in sorted(triples, key=str)]
        if self.boolean is not None:
            return []
        solutions = ox.parse_query_results(self.data, format=ox.QueryResultsFormat.JSON)
        return [tuple(solution[name] for name in self.variables) for solution in solutions]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Term]]:
        for row in self.rows:
            yield dict(zip(self.variables, row, strict=True))

    def iris(self) -> set[str]:
        """Every IRI among the values."""
        return {term.value for row in self.rows for term in row if isinstance(term, ox.NamedNode)}

    def to_text(self, format: str) -> str:
        """The answer in one of the standard forms: csv, tsv, json, xml, md, html; ttl, nt, jsonld, rdfxml for graphs.

        :raises UnknownNameError: no such format, or not for this kind of answer
        """
        possible = _GRAPH if self.is_graph else _TABULAR if self.boolean is not None else _TABULAR | _MARKUP
        if format not in possible:
            what = "a graph" if self.is_graph else "rows"
            raise UnknownNameError("format", format, possible, f"This answer is {what}: {', '.join(['table', *possible])}.")
        if self.is_graph:
            return ox.serialize(ox.parse(self.data, format=ox.RdfFormat.N_TRIPLES), format=_GRAPH[format]).decode()
        if format in _MARKUP:
            return _MARKUP[format](self.variables, self.rows, self.labels)
        return ox.parse_query_results(self.data, format=ox.QueryResultsFormat.JSON).serialize(format=_TABULAR[format]).decode()

    def to_pandas(self, labels: bool = False) -> pandas.DataFrame:
        """The rows as a pandas frame (extra ``frames``); IRIs as strings, or as labels with ``labels=True``."""
        import pandas

        return pandas.DataFrame(self._cells(labels), columns=self.variables)

    def to_polars(self, labels: bool = False) -> polars.DataFrame:
        """The rows as a polars frame (extra ``frames``); IRIs as strings, or as labels with ``labels=True``.

        >>> from oncoresist import KnowledgeGraph
        >>> KnowledgeGraph.open().query("SELECT (1 AS ?one) WHERE {}").to_polars()["one"].to_list()
        [1]
        """
        import polars

        # All rows decide the type of a column: the first hundred may be unbound.
        return polars.DataFrame(self._cells(labels), schema=self.variables, orient="row", infer_schema_length=None)

    def _cells(self, labels: bool) -> list[list[object]]:
        def cell(term: Term) -> object:
            if term is None:
                return None
            if isinstance(term, ox.Literal) and term.datatype.value.endswith("#integer"):
                return int(term.value)
            return self.labels.get(term.value, term.value) if labels else term.value

        return [[cell(term) for term in row] for row in self.rows]
