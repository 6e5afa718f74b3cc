"""How long the everyday things take, as whole processes: `.venv/bin/python tests/benchmark.py [--runs N] [--quick]`.

Prints medians in seconds. The comparison is a plain rdflib script that parses the same files and runs the same query.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from oncoresist import KnowledgeGraph

ROOT = Path(__file__).resolve().parents[1]
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="leave out validate and rdflib")
    options = parser.parse_args()
    kg = KnowledgeGraph.open(ROOT)
    kg.build()
    command = [str(Path(sys.executable).with_name("oncoresist"))]
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
