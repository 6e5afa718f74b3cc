"""What differs between two revisions: a private repository with two commits, of which the second was changed by hand."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph, render, render_comparison
from oncoresist.content import LAYERS
from oncoresist.errors import InputError, UsageError
from oncoresist.exchange.diff import read_state
from oncoresist.mechanism.comparison import Change, Comparison, compare
from oncoresist.mechanism.report import of_comparison
from oncoresist.namespaces import BASE, ENT, ONR
from oncoresist.render_comparison import markdown
from tests.conftest import ROOT

_CURATED = ("ontology", "evidence", "mappings")
GOLDEN = Path(__file__).parent / "golden" / "diff.md"


def edit(path: Path, old: str, new: str) -> None:
    """Replace what stands in the file exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def blocks(path: Path, name: str) -> str:
    """The blocks of a claim, its steps and its evidence."""
    found = [b for b in path.read_text(encoding="utf-8").split("\n\n") if re.match(rf"(claim|step|evidence):{name}[- ]", b)]
    assert len(found) >= 3
    return "\n\n".join(found)


def revise(root: Path) -> None:
    """One change of every kind."""
    primary, platinum = root / "graph/claims/calcium/primary.ttl", root / "graph/claims/tme2019/platinum.ttl"
    # withdrawn: STIM1 silenced, cisplatin less toxic; added: the same of benidipine, of which the graph had nothing
    gone = blocks(primary, "ca-089-a")
    come = gone.replace("ca-089-a", "ca-089-z").replace("ent:cisplatin", "ent:benidipine").replace("cisplatin", "benidipine")
    text = primary.read_text(encoding="utf-8")
    for block in gone.split("\n\n"):
        text = text.replace(block + "\n\n", "")
    text = text.replace("    onr:explains claim:ca-089-a ;\n", "")
    primary.write_text(text + "\n" + come + "\n", encoding="utf-8")
    # hedged now, and SERPINE1 lowers survival instead of raising it
    claim = "claim:tme2019-platinum-1-6-a a onr:Claim"
    label = re.search(rf"{claim}.*?(?=onr:hasEvidence)", platinum.read_text(encoding="utf-8"), re.DOTALL)
    assert label
    edit(platinum, label.group(), label.group().replace("onr:asserted", "onr:hedged"))
    step = re.search(r"step:tme2019-platinum-1-6-a-5 a .*?\n\n", platinum.read_text(encoding="utf-8"), re.DOTALL)
    assert step
    edit(platinum, step.group(), step.group().replace("onr:increases", "onr:decreases"))
    # only words
    edit(root / "graph/entities/treatment.ttl", 'rdfs:label "benidipine"@en', 'rdfs:label "benidipine (blocker)"@en')
    # a term that stays but is not to be used
    retired = "onr:outsideScope a owl:NamedIndividual ;\n"
    replaced = "    owl:deprecated true ;\n    dcterms:isReplacedBy onr:background ;\n"
    edit(root / "ontology/oncoresist.ttl", retired, retired + replaced)
    # a mapping less
    mappings = root / "graph/mappings/treatment.sssom.tsv"
    lines = mappings.read_text(encoding="utf-8").splitlines(keepends=True)
    mappings.write_text("".join(x for x in lines if "\tskos:exactMatch\tCHEBI:27899\t" not in x), encoding="utf-8")


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A Curator", "-c", "user.email=curator@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """Two commits: the content as it is, and the same revised."""
    root = tmp_path_factory.mktemp("repository")
    for folder in ("ontology", "graph", "queries"):
        shutil.copytree(ROOT / folder, root / folder)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "As it is")
    revise(root)
    git(root, "commit", "-q", "-a", "-m", "Revised")
    return KnowledgeGraph.open(root)


@pytest.fixture(scope="module")
def revised(kg: KnowledgeGraph, repository: KnowledgeGraph) -> Comparison:
    """From the graph as it is, which is the first commit, to the second."""
    return compare(kg.state, read_state("HEAD", repository))


def only(found: list[Change], iri: str) -> Change:
    (change,) = [change for change in found if change.iri == iri]
    return change


def test_counts_come_by_kind(revised: Comparison) -> None:
    counts = revised.counts

    assert counts["claim"] == {"added": 1, "changed": 2, "withdrawn": 1}
    assert (counts["entity"], counts["term"], counts["mapping"]) == ({"changed": 1}, {"deprecated": 1}, {"withdrawn": 1})
    assert counts.keys() <= {"claim", "entity", "term", "mapping", "derived edge", "drug mechanism", "conflict",
                             "direction of an effect", "saved question"}  # fmt: skip


