"""Loading into running stores: what arrives is what was sent; a failure leaves the store as it was or says what is there."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph
from oncoresist.content import LAYERS
from oncoresist.errors import InputError, LoadError, NotWritableError, UsageError
from oncoresist.exchange.loading.comparison import compare
from oncoresist.exchange.loading.connection import Connection, StoreError
from oncoresist.exchange.loading.credentials import Credentials, find_credentials
from oncoresist.exchange.loading.load import LoadReport, Part, load
from oncoresist.exchange.loading.progress import Progress
from oncoresist.exchange.loading.store import Addresses, TripleStore
from tests.conftest import missing_component
from tests.engines import OxigraphServer, Virtuoso, oxigraph_server, virtuoso

GRAPH = "https://example.org/g"
SECRET = "not-to-be-seen"
LINES = [f'<https://example.org/s{n:03}> <https://example.org/p> "{n:03}" .\n'.encode() for n in range(300)]
BLANK = [
    b"<https://example.org/s> <https://example.org/p> _:c14n0 .\n",
    b'_:c14n0 <https://example.org/p> "a thing without a name" .\n',
]


class Server(ThreadingHTTPServer):
    """A small triple store that can be told to fail.

    :ivar written: how many times a graph was written
    :ivar wanted: the ``Authorization`` that is let in; None lets everybody in
    :ivar fails: (number of the write) → a status to answer with, or 0 to hang up
    :ivar drops: how many triples of each write are lost without a word
    """

    def __init__(self, name: str = "Tiny") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.name, self.store, self.written, self.drops = name, ox.Store(), 0, 0
        self.wanted: str | None = None
        self.fails: Callable[[int], int | None] = lambda _: None
        self.has_graph_store = True
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def holds(self, graph: str = GRAPH) -> int:
        return len(list(self.store.quads_for_pattern(None, None, None, ox.NamedNode(graph))))

    def graphs(self) -> set[str]:
        return {graph.value for graph in self.store.named_graphs() if self.holds(graph.value)}


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_) -> None:
        pass

    def version_string(self) -> str:
        return self.server.name

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _do(self) -> None:
        server, body = self.server, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        if path == "/page":
            return self._answer(200, b"<html>Welcome!</html>")
        if path == "/query":
            results = server.store.query(parse_qs(body.decode())["query"][0])
            kind = ox.RdfFormat.N_TRIPLES if isinstance(results, ox.QueryTriples) else ox.QueryResultsFormat.JSON
            return self._answer(200, results.serialize(format=kind))  # type: ignore[arg-type]
        if server.wanted and self.headers.get("Authorization") != server.wanted:
            return self._answer(401, WWW_Authenticate='Basic realm="tiny"')
        if path == "/update":
            text = parse_qs(body.decode())["update"][0]
            if ("INSERT" in text or "MOVE" in text) and self._fails():
                return None
            server.store.update(text)
            return self._answer(204)
        if not server.has_graph_store:
            return self._answer(404)
        graph = ox.NamedNode(query["graph"][0])
        if self.command == "GET":
            quads = server.store.quads_for_pattern(None, None, None, graph)
            return self._answer(200, ox.serialize((q.triple for q in quads), format=ox.RdfFormat.N_TRIPLES))
        if self.command in ("PUT", "POST") and self._fails():
            return None
        if self.command in ("PUT", "DELETE"):
            server.store.remove_graph(graph)
        triples = list(ox.parse(body, format=ox.RdfFormat.N_TRIPLES)) if body else []
        server.store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples[server.drops :])
        return self._answer(204)

    def _fails(self) -> bool:
        self.server.written += 1
        status = self.server.fails(self.server.written)
        if status == 0:
            self.close_connection = True
            self.connection.close()
        elif status:
            self._answer(status)
        return status is not None

    do_GET = do_POST = do_PUT = do_DELETE = _do


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials of whoever runs the tests."""
    monkeypatch.delenv("ONCORESIST_USER", raising=False)
    monkeypatch.delenv("ONCORESIST_PASSWORD", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "no-netrc"))


