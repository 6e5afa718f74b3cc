"""Which formats there are, what each keeps, and who writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from oncoresist.errors import UnknownNameError

Keeps = Literal["quads", "triples", "part"]


@dataclass(frozen=True)
class Format:
    """One format of `oncoresist export`.

    :param extension: of its files; empty for a folder of files
    :param keeps: ``quads``: every triple and its layer; ``triples``: every triple; ``part``: what its ledger says
    :param kept: what is kept and what is lost, for a table
    :param writer: ``module:function`` in this package
    """

    name: str
    extension: str
    media_type: str
    keeps: Keeps
    kept: str
    writer: str

    @property
    def is_folder(self) -> bool:
        return not self.extension

    def load_writer(self) -> Callable[..., None]:
        """The function that writes it; imported only now."""
        module, _, function = self.writer.partition(":")
        return getattr(import_module(f"oncoresist.exchange.{module}"), function)


_ALL = "every triple, in the named graph of its layer"
_MERGED = "every triple; the layers become one graph"
FORMATS = {
    f.name: f
    for f in (
        Format("nquads", "nq", "application/n-quads", "quads", f"{_ALL}; canonical (RDFC-1.0)", "rdf:nquads"),
        Format("trig", "trig", "application/trig", "quads", _ALL, "rdf:trig"),
        Format(
            "jsonld", "jsonld", "application/ld+json", "quads", f"{_ALL}; claims with their steps and evidence", "jsonld:jsonld"
        ),
        Format("ntriples", "nt", "application/n-triples", "triples", f"{_MERGED}; canonical (RDFC-1.0)", "rdf:ntriples"),
        Format("turtle", "ttl", "text/turtle", "triples", f"{_MERGED}; the canonical form of graph/", "rdf:turtle"),
        Format("rdfxml", "rdf", "application/rdf+xml", "triples", _MERGED, "rdf:rdfxml"),
        Format("owl", "owl", "application/rdf+xml", "part", "one OWL 2 ontology for Protégé; all but import headers", "owl:owl"),
        Format("tables", "", "text/csv", "part", "frictionless CSV package; all but nameless OWL classes", "tables:tables"),
        Format(
            "neo4j", "", "text/csv", "part", "CSV for neo4j-admin import; all but nameless OWL classes", "property_graph:neo4j"
        ),
        Format(
            "graphml", "graphml", "application/graphml+xml", "part", "network of entities, edges and steps", "network:graphml"
        ),
        Format("cx2", "cx2", "application/json", "part", "the same network for Cytoscape and NDEx", "network:cx2"),
        Format("kgx-tsv", "", "text/tab-separated-values", "part", "KGX nodes and edges of the Biolink Model", "kgx:kgx_tsv"),
        Format("kgx-jsonl", "", "application/jsonl", "part", "the same as JSON Lines", "kgx:kgx_jsonl"),
        Format("sssom", "sssom.tsv", "text/tab-separated-values", "part", "all mappings as one SSSOM file", "sssom:sssom"),
    )
}


def find_format(name: str) -> Format:
    """The format called `name`, or with that file extension.

    :raises UnknownNameError: there is none; all are listed

    >>> find_format("ttl").name
    'turtle'
    >>> find_format("turtel")
    Traceback (most recent call last):
        ...
    oncoresist.errors.UnknownNameError: unknown format "turtel". Did you mean "turtle"? Formats: ...
    """
    wanted = name.casefold().lstrip(".")
    for format_ in FORMATS.values():
        if wanted in (format_.name, format_.extension):
            return format_
    raise UnknownNameError("format", name, FORMATS, f"Formats: {', '.join(sorted(FORMATS))}.")
