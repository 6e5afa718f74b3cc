"""The kinds of fault. Each is a function of the graph and a random number generator; it changes nothing, it says what to change.

A fault is as a curator would make it: the one thing is wrong and everything around it fits. Steps that move to another
claim are renamed and renumbered, for instance, so that only what they say is wrong.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox

from oncoresist import mappings
from oncoresist.errors import InputError
from oncoresist.namespaces import RDF_TYPE
from tests.mutation.graph import (
    CITES_AS_EVIDENCE,
    IDENTIFIER,
    IS_PART_OF,
    LABEL,
    Graph,
    local,
    onr,
    sssom,
)

Triples = tuple[ox.Triple, ...]


@dataclass(frozen=True)
class Mutation:
    """One fault.

    :param kind: name of the fault
    :param description: what was changed, for people
    :param needs_text: only the text of the source can show it
    :param refused: what the reader of the files says, if the fault does not even get past it
    """

    kind: str
    description: str
    removed: Triples
    added: Triples
    needs_text: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    :param name: kebab-case
    :param group: ``fault`` (as they are usually made) or ``hard`` (the same made as hard to see as it can be)
    :param inject: makes one, or None if the record drawn does not lend itself
    :param needs_text: only the text can show it
    :param summary: what is done, one sentence
    """

    name: str
    group: str
    inject: Callable[[Graph, random.Random], Mutation | None]
    needs_text: bool
    summary: str


KINDS: dict[str, Kind] = {}


def _kind(name: str, summary: str, *, group: str = "fault", needs_text: bool = False):
    def register(function):
        def inject(graph: Graph, rng: random.Random) -> Mutation | None:
            change = function(graph, rng)
            if change is None:
                return None
            description, removed, added, *refused = change
            removed, added = set(removed), set(added)
            return Mutation(
                name,
                description,
                tuple(sorted(removed - added, key=str)),
                tuple(sorted(added - removed, key=str)),
                needs_text,
                *refused,
            )

        KINDS[name] = Kind(name, group, inject, needs_text, summary)
        return function

    return register


# --- helpers ---


def _pick(rng: random.Random, items: list):
    return rng.choice(items) if items else None


def _about(subject: ox.NamedNode, graph: Graph) -> str:
    return graph.content.prefixes.curie(subject.value)


def _replaced(triples: list[ox.Triple], old, new) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """Triples with `old` as object, and the same with `new`."""
    removed = [t for t in triples if t.object == old]
    return removed, [ox.Triple(t.subject, t.predicate, new) for t in removed]


def _one(graph: Graph, subject, predicate, new) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """The values of one property, and one new value in their place."""
    removed = [t for t in graph.of_subject[subject] if t.predicate == predicate]
    return removed, [ox.Triple(subject, predicate, new)]


def _records_of(graph: Graph, claim) -> list[ox.Triple]:
    """A claim with its steps, without its evidence."""
    return [t for record in (claim, *graph.values(claim, onr("hasStep"))) for t in graph.of_subject[record]]


def _signed_twin(graph: Graph, rng: random.Random, step) -> ox.NamedNode | None:
    """A relation of the same kind and the opposite sign that takes this subject and object."""
    relation = graph.value(step, onr("relation"))
    sign = graph.value(relation, onr("sign"))
    if sign is None or sign.value == "0":
        return None
    subject, obj = (graph.classes(graph.value(step, onr(end))) for end in ("subject", "object"))
    treatment = bool(obj & {onr("Treatment"), onr("TherapeuticAgent"), onr("TreatmentModality")})

    def fits(other) -> bool:
        other_sign = graph.value(other, onr("sign"))
        return (
            other_sign is not None
            and int(other_sign.value) == -int(sign.value)
            and graph.classes(other) == graph.classes(relation)
            and bool(subject & set(graph.values(other, onr("subjectClass"))))
            and bool(obj & set(graph.values(other, onr("objectClass"))))
            and (not treatment or graph.value(other, onr("mayHaveTreatmentAsObject")).value == "true")
        )

    return _pick(rng, [other for other in graph.relations if fits(other)])


