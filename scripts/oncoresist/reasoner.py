"""OWL consistency with HermiT (https://doi.org/10.1007/s10817-014-9305-1), through owlready2. Needs Java."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from oncoresist.definitions import OWL
from oncoresist.errors import InputError

# Datatypes of the data that are outside OWL 2's datatype map; HermiT refuses a file that has them.
_NOT_OWL = {"http://www.w3.org/2001/XMLSchema#gYear", "http://www.w3.org/2001/XMLSchema#date"}


@dataclass(frozen=True)
class Consistency:
    """What HermiT says.

    :param unsatisfiable: IRIs of classes that can have no member
    """

    consistent: bool
    unsatisfiable: list[str]


def unavailable() -> str | None:
    """Why HermiT cannot run here, in one line; None if it can."""
    if shutil.which("java") is None:
        return "HermiT was left out: no Java on the PATH. Install a Java runtime to check OWL consistency."
    try:
        import owlready2  # noqa: F401
    except ImportError:
        return 'HermiT was left out: install the extra with `pip install "oncoresist[reason]"`.'
    return None


def check_consistency(triples: Iterable[ox.Triple | ox.Quad]) -> Consistency:
    """Run HermiT over ontology and data.

    :param triples: ontology, imports and instances together
    :raises InputError: HermiT stopped for another reason than a contradiction
    """
    try:
        world, _ = _run(triples)
    except _Inconsistent:
        return Consistency(False, [])
    return Consistency(True, _unsatisfiable(world))


@dataclass(frozen=True)
class Realisation:
    """What HermiT infers of a consistent whole.

    :param types: IRI of an individual → IRIs of its classes, wide ones included
    :param unsatisfiable: IRIs of classes that can have no member
    """

    types: dict[str, set[str]]
    unsatisfiable: list[str]


def realise(triples: Iterable[ox.Triple | ox.Quad]) -> Realisation | None:
    """All classes of every individual, as HermiT infers them; None if the triples contradict each other.

    :param triples: ontology, imports and instances together
    :raises InputError: HermiT stopped for another reason than a contradiction
    """
    try:
        world, rdf = _run(triples)
    except _Inconsistent:
        return None
    wider: dict[str, set[str]] = defaultdict(set)
    for property_ in ("rdfs_subclassof", "owl_equivalentclass"):
        for narrow, wide in rdf(property_):
            wider[narrow].add(wide)
            if property_ == "owl_equivalentclass":
                wider[wide].add(narrow)
    above = {class_: _reached(class_, wider) for _, class_ in rdf("rdf_type")}
    types: dict[str, set[str]] = defaultdict(set)
    for thing, class_ in rdf("rdf_type"):
        types[thing] |= above[class_]
    return Realisation(dict(types), _unsatisfiable(world))


def _unsatisfiable(world) -> list[str]:
    return sorted(c.iri for c in world.inconsistent_classes() if c.iri != OWL + "Nothing")


def first_contradictory(wholes: Sequence[Iterable[ox.Triple | ox.Quad]]) -> int | None:
    """Which of several sets of triples is the first that contradicts itself, counted from 0; None if none does.

    HermiT classifies nothing for this, which takes a tenth of the time, and Java starts once.

    :raises InputError: HermiT stopped for another reason
    """
    import owlready2

    jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
    with tempfile.TemporaryDirectory() as folder:
        files = [_written(triples, folder, f"{number}.nt").as_uri() for number, triples in enumerate(wholes)]
        # Without the slower of Java's two compilers: most questions are over before it pays.
        command = ["java", f"-Xmx{owlready2.reasoning.JAVA_MEMORY}M", "-XX:TieredStopAtLevel=1", "-cp", str(jar)]
        command += ["org.semanticweb.HermiT.cli.CommandLine", "--consistency", *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    sound = done.stdout.count("is satisfiable")
    if sound == len(files):
        return None
    if "Inconsistent ontology" in done.stderr or "is not satisfiable" in done.stdout:
        return sound
    raise InputError("HermiT", _why_stopped(done.stderr or done.stdout))


def _written(triples: Iterable[ox.Triple | ox.Quad], folder: str, name: str = "all.nt") -> Path:
    """A file of N-Triples, which both owlready2 and HermiT read.

    owl:imports are left out: the imported triples are among `triples` and nothing may be fetched.
    """
    path = Path(folder) / name
    lines = {f"{t.subject} {t.predicate} {t.object} .\n" for t in triples if _matters(t)}
    path.write_text("".join(sorted(lines)), encoding="utf-8")
    return path


def _why_stopped(told: str) -> str:
    lines = [line for line in told.splitlines() if line.strip() and not line.startswith(("\tat", "Java error"))]
    return "stopped: " + " ".join(lines)[:300]


class _Inconsistent(Exception):
    pass


def _run(triples: Iterable[ox.Triple | ox.Quad]):
    """Run HermiT; returns owlready2's world and a reader of its triples between named things, the inferred ones included."""
    import owlready2

    with tempfile.TemporaryDirectory() as folder:
        world = owlready2.World()
        world.get_ontology(_written(triples, folder).as_uri()).load()
        try:
            with world.get_ontology("http://oncoresist.invalid/inferred#"):
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            raise _Inconsistent from None
        except owlready2.base.OwlReadyJavaError as error:
            raise InputError("HermiT", _why_stopped(str(error))) from None

    def rdf(property_: str) -> list[tuple[str, str]]:
        # Numbers below zero are blank nodes; what is loaded as Python objects would lack the inferred types.
        rows = world._get_obj_triples_spo_spo(None, getattr(owlready2, property_), None)
        return [(world._unabbreviate(s), world._unabbreviate(o)) for s, _, o in rows if s > 0 and o > 0]

    return world, rdf


def _reached(start: str, wider: dict[str, set[str]]) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        for wide in wider[waiting.pop()] - reached:
            reached.add(wide)
            waiting.append(wide)
    return reached


def _matters(triple: ox.Triple | ox.Quad) -> bool:
    datatype = getattr(triple.object, "datatype", None)
    return not triple.predicate.value.endswith("owl#imports") and (datatype is None or datatype.value not in _NOT_OWL)
