"""The engines that must all give the same rows, each behind the same small interface.

Terms are compared after `canonical`: language tags in lower case, plain literals as xsd:string, numbers by value whatever
their datatype, and booleans as 1 and 0, because Virtuoso has no boolean type and answers with integers.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Timer
from typing import ClassVar, Protocol

import platformdirs
import pyoxigraph as ox
import rdflib

from oncoresist.engines import Endpoint
from oncoresist.shapes import to_rdflib
from tests.engines import virtuoso

XSD = "http://www.w3.org/2001/XMLSchema#"
GRAPH = "https://w3id.org/oncoresist/graph/default"
COMUNICA = "4.5.0"
TIMEOUT = 180  # seconds for one query

Rows = list[tuple]


@dataclass(frozen=True)
class Table:
    """What an engine answered, canonical, and how long that took."""

    variables: list[str]
    rows: Rows
    seconds: float


class Engine(Protocol):
    """One system under test.

    :cvar name: as shown in the table
    :cvar homepage: names it in the EARL report
    :cvar thorough: quick enough to be asked with every set of parameters, not only with the main example
    :param orders: False if its ORDER BY is known to be wrong and was mended for the comparison
    """

    name: ClassVar[str]
    homepage: ClassVar[str]
    thorough: ClassVar[bool]
    version: str
    orders: bool

    @staticmethod
    def missing() -> str | None:
        """Why it cannot run here; None if it can."""

    def __init__(self, data: Path, folder: Path) -> None:
        """Load the N-Triples of `data`; `folder` is its own."""

    def ask(self, query: str) -> Table: ...

    def stop(self) -> None: ...


def canonical(term: ox.NamedNode | ox.Literal | ox.BlankNode | None) -> tuple | None:
    """A term in a form in which equal things are equal whichever engine sent them.

    >>> canonical(ox.Literal("1", datatype=ox.NamedNode(XSD + "int"))) == canonical(ox.Literal(1))
    True
    """
    if term is None:
        return None
    if isinstance(term, ox.BlankNode):
        return ("blank",)
    if isinstance(term, ox.NamedNode):
        return ("iri", term.value)
    if term.language:
        return ("text", term.value, term.language.lower())
    kind = term.datatype.value.removeprefix(XSD)
    if kind == "boolean":
        return ("number", Decimal(term.value in ("true", "1")))
    if kind in _NUMBERS:
        try:
            return ("number", Decimal(term.value).normalize())
        except InvalidOperation:  # INF, NaN
            return ("number", term.value)
    return ("literal", term.value, term.datatype.value)


_NUMBERS = {"integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "decimal", "double", "float"}


def table(results: ox.QuerySolutions, seconds: float) -> Table:
    return Table([v.value for v in results.variables], [tuple(canonical(term) for term in row) for row in results], seconds)


def difference(expected: Rows, actual: Rows) -> str | None:
    """How two answers differ: first as multisets, then in order; None if they do not."""
    if expected == actual:
        return None
    lost, extra = Counter(expected) - Counter(actual), Counter(actual) - Counter(expected)
    if lost or extra:
        shown = [f"  only {whose}: {row}" for whose, rows in (("expected", lost), ("here", extra)) for row in list(rows)[:2]]
        return f"{len(expected)} rows expected, {len(actual)} given; {lost.total()} lost, {extra.total()} extra\n" + "\n".join(
            shown
        )
    at = next(n for n, (a, b) in enumerate(zip(expected, actual, strict=True)) if a != b)
    return f"same rows, other order, first in row {at + 1}:\n  expected {expected[at]}\n  here     {actual[at]}"


class Rdflib:
    """The given library, its own SPARQL engine, in memory: the slow reference."""

    name, homepage, thorough, orders = "rdflib", "https://github.com/RDFLib/rdflib", False, True

    @staticmethod
    def missing() -> str | None:
        return None

    def __init__(self, data: Path, folder: Path) -> None:
        self.version = rdflib.__version__
        self._graph = to_rdflib(ox.parse(path=str(data), format=ox.RdfFormat.N_TRIPLES))

    def ask(self, query: str) -> Table:
        """In a forked process, because rdflib has no limit of time."""
        fork = multiprocessing.get_context("fork")
        here, there = fork.Pipe(duplex=False)
        child = fork.Process(target=self._answer, args=(query, there))
        child.start()
        there.close()
        try:
            if not here.poll(TIMEOUT):
                raise RuntimeError(f"rdflib took more than {TIMEOUT} s")
            answer = here.recv()
        except EOFError:
            raise RuntimeError("rdflib stopped") from None
        finally:
            child.kill()
            child.join()
        if isinstance(answer, str):
            raise RuntimeError(f"rdflib: {answer}")
        return answer

    def _answer(self, query: str, to: Connection) -> None:
        try:
            started = time.perf_counter()
            result = self._graph.query(query)
            rows = [tuple(canonical(_from_rdflib(term)) for term in row) for row in result]
            to.send(Table([str(v) for v in result.vars or []], rows, time.perf_counter() - started))
        except Exception as error:
            to.send(f"{type(error).__name__}: {error}")

    def stop(self) -> None:
        self._graph.close()


def _from_rdflib(term):
    if term is None:
        return None
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode()
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or XSD + "string")))


class _OverHttp:
    """What servers have in common: our own client asks them, as `--endpoint` does."""

    _endpoint: Endpoint

    def ask(self, query: str) -> Table:
        started = time.perf_counter()
        results = self._endpoint.query(query)
        return table(results, time.perf_counter() - started)


class OxigraphServer(_OverHttp):
    """The Oxigraph server of PyPI's `oxigraph` over a database that it loaded itself."""

    name, homepage, thorough, orders = "Oxigraph", "https://github.com/oxigraph/oxigraph", True, True

    @staticmethod
    def _binary() -> Path:
        import sys

        return Path(sys.executable).with_name("oxigraph")

    @classmethod
    def missing(cls) -> str | None:
        return None if cls._binary().exists() else "the oxigraph binary is not installed (pip install oxigraph)"

    def __init__(self, data: Path, folder: Path) -> None:
        binary, database, port = str(self._binary()), str(folder / "database"), virtuoso.free_port()
        self.version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
        subprocess.run([binary, "load", "--location", database, "--file", data], check=True, capture_output=True)
        address = f"127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [binary, "serve-read-only", "--location", database, "--bind", address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        give_up = time.monotonic() + 30
        while not virtuoso.answers(port):
            if time.monotonic() > give_up or self._process.poll() is not None:
                self.stop()
                raise RuntimeError("the Oxigraph server did not start")
            time.sleep(0.05)
        self._endpoint = Endpoint(f"http://{address}/query", timeout=TIMEOUT)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