def loaded(
    server: Server, folder: Path, lines: list[bytes] = LINES, credentials: Credentials | None = None, **options
) -> LoadReport:
    """Load `lines` into the graph, in chunks of 100."""
    addresses = Addresses(f"{server.url}/query", f"{server.url}/update", f"{server.url}/store")
    store = TripleStore(addresses, Connection(credentials, 10))
    store.meet()
    return load([Part(GRAPH, lines)], store, Progress(folder, server.url), chunk_bytes=len(LINES[0]) * 100, **options)


# What arrives.


def test_an_empty_graph_is_loaded_and_a_second_load_changes_nothing(server: Server, tmp_path: Path) -> None:
    first = loaded(server, tmp_path, LINES + BLANK).graphs[0]
    written = server.written
    second = loaded(server, tmp_path, LINES + BLANK).graphs[0]

    assert (first.how, first.triples, first.hash) == ("loaded", 302, Part(GRAPH, sorted(LINES + BLANK)).hash)
    assert (second.how, second.hash, server.written) == ("already there", first.hash, written)
    assert list(tmp_path.glob("load-*")) == []


def test_what_is_there_is_replaced_in_one_step(server: Server, tmp_path: Path) -> None:
    loaded(server, tmp_path, LINES[:50])

    report = loaded(server, tmp_path)

    assert (report.graphs[0].how, server.holds(), server.graphs()) == ("replaced", 300, {GRAPH})


@pytest.mark.parametrize("method", ["graph-store", "update"])
def test_both_protocols_bring_the_same(server: Server, tmp_path: Path, method: str) -> None:
    report = loaded(server, tmp_path, LINES + BLANK, method=method)

    assert (report.method, report.graphs[0].hash) == (method, Part(GRAPH, sorted(LINES + BLANK)).hash)


def test_a_store_without_graph_store_is_loaded_by_updates(server: Server, tmp_path: Path) -> None:
    server.has_graph_store = False
    addresses = Addresses(f"{server.url}/query", f"{server.url}/update")

    store = TripleStore(addresses, Connection(None, 10))
    store.meet()
    report = load([Part(GRAPH, LINES)], store, Progress(tmp_path, server.url))

    assert (report.method, server.holds()) == ("update", 300)


# What fails.


def test_triples_dropped_in_silence_are_found_named_and_taken_back(server: Server, tmp_path: Path) -> None:
    server.drops = 1

    with pytest.raises(LoadError) as told:
        loaded(server, tmp_path)

    assert "300 triples were accepted, the store holds 297. Missing: <https://example.org/s000>" in str(told.value)
    assert "the graphs are as they were" in str(told.value)
    assert (server.holds(), server.graphs()) == (0, set())


def test_dropped_triples_do_not_cost_what_was_there(server: Server, tmp_path: Path) -> None:
    loaded(server, tmp_path, LINES[:50])
    server.drops = 1

    with pytest.raises(LoadError, match="as they were"):
        loaded(server, tmp_path)

    assert (server.holds(), server.graphs()) == (50, {GRAPH})


@pytest.mark.parametrize("status", [0, 503])
def test_an_interrupted_load_says_what_is_there_and_goes_on(server: Server, tmp_path: Path, status: int) -> None:
    server.fails = lambda number: status if number == 3 else None

    with pytest.raises(LoadError) as told:
        loaded(server, tmp_path)
    interrupted = server.holds()
    report = loaded(server, tmp_path)

    assert f"<{GRAPH}> was empty and holds {interrupted} of 300 triples." in str(told.value)
    assert "The same command goes on from here." in str(told.value)
    assert 0 < interrupted < 300
    assert (report.graphs[0].how, server.holds()) == ("loaded", 300)
    assert server.written == 3 + 1, "the chunks the store had acknowledged were sent again"


def test_an_interrupted_replacement_leaves_the_target_as_it_was_and_goes_on(server: Server, tmp_path: Path) -> None:
    loaded(server, tmp_path, LINES[:50])
    server.fails = lambda number: 0 if number == 4 else None

    with pytest.raises(LoadError, match=rf"<{GRAPH}> is as it was; the new one is <{GRAPH}/loading/\w+> with \d+ of 300"):
        loaded(server, tmp_path)
    left = server.holds()
    loaded(server, tmp_path)

    assert (left, server.holds(), server.graphs()) == (50, 300, {GRAPH})