def test_claims_that_were_added_withdrawn_or_changed_say_so_in_words(revised: Comparison) -> None:
    gone, come = only(revised.changes, BASE + "claim/ca-089-a"), only(revised.changes, BASE + "claim/ca-089-z")
    changed = only(revised.changes, BASE + "claim/tme2019-platinum-1-6-a")

    assert (gone.what, come.what) == ("withdrawn", "added")
    assert gone.label == "With STIM1 silenced, cisplatin is far less toxic to non-small cell lung cancer cells."
    assert changed.details == (
        "certainty: asserted → hedged",
        "step: “SERPINE1 → increases → cell survival in cancer cell” "
        "became “SERPINE1 → decreases → cell survival in cancer cell”",
    )
    assert only(revised.changes, BASE + "claim/ca-089-b").details == ("explains: − With STIM1 silenced, cisplatin is far less "
        "toxic to non-small cell lung cancer cells.",)  # fmt: skip


def test_a_deprecated_term_is_no_withdrawn_one(revised: Comparison) -> None:
    term = only(revised.changes, ONR + "outsideScope")

    assert (term.what, term.details) == ("deprecated", ("use instead: background",))
    assert only(revised.changes, ENT + "benidipine").wording
    assert [c.label for c in revised.of("mapping")] == ["cisplatin exactMatch CHEBI:27899 (cisplatin)"]


def test_an_edge_that_turned_its_sign_is_told_as_such(revised: Comparison) -> None:
    turned = {d.label: d for d in revised.directions if d.kind == "derived edge"}

    survival = turned["SERPINE1 on cell survival: promotes → suppresses"]
    assert (survival.what, survival.claims) == ("turned", (BASE + "claim/tme2019-platinum-1-6-a",))
    assert (
        turned["STIM1 on cisplatin: lowers resistance to and raises resistance to → raises resistance to"].what == "one side left"
    )


def test_hedging_weakens_the_edges_of_a_claim(revised: Comparison) -> None:
    weaker = {edge.label: edge for edge in revised.edges if edge.what == "weakened"}

    edge = weaker["cisplatin promotes SERPINE1, in cancer-associated fibroblast"]
    assert edge.details[0].startswith("grade C: one study → D:")
    assert edge.claims == (BASE + "claim/tme2019-platinum-1-6-a",)


def test_answers_that_changed_name_the_claims_responsible(revised: Comparison) -> None:
    answers = {answer.question: answer for answer in revised.answers or ()}
    mechanisms = answers["resistance-mechanisms"]

    by_drug = {(row.row["drug"], row.what): row.because for row in mechanisms.rows}
    assert by_drug["benidipine (blocker)", "added"] == (BASE + "claim/ca-089-z",)
    assert by_drug["cisplatin", "withdrawn"] in {(BASE + "claim/ca-089-a",), (BASE + "claim/tme2019-platinum-1-6-a",)}
    told = {row.answer for row in mechanisms.rows if row.iris["claim"] == BASE + "claim/tme2019-platinum-1-6-a"}
    assert told == {"changed"}, "it is still told, hedged now"
    blamed = {iri for answer in answers.values() for row in answer.rows if row.certain for iri in row.because}
    edited = {BASE + f"claim/{name}" for name in ("ca-089-a", "ca-089-b", "ca-089-z", "tme2019-platinum-1-6-a")}
    assert blamed <= edited
    assert edited - {BASE + "claim/ca-089-b"} <= blamed


def test_the_same_state_twice_differs_in_nothing(kg: KnowledgeGraph) -> None:
    found = compare(kg.state, kg.state)

    assert not found
    assert of_comparison(found, kg.prefixes.curie).lead == ["Nothing differs."]


def test_release_notes_are_the_golden_ones(revised: Comparison, repository: KnowledgeGraph, pytestconfig: pytest.Config) -> None:
    """Without the answers, which grow with every new question."""
    report = of_comparison(replace(revised, answers=None), repository.prefixes.curie)
    notes = re.sub(r" \([0-9a-f]{7}\)\n", "\n", markdown(report, 10))
    if pytestconfig.getoption("--update-golden"):
        GOLDEN.write_text(notes, encoding="utf-8")

    assert GOLDEN.read_text(encoding="utf-8") == notes, (
        "If the new notes are right: scripts/test tests/test_diff.py --update-golden"
    )


