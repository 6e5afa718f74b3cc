"""What `paths` gives back: filters, what stands beside a path, why there is none, formats, refusals."""

from __future__ import annotations

import csv
import gc
import io
import itertools
import json
import os
import random
import re
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from oncoresist import KnowledgeGraph, render, render_paths
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.mechanism.grades import rank_of
from oncoresist.mechanism.paths import find_paths
from tests.conftest import at_least
from tests.test_paths import HUBS


def test_a_cancer_leaves_out_claims_about_others(kg: KnowledgeGraph) -> None:
    answer = kg.paths("MSC", "doxorubicin", cancer="osteosarcoma")

    osteosarcoma = kg.names.entity("osteosarcoma")
    about = [c.cancers for path in answer for hop in path.hops for c in hop.claims]
    assert len(about) > 10
    assert all(not cancers or osteosarcoma in cancers for cancers in about)


def test_a_grade_leaves_out_weaker_hops(kg: KnowledgeGraph) -> None:
    everything, good = (
        kg.paths("fibroblast", "gefitinib", limit=100),
        kg.paths("fibroblast", "gefitinib", min_grade="c", limit=100),
    )

    assert 0 < len(good) < len(everything)
    assert all(path.weakest[0] <= 3 for path in good)


def test_every_edge_has_the_grade_of_the_graph(kg: KnowledgeGraph) -> None:
    """The formula over chosen claims, in Python, is that of the queries."""
    edges = kg._network.edges

    again = [rank_of(support for claim in edge.claims for support in claim.support) for edge in edges]

    assert len(edges) > 800
    assert [edge.grade[0] for edge in edges] == again


def test_a_cancer_leaves_the_grade_of_the_claims_that_stay(kg: KnowledgeGraph) -> None:
    """Of the claims on store-operated entry under cisplatin, cervical cancer has only what the review states itself (ca-008)."""
    asked = {"source": "store-operated calcium entry", "target": "cisplatin"}

    anywhere, there = kg.paths(**asked, min_grade="B"), kg.paths(**asked, cancer="cervical cancer", limit=1)

    assert anywhere.paths[0].weakest[0] <= 2
    assert "E: no study cited" == there.paths[0].weakest[1]
    assert not kg.paths(**asked, cancer="cervical cancer", min_grade="B").paths


def test_what_is_said_of_cancer_in_general_stays(kg: KnowledgeGraph) -> None:
    """ca-130 is about no cancer in particular."""
    assert kg.paths("TRPV1", "apoptosis", cancer="breast cancer", max_steps=1).paths


def test_what_is_said_of_chemotherapy_counts_for_the_drugs_given_in_it(kg: KnowledgeGraph) -> None:
    """ca-052; a kinase inhibitor is given in none."""
    best = kg.paths("cancer stem cell", "paclitaxel", limit=1).paths[0]

    assert kg.names.entity("chemotherapy") == best.end
    assert "(said of the class that paclitaxel belongs to)" in kg.paths("cancer stem cell", "paclitaxel", limit=1).verdict(best)
    ends = {path.end for path in kg.paths("cancer stem cell", "gefitinib", limit=100)}
    assert kg.names.entity("chemotherapy") not in ends


def test_the_same_effect_in_other_cells_is_told_beside(kg: KnowledgeGraph, run) -> None:
    """TRPM2 and doxorubicin: neuroblastoma by Chen 2014, leukemia cells by Chen 2020."""
    told = " ".join(run("paths", "TRPM2", "doxorubicin", "--limit", "1").stdout.split())
    hop = kg.paths("TRPM2", "doxorubicin", limit=1).to_dict()["paths"][0]["hops"][0]

    assert "Chen 2014, doi:10.1074/jbc.M114.620922 elsewhere: TRPM2 in cancer cell" in told
    assert ["claim:ca-104-a"] == [claim["claim"] for other in hop["beside"] for claim in other["claims"]]


def test_every_curie_of_the_json_has_its_label(kg: KnowledgeGraph) -> None:
    data = kg.paths("CAF", "cisplatin").to_dict()

    named = {
        curie
        for path in data["paths"]
        for hop in path["hops"]
        for told in (hop, *hop.get("claims", ()), *hop.get("beside", ()))
        for key in ("from", "to", "fromCell", "toCell", "cancers", "drugs", "references", "withAgents")
        for curie in ([told[key]] if isinstance(told.get(key), str) else told.get(key) or ())
    }
    assert len(named) > 30
    assert set() == named - data["labels"].keys()