def _flip(graph: Graph, rng: random.Random, *, with_response: bool):
    claim = _pick(rng, graph.all("Claim"))
    if (graph.value(claim, onr("polarity")) != onr("none")) != with_response:
        return None
    step = _pick(rng, graph.steps(claim))
    twin = _signed_twin(graph, rng, step)
    if twin is None:
        return None
    return (
        f"{_about(step, graph)}: relation {local(graph.value(step, onr('relation')))} becomes {local(twin)}; "
        f"the claim says: {graph.label(claim)}",
        *_one(graph, step, onr("relation"), twin),
    )


def _swap(graph: Graph, rng: random.Random, claim, old, new):
    removed, added = _replaced(_records_of(graph, claim), old, new)
    return f"{_about(claim, graph)}: {local(old)} becomes {local(new)}; the claim says: {graph.label(claim)}", removed, added


def _named_nearby(graph: Graph, claim) -> set[ox.NamedNode]:
    """What the passage of a claim names."""
    passage = graph.value(claim, onr("statedAt"))
    return {*graph.values(passage, onr("mentions")), *graph.values(passage, onr("rowContext"))}


def _drug_swap(graph: Graph, rng: random.Random, *, nearby: bool):
    claim = _pick(rng, graph.all("Claim"))
    old = _pick(rng, [d for d in graph.values(claim, onr("aboutDrug")) if graph.is_a(d, "TherapeuticAgent")])
    if old is None:
        return None
    taken = graph.kin(old) | graph.used_by(claim)
    pool = _named_nearby(graph, claim) if nearby else set(graph.all("AntineoplasticDrug"))
    new = _pick(rng, sorted((d for d in pool - taken if graph.is_a(d, "TherapeuticAgent")), key=str))
    return _swap(graph, rng, claim, old, new) if new else None


def _cell_swap(graph: Graph, rng: random.Random, *, nearby: bool):
    claim = _pick(rng, graph.all("Claim"))
    old = _pick(rng, sorted((e for e in graph.used_by(claim) if graph.is_a(e, "Cell")), key=str))
    if old is None:
        return None
    taken = graph.kin(old) | graph.used_by(claim)
    pool = _named_nearby(graph, claim) if nearby else set(graph.all("Cell"))
    new = _pick(rng, sorted((c for c in pool - taken if graph.is_a(c, "Cell")), key=str))
    return _swap(graph, rng, claim, old, new) if new else None


def _evidence(graph: Graph, line) -> list[ox.Triple]:
    claim = graph.claim_of(line)
    return [ox.Triple(claim, onr("hasEvidence"), line), *graph.of_subject[line]]


def _renamed(triples: list[ox.Triple], names: dict) -> list[ox.Triple]:
    return [ox.Triple(names.get(t.subject, t.subject), t.predicate, names.get(t.object, t.object)) for t in triples]


# --- steps ---


@_kind("flip-sign", "a step gets a relation of the opposite sign, in a claim that tells a response")
def flip_sign(graph, rng):
    return _flip(graph, rng, with_response=True)


@_kind("flip-sign-no-response", "the same in a claim without polarity", group="fault")
def flip_sign_no_response(graph, rng):
    return _flip(graph, rng, with_response=False)


@_kind("swap-ends", "subject and object of a step change places, with their cells and aspects")
def swap_ends(graph, rng):
    step = _pick(rng, graph.all("Step"))
    there = {onr(f"subject{end}"): onr(f"object{end}") for end in ("", "In", "Aspect")}
    there |= {new: old for old, new in there.items()}
    removed = [t for t in graph.of_subject[step] if t.predicate in there]
    added = [ox.Triple(step, there[t.predicate], t.object) for t in removed]
    if graph.value(step, onr("subject")) == graph.value(step, onr("object")):
        return None
    if graph.value(step, onr("relation")) in {onr(r) for r in ("associatedWith", "positivelyCorrelated", "negativelyCorrelated")}:
        return None  # these say the same both ways
    return f"{_about(step, graph)}: subject and object change places", removed, added


