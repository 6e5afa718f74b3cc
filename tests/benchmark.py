"""How long the everyday things take, as whole processes: `.venv/bin/python tests/benchmark.py [--runs N] [--quick]`.

`--exports`, `--loads N` (N invented claims into Virtuoso and Oxigraph) and `--conflicts N` (among N invented claims) measure
only these.

Prints medians in seconds. The comparison is a plain rdflib script that parses the same files and runs the same query.
`--questions` asks every saved question in this process, warm, on Oxigraph in memory, and tells each that takes over 100 ms;
`--rdflib` asks them on rdflib too; `--synthetic N` asks them over the graph with N invented claims beside it (limit: 2 s each).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox

from oncoresist import KnowledgeGraph
from oncoresist.content import Content
from oncoresist.namespaces import RDF_TYPE, onr
from oncoresist.saved_query import SavedQuery

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # for tests.synthetic
FINDS_CONFLICTS = ("affirmed-against-denied", "opposite-signs", "opposite-roles")
WEIGHS_CONFLICTS = (
    *("conflict-grounds", "conflict-claim-contexts", "conflict-step-contexts", "conflict-differences"),
    *("conflict-explained", "conflict-same-study", "conflict-hedged", "conflict-open"),
)
PLAIN_RDFLIB = """
import sys, pathlib, rdflib
graph = rdflib.Graph()
for folder in ("ontology", "graph"):
    for path in pathlib.Path(sys.argv[1], folder).rglob("*.ttl"):
        graph.parse(path)