def test_stitched_paths_are_told_apart_in_the_drawing(kg: KnowledgeGraph) -> None:
    answer = kg.paths("CAF", "cisplatin", limit=6)

    drawing = answer.to_text("dot")

    assert f"{sum(path.stitched for path in answer)} of 6 paths are stitched" in drawing
    assert 0 < drawing.count("saddlebrown, fontcolor") < drawing.count("->")


def test_a_denial_of_the_very_pair_is_told_with_and_without_paths(run) -> None:
    without, with_paths = (
        run("paths", "VEGF", "cancer cell", "--max-steps", "1"),
        run("paths", "cell-cell adhesion", "paclitaxel"),
    )

    assert (1, 0) == (without.exit_code, with_paths.exit_code)
    assert "A source denies it: VEGF (raised) does NOT → affects → cancer cell" in without.stdout
    assert "(claim:tme2019-cytotoxic-2-4-b)" in with_paths.stdout


@pytest.mark.parametrize(
    ("source", "target", "line"),
    [
        ("mibefradil", "temozolomide", "It is the tool that perturbs CACNA1H (claim:ca-048-a, claim:ca-048-b, claim:ca-049-a)"),
        ("CAF", "fibroblast", "cancer-associated fibroblast itself counts as fibroblast"),
        ("STAT3", "STAT3 signaling", "STAT3 and STAT3 signaling are two names for what acts together"),
        (
            "hyaluronic acid",
            "hypoxia",
            "4 entities lead to hypoxia, the nearest: hyaluronic acid accumulation, oxaliplatin",
        ),
    ],
)
def test_why_there_is_no_path_is_told_as_it_is(kg: KnowledgeGraph, source: str, target: str, line: str) -> None:
    assert any(why.startswith(line) for why in kg.paths(source, target).why_none)


def test_a_target_out_of_reach_says_how_far_it_got(kg: KnowledgeGraph, run) -> None:
    result = run("paths", "PDPN", "gefitinib")

    assert 1 == result.exit_code
    assert result.stdout.startswith("No path from PDPN to gefitinib within 6 steps.")
    assert "Nothing goes out from PDPN" in result.stdout
    assert re.search(r"\d+ entities lead to gefitinib, the nearest: ", result.stdout)
    assert "never walked (correlation): PDPN → associated with → gefitinib" in result.stdout


def test_too_few_steps_say_how_many_are_needed(kg: KnowledgeGraph) -> None:
    answer = kg.paths("pericyte", "cisplatin", max_steps=2)

    (line,) = [line for line in answer.why_none if "--max-steps" in line]
    steps = int(re.fullmatch(r"There is a path of (\d+) steps: --max-steps \1\.", line)[1])
    assert kg.paths("pericyte", "cisplatin", max_steps=steps).paths


def test_more_steps_are_promised_only_where_they_lead_to_a_path(kg: KnowledgeGraph) -> None:
    """Some chains hold only if cells are ignored: these break, however many steps are allowed."""
    promised, broken = [], []
    for source, target in (
        ("JAK", "crizotinib"),
        ("JAK2 inhibitor", "chemokine"),
        ("pericyte", "cisplatin"),
        ("FLT3", "gefitinib"),
    ):
        lines = kg.paths(source, target, max_steps=1).why_none
        promised += [(source, target) for line in lines if "--max-steps" in line]
        broken += [(source, target) for line in lines if line.startswith("A chain breaks at")]

    assert at_least(1, promised)
    assert at_least(2, broken)
    assert all(kg.paths(*pair, max_steps=12).paths for pair in promised)
    assert not any(kg.paths(*pair, max_steps=12).paths for pair in broken)


def test_a_search_that_was_given_up_says_so_whether_it_found_something_or_not(kg: KnowledgeGraph, monkeypatch) -> None:
    monkeypatch.setattr("oncoresist.mechanism.paths.EFFORT", 3)
    for target in ("cisplatin", "gefitinib"):
        answer = kg.paths("macrophage", target)
        assert not answer.exhausted
        assert not answer.to_dict()["exhausted"]
        console = render.console()
        with console.capture() as capture:
            console.print(render_paths.paths(answer, 100))
        assert "The search was given up after many partial paths" in capture.get()


