"""The second reading: who did not write a claim has read it against its passage, and a later change is noticed.

The seal of a claim (`onr:reviewedContent`) is the SHA-256 digest of everything it said when it was read: its own triples,
those of its steps and evidence lines, and the digest of the text of its passage. It is no signature: it says that the
reading happened to this content, not who read. Whoever changes the claim reads it again and seals it anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from oncoresist import turtle
from oncoresist.content import LAYERS, Content, into_store
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.findings import Finding
from oncoresist.namespaces import BASE, RDF_TYPE, onr
from oncoresist.target import replace_text

SEAL = onr("reviewedContent")
_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_LOCATOR = ox.NamedNode("http://purl.org/dc/terms/identifier")
RULE = "changed-since-review"


@dataclass(frozen=True)
class Reading:
    """A claim as it lies before its second reader.

    :param claim: CURIE
    :param locator: where its passage stands in the source
    :param steps: one line each, in order
    :param state: ``read``, ``changed`` (since it was read) or ``unread``
    """

    claim: str
    locator: str
    label: str
    steps: tuple[str, ...]
    state: str


def digest(claim: ox.NamedNode, store: ox.Store) -> str:
    """The SHA-256 digest of what a claim says: its block, its steps and evidence lines, and the text it was read from.

    :param store: holds the evidence layer in its named graph
    """
    own = _of(store, claim)
    parts = [t.object for t in own if t.predicate in (onr("hasStep"), onr("hasEvidence"))]
    triples = [*own, *(t for part in parts for t in _of(store, part))]
    for passage in (t.object for t in own if t.predicate == onr("statedAt")):
        triples += [t for t in _of(store, passage) if t.predicate == onr("textDigest")]
    lines = sorted({f"{t.subject} {t.predicate} {t.object} ." for t in triples if t.predicate != SEAL})
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def states(store: ox.Store) -> dict[ox.NamedNode, str]:
    """Claim → ``read``, ``changed`` (since it was read) or ``unread``, by name."""
    graph = LAYERS["evidence"]
    claims = {quad.subject for quad in store.quads_for_pattern(None, RDF_TYPE, onr("Claim"), graph)}
    sealed = {quad.subject: quad.object.value for quad in store.quads_for_pattern(None, SEAL, None, graph)}
    return {
        claim: "unread" if claim not in sealed else "read" if sealed[claim] == digest(claim, store) else "changed"
        for claim in sorted(claims, key=str)
    }


def review_findings(store: ox.Store, content: Content) -> tuple[list[Finding], str]:
    """One finding for each claim that changed since it was read; claims not yet read a second time are only counted."""
    found, counts = [], {"read": 0, "changed": 0, "unread": 0}
    for claim, state in states(store).items():
        counts[state] += 1
        if state == "changed":
            name = content.prefixes.curie(claim.value)
            problem = "The claim, a step, an evidence line or the text of the passage changed since its second reading."
            remedy = f"Read it against its passage again, then run: oncoresist review {name}"
            found.append(Finding(content.places.get(claim.value, "graph/"), name, problem, remedy, RULE))
    note = f"review: {counts['read']} claims read twice, {counts['changed']} changed since, {counts['unread']} not yet read twice"
    return found, note


def review(content: Content, claims: Iterable[str], *, all_changed: bool = False) -> list[Reading]:
    """Seal claims that have just been read a second time.

    :param claims: CURIEs or IRIs; none and not `all_changed`: nothing is sealed
    :param all_changed: every claim that changed since its reading or was never read
    :returns: the claims that were sealed; or, if none was asked for, those that wait for a reading
    :raises UnknownNameError: there is no such claim; nothing is written
    """
    store = ox.Store()
    into_store(store, "evidence", content.triples("evidence"))
    known = states(store)
    names = {content.prefixes.curie(claim.value): claim for claim in known}
    wanted = []
    for name in claims:
        curie = content.prefixes.curie(name) if name.startswith(BASE) else name
        if curie not in names:
            raise UnknownNameError("claim", name, names)
        wanted.append(names[curie])
    waiting = [claim for claim, state in known.items() if state != "read"]
    if all_changed and wanted:
        raise UsageError("Name claims, or say --all-changed, not both.")
    chosen = waiting if all_changed or not wanted else wanted
    readings = [_reading(claim, known[claim], store, content) for claim in chosen]
    if all_changed or wanted:
        _write({claim: digest(claim, store) for claim in chosen}, content)
    return readings


def _write(seals: dict[ox.NamedNode, str], content: Content) -> None:
    """Each file is replaced as a whole or not at all."""
    for path in content.graph_files:
        triples = [ox.Triple(t.subject, t.predicate, t.object) for t in turtle.read(path, content.layout.relative(path))]
        here = {t.subject for t in triples if t.predicate == RDF_TYPE and t.subject in seals}
        if not here:
            continue
        kept = [t for t in triples if t.predicate != SEAL or t.subject not in here]
        text = turtle.write([*kept, *(ox.Triple(claim, SEAL, ox.Literal(seals[claim])) for claim in here)], content.prefixes)
        replace_text(path, text, "the seals")


def _reading(claim: ox.NamedNode, state: str, store: ox.Store, content: Content) -> Reading:
    values = {t.predicate: t.object for t in _of(store, claim)}
    passage = {t.predicate: t.object for t in _of(store, values[onr("statedAt")])} if onr("statedAt") in values else {}
    steps = [{t.predicate: t.object for t in _of(store, t.object)} for t in _of(store, claim) if t.predicate == onr("hasStep")]
    steps.sort(key=lambda step: int(getattr(step.get(onr("order")), "value", 0)))
    label, locator = values.get(_LABEL), passage.get(_LOCATOR)
    return Reading(
        content.prefixes.curie(claim.value),
        locator.value if locator else "",
        label.value if label else "",
        tuple(_sentence(step) for step in steps),
        state,
    )


def _sentence(step: dict) -> str:
    def local(name: str) -> str:
        return step[onr(name)].value.rsplit("/", 1)[-1] if onr(name) in step else ""

    denied = "not: " if step.get(RDF_TYPE) == onr("DeniedStep") else ""
    state = local("perturbation") or local("subjectChange")
    return f"{denied}{local('subject')}{f' ({state})' if state else ''} {local('relation')} {local('object')}"


def _of(store: ox.Store, subject) -> list[ox.Quad]:
    return list(store.quads_for_pattern(subject, None, None, LAYERS["evidence"]))