def test_a_move_that_is_refused_leaves_the_target_as_it_was_and_is_all_that_is_done_again(server: Server, tmp_path: Path) -> None:
    loaded(server, tmp_path, LINES[:50])
    server.fails = lambda number: 500 if number == 5 else None

    with pytest.raises(LoadError, match=rf"<{GRAPH}> is as it was; the new one is <{GRAPH}/loading/\w+> with 300 of 300"):
        loaded(server, tmp_path)
    left = server.holds()
    loaded(server, tmp_path)

    assert (left, server.holds(), server.graphs(), server.written) == (50, 300, {GRAPH}, 6)


def test_a_load_of_something_else_does_not_go_on_from_what_is_left(server: Server, tmp_path: Path) -> None:
    server.fails = lambda number: 0 if number == 3 else None
    with pytest.raises(LoadError):
        loaded(server, tmp_path)

    loaded(server, tmp_path, LINES[:100])

    assert (server.holds(), server.graphs()) == (100, {GRAPH})


def test_a_store_emptied_meanwhile_is_loaded_from_the_beginning(server: Server, tmp_path: Path) -> None:
    server.fails = lambda number: 0 if number == 3 else None
    with pytest.raises(LoadError):
        loaded(server, tmp_path)
    server.store.clear()

    loaded(server, tmp_path)

    assert server.holds() == 300


def test_a_store_that_may_not_be_written_is_told_before_anything_is_sent(server: Server, tmp_path: Path) -> None:
    server.wanted = "Basic nobody"

    with pytest.raises(UsageError, match=r"asks who you are \(401\)\. Set ONCORESIST_USER"):
        loaded(server, tmp_path)

    assert (server.written, server.graphs()) == (0, set())


def test_a_read_only_store_is_refused(server: Server, tmp_path: Path) -> None:
    server.fails = lambda _: 403

    with pytest.raises(StoreError, match=r"this user may not PUT here \(403\)"):
        loaded(server, tmp_path)

    assert server.graphs() == set()


def test_an_unreachable_store_is_one_line_and_exit_code_3(run) -> None:
    result = run("load", f"http://127.0.0.1:{virtuoso.free_port()}/query", "--layers", "mappings")

    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert "no answer (" in result.stderr


def test_an_address_that_does_not_speak_sparql_is_told(server: Server, run) -> None:
    result = run("load", f"{server.url}/page", "--layers", "mappings")

    assert (result.exit_code, "answers, but not with SPARQL results" in result.stderr) == (3, True)