@_kind("drop-perturbation", "a step loses what the experimenter did, or how the subject had changed")
def drop_perturbation(graph, rng):
    wanted = {onr("perturbation"), onr("perturbedBy"), onr("subjectChange")}
    steps = sorted({t.subject for t in graph.data if t.predicate in wanted}, key=str)
    step = _pick(rng, steps)
    removed = [t for t in graph.of_subject[step] if t.predicate in wanted]
    what = ", ".join(local(t.object) for t in removed)
    return f"{_about(step, graph)}: {what} dropped; the claim says: {graph.label(graph.claim_of(step))}", removed, []


@_kind("remove-step", "a step is deleted")
def remove_step(graph, rng):
    step = _pick(rng, graph.all("Step"))
    claim = graph.claim_of(step)
    number = graph.value(step, onr("order")).value
    removed = [ox.Triple(claim, onr("hasStep"), step), *graph.of_subject[step]]
    return f"{_about(step, graph)}: removed (number {number} of {len(graph.steps(claim))})", removed, []


@_kind("leave-out-step", "a step is left out and the others are renumbered", group="hard")
def leave_out_step(graph, rng):
    claim = _pick(rng, [c for c in graph.all("Claim") if len(graph.steps(c)) > 1])
    steps = graph.steps(claim)
    gone = rng.randrange(len(steps))
    removed = [ox.Triple(claim, onr("hasStep"), steps[gone]), *graph.of_subject[steps[gone]]]
    added = []
    for number, step in enumerate(steps[gone + 1 :], gone + 1):
        old, new = _one(graph, step, onr("order"), ox.Literal(number))
        removed, added = removed + old, added + new
    sentence = f"{local(graph.value(steps[gone], onr('subject')))} {local(graph.value(steps[gone], onr('relation')))} "
    sentence += local(graph.value(steps[gone], onr("object")))
    return f"{_about(claim, graph)}: left out: {sentence}; the claim says: {graph.label(claim)}", removed, added


@_kind("misspell-relation", "a relation is misspelt")
def misspell_relation(graph, rng):
    step = _pick(rng, graph.all("Step"))
    name = local(graph.value(step, onr("relation")))
    place = rng.randrange(1, len(name) - 1)
    wrong = onr(name[:place] + name[place + 1 :])
    return f"{_about(step, graph)}: relation {name} becomes {local(wrong)}", *_one(graph, step, onr("relation"), wrong)


@_kind("undeclared-entity", "a step names an entity that does not exist")
def undeclared_entity(graph, rng):
    step, end = _pick(rng, graph.all("Step")), onr(rng.choice(["subject", "object"]))
    old = graph.value(step, end)
    new = ox.NamedNode(old.value + "x")
    return f"{_about(step, graph)}: {local(end)} {local(old)} becomes {local(new)}", *_one(graph, step, end, new)


# --- claims ---


@_kind("swap-drug", "a claim tells of another drug, anywhere from the graph")
def swap_drug(graph, rng):
    return _drug_swap(graph, rng, nearby=False)


@_kind("swap-drug-nearby", "a claim tells of another drug that its passage names too", group="hard")
def swap_drug_nearby(graph, rng):
    return _drug_swap(graph, rng, nearby=True)


@_kind("swap-cell", "a claim tells of another cell, anywhere from the graph")
def swap_cell(graph, rng):
    return _cell_swap(graph, rng, nearby=False)


@_kind("swap-cell-nearby", "a claim tells of another cell that its passage names too", group="hard")
def swap_cell_nearby(graph, rng):
    return _cell_swap(graph, rng, nearby=True)


@_kind("drop-certainty", "a claim loses its certainty")
def drop_certainty(graph, rng):
    claim = _pick(rng, graph.all("Claim"))
    removed = [t for t in graph.of_subject[claim] if t.predicate == onr("certainty")]
    return f"{_about(claim, graph)}: certainty dropped", removed, []


