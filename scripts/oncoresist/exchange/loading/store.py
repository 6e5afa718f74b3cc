"""A triple store behind its SPARQL 1.1 addresses: count, put, add, move, fetch.

Written by the Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/) or by SPARQL Update
(https://www.w3.org/TR/sparql11-update/). A graph is named by its IRI; None is the default graph.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import pyoxigraph as ox

from oncoresist.errors import InputError, UsageError
from oncoresist.exchange.loading.connection import Connection, StoreError
from oncoresist.exchange.loading.credentials import require_no_credentials

Method = Literal["graph-store", "update"]
NTRIPLES = "application/n-triples"
_NO_GRAPH = "https://w3id.org/oncoresist/graph/loading"


@dataclass(frozen=True)
class Addresses:
    """Where a store is asked, updated, and written graph by graph; the last two may be unknown."""

    query: str
    update: str | None = None
    graph_store: str | None = None


class TripleStore:
    """One running store.

    :param addresses: those not given are guessed from the kind of server that answers
    :raises UsageError: an address is none, or holds a password
    """

    def __init__(self, addresses: Addresses, connection: Connection) -> None:
        for url in (addresses.query, addresses.update, addresses.graph_store):
            if url is not None:
                require_no_credentials(url)
        self._connection, self.addresses, self.kind = connection, addresses, ""
        self.method: Method = "graph-store"

    def meet(self) -> None:
        """Ask whether it answers SPARQL, and learn what it is.

        :raises StoreError: it cannot be reached
        :raises InputError: it answers, but not with SPARQL results
        """
        response = self._ask("ASK { }")
        if "boolean" not in _read(self.addresses.query, response.body):
            raise InputError(self.addresses.query, "did not answer ASK. Give the address for SPARQL queries.")
        server = response.headers.get("Server") or ""
        self.kind = "Fuseki" if "Fuseki-Request-Id" in response.headers or "Fuseki" in server else server.partition("/")[0]
        update, graph_store = _neighbours(self.addresses.query, self.kind)
        self.addresses = replace(
            self.addresses, update=self.addresses.update or update, graph_store=self.addresses.graph_store or graph_store
        )

    def count(self, graph: str | None) -> int:
        """How many triples a graph holds."""
        pattern = "{ ?s ?p ?o }" if graph is None else f"{{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        told = _read(self.addresses.query, self._ask(f"SELECT (COUNT(*) AS ?n) WHERE {pattern}").body)
        try:
            return int(told["results"]["bindings"][0]["n"]["value"])
        except (KeyError, IndexError, TypeError, ValueError):
            raise InputError(self.addresses.query, "did not answer a COUNT with a number.") from None

    def knock(self) -> None:
        """Make sure that this user may write, by removing a graph that is not there.

        It also answers the challenge of the server, some of which hang up on a large request that comes without credentials.

        :raises StoreError, UsageError: one may not
        """
        if self.method == "update":
            self.update(_drop(_NO_GRAPH))
        else:
            self._delete(_NO_GRAPH)

    def put(self, graph: str | None, lines: list[bytes], *, fast: bool = False) -> None:
        """Let a graph hold these N-Triples and nothing else.

        :param fast: nobody reads the graph yet, so it need not change in one step
        """
        if self.method == "graph-store":
            self._graph_store("PUT", graph, b"".join(lines), fast)
        else:
            self.update(f"{_drop(graph)} ;\n{_insert(graph, lines)}")

    def add(self, graph: str | None, lines: list[bytes], *, fast: bool = False) -> None:
        """Add N-Triples to a graph; without blank nodes, adding them twice is adding them once."""
        if self.method == "graph-store":
            self._graph_store("POST", graph, b"".join(lines), fast)
        else:
            self.update(_insert(graph, lines))

    def remove(self, graph: str | None) -> None:
        """Let a graph be gone, or empty if it is the default graph."""
        if self.addresses.update:
            self.update(_drop(graph))
        else:
            self._delete(graph)

    def move(self, graphs: dict[str, str | None]) -> None:
        """Let each graph take the place of another, in one request (one transaction, where the store has them)."""
        steps = [f"MOVE GRAPH <{old}> TO {'DEFAULT' if new is None else f'GRAPH <{new}>'}" for old, new in graphs.items()]
        self.update(" ;\n".join(steps))

    def fetch(self, graph: str | None) -> list[bytes]:
        """The triples of a graph as N-Triples lines, as the store gives them (it may cut long answers).

        :raises InputError: what came back is not N-Triples
        """
        if self.addresses.graph_store:
            url = self._graph_url(graph)
            body = self._connection.send("GET", url, accept=NTRIPLES).body
        else:
            pattern = "{ ?s ?p ?o }" if graph is None else f"{{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
            url, body = self.addresses.query, self._ask(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {pattern}", NTRIPLES).body
        try:
            triples = (quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
            return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).splitlines(keepends=True)
        except (SyntaxError, ValueError) as error:
            raise InputError(url.partition("?")[0], f"did not answer with N-Triples ({error})") from None

    def update(self, text: str) -> None:
        """A SPARQL Update."""
        if not self.addresses.update:
            raise UsageError(f"{self.addresses.query}: where are updates sent? Give it with --update-url.")
        self._connection.send(
            "POST",
            self.addresses.update,
            urlencode({"update": text}).encode(),
            content_type="application/x-www-form-urlencoded",
        )

    def _ask(self, query: str, accept: str = "application/sparql-results+json"):
        body = urlencode({"query": query}).encode()
        return self._connection.send(
            "POST", self.addresses.query, body, content_type="application/x-www-form-urlencoded", accept=accept
        )

    def _graph_url(self, graph: str | None) -> str:
        if not self.addresses.graph_store:
            raise UsageError(f"{self.addresses.query}: where is its graph store? Give it with --graph-store-url.")
        base = self.addresses.graph_store
        return base + ("&" if "?" in base else "?") + ("default" if graph is None else f"graph={quote(graph, safe='')}")

    def _delete(self, graph: str | None) -> None:
        """Delete a graph that may not be there."""
        try:
            self._graph_store("DELETE", graph, None)
        except StoreError as error:
            if error.status != 404:
                raise

    def _graph_store(self, method: str, graph: str | None, body: bytes | None, fast: bool = False) -> None:
        url = self._graph_url(graph)
        if fast and self.kind == "Oxigraph":
            url += "&no_transaction"  # its bulk loader
        if body is None:
            self._connection.send(method, url)
        else:
            self._connection.send(method, url, body, content_type=NTRIPLES)


def _neighbours(query: str, kind: str) -> tuple[str | None, str | None]:
    """Where a server of this kind has its update and graph store.

    >>> _neighbours("http://localhost:8890/sparql", "Virtuoso")
    ('http://localhost:8890/sparql-auth', 'http://localhost:8890/sparql-graph-crud-auth')
    >>> _neighbours("http://localhost:3030/ds/query", "Fuseki")
    ('http://localhost:3030/ds/update', 'http://localhost:3030/ds/data')
    >>> _neighbours("http://localhost:7200/repositories/onr", "")[0]
    'http://localhost:7200/repositories/onr/statements'
    """
    parts = urlsplit(query)
    path = parts.path.rstrip("/")

    def at(new: str) -> str:
        return urlunsplit((parts.scheme, parts.netloc, new, "", ""))

    parent = path.rpartition("/")[0]
    if kind == "Virtuoso":
        return at(f"{parent}/sparql-auth"), at(f"{parent}/sparql-graph-crud-auth")
    if kind == "Oxigraph":
        return at(f"{parent}/update"), at(f"{parent}/store")
    if kind == "Fuseki":
        dataset = parent if path.endswith(("/query", "/sparql")) else path
        return at(f"{dataset}/update"), at(f"{dataset}/data")
    if re.search(r"/repositories/[^/]+$", path):  # RDF4J, GraphDB
        return at(f"{path}/statements"), at(f"{path}/rdf-graphs/service")
    return query, None


def _read(url: str, body: bytes) -> dict:
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise InputError(url, "answers, but not with SPARQL results in JSON. Give the address for SPARQL queries.")
    return told


def _drop(graph: str | None) -> str:
    return "DROP SILENT DEFAULT" if graph is None else f"DROP SILENT GRAPH <{graph}>"


def _insert(graph: str | None, lines: list[bytes]) -> str:
    """An update that adds triples. Blank nodes stand in a template that is filled once: Virtuoso takes none as data."""
    triples = b"".join(lines).decode()
    where = f"{{\n{triples}}}" if graph is None else f"{{ GRAPH <{graph}> {{\n{triples}}} }}"
    return f"INSERT {where} WHERE {{ }}" if any(map(has_blank_node, lines)) else f"INSERT DATA {where}"


def has_blank_node(line: bytes) -> bool:
    """Whether a canonical N-Triples line names a blank node (a text with a language tag may look like one, and counts too).

    >>> has_blank_node(b"<a:s> <a:p> _:b .\\n"), has_blank_node(b"<a:s> <a:p> <a:o> .\\n")
    (True, False)
    """
    return line.startswith(b"_:") or (line[-4] not in b'>"' and b" _:" in line)  # what ends so is an IRI or a literal