print(len(graph.query(pathlib.Path(sys.argv[2]).read_text())))
"""


def median(command: list[str], runs: int) -> float:
    """Median wall time of `command` over `runs` runs, after one that does not count."""
    times = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def questions(runs: int, with_rdflib: bool, claims: int) -> None:
    """Milliseconds for each saved question, answered to the last row, with the main example of its header."""
    from oncoresist.catalogue.examples import main_example
    from oncoresist.shapes import to_rdflib
    from oncoresist.store import build_in_memory

    kg = KnowledgeGraph.open(ROOT)
    store, limit = build_in_memory(kg.content)[0], 0.1
    if claims:
        add_synthetic(store, kg, claims)
        limit = 2.0
    print(f"{sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph())):,} triples")
    graph = to_rdflib(store.quads_for_pattern(None, None, None, ox.DefaultGraph())) if with_rdflib else None
    total = total_rdflib = 0.0
    for question in kg.questions():
        if question.federated:
            continue
        texts = [kg.sparql(question.id, **main_example(question)), *(scaled(question, kg, store) if claims else [])]
        for number, text in enumerate(texts):
            times = []
            for _ in range(runs + 1):
                started = time.perf_counter()
                rows = sum(1 for _ in store.query(text))
                times.append(time.perf_counter() - started)
            spent = statistics.median(times[1:])
            total += spent
            line = f"{question.id + (' (synthetic)' if number else ''):48} {rows:>6} rows {1000 * spent:>9.1f} ms"
            if graph is not None:
                started = time.perf_counter()
                sum(1 for _ in graph.query(text))
                slow = time.perf_counter() - started
                total_rdflib += slow
                line += f"   rdflib {1000 * slow:>9.0f} ms ({slow / spent:.0f} times)"
            print(line + (f"   over {limit} s" if spent > limit else ""), flush=True)
    print(f"all together: {total:.2f} s" + (f", rdflib {total_rdflib:.1f} s ({total_rdflib / total:.0f} times)" if graph else ""))


def add_synthetic(store: ox.Store, kg: KnowledgeGraph, claims: int) -> None:
    """Invented claims of `tests/synthetic.py`, and what is derived from them."""
    from oncoresist.derive import derive
    from tests.synthetic import synthetic_quads

    quads = list(synthetic_quads(claims))
    store.bulk_extend(quads)
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    started = time.perf_counter()
    derive(store, kg.content)
    print(f"{claims:,} synthetic claims, derived in {time.perf_counter() - started:.0f} s")


def scaled(question: SavedQuery, kg: KnowledgeGraph, store: ox.Store) -> list[str]:
    """The question asked of invented entities too: they have as many claims as well-studied ones would have."""
    terms: dict[str, list[str]] = {}
    for parameter in question.params.values():
        if not parameter.required:
            continue
        if parameter.type != "entity":
            return []
        found = store.query(
            f"SELECT ?thing WHERE {{ ?thing a <{kg.prefixes.iri(parameter.of_class)}> . "
            'FILTER(CONTAINS(STR(?thing), "/synthetic-")) } ORDER BY ?thing LIMIT 1'
        )
        if not (iris := [solution["thing"].value for solution in found]):
            return []
        terms[parameter.name] = iris
    return [question.bound(terms)] if terms else []


def conflicts(claims: int) -> None:
    """Seconds to find the conflicts among invented claims (whole answers of the queries), to weigh and store, to list them."""
    from oncoresist.derive import apply_rules, construct, derive_queries

    content = KnowledgeGraph.open(ROOT).content
    rules = derive_queries(content)
    for kinds, finders in (("signs and denials", FINDS_CONFLICTS[:2]), ("these and opposite roles", FINDS_CONFLICTS)):
        store = before_conflicts(claims, rules, content)
        started = time.perf_counter()
        found = sum(len(lines) for lines in construct(store, named(rules, finders), content))
        print(f"{kinds + ', found':48} {found:>8} triples   {time.perf_counter() - started:>5.1f} s", flush=True)
        started = time.perf_counter()
        apply_rules(store, named(rules, finders + WEIGHS_CONFLICTS), content)
        spent = time.perf_counter() - started
        total = sum(1 for _ in store.quads_for_pattern(None, RDF_TYPE, onr("Conflict"), ox.DefaultGraph()))
        print(f"{kinds + ', found to stored':48} {total:>8} conflicts {spent:>5.1f} s", flush=True)
    for folder in ("questions", "reports"):
        text = (content.layout.queries / folder / "conflicts.rq").read_text(encoding="utf-8")
        started = time.perf_counter()
        rows = sum(1 for _ in store.query(text))
        print(f"{folder + '/conflicts, all of them':48} {rows:>8} rows      {time.perf_counter() - started:>5.1f} s", flush=True)


def before_conflicts(claims: int, rules: list[SavedQuery], content: Content) -> ox.Store:
    """The ontology and invented claims, with all that a build derives before it looks for conflicts."""
    from oncoresist.content import LAYERS, into_store
    from oncoresist.derive import apply_rules
    from oncoresist.store import build_in_memory
    from tests.synthetic import synthetic_quads

    store = ox.Store()
    ontology = build_in_memory(content)[0].quads_for_pattern(None, None, None, LAYERS["ontology"])
    into_store(store, "ontology", [quad.triple for quad in ontology])
    into_store(store, "evidence", [quad.triple for quad in synthetic_quads(claims)])
    first = min(rule.header["order"] for rule in named(rules, FINDS_CONFLICTS))
    apply_rules(store, [rule for rule in rules if rule.header["order"] < first], content)
    return store


def named(rules: list[SavedQuery], ids: tuple[str, ...]) -> list[SavedQuery]:
    """The rules of these names in the order they run; a name that none has would otherwise save its time unseen."""
    if unknown := set(ids) - {rule.id for rule in rules}:
        raise SystemExit(f"no derive query is called {', '.join(sorted(unknown))}: name it in {Path(__file__).name} as it is now")
    return [rule for rule in rules if rule.id in ids]


def exports(command: list[str], runs: int) -> None:
    """Every format of everything, as a process; then canonical N-Quads of synthetic claims against Oxigraph's own dump."""
    from oncoresist.exchange.formats import FORMATS

    with tempfile.TemporaryDirectory() as folder:
        for format_ in FORMATS.values():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds = median([*command, "export", format_.name, "-o", f"{folder}/{format_.name}"], runs)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            busy = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / (runs + 1)
            print(f"export {format_.name:47}{seconds:8.2f} s   ({busy:.2f} s of processor)", flush=True)
    ours, theirs, quads = synthetic_export(100_000, runs)
    print(
        f"100,000 synthetic claims on disk, {quads:,} quads: export nquads {ours:.1f} s, Oxigraph's own dump {theirs:.1f} s",
        end="",
    )
    print(f"   ({theirs / ours:.2f} of its rate)")


def synthetic_export(claims: int, runs: int) -> tuple[float, float, int]:
    """Processor seconds of `export nquads` and of Oxigraph's dump of one store on disk (medians, in turn), and its quads."""
    import pyoxigraph as ox

    from oncoresist.exchange.export import export
    from oncoresist.exchange.formats import FORMATS
    from oncoresist.exchange.selection import Selected, Selection
    from tests.synthetic import synthetic_quads

    content = KnowledgeGraph.open(ROOT).content
    with tempfile.TemporaryDirectory() as folder:
        store = ox.Store(f"{folder}/store")
        store.bulk_extend(synthetic_quads(claims))
        store.flush()
        store.optimize()
        quads = len(store)
        del store  # closes it
        store = ox.Store.read_only(f"{folder}/store")
        ours, theirs = [], []
        for _ in range(runs):
            started = time.process_time()
            store.dump(f"{folder}/theirs.nq", format=ox.RdfFormat.N_QUADS)
            theirs.append(time.process_time() - started)
            started = time.process_time()
            export(Selected(store, Selection(("evidence",)), content), FORMATS["nquads"], Path(folder, "ours.nq"))
            ours.append(time.process_time() - started)
    return statistics.median(ours), statistics.median(theirs), quads