def _certainty(graph, rng, old, new):
    claim = _pick(rng, graph.subjects(onr("certainty"), onr(old)))
    change = _one(graph, claim, onr("certainty"), onr(new))
    return f"{_about(claim, graph)}: {old} becomes {new}; the claim says: {graph.label(claim)}", *change


@_kind("assert-hedged", "a hedged claim is marked asserted")
def assert_hedged(graph, rng):
    return _certainty(graph, rng, "hedged", "asserted")


@_kind("hedge-asserted", "an asserted claim is marked hedged")
def hedge_asserted(graph, rng):
    return _certainty(graph, rng, "asserted", "hedged")


@_kind("change-polarity", "a claim gets another polarity")
def change_polarity(graph, rng):
    claim = _pick(rng, [c for c in graph.all("Claim") if graph.value(c, onr("polarity")) != onr("none")])
    old = graph.value(claim, onr("polarity"))
    others = [onr(p) for p in ("resistanceIncreased", "resistanceDecreased", "unaffected", "contextDependent") if onr(p) != old]
    new = rng.choice(others)
    change = _one(graph, claim, onr("polarity"), new)
    return f"{_about(claim, graph)}: polarity {local(old)} becomes {local(new)}; the claim says: {graph.label(claim)}", *change


@_kind("merge-claims", "the steps and references of a claim go to a claim of a neighbouring passage")
def merge_claims(graph, rng):
    first = _pick(rng, graph.all("Claim"))
    passage = graph.value(first, onr("statedAt"))
    source = graph.value(passage, IS_PART_OF)
    passages = [p for p in graph.subjects(IS_PART_OF, source) if graph.claims_of(p)]
    passages.sort(key=lambda p: _natural(graph.value(p, IDENTIFIER).value))
    place = passages.index(passage)
    if place + 1 == len(passages):
        return None
    second = rng.choice(graph.claims_of(passages[place + 1]))
    names, removed, added = {second: first}, [], []
    count = len(graph.steps(first))
    for number, step in enumerate(graph.steps(second), count + 1):
        names[step] = ox.NamedNode(f"{step.value[: -len(local(step))]}{local(first)}-{number}")
        old, new = _one(graph, step, onr("order"), ox.Literal(number))
        removed, added = removed + old, added + new
    for line in graph.values(second, onr("hasEvidence")):
        names[line] = ox.NamedNode(line.value.replace(local(second), local(first)))
    parts = [*graph.values(second, onr("hasStep")), *graph.values(second, onr("hasEvidence"))]
    moved = [t for part in parts for t in graph.of_subject[part] if t not in removed]
    links = [t for t in graph.of_subject[second] if t.object in names]
    about = [t for t in graph.of_subject[second] if t.predicate in {onr("aboutCancer"), onr("aboutDrug"), onr("inModel")}]
    pointers = [t for t in graph.of_object[second] if t.subject != second]
    removed += moved + list(graph.of_subject[second]) + pointers
    added = _renamed(added + moved + links + about + [t for t in pointers if t.subject != first], names)
    return f"{_about(second, graph)} goes into {_about(first, graph)}", removed, added


def _natural(text: str) -> list:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in text.replace("-", ".").split(".")]


@_kind("duplicate-claim", "a claim stands a second time under a new letter, with steps and references of its own")
def duplicate_claim(graph, rng):
    claim = _pick(rng, graph.all("Claim"))
    letters = {local(c).rsplit("-", 1)[1] for c in graph.claims_of(graph.value(claim, onr("statedAt")))}
    letter = next(x for x in "abcdefghijklmnopqrstuvwxyz" if x not in letters) if len(letters) < 26 else "zz"
    old, new = local(claim), f"{local(claim).rsplit('-', 1)[0]}-{letter}"
    parts = [*graph.values(claim, onr("hasStep")), *graph.values(claim, onr("hasEvidence"))]
    names = {record: ox.NamedNode(record.value.replace(old, new)) for record in (claim, *parts)}
    added = _renamed([t for record in names for t in graph.of_subject[record]], names)
    return f"{_about(claim, graph)}: once more as {new}", [], added