class Virtuoso(_OverHttp):
    """Debian's Virtuoso, loaded by its bulk loader."""

    name, homepage, thorough, orders = "Virtuoso", "https://github.com/openlink/virtuoso-opensource", True, True

    @staticmethod
    def missing() -> str | None:
        return virtuoso.Virtuoso.missing()

    def __init__(self, data: Path, folder: Path) -> None:
        self.version = virtuoso.version()
        self._server = virtuoso.Virtuoso(folder, (data.parent,), TIMEOUT).start()
        try:
            self._server.load_file(data, GRAPH)
            with data.open("rb") as lines:
                expected = sum(1 for _ in lines)
            assert expected == self._server.count(GRAPH), "Virtuoso did not load every triple"
        except BaseException:
            self._server.stop()
            raise
        self._endpoint = Endpoint(self._server.url_of(GRAPH), timeout=TIMEOUT)

    def stop(self) -> None:
        self._server.stop()


class Comunica:
    """Comunica on Node over a store in its memory; one process for all queries. `comunica.mjs` makes its sort stable."""

    name, homepage, thorough = "Comunica", "https://github.com/comunica/comunica", False

    @staticmethod
    def folder() -> Path:
        """Where npm put it: ``$ONCORESIST_COMUNICA``, else a folder of the user's cache. `.ci/engines` fills it."""
        chosen = os.environ.get("ONCORESIST_COMUNICA")
        return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("oncoresist-tests")) / f"comunica-{COMUNICA}"

    @classmethod
    def missing(cls) -> str | None:
        if shutil.which("node") is None:
            return "node not found (Debian: apt install nodejs npm)"
        if not (cls.folder() / "node_modules/@comunica/query-sparql").is_dir():
            return f"Comunica is not installed: npm install --prefix {cls.folder()} @comunica/query-sparql@{COMUNICA}"
        return None

    def __init__(self, data: Path, folder: Path) -> None:
        self._data = data
        self._start()

    def _start(self) -> None:
        script = Path(__file__).with_name("comunica.mjs")
        self._process = subprocess.Popen(
            ["node", str(script), str(self.folder()), str(self._data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        ready = self._read()
        self.version, self.orders = ready["version"], ready["sortsRight"]
        assert self.version == COMUNICA, f"Comunica {COMUNICA} is wanted, {self.version} is installed"

    def _read(self) -> dict:
        assert self._process.stdout
        timer = Timer(TIMEOUT, self._process.kill)
        timer.start()
        line = self._process.stdout.readline()
        timer.cancel()
        if not line:
            self._process.wait()
            raise RuntimeError(f"Comunica stopped, or took more than {TIMEOUT} s")
        return json.loads(line)

    def ask(self, query: str) -> Table:
        if self._process.poll() is not None:  # the question before this one ended it
            self._start()
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"query": query}) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        if "error" in answer:
            if answer.get("ended"):
                self._process.wait()
            raise RuntimeError(f"Comunica: {answer['error']}")
        results = ox.parse_query_results(json.dumps(answer["results"]), format=ox.QueryResultsFormat.JSON)
        assert isinstance(results, ox.QuerySolutions)
        return table(results, answer["seconds"])

    def stop(self) -> None:
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.kill()
        self._process.wait()


ENGINES: list[type[Engine]] = [OxigraphServer, Rdflib, Virtuoso, Comunica]
