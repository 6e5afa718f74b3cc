"""A Virtuoso of our own for tests: Debian's `virtuoso-opensource-7`, unprivileged, on loopback, in a folder that is thrown away.

    with Virtuoso(folder) as virtuoso:
        virtuoso.load_file(Path("graph.nt"), graph="https://example.org/graph")
        virtuoso.url                 # SPARQL endpoint
        virtuoso.isql("SPARQL CLEAR GRAPH <https://example.org/graph>;")

Everything that listens does so on 127.0.0.1 and on ports that were free; no file outside `folder` is written.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

# Virtuoso cuts answers at ResultSetMaxRows without a word. MaxQueryCostEstimationTime refuses queries by a guess of their
# cost: 0 leaves the guess out.
_INI = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
Striping = 0

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
MaxClientConnections = 10
CheckpointInterval = 0
CaseMode = 2
MaxStaticCursorRows = 5000
AllowOSCalls = 0
DirsAllowed = {directories}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
ThreadsPerQuery = 2
MaxQueryMem = 1G

[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = {folder}
ServerThreads = 8
Charset = UTF-8

[Client]
SQL_QUERY_TIMEOUT = 0
SQL_TXN_TIMEOUT = 0

[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = {timeout}
"""


class VirtuosoError(RuntimeError):
    """Virtuoso did not start, or refused a statement."""


class Virtuoso:
    """One running server.

    :param folder: an empty folder for its database; files to load may lie anywhere below `directories`
    :param directories: folders that `load_file` may read from, besides `folder`
    :param timeout: seconds a query may take
    """

    user, password = "dba", "dba"  # of a throw-away server on loopback

    def __init__(self, folder: Path, directories: tuple[Path, ...] = (), timeout: int = 120) -> None:
        self.folder, self.timeout = folder.resolve(), timeout
        self.directories = (self.folder, *(d.resolve() for d in directories))
        self.sql_port, self.http_port = free_port(), free_port()
        self._process: subprocess.Popen | None = None

    @staticmethod
    def missing() -> str | None:
        """What is not installed, as a reason to skip; None if all is there."""
        absent = [name for name in ("virtuoso-t", "isql-vt") if shutil.which(name) is None]
        return f"{' and '.join(absent)} not found (Debian: apt install virtuoso-opensource-7)" if absent else None

    @property
    def url(self) -> str:
        """The SPARQL query endpoint."""
        return f"http://127.0.0.1:{self.http_port}/sparql"

    def url_of(self, *graphs: str) -> str:
        """The endpoint with `graphs` as the default graph; the setting DefaultGraph is only a hint of the query form."""
        return f"{self.url}?" + "&".join(f"default-graph-uri={quote(graph, safe='')}" for graph in graphs)

    @property
    def update_url(self) -> str:
        """The SPARQL update and graph store endpoint; HTTP digest authentication with `user` and `password`."""
        return f"http://127.0.0.1:{self.http_port}/sparql-auth"

    @property
    def graph_store_url(self) -> str:
        """SPARQL 1.1 Graph Store Protocol, with the same authentication."""
        return f"http://127.0.0.1:{self.http_port}/sparql-graph-crud-auth"

    def start(self, seconds: float = 120) -> Virtuoso:
        """Start, and wait until it answers; a port that another process took in the meantime is given up for a new one.

        :raises VirtuosoError: it stopped, or did not answer in time; the end of its log is in the message
        """
        give_up = time.monotonic() + seconds
        for _ in range(3):
            self._launch()
            while time.monotonic() < give_up and self._process.poll() is None:
                if answers(self.sql_port) and answers(self.http_port):
                    return self
                time.sleep(0.1)
            self.stop()
            self.sql_port, self.http_port = free_port(), free_port()
        log = self.folder / "virtuoso.log"
        raise VirtuosoError("Virtuoso did not start:\n" + (log.read_text(errors="replace")[-2000:] if log.exists() else "no log"))

    def _launch(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        ini = self.folder / "virtuoso.ini"
        ini.write_text(
            _INI.format(
                folder=self.folder,
                sql_port=self.sql_port,
                http_port=self.http_port,
                directories=", ".join(str(d) for d in self.directories),
                timeout=self.timeout,
            )
        )
        self._process = subprocess.Popen(
            ["virtuoso-t", "+foreground", "+configfile", str(ini)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def isql(self, *statements: str) -> str:
        """Run SQL (or ``SPARQL …``) statements as the administrator; returns what isql prints.

        :raises VirtuosoError: a statement failed
        """
        script = "".join(statement.rstrip().rstrip(";") + ";\n" for statement in statements)
        done = subprocess.run(
            ["isql-vt", f"127.0.0.1:{self.sql_port}", self.user, self.password, "VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF"],
            input=script,
            capture_output=True,
            text=True,
        )
        if done.returncode or "*** Error" in done.stdout + done.stderr:
            raise VirtuosoError((done.stdout + done.stderr).strip())
        return done.stdout

    def load_file(self, path: Path, graph: str) -> None:
        """Bulk-load N-Triples, Turtle or N-Quads (by the ending); `graph` takes what names no graph itself.

        :raises VirtuosoError: the file cannot be read; Virtuoso stops at its first error, so nothing behind it is there
        """
        path = path.resolve()
        self.isql(f"ld_dir ('{path.parent}', '{path.name}', '{graph}')", "rdf_loader_run ()", "checkpoint")
        told = self.isql(f"SELECT ll_error FROM DB.DBA.LOAD_LIST WHERE ll_file = '{path}' AND ll_error IS NOT NULL")
        if told.strip():
            raise VirtuosoError(f"{path}: {' '.join(told.split())}")

    def count(self, graph: str) -> int:
        """How many triples a graph holds: compare after loading, a bad file may have been cut short."""
        told = self.isql(f"SPARQL SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        return int(told.split()[-1])

    def stop(self) -> None:
        """End the server; its folder stays."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()

    def __enter__(self) -> Virtuoso:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def version() -> str:
    """The version the binary tells of itself."""
    told = subprocess.run(["virtuoso-t", "-?"], capture_output=True, text=True)
    words = (told.stdout + told.stderr).split()
    return next((words[n + 1].rstrip(",") for n, word in enumerate(words) if word.startswith("Version")), "7")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