def test_a_release_as_one_file_is_the_graph_it_was_made_of(run, kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Without its mechanism layer, as the curated layers alone may be released."""
    curated = [kg.state.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=LAYERS[layer]) for layer in _CURATED]
    quads = b"".join(
        line.rstrip(b" .\n") + f" {LAYERS[layer]} .\n".encode()
        for layer, triples in zip(_CURATED, curated, strict=True)
        for line in triples.splitlines(keepends=True)
    )
    (tmp_path / "release.nq.gz").write_bytes(gzip.compress(quads, 1))

    result = run("diff", str(tmp_path / "release.nq.gz"), "--no-questions")

    assert (result.exit_code, result.stderr) == (0, "")
    # Without white space: where the first line is broken depends on the length of the path.
    told = f"Changes from {tmp_path}/release.nq.gz to the graph as it is\nNothing differs.\n"
    assert "".join(result.stdout.split()) == "".join(told.split())


def test_questions_of_old_revisions_are_asked_in_todays_words_and_federated_ones_not_at_all(kg: KnowledgeGraph) -> None:
    """A header that lacks what is required today, and a question whose answer lies elsewhere."""
    question = kg.question("denied-statements")
    elsewhere = replace(question, tags=(*question.tags, "federated"), text="WHERE { SERVICE <http://127.0.0.1:9/> { } }")
    before = replace(kg.state, questions={}, unreadable={question.id: "no topic"}, answers={})
    after = replace(kg.state, questions={question.id: question}, answers={})
    federated = replace(kg.state, questions={question.id: elsewhere}, answers={})

    assert compare(before, after).answers == []
    assert [*before.answers] == [question.bound({})]
    assert compare(federated, federated).answers == []
    assert federated.answers == {}
    (new,) = compare(replace(before, unreadable={}), after).answers or ()
    assert (new.question, new.what) == ("denied-statements", "added")
    (untold,) = compare(before, before).answers or ()
    assert (untold.what, untold.note) == ("unanswerable", "no topic")


def test_long_lists_are_cut_and_say_so(revised: Comparison, repository: KnowledgeGraph) -> None:
    report = of_comparison(revised, repository.prefixes.curie)
    console = render.console()

    with console.capture() as cut:
        console.print(render_comparison.text(report, 3))
    with console.capture() as whole:
        console.print(render_comparison.text(report, None))

    fourth = "cisplatin promotes SERPINE1, in cancer-associated fibroblast"  # of the edges that got weaker
    assert "… and 1 more; --all shows them." in cut.get()
    assert fourth not in " ".join(cut.get().split())
    assert "more; --all" not in whole.get()
    assert fourth in " ".join(whole.get().split())


def test_json_has_everything(revised: Comparison) -> None:
    data = json.loads(json.dumps(revised.to_dict()))

    assert data["counts"]["claim"]["added"] == 1
    assert {answer["question"] for answer in data["answers"]} >= {"resistance-mechanisms", "claim-evidence"}


@pytest.mark.parametrize(
    ("place", "error", "message"),
    [
        ("v99.9", UsageError, "v99.9: no file, no folder, and no revision that git knows in "),
        ("--all", UsageError, "--all: no file, no folder, and no revision"),
        ("{tmp}", UsageError, "{tmp}: no ontology/ and graph/ here. Give the folder that holds both."),
        ("{tmp}/none.nq", InputError, "{tmp}/none.nq: cannot be read (No such file or directory)"),
        ("{tmp}/broken.nq", InputError, "{tmp}/broken.nq:1: not valid N-Quads ("),
        ("{tmp}/other.nq", InputError, "{tmp}/other.nq: holds nothing in the graph https://w3id.org/oncoresist/graph/evidence"),
        ("{tmp}/torn.nq.gz", InputError, "{tmp}/torn.nq.gz: cannot be read (Not a gzipped file"),
        ("{tmp}/table.csv", UsageError, "{tmp}/table.csv: no folder, and no file of quads (.nq, .trig, or these with .gz)."),
    ],
)
def test_a_place_that_holds_no_graph_is_refused_in_one_line(
    repository: KnowledgeGraph, tmp_path: Path, place: str, error: type[Exception], message: str
) -> None:
    (tmp_path / "broken.nq").write_text("<a:s> <a:p> .\n")
    (tmp_path / "other.nq").write_text("<a:s> <a:p> <a:o> <a:g> .\n")
    (tmp_path / "torn.nq.gz").write_bytes(b"no gzip")
    (tmp_path / "table.csv").write_text("a,b\n")

    with pytest.raises(error) as raised:
        read_state(place.format(tmp=tmp_path), repository)

    assert str(raised.value).startswith(message.format(tmp=tmp_path))
    assert "\n" not in str(raised.value)


def test_a_revision_with_a_broken_file_is_named_with_file_and_line(repository: KnowledgeGraph, tmp_path: Path) -> None:
    root = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", repository.layout.root, root], check=True)
    file = root / "graph/entities/rna.ttl"
    file.write_text(file.read_text() + "ent:broken a .\n")
    git(root, "commit", "-q", "-a", "-m", "Broken")

    with pytest.raises(InputError, match=r"HEAD:graph/entities/rna\.ttl:\d+: not valid Turtle"):
        read_state("HEAD", KnowledgeGraph.open(root))
