"""Faults in the steps of a claim: signs, ends, perturbations, steps left out."""

from __future__ import annotations

import random

import pyoxigraph as ox

from tests.mutation.faults.kinds import about, kind, one, pick
from tests.mutation.graph import Graph, local, onr


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

    return pick(rng, [other for other in graph.relations if fits(other)])


def _flip(graph: Graph, rng: random.Random, *, with_response: bool):
    claim = pick(rng, graph.all("Claim"))
    if (graph.value(claim, onr("polarity")) != onr("none")) != with_response:
        return None
    step = pick(rng, graph.steps(claim))
    twin = _signed_twin(graph, rng, step)
    if twin is None:
        return None
    return (
        f"{about(step, graph)}: relation {local(graph.value(step, onr('relation')))} becomes {local(twin)}; "
        f"the claim says: {graph.label(claim)}",
        *one(graph, step, onr("relation"), twin),
    )


@kind("flip-sign", "a step gets a relation of the opposite sign, in a claim that tells a response")
def flip_sign(graph, rng):
    return _flip(graph, rng, with_response=True)


@kind("flip-sign-no-response", "the same in a claim without polarity", group="fault")
def flip_sign_no_response(graph, rng):
    return _flip(graph, rng, with_response=False)


@kind("swap-ends", "subject and object of a step change places, with their cells and aspects")
def swap_ends(graph, rng):
    step = pick(rng, graph.all("Step"))
    there = {onr(f"subject{end}"): onr(f"object{end}") for end in ("", "In", "Aspect")}
    there |= {new: old for old, new in there.items()}
    removed = [t for t in graph.of_subject[step] if t.predicate in there]
    added = [ox.Triple(step, there[t.predicate], t.object) for t in removed]
    if graph.value(step, onr("subject")) == graph.value(step, onr("object")):
        return None
    if graph.value(step, onr("relation")) in {onr(r) for r in ("associatedWith", "positivelyCorrelated", "negativelyCorrelated")}:
        return None  # these say the same both ways
    return f"{about(step, graph)}: subject and object change places", removed, added


@kind("drop-perturbation", "a step loses what the experimenter did, or how the subject had changed")
def drop_perturbation(graph, rng):
    wanted = {onr("perturbation"), onr("perturbedBy"), onr("subjectChange")}
    steps = sorted({t.subject for t in graph.data if t.predicate in wanted}, key=str)
    step = pick(rng, steps)
    removed = [t for t in graph.of_subject[step] if t.predicate in wanted]
    what = ", ".join(local(t.object) for t in removed)
    return f"{about(step, graph)}: {what} dropped; the claim says: {graph.label(graph.claim_of(step))}", removed, []


@kind("remove-step", "a step is deleted")
def remove_step(graph, rng):
    step = pick(rng, graph.all("Step"))
    claim = graph.claim_of(step)
    number = graph.value(step, onr("order")).value
    removed = [ox.Triple(claim, onr("hasStep"), step), *graph.of_subject[step]]
    return f"{about(step, graph)}: removed (number {number} of {len(graph.steps(claim))})", removed, []


@kind("leave-out-step", "a step is left out and the others are renumbered", group="hard")
def leave_out_step(graph, rng):
    claim = pick(rng, [c for c in graph.all("Claim") if len(graph.steps(c)) > 1])
    steps = graph.steps(claim)
    gone = rng.randrange(len(steps))
    removed = [ox.Triple(claim, onr("hasStep"), steps[gone]), *graph.of_subject[steps[gone]]]
    added = []
    for number, step in enumerate(steps[gone + 1 :], gone + 1):
        old, new = one(graph, step, onr("order"), ox.Literal(number))
        removed, added = removed + old, added + new
    sentence = f"{local(graph.value(steps[gone], onr('subject')))} {local(graph.value(steps[gone], onr('relation')))} "
    sentence += local(graph.value(steps[gone], onr("object")))
    return f"{about(claim, graph)}: left out: {sentence}; the claim says: {graph.label(claim)}", removed, added


@kind("misspell-relation", "a relation is misspelt")
def misspell_relation(graph, rng):
    step = pick(rng, graph.all("Step"))
    name = local(graph.value(step, onr("relation")))
    place = rng.randrange(1, len(name) - 1)
    wrong = onr(name[:place] + name[place + 1 :])
    return f"{about(step, graph)}: relation {name} becomes {local(wrong)}", *one(graph, step, onr("relation"), wrong)


@kind("undeclared-entity", "a step names an entity that does not exist")
def undeclared_entity(graph, rng):
    step, end = pick(rng, graph.all("Step")), onr(rng.choice(["subject", "object"]))
    old = graph.value(step, end)
    new = ox.NamedNode(old.value + "x")
    return f"{about(step, graph)}: {local(end)} {local(old)} becomes {local(new)}", *one(graph, step, end, new)
