"""The engines that must all give the same rows, each behind the same small interface.

Terms are compared after `canonical`: language tags in lower case, plain literals as xsd:string, numbers by value whatever
their datatype, and booleans as 1 and 0, because Virtuoso has no boolean type and answers with integers.
"""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
from oncoresist.exchange.bundles.bundle import TOGETHER
from oncoresist.shapes import to_rdflib
from tests.engines import virtuoso
from tests.engines.jena import Jena

XSD = "http://www.w3.org/2001/XMLSchema#"
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
    :cvar bundle: the load bundle it is filled from, by the script of the bundle; None if it reads one N-Triples file
    :param orders: False if its ORDER BY is known to be wrong and was mended for the comparison
    """

    name: ClassVar[str]
    bundle: ClassVar[str | None]
    homepage: ClassVar[str]
    thorough: ClassVar[bool]
    version: str
    orders: bool

    @staticmethod
    def missing() -> str | None:
        """Why it cannot run here; None if it can."""

    def __init__(self, data: Path, folder: Path) -> None:
        """Load `data`: the bundle if it has one, else the N-Triples; `folder` is its own."""

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


def run_bundle(bundle: Path, commands: Path | None, *arguments: str, **environment: str) -> str:
    """Run the `load.sh` of a bundle; returns what it prints.

    :param commands: a folder with the commands of the store, if they are not on the path
    """
    path = f"{commands}:{os.environ['PATH']}" if commands else os.environ["PATH"]
    done = subprocess.run(
        ["sh", str(bundle / "load.sh"), *arguments],
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stderr
    assert told_counts(done.stdout) == counts_of(bundle)
    return done.stdout


def counts_of(bundle: Path) -> dict[str, int]:
    """Graph IRI → triples, as the bundle expects them."""
    return told_counts((bundle / "counts.tsv").read_text())


def told_counts(text: str) -> dict[str, int]:
    """The rows ``graph triples`` in what a store prints."""
    return {graph: int(number) for graph, number in re.findall(r"^<?(https?://[^\s>]+)>?\s+\"?(\d+)", text, re.MULTILINE)}


class Rdflib:
    """The given library, its own SPARQL engine, in memory: the slow reference."""

    bundle = None
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
    """The Oxigraph server of PyPI's `oxigraph` over a database filled from its bundle."""

    bundle = "oxigraph"
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
        run_bundle(data, self._binary().parent, database)
        address = f"127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [binary, "serve-read-only", "--union-default-graph", "--location", database, "--bind", address],
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


@contextmanager
def oxigraph_server(database: Path) -> Iterator[str]:
    """A server that may be written; gives its query address."""
    port = virtuoso.free_port()
    command = [str(OxigraphServer._binary()), "serve", "--location", str(database), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + 30
        while not virtuoso.answers(port):
            assert time.monotonic() < give_up, "the Oxigraph server did not start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.terminate()
        process.wait(10)


class Virtuoso(_OverHttp):
    """Debian's Virtuoso, loaded by its bulk loader from its bundle, which adds a graph with everything."""

    bundle = "virtuoso"
    name, homepage, thorough, orders = "Virtuoso", "https://github.com/openlink/virtuoso-opensource", True, True

    @staticmethod
    def missing() -> str | None:
        return virtuoso.Virtuoso.missing()

    def __init__(self, data: Path, folder: Path) -> None:
        self.version = virtuoso.version()
        self._server = virtuoso.Virtuoso(folder, (data,), TIMEOUT).start()
        try:
            run_bundle(data, None, f"127.0.0.1:{self._server.sql_port}", self._server.user, ISQL_PASSWORD=self._server.password)
            for graph, expected in counts_of(data).items():
                assert expected == self._server.count(graph), "Virtuoso did not load every triple"
            assert self._server.count(TOGETHER) == sum(counts_of(data).values())
        except BaseException:
            self._server.stop()
            raise
        self._endpoint = Endpoint(self._server.url_of(TOGETHER), timeout=TIMEOUT)

    def stop(self) -> None:
        self._server.stop()


class Tdb2:
    """Jena TDB2 as Fuseki has it, through its classes; the dataset is the one that the bundle's `config.ttl` describes."""

    bundle = "fuseki"
    name, homepage, thorough, orders = "Jena TDB2", "https://github.com/apache/jena", True, True

    @staticmethod
    def missing() -> str | None:
        return Jena.missing()

    def __init__(self, data: Path, folder: Path) -> None:
        self.version = Jena.version()
        jena = Jena(folder)
        run_bundle(data, jena.commands)
        java = ["java", "-cp", jena.classpath, str(Path(__file__).with_name("Tdb2.java").resolve()), "config.ttl"]
        self._process = subprocess.Popen(java, cwd=data, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, query: str) -> Table:
        assert self._process.stdin
        assert self._process.stdout
        started = time.perf_counter()
        self._process.stdin.write(base64.b64encode(query.encode()).decode() + "\n")
        self._process.stdin.flush()
        timer = Timer(TIMEOUT, self._process.kill)
        timer.start()
        line = self._process.stdout.readline()
        timer.cancel()
        told = base64.b64decode(line.removeprefix("!"))
        if not line or line.startswith("!"):
            raise RuntimeError(f"Jena: {told.decode() or f'stopped, or took more than {TIMEOUT} s'}")
        results = ox.parse_query_results(told, format=ox.QueryResultsFormat.JSON)
        assert isinstance(results, ox.QuerySolutions)
        return table(results, time.perf_counter() - started)

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


class Comunica:
    """Comunica on Node over a store in its memory; one process for all queries. `comunica.mjs` makes its sort stable."""

    bundle = None
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


ENGINES: list[type[Engine]] = [OxigraphServer, Rdflib, Virtuoso, Tdb2, Comunica]