def test_a_folder_for_progress_that_cannot_be_made_is_told(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(NotWritableError, match="cannot write how far the load has come"):
        loaded(server, tmp_path / "file" / "folder", LINES[:10])

    assert (server.written, server.graphs()) == (0, set())


def test_what_somebody_else_wrote_meanwhile_is_not_taken_for_ours(server: Server, tmp_path: Path) -> None:
    server.fails = lambda number: 0 if number == 3 else None
    with pytest.raises(LoadError):
        loaded(server, tmp_path)
    theirs = [ox.NamedNode(f"https://example.org/theirs{n}") for n in range(400)]
    server.store.extend(ox.Quad(node, ox.NamedNode("a:p"), node, ox.NamedNode(GRAPH)) for node in theirs)
    server.fails = lambda number: 0 if number == 5 else None

    with pytest.raises(LoadError, match="is as it was; the new one is"):
        loaded(server, tmp_path)

    assert server.holds() >= 400


# Who may.


def test_credentials_are_sent_when_asked_for_and_never_shown(server: Server, tmp_path: Path, run, monkeypatch) -> None:
    server.wanted = "Basic " + base64.b64encode(f"dba:{SECRET}".encode()).decode()
    right = Credentials("dba", SECRET)

    assert loaded(server, tmp_path, credentials=right).graphs[0].how == "loaded"

    server.wanted = "Basic other"
    monkeypatch.setenv("ONCORESIST_USER", "dba")
    monkeypatch.setenv("ONCORESIST_PASSWORD", SECRET)
    options = ["--update-url", f"{server.url}/update", "--graph-store-url", f"{server.url}/store", "--layers", "mappings"]
    result = run("--debug", "load", f"{server.url}/query", *options)
    shown = result.stdout + result.stderr + repr(result.exception) + repr(right)
    assert "the user or the password is wrong (401)" in shown
    assert SECRET not in shown


def test_credentials_come_from_netrc_and_its_errors_do_not_quote_it(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "netrc"
    file.write_text(f"machine example.org login dba password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(file))

    assert find_credentials("https://example.org:8890/sparql") == Credentials("dba", SECRET)
    assert find_credentials("https://elsewhere.org/sparql") is None
    file.write_text(f"machine example.org login dba\n{SECRET}\n")
    with pytest.raises(InputError) as told:
        find_credentials("https://example.org/sparql")
    assert SECRET not in str(told.value)


@pytest.mark.parametrize("url", [f"http://dba:{SECRET}@localhost/query", f"ftp://{SECRET}/", "localhost:7878/query"])
def test_addresses_that_are_none_or_hold_a_password_are_refused(run, url: str) -> None:
    result = run("load", url)

    assert (result.exit_code, SECRET in result.stderr, result.stderr.count("\n")) == (2, False, 1)


# The comparison: it must be able to fail.


def test_another_spelling_of_a_value_is_no_difference_and_another_value_is() -> None:
    def line(value: str, kind: str) -> bytes:
        return f'<a:s> <a:p> "{value}"^^<http://www.w3.org/2001/XMLSchema#{kind}> .\n'.encode()

    as_number = compare([line("true", "boolean")], [line("1", "integer")])
    other = compare([line("true", "boolean")], [line("0", "integer")])

    assert (as_number.is_same, as_number.rewritten) == (True, 1)
    assert (other.missing, other.extra) == ([line("true", "boolean")], [line("0", "integer")])


# Real stores.


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[str]:
    if reason := OxigraphServer.missing():
        missing_component(reason)
    with oxigraph_server(tmp_path / "db") as url:
        yield url


def test_the_oxigraph_server_holds_what_was_loaded_and_then_another_part(kg: KnowledgeGraph, oxigraph: str) -> None:
    report = kg.load(oxigraph)
    again = kg.load(oxigraph, layers="ontology", graph=LAYERS["mappings"].value)

    assert [(g.graph, g.how, g.hash is not None) for g in report.graphs] == [(g.value, "loaded", True) for g in LAYERS.values()]
    assert [(g.how, g.hash) for g in again.graphs] == [("replaced", report.graphs[0].hash)]


def test_the_default_graph_can_be_loaded_and_answers_as_the_embedded_store(kg: KnowledgeGraph, oxigraph: str, run) -> None:
    result = run("load", oxigraph, "--default")
    asked = KnowledgeGraph.open(endpoint=oxigraph)

    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("default graph: ")
    assert " triples loaded; the same triples, sha256 " in result.stdout
    assert asked.ask("evidence-grades", drug="cisplatin").rows == kg.ask("evidence-grades", drug="cisplatin").rows


def test_virtuoso_holds_what_was_loaded_by_either_protocol(kg: KnowledgeGraph, tmp_path: Path, monkeypatch) -> None:
    if reason := Virtuoso.missing():
        missing_component(reason)
    with virtuoso.Virtuoso(tmp_path / "db") as running:
        with pytest.raises(UsageError, match=r"asks who you are \(401\)"):
            kg.load(running.url, layers="mechanism")
        monkeypatch.setenv("ONCORESIST_USER", running.user)
        monkeypatch.setenv("ONCORESIST_PASSWORD", SECRET)
        with pytest.raises(UsageError, match="the user or the password is wrong"):
            kg.load(running.url, layers="mechanism")
        monkeypatch.setenv("ONCORESIST_PASSWORD", running.password)

        whole = kg.load(running.url, layers=["ontology", "mappings", "mechanism"])
        replaced = kg.load(running.url, layers="ontology", graph=LAYERS["mappings"].value)
        updated = kg.load(running.url, layers="ontology", graph=GRAPH, method="update")

    ontology = whole.graphs[0]
    assert (whole.store, whole.method, {g.how for g in whole.graphs}) == ("Virtuoso", "graph-store", {"loaded"})
    assert all(g.hash for g in whole.graphs)
    assert [(g.how, g.hash, g.rewritten) for g in replaced.graphs] == [("replaced", ontology.hash, 0)]
    assert [(g.how, g.hash, g.rewritten) for g in updated.graphs] == [("loaded", ontology.hash, 0)]