@_kind("drop-label", "a claim or an entity loses its label")
def drop_label(graph, rng):
    record = _pick(rng, graph.all("Claim") + graph.all("Entity"))
    removed = [t for t in graph.of_subject[record] if t.predicate == LABEL]
    return f"{_about(record, graph)}: label dropped", removed, []


@_kind("blank-label", "a label is emptied")
def blank_label(graph, rng):
    record = _pick(rng, graph.all("Claim") + graph.all("Entity"))
    return f"{_about(record, graph)}: label emptied", *_one(
        graph, record, LABEL, ox.Literal(rng.choice(["", " "]), language="en")
    )


# --- evidence ---


def _cite(graph, rng, pool):
    line = _pick(rng, graph.all("EvidenceLine"))
    old = graph.value(line, CITES_AS_EVIDENCE)
    claim = graph.claim_of(line)
    printed = graph.values(graph.value(claim, onr("statedAt")), onr("cites"))
    taken = {graph.value(other, CITES_AS_EVIDENCE) for other in graph.values(claim, onr("hasEvidence"))}
    new = _pick(rng, [p for p in pool(printed) if p not in taken])
    if old not in printed or new is None:
        return None
    removed, added = _one(graph, line, CITES_AS_EVIDENCE, new)
    return line, old, new, removed, added


@_kind("wrong-reference", "an evidence line cites another publication of the list")
def wrong_reference(graph, rng):
    change = _cite(graph, rng, lambda printed: [p for p in graph.all("Publication") if p not in printed])
    if change is None:
        return None
    line, old, new, removed, added = change
    return f"{_about(line, graph)}: {local(old)} becomes {local(new)}", removed, added


@_kind("wrong-reference-nearby", "an evidence line is made for another reference of the same passage", group="hard")
def wrong_reference_nearby(graph, rng):
    change = _cite(graph, rng, lambda printed: printed)
    if change is None:
        return None
    line, old, new, removed, added = change
    number = local(new).rsplit("-", 1)[-1]
    renamed = {line: ox.NamedNode(line.value.rsplit("-", 1)[0] + f"-r{number}")}
    everything = _evidence(graph, line)
    rest = [t for t in everything if t not in removed]
    return f"{_about(line, graph)}: {local(old)} becomes {local(new)}", everything, _renamed(added + rest, renamed)


@_kind("drop-reference", "an evidence line is removed")
def drop_reference(graph, rng):
    line = _pick(rng, graph.all("EvidenceLine"))
    count = len(graph.values(graph.claim_of(line), onr("hasEvidence")))
    return f"{_about(line, graph)}: removed (one of {count})", _evidence(graph, line), []


@_kind("drop-directness", "an evidence line loses its directness")
def drop_directness(graph, rng):
    line = _pick(rng, graph.all("EvidenceLine"))
    removed = [t for t in graph.of_subject[line] if t.predicate == onr("directness")]
    return f"{_about(line, graph)}: directness dropped", removed, []


# --- passages ---


@_kind("change-digest", "one digit of a passage's digest changes", needs_text=True)
def change_digest(graph, rng):
    passage = _pick(rng, graph.all("Passage"))
    old = graph.value(passage, onr("textDigest")).value
    place = rng.randrange(64)
    new = old[:place] + rng.choice([d for d in "0123456789abcdef" if d != old[place]]) + old[place + 1 :]
    change = _one(graph, passage, onr("textDigest"), ox.Literal(new))
    return f"{_about(passage, graph)}: digit {place + 1} of the digest changed", *change


@_kind("drop-mention", "a passage loses an entity it names and a claim of it uses")
def drop_mention(graph, rng):
    passage = _pick(rng, [p for p in graph.all("Passage") if graph.claims_of(p)])
    used = {e for claim in graph.claims_of(passage) for e in graph.used_by(claim)}
    gone = _pick(rng, [e for e in graph.values(passage, onr("mentions")) if e in used])
    if gone is None:
        return None
    return f"{_about(passage, graph)}: mention of {local(gone)} dropped", [ox.Triple(passage, onr("mentions"), gone)], []