def loads(claims: int, runs: int) -> None:
    """Seconds that `load` takes to send a file of N-Triples, and those the store's own bulk loader takes (medians, in turn)."""
    from oncoresist.exchange.loading.connection import Connection
    from oncoresist.exchange.loading.credentials import Credentials
    from oncoresist.exchange.loading.load import Part, load
    from oncoresist.exchange.loading.progress import Progress
    from oncoresist.exchange.loading.store import Addresses, TripleStore
    from tests.engines import OxigraphServer, oxigraph_server, virtuoso
    from tests.synthetic import synthetic_quads

    triples = (quad.triple for quad in synthetic_quads(claims))
    lines = sorted(set(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).splitlines(keepends=True)))
    graph = "https://example.org/g"

    def ours(url: str, folder: Path, credentials: Credentials | None = None) -> tuple[float, float]:
        store = TripleStore(Addresses(url), Connection(credentials, 600))
        store.meet()
        marks: dict[str, float] = {}

        def note(told: str) -> None:
            marks[told.rpartition(" ")[2]] = time.perf_counter()

        started = time.perf_counter()
        load([Part(graph, lines)], store, Progress(folder, url), announce=note)
        return marks["comparing"] - started, time.perf_counter() - started

    times: dict[str, list[tuple[float, float, float]]] = {"Virtuoso": [], "Oxigraph": []}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "data.nt").write_bytes(b"".join(lines))
            with virtuoso.Virtuoso(folder / "virtuoso", (folder,)) as server:
                started = time.perf_counter()
                server.load_file(folder / "data.nt", "https://example.org/bulk")
                bulk = time.perf_counter() - started
                times["Virtuoso"].append((bulk, *ours(server.url, folder, Credentials(server.user, server.password))))
            command = [OxigraphServer._binary(), "load", "--location", folder / "bulk", "--file", folder / "data.nt"]
            started = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            bulk = time.perf_counter() - started
            with oxigraph_server(folder / "served") as url:
                times["Oxigraph"].append((bulk, *ours(url, folder)))
    print(
        f"{len(lines):,} triples: own bulk loader, load (sent), load (sent and compared); rate of load to that of the bulk loader"
    )
    for store, rows in times.items():
        bulk, sent, whole = (statistics.median(column) for column in zip(*rows, strict=True))
        each = ", ".join(f"{row[0] / row[1]:.2f}" for row in rows)
        print(f"{store:10} {bulk:6.2f} s {sent:6.2f} s {whole:6.2f} s   {bulk / sent:.2f}   (runs: {each})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="leave out validate and rdflib")
    parser.add_argument("--questions", action="store_true", help="only the saved questions, one by one")
    parser.add_argument("--rdflib", action="store_true", help="with --questions: on rdflib too (minutes)")
    parser.add_argument(
        "--synthetic", type=int, default=0, metavar="N", help="with --questions: N invented claims beside the graph"
    )
    parser.add_argument("--exports", action="store_true", help="only the exports")
    parser.add_argument("--loads", type=int, metavar="N", help="only loading N invented claims into Virtuoso and Oxigraph")
    parser.add_argument("--conflicts", type=int, metavar="N", help="only the conflicts among N invented claims")
    options = parser.parse_args()
    if options.conflicts:
        conflicts(options.conflicts)
        return
    if options.loads:
        loads(options.loads, options.runs)
        return
    if options.questions:
        questions(options.runs, options.rdflib, options.synthetic)
        return
    kg = KnowledgeGraph.open(ROOT)
    kg.build()
    command = [str(Path(sys.executable).with_name("oncoresist"))]
    if options.exports:
        exports(command, options.runs)
        return
    ask = median([*command, "ask", "resistance-mechanisms", "--drug", "cisplatin"], options.runs)
    print(f"ask resistance-mechanisms, new process, store built   {ask:8.2f} s")
    print(f"build, nothing changed                                {median([*command, 'build'], options.runs):8.2f} s")
    print(f"build --force                                         {median([*command, 'build', '--force'], options.runs):8.2f} s")
    if options.quick:
        return
    # The plain script sees the curated triples only, without what the build derives, so it has less to do.
    question = kg.question("resistance-mechanisms")
    with tempfile.NamedTemporaryFile("w", suffix=".rq") as query:
        query.write(question.bound({"drug": ["https://w3id.org/oncoresist/entity/cisplatin"]}))
        query.flush()
        plain = median([sys.executable, "-c", PLAIN_RDFLIB, str(ROOT), query.name], max(1, options.runs // 2))
    print(f"plain rdflib script, same files, same query           {plain:8.2f} s   ({plain / ask:.0f} times as long)")
    print(f"validate --no-reasoner                                {median([*command, 'validate', '--no-reasoner'], 1):8.2f} s")
    print(f"validate (with HermiT)                                {median([*command, 'validate'], 1):8.2f} s")


if __name__ == "__main__":
    main()
