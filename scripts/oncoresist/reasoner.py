"""OWL consistency with HermiT (https://doi.org/10.1007/s10817-014-9305-1), through owlready2. Needs Java."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable
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
    return Consistency(True, sorted(c.iri for c in world.inconsistent_classes() if c.iri != OWL + "Nothing"))


def realise(triples: Iterable[ox.Triple | ox.Quad]) -> dict[str, set[str]] | None:
    """All classes of every individual, as HermiT infers them; None if the triples contradict each other.

    :param triples: ontology, imports and instances together
    :returns: IRI of an individual → IRIs of its classes, wide ones included
    :raises InputError: HermiT stopped for another reason than a contradiction
    """
    try:
        rdf = _run(triples)[1]
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
    return dict(types)


class _Inconsistent(Exception):
    pass


def _run(triples: Iterable[ox.Triple | ox.Quad]):
    """Run HermiT; returns owlready2's world and a reader of its triples between named things, the inferred ones included.

    owlready2 reads N-Triples, not Turtle, and only from a file.
    """
    import owlready2

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.nt"
        # owl:imports are left out: the imported triples are among `triples` and nothing may be fetched.
        lines = {f"{t.subject} {t.predicate} {t.object} .\n" for t in triples if _matters(t)}
        path.write_text("".join(sorted(lines)), encoding="utf-8")
        world = owlready2.World()
        world.get_ontology(path.as_uri()).load()
        try:
            with world.get_ontology("http://oncoresist.invalid/inferred#"):
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            raise _Inconsistent from None
        except owlready2.base.OwlReadyJavaError as error:
            lines = [line for line in str(error).splitlines() if line.strip() and not line.startswith(("\tat", "Java error"))]
            raise InputError("HermiT", "stopped: " + " ".join(lines)[:300]) from None

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