@_kind("drop-unused-mention", "a passage loses an entity it names and no claim of it uses", group="hard", needs_text=True)
def drop_unused_mention(graph, rng):
    passage = _pick(rng, graph.all("Passage"))
    used = {e for claim in graph.claims_of(passage) for e in graph.used_by(claim)}
    gone = _pick(rng, [e for e in graph.values(passage, onr("mentions")) if e not in used])
    if gone is None:
        return None
    return f"{_about(passage, graph)}: mention of {local(gone)} dropped", [ox.Triple(passage, onr("mentions"), gone)], []


@_kind("wrong-mention", "a passage names an entity that its text does not", needs_text=True)
def wrong_mention(graph, rng):
    passage, entity = _pick(rng, graph.all("Passage")), _pick(rng, graph.all("Entity"))
    if entity in graph.values(passage, onr("mentions")):
        return None
    return f"{_about(passage, graph)}: names {local(entity)}", [], [ox.Triple(passage, onr("mentions"), entity)]


# --- entities ---


def _top(graph: Graph, entity) -> set:
    tops = {"Cell", "MolecularEntity", "BiologicalStructure", "Process", "Condition", "Disease", "ModelSystem"}
    return {name for name in tops if onr(name) in graph.classes(entity)}


def _class_swap(graph, rng, *, near: bool):
    entity = _pick(rng, graph.all("Entity"))
    here = graph.classes(entity)
    old = [c for c in graph.values(entity, RDF_TYPE) if c.value.startswith(onr("").value)]
    donors = [e for e in graph.all("Entity") if bool(_top(graph, e) & _top(graph, entity)) == near]
    pool = {c for e in donors for c in graph.values(e, RDF_TYPE) if c not in here}
    pool = {c for c in pool if not here & {s for s, above in graph.superclasses.items() if c in above}}  # not merely wider
    if near:  # a sister: the same superclass
        parents = {p for c in old for p in graph.superclasses[c] - {c}}
        pool = {c for c in pool if graph.superclasses[c] - {c} == parents}
    pool = {c for c in pool if onr("ResponseReadout") not in graph.superclasses[c]}
    new = _pick(rng, sorted(pool, key=str))
    if new is None or not old:
        return None
    removed = [ox.Triple(entity, RDF_TYPE, c) for c in old]
    return (
        f"{_about(entity, graph)}: class {', '.join(map(local, old))} becomes {local(new)}",
        removed,
        [ox.Triple(entity, RDF_TYPE, new)],
    )


@_kind("wrong-class", "an entity gets a class from another part of the hierarchy, such as a cell called a protein")
def wrong_class(graph, rng):
    return _class_swap(graph, rng, near=False)


@_kind("near-wrong-class", "an entity gets a sister of its class, such as a T cell called a B cell", group="hard")
def near_wrong_class(graph, rng):
    return _class_swap(graph, rng, near=True)


# --- mappings ---


OBSOLETE = {
    "GO:0005615": "extracellular space",
    "GO:0060548": "negative regulation of cell death",
    "GO:1901555": "response to paclitaxel",
    "GO:0007050": "cell cycle arrest",
    "GO:0046618": "drug export",
    "GO:0019933": "cAMP-mediated signaling",
}


_SHOWN = ("subject_id", "predicate_id", "object_id")


def _row(graph: Graph, node) -> dict[str, str]:
    curie = graph.content.prefixes.curie
    values = {column: graph.value(node, sssom(column)) for column in mappings.COLUMNS}
    return {
        column: "" if term is None else curie(term.value) if isinstance(term, ox.NamedNode) else term.value
        for column, term in values.items()
    }