def test_a_filter_that_leaves_nothing_is_named(kg: KnowledgeGraph) -> None:
    answer = kg.paths("FLT3", "cytarabine", cancer="osteosarcoma")

    assert "There are paths without --cancer." in answer.why_none
    assert "Nothing that these options leave goes out from FLT3." in answer.why_none


def test_an_unknown_name_comes_with_suggestions(run) -> None:
    result = run("paths", "mesenchymal stem", "gefitinib")

    assert 2 == result.exit_code
    assert 'unknown entity "mesenchymal stem". Did you mean "mesenchymal stem cell"' in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_steps": 0}, "max-steps is 0, but paths have 1 to 12 steps."),
        ({"limit": 0}, "limit is 0, but at least 1 path must be asked for."),
        ({"min_grade": "F"}, '"F" is no grade. Grades go from A, the best, to E.'),
        ({"cancer": "cisplatin"}, '"cisplatin" is a platinum agent, but a disease is asked for.'),
    ],
)
def test_options_out_of_range_are_refused(kg: KnowledgeGraph, options: dict, message: str) -> None:
    with pytest.raises(UsageError) as error:
        kg.paths("CAF", "cisplatin", **options)

    assert message == str(error.value)


def test_formats_hold_the_same_paths(kg: KnowledgeGraph) -> None:
    answer = kg.paths("fibroblast", "gefitinib", limit=5)

    data, rows = json.loads(answer.to_text("json")), list(csv.DictReader(io.StringIO(answer.to_text("csv"))))
    assert 5 == len(data["paths"])
    assert [[h["to"] for h in p["hops"]] for p in data["paths"]] == [
        [row["to"] for row in rows if row["path"] == str(n)] for n in range(1, 6)
    ]
    assert {"ent:cancer-associated-fibroblast", "ent:caf"} & {row["from"] for row in rows}
    assert answer.to_text("dot").startswith("digraph paths {")
    assert 5 == len({row["verdict"] + row["path"] for row in rows})
    with pytest.raises(UnknownNameError):
        answer.to_text("xml")


def test_the_terminal_shows_chain_verdict_steps_and_references(run) -> None:
    result = run("paths", "fibroblast", "gefitinib", "--limit", "1")

    assert 0 == result.exit_code
    assert (
        """\
  1 cancer-associated fibroblast ⇢ HGF → MET → resistance to gefitinib
    Raises resistance to gefitinib.
    One claim throughout, in triple-negative breast cancer.
    weakest grade: C: one study
    1. cancer-associated fibroblast → secretes → HGF (curator's link)
       Secreted HGF raises the phosphorylation of Met in breast cancer cells, which makes them resistant to gefitinib.
         Mueller 2012, doi:10.1186/bcr3224
"""
        in result.stdout
    )
    assert "… and more: --limit 2 shows the next ones." in result.stdout


# Hubs, cycles, order


def test_order_is_stable(kg: KnowledgeGraph) -> None:
    shuffled = list(kg._network.edges)
    random.Random(3).shuffle(shuffled)
    ends = kg.names.entity("AKT"), kg.names.entity("cisplatin")

    one, other = find_paths(kg._network, *ends), find_paths(replace(kg._network, edges=tuple(shuffled)), *ends)

    assert [path.hops for path in one.paths] == [path.hops for path in other.paths]


def test_hubs_answer_at_once(kg: KnowledgeGraph) -> None:
    kg.paths("AKT", "cisplatin")
    slowest = 0.0
    gc.collect()
    gc.freeze()  # what other tests left in this process is not for `paths` to sweep
    try:
        for source, target in itertools.product(HUBS, HUBS):
            started = time.process_time()
            kg.paths(source, target)
            slowest = max(slowest, time.process_time() - started)
    finally:
        gc.unfreeze()

    assert slowest < 0.3


def test_order_does_not_depend_on_the_hash_seed() -> None:
    """Ties between bridges to the same edge: AKT signalling has several."""
    told = [
        subprocess.run(
            [sys.executable, "-m", "oncoresist", "paths", "STAT3 signaling", "cisplatin", "-f", "csv"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    ]

    assert told[0].count(b"\n") > 20
    assert 1 == len(set(told))
