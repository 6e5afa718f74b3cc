"""The catalogue: made from the `.rq` files, whole, and in the forms that tools read."""

from __future__ import annotations

import re
import shlex
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, SH

from oncoresist import KnowledgeGraph, UnknownNameError, UsageError
from oncoresist.catalogue.entries import Entry, entries
from oncoresist.catalogue.examples import all_examples, empty_examples, main_example
from oncoresist.catalogue.manifest import manifest_files
from oncoresist.catalogue.page import command_line, html_page
from oncoresist.catalogue.sib import sib_files
from oncoresist.results import Answer
from oncoresist.saved_query import read_saved_query
from tests.conftest import ROOT, at_least

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
SCHEMA = rdflib.Namespace("https://schema.org/")
SPEX = rdflib.Namespace("https://purl.expasy.org/sparql-examples/ontology#")
SKOS = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
SHAPE = ROOT / "tests" / "fixtures" / "catalogue" / "sib-examples.ttl"


@pytest.fixture(scope="module")
def folder(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole catalogue, written once."""
    folder = tmp_path_factory.mktemp("catalogue")
    kg.catalogue(folder, target="https://example.org/sparql")
    return folder


@pytest.fixture(scope="module")
def examples(folder: Path) -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in at_least(10, sorted((folder / "sib").glob("*.ttl"))):
        graph.parse(path)
    return graph


@pytest.fixture
def federated(kg: KnowledgeGraph, tmp_path: Path) -> Entry:
    """A question that asks an endpoint of others, with quotes, backslashes and an optional parameter."""
    path = tmp_path / "queries" / "questions" / "elsewhere.rq"
    path.parent.mkdir(parents=True)
    like = next(kg.layout.queries.glob("questions/restored-sensitivity.rq")).read_text(encoding="utf-8")
    header = "\n".join(line for line in like.splitlines() if line.startswith("#+"))
    header = re.sub(r"tags: \[", "tags: [federated, ", header).replace("#+ per: claim\n", "")
    header = re.sub(r"columns: \{.*\}", "columns: {drug: entity}", header)
    body = 'SELECT ?drug\nWHERE {\n  SERVICE <https://example.org/far> { ?drug ?p "a\\"b" }\n}\nORDER BY ?drug'
    path.write_text(f"{header}\n{body}\n", encoding="utf-8")
    return Entry(read_saved_query(path, kg.layout), {"drug": "cisplatin"}, body, None)


def test_every_question_is_in_every_part(kg: KnowledgeGraph, folder: Path) -> None:
    ids = at_least(10, [question.id for question in kg.questions()])
    page, text = ((folder / name).read_text(encoding="utf-8") for name in ("catalogue.html", "catalogue.md"))

    for question in kg.questions():
        assert f'<article id="{question.id}">' in page
        assert f"### {question.summary}" in text
        assert (folder / "sib" / f"{question.id}.ttl").is_file()
        assert (folder / "manifest" / f"{question.id}.rq").is_file()
    assert len(ids) == page.count("<h4>Command line</h4>")


# SIB examples


def test_sib_examples_conform_to_what_the_sib_tools_ask_for(examples: rdflib.Graph) -> None:
    conforms, _, report = pyshacl.validate(examples, shacl_graph=rdflib.Graph().parse(SHAPE))

    assert conforms, report


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        (SH.select, None),
        (RDFS.comment, None),
        (RDFS.comment, rdflib.Literal("a comment without a language")),
        (SCHEMA.target, None),
        (SCHEMA.keywords, rdflib.Literal("drug ")),
        (SCHEMA.keyword, rdflib.Literal("drug")),
    ],
)
def test_the_shape_finds_what_is_wrong(examples: rdflib.Graph, predicate: rdflib.URIRef, value: rdflib.Literal | None) -> None:
    broken = rdflib.Graph() + examples
    subject = rdflib.URIRef("https://w3id.org/oncoresist/query/drugs-by-cell")
    assert (subject, RDF.type, SH.SPARQLExecutable) in broken
    broken.remove((subject, predicate, None))
    if value is not None:
        broken.add((subject, predicate, value))

    assert not pyshacl.validate(broken, shacl_graph=rdflib.Graph().parse(SHAPE))[0]


def test_a_sib_example_runs_as_it_is_and_answers_as_asked(kg: KnowledgeGraph, examples: rdflib.Graph) -> None:
    for question in kg.questions():
        if question.federated:
            continue
        text = examples.value(rdflib.URIRef(f"https://w3id.org/oncoresist/query/{question.id}"), SH.select)
        assert kg.ask(question.id, **main_example(question)).data == kg.query(str(text)).data


def test_parameters_are_typed(kg: KnowledgeGraph, examples: rdflib.Graph) -> None:
    node = rdflib.URIRef("https://w3id.org/oncoresist/query/cell-to-drug#cell")

    assert str(examples.value(node, SH.path)).endswith("/cell")  # the variable, as SHACL has it
    assert examples.value(node, SH["class"]) == rdflib.URIRef("https://w3id.org/oncoresist/ontology/Cell")
    assert str(examples.value(node, SKOS.example)) == kg.question("cell-to-drug").params["cell"].example
    assert str(examples.value(node, SH.optional)) == "false"
    assert sum(len(q.params) for q in kg.questions()) == len(set(examples.subjects(RDF.type, SH.Parameter)))


def test_a_federated_question_says_with_whom(kg: KnowledgeGraph, federated: Entry) -> None:
    turtle = sib_files([federated], kg.prefixes, "https://example.org/sparql")["elsewhere.ttl"]

    graph = rdflib.Graph().parse(data=turtle, format="turtle")

    assert [str(o) for o in graph.objects(None, SPEX.federatesWith)] == ["https://example.org/far"]
    assert federated.sparql == str(next(graph.objects(None, SH.select))).rstrip()


# W3C manifest


def test_the_manifest_can_be_run_by_another_engine(folder: Path) -> None:
    """As a harness would: from the manifest alone, on rdflib's parser and a fresh store."""
    manifest = rdflib.Graph().parse(folder / "manifest" / "manifest.ttl")
    listed = list(manifest.items(manifest.value(manifest.value(None, RDF.type, MF.Manifest), MF.entries)))
    store, loaded = ox.Store(), set()

    ran = 0
    for test in at_least(10, listed):
        action, result = manifest.value(test, MF.action), manifest.value(test, MF.result)
        if result is None:
            assert (test, RDF.type, MF.PositiveSyntaxTest11) in manifest
            assert _path(action).is_file()
            continue
        data = _path(manifest.value(action, QT.data))
        if data not in loaded:
            store.load(path=str(data), format=ox.RdfFormat.N_TRIPLES)
            loaded.add(data)
        got = store.query(_path(manifest.value(action, QT.query)).read_text(encoding="utf-8"))
        expected = Answer(_path(result).read_bytes())
        assert expected.rows == Answer.from_results(got).rows, test
        ran += 1
    assert ran >= 10
    assert len(listed) == len(set(listed))


def _path(uri: rdflib.term.Node | None) -> Path:
    return Path(unquote(urlsplit(str(uri)).path))


def test_the_manifest_has_the_answers_that_must_be_empty(kg: KnowledgeGraph, folder: Path) -> None:
    for question in kg.questions():
        for number in range(1, len(empty_examples(question)) + 1 if not question.federated else 1):
            answer = Answer((folder / "manifest" / f"{question.id}-empty-{number}.srj").read_bytes())
            assert (list(question.columns), 0) == (answer.variables, len(answer))


def test_a_federated_question_is_a_syntax_test(federated: Entry) -> None:
    files = manifest_files([federated])

    assert set(files) == {"manifest.ttl", "elsewhere.rq"}
    assert "mf:PositiveSyntaxTest11" in files["manifest.ttl"]


# The page


class _Page(HTMLParser):
    """Collects links, targets and what would be fetched; fails on a tag that is closed but not open."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "a":
            self.links.append(named.get("href", ""))
        elif "src" in named or "href" in named:
            self.fetched.append(tag)
        if tag == "script":
            self.fetched.append(tag)
        if tag not in ("meta", "th", "td", "tr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("th", "td", "tr"):
            assert self.open.pop() == tag


def test_the_page_is_well_formed_complete_and_fetches_nothing(folder: Path) -> None:
    text = (folder / "catalogue.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)

    assert page.open == []
    assert page.fetched == []
    assert "url(" not in text
    assert "@import" not in text
    assert len(page.ids) == len(set(page.ids))
    assert [link for link in page.links if link.startswith("#") and link[1:] not in page.ids] == []
    assert all(link.startswith(("#", "https://")) for link in page.links)


def test_the_page_shows_labels_and_first_rows_and_how_to_ask(kg: KnowledgeGraph, folder: Path) -> None:
    text = (folder / "catalogue.html").read_text(encoding="utf-8")
    article = text.partition('<article id="drugs-by-cell">')[2].partition("</article>")[0]
    answer = kg.ask("drugs-by-cell", cell="fibroblast")

    assert f"first 5 of {len(answer)} rows" in article
    assert "<td>gefitinib" in text
    assert "oncoresist ask drugs-by-cell --cell fibroblast" in article
    assert "kg.ask(&quot;drugs-by-cell&quot;, cell=&quot;fibroblast&quot;)" in article
    assert "VALUES ?cell { &lt;https://w3id.org/oncoresist/entity/fibroblast&gt; }" in article
    assert "https://w3id.org/oncoresist/entity/" not in re.sub(r"<pre>.*?</pre>", "", article, flags=re.DOTALL)


def test_what_comes_from_the_graph_is_escaped(kg: KnowledgeGraph, federated: Entry) -> None:
    data = b'{"head":{"vars":["drug"]},"results":{"bindings":[{"drug":{"type":"literal","value":"<script>x</script> PMID:1"}}]}}'
    entry = Entry(federated.question, {"drug": "<b>"}, "SELECT", Answer(data))

    text = html_page([entry], [], kg.prefixes.curie, "1")

    assert "<script>" not in text
    assert '&lt;script&gt;x&lt;/script&gt; <a href="https://pubmed.ncbi.nlm.nih.gov/1/">PMID:1</a>' in text
    assert "<td>&lt;b&gt;" in text
    assert "oncoresist ask elsewhere --drug '<b>'" == command_line(entry)


def test_commands_of_the_catalogue_run(run, kg: KnowledgeGraph) -> None:
    """Each is the question with its main example, so one answered by the command line stands for all."""
    entry = next(e for e in entries(kg) if e.question.id == "cell-to-drug")

    result = run(*shlex.split(command_line(entry))[1:], "--format", "json")

    assert (result.exit_code, entry.answer and entry.answer.to_text("json").strip()) == (0, result.stdout.strip())


# Writing


def test_the_same_content_gives_the_same_files(kg: KnowledgeGraph, folder: Path, tmp_path: Path) -> None:
    kg.catalogue(tmp_path, ["html", "sib"], target="https://example.org/sparql")

    for path in at_least(10, [p for p in tmp_path.rglob("*") if p.is_file()]):
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()


def test_files_of_questions_that_are_gone_go_too(kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.catalogue(tmp_path, ["sib"])
    (tmp_path / "sib" / "withdrawn.ttl").touch()

    kg.catalogue(tmp_path, ["sib"])

    assert not (tmp_path / "sib" / "withdrawn.ttl").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["sib"]


def test_a_folder_of_somebody_else_is_left_alone(kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "sib").mkdir()
    (tmp_path / "sib" / "mine.txt").write_text("precious")

    with pytest.raises(UsageError, match="this folder is not empty and holds no catalogue"):
        kg.catalogue(tmp_path, ["sib"])

    assert (tmp_path / "sib" / "mine.txt").read_text() == "precious"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "{tmp}", "-f", "htlm"], 'unknown format "htlm". Did you mean "html"? Known are html, markdown, sib, manifest.'),
        (["-o", "{tmp}/file/below", "-f", "html"], "{tmp}/file/below: cannot write the catalogue (not a directory)"),
        (["-f", "html"], "Missing option '-o' / '--output'."),
    ],
)
def test_wrong_use_is_one_line(run, tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "file").touch()

    result = run("catalogue", *(a.format(tmp=tmp_path) for a in arguments))

    assert (result.exit_code, result.stdout) == (2, "")
    assert message.format(tmp=tmp_path) in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_unknown_format_is_told_before_anything_is_asked(kg: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        kg.catalogue(tmp_path / "new", ["pdf"])

    assert not (tmp_path / "new").exists()


def test_all_examples_begin_with_the_main_one_and_differ(kg: KnowledgeGraph) -> None:
    for question in kg.questions():
        sets = all_examples(question)
        assert sets[0] == main_example(question)
        assert all(one not in sets[:n] for n, one in enumerate(sets))