def _remapped(graph: Graph, node, **cells: str):
    """A row with other cells, read as the file would be."""
    before = _row(graph, node)
    after = before | cells
    direct = ox.Triple(*(graph.value(node, sssom(f"{slot}_id")) for slot in ("subject", "predicate", "object")))
    row = " ".join(before[column] for column in _SHOWN)
    target = f"{after['object_id']} {after['object_label']}"
    what = f"{row} becomes {target}"
    removed = [direct, *graph.of_subject[node]]
    try:
        triples = mappings.to_triples([mappings.Mapping(0, after)], graph.content.prefixes, "graph/mappings")
        added = [ox.Triple(t.subject, t.predicate, t.object) for t in triples]
    except InputError as error:
        return what, removed, [], str(error)
    return what, removed, added


def _prefix(node, graph: Graph) -> str:
    return _row(graph, node)["object_id"].partition(":")[0]


@_kind("obsolete-mapping", "a row points at an obsolete term")
def obsolete_mapping(graph, rng):
    node = _pick(rng, [m for m in graph.mappings if _prefix(m, graph) == "GO"])
    identifier = rng.choice(sorted(OBSOLETE))
    return _remapped(graph, node, object_id=identifier, object_label=OBSOLETE[identifier])


@_kind("wrong-kind-mapping", "a row points at a term of another kind, such as a disease for a cell")
def wrong_kind_mapping(graph, rng):
    node, other = _pick(rng, graph.mappings), _pick(rng, graph.mappings)
    entity, donor = (graph.value(m, sssom("subject_id")) for m in (node, other))
    if not _top(graph, entity) or _top(graph, entity) & _top(graph, donor):
        return None
    cells = ("object_id", "object_label", "object_source", "object_source_version")
    return _remapped(graph, node, **{cell: _row(graph, other)[cell] for cell in cells})


@_kind("mistyped-mapping", "one digit of the identifier in a row is wrong, or two have changed places")
def mistyped_mapping(graph, rng):
    node = _pick(rng, graph.mappings)
    prefix, _, name = _row(graph, node)["object_id"].partition(":")
    digits = [n for n, letter in enumerate(name) if letter.isdigit()]
    place = _pick(rng, digits)
    if place is None:
        return None
    wrong = name[:place] + rng.choice([d for d in "0123456789" if d != name[place]]) + name[place + 1 :]
    if rng.random() < 0.5 and place + 1 in digits and name[place] != name[place + 1]:
        wrong = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    return _remapped(graph, node, object_id=f"{prefix}:{wrong}")


@_kind("misformed-mapping", "a digit of the identifier in a row is missing")
def misformed_mapping(graph, rng):
    node = _pick(
        rng, [m for m in graph.mappings if _prefix(m, graph) in {"BTO", "CL", "CLO", "DOID", "GO", "MONDO", "UBERON", "drugbank"}]
    )
    return _remapped(graph, node, object_id=_row(graph, node)["object_id"][:-1])


@_kind("wrong-term-mapping", "a row points at the term of another entity of the same class and vocabulary, label and all")
def wrong_term_mapping(graph, rng):
    node = _pick(rng, graph.mappings)
    entity, prefix = graph.value(node, sssom("subject_id")), _prefix(node, graph)

    def fits(other) -> bool:
        donor = graph.value(other, sssom("subject_id"))
        return donor != entity and bool(_top(graph, entity) & _top(graph, donor)) and _prefix(other, graph) == prefix

    other = _pick(rng, [m for m in rng.sample(graph.mappings, 200) if fits(m)])
    if other is None:
        return None
    cells = ("object_id", "object_label", "object_source", "object_source_version")
    return _remapped(graph, node, **{cell: _row(graph, other)[cell] for cell in cells})


@_kind("wrong-match-kind", "a broad match is called exact", group="hard")
def wrong_match_kind(graph, rng):
    node = _pick(rng, [m for m in graph.mappings if _row(graph, m)["predicate_id"] == "skos:broadMatch"])
    what, *change = _remapped(graph, node, predicate_id="skos:exactMatch")
    return what.replace(" becomes ", " becomes skos:exactMatch "), *change
