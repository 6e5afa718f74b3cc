"""The answer to "why is this of that class", or "why not", for one thing."""

from __future__ import annotations

from dataclasses import dataclass, field

from oncoresist.content import Content
from oncoresist.definitions import Any, Every, Named, Some
from oncoresist.engines import Engine
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.mechanism.classification import members_query, overview_query
from oncoresist.mechanism.justify import Condition, Prover, conditions, confirmed_by_hermit, shrink
from oncoresist.mechanism.theory import Axiom, Facts, Theory
from oncoresist.mechanism.wording import Wording
from oncoresist.names import Names, with_article
from oncoresist.namespaces import ONR, RDF_TYPE, Prefixes

_KIND_ORDER = ("definition", "fact", "domain", "range", "subproperty", "subclass", "disjoint")


@dataclass(frozen=True)
class Reason:
    """One statement of a justification.

    :param sentence: for people
    :param statement: the same in CURIEs, for programs
    :param where: file and line, for what stands in a file
    """

    axiom: Axiom
    sentence: str
    statement: str
    where: str


@dataclass(frozen=True)
class Explanation:
    """Why something belongs to a class, or what it lacks.

    :param holds: whether it belongs
    :param reasons: if it does: statements that suffice, none of which can be spared
    :param lacking: if it does not: the conditions as (depth, met, sentence)
    :param conclusion: the outcome in one sentence
    :param confirmed: what HermiT says of `reasons`; None if it was not asked
    """

    thing: str
    class_: str
    holds: bool
    conclusion: str
    reasons: list[Reason] = field(default_factory=list)
    lacking: list[tuple[int, bool, str]] = field(default_factory=list)
    confirmed: bool | None = None

    def to_dict(self) -> dict:
        """Plain data for JSON."""
        return {
            "thing": self.thing,
            "class": self.class_,
            "holds": self.holds,
            "conclusion": self.conclusion,
            "reasons": [{"sentence": r.sentence, "statement": r.statement, "where": r.where} for r in self.reasons],
            "conditions": [{"depth": depth, "met": met, "condition": sentence} for depth, met, sentence in self.lacking],
            "confirmedByHermiT": self.confirmed,
        }


class Explainer:
    """Explains classes of things of one graph.

    :param places: IRI → ``file:line``
    """

    def __init__(self, engine: Engine, names: Names, prefixes: Prefixes, places: dict[str, str]) -> None:
        self._engine, self._names, self._prefixes, self._places = engine, names, prefixes, places
        self._theory = Theory.read(engine)
        self._facts = Facts(engine, self._theory)
        self._prover = Prover(self._theory, self._facts)

    def classes_worth_explaining(self, thing: str) -> list[str]:
        """The classes that `thing` was given by definition, or if there are none all it has; narrow ones only."""
        types = {t for t in self._facts.all_types(thing) if t.startswith(ONR)}
        found = {t for t in types if t in self._theory.definitions} or types
        return sorted(t for t in found if not any(t != n and t in self._theory.above(n) for n in found))

    def explain(self, thing: str, class_: str, *, hermit: bool = False) -> Explanation:
        """Why `thing` is of `class_`, or why not.

        :param hermit: let HermiT confirm that the reasons suffice and that none can be spared (needs Java)
        """
        found = self._prover.member(thing, class_)
        if found is None:
            return self._why_not(thing, class_)
        axioms = shrink(found, self._theory, [(thing, class_)])
        confirmed = confirmed_by_hermit(axioms, self._theory, thing, class_) if hermit else None
        wording = self._wording({iri for axiom in axioms for iri in self._iris(axiom)} | {thing, class_})
        conclusion = _capital(f"{wording.name(thing)} is {with_article(wording.name(class_))}.")
        return Explanation(thing, class_, True, conclusion, self.reasons(axioms, thing, wording), confirmed=confirmed)

    def reasons(self, axioms: frozenset[Axiom], thing: str, wording: Wording) -> list[Reason]:
        """The axioms in the order of the story: definitions, what is said of the thing, and of what it is linked to."""
        rank = self._distances(axioms, thing)

        def place(a: Axiom) -> tuple:
            return _KIND_ORDER.index(a.kind), rank.get(a.parts[0], 99) if a.kind == "fact" else 0, a.parts[1] != RDF_TYPE.value, a

        return [
            Reason(a, wording.axiom(a), self._statement(a), self._places.get(a.parts[0], "")) for a in sorted(axioms, key=place)
        ]

    def _distances(self, axioms: frozenset[Axiom], thing: str) -> dict[str, int]:
        distance, waiting = {thing: 0}, [thing]
        while waiting:
            here = waiting.pop(0)
            for a in sorted(axioms):
                if a.kind == "fact" and a.parts[1] != RDF_TYPE.value and here in (a.parts[0], a.parts[-1]):
                    other = a.parts[-1] if here == a.parts[0] else a.parts[0]
                    if other not in distance:
                        distance[other] = distance[here] + 1
                        waiting.append(other)
        return distance

    def _statement(self, axiom: Axiom) -> str:
        words = [self._prefixes.curie(p) if not p.isdigit() else "" for p in axiom.parts]
        middle = {
            "subclass": "rdfs:subClassOf",
            "subproperty": "rdfs:subPropertyOf",
            "domain": "rdfs:domain",
            "range": "rdfs:range",
        }
        if axiom.kind == "definition":
            return f"{words[0]} owl:equivalentClass …"
        if axiom.kind == "fact":
            return " ".join([*words, *([axiom.value] if axiom.value else [])])
        return f"{words[0]} {middle.get(axiom.kind, 'owl:disjointWith')} {words[1]}"

    def _iris(self, axiom: Axiom) -> set[str]:
        found = {part for part in axiom.parts if not part.isdigit()}
        if axiom.kind == "definition":
            found |= _used(self._theory.definitions[axiom.parts[0]][int(axiom.parts[1])])
        return found

    def _wording(self, iris: set[str]) -> Wording:
        query = """SELECT ?class ?definition WHERE { VALUES ?class { %s } ?class skos:definition ?definition .
          FILTER(CONTAINS(?definition, "typed at build")) }"""
        rows = self._engine.query(query % " ".join(f"<{iri}>" for iri in sorted(iris)))
        typed = {r["class"].value: _why_typed(r["definition"].value) for r in rows}
        return Wording(self._names.labels(iris), self._prefixes.curie, self._theory, typed)

    def _why_not(self, thing: str, class_: str) -> Explanation:
        definitions = self._theory.definitions.get(class_, [])
        tried = [conditions(self._prover, thing, expression) for expression in definitions]
        types = self._facts.types(thing)
        clash = next((pair for t in types if (pair := self._theory.excludes(t, class_))), None)
        iris = {thing, class_, *types, *(clash or ()), *(n for c in tried for n in _nearest(c))}
        iris |= {iri for expression in definitions for iri in _used(expression)}
        wording = self._wording(iris)
        named, kind = wording.name(thing), with_article(wording.name(class_))
        lines: list[tuple[int, bool, str]] = []
        if clash:
            both = " and ".join(with_article(wording.name(c)) for c in clash)
            conclusion = f"{named} cannot be {kind}: nothing is both {both}."
        elif definitions:
            conclusion = f"That {named} is {kind} does not follow from the graph."
        else:
            conclusion = f"{named} is not stated to be {kind}, and no definition leads there."
        if types:
            lines.append(
                (0, True, f"{_capital(wording.name(thing))} is {' and '.join(with_article(wording.name(t)) for t in types)}.")
            )
        for condition in tried:
            lines += _condition_lines(condition, wording, 0)
        return Explanation(thing, class_, False, _capital(conclusion), lacking=lines)


def _condition_lines(condition: Condition, wording: Wording, depth: int) -> list[tuple[int, bool, str]]:
    match condition.expression:
        case Any():
            lines = [(depth, condition.met, "One of these is needed:")]
            for number, part in enumerate(condition.parts, 1):
                lines += [(depth + 1, part.met, f"{number}. all of:"), *_parts_lines(part, wording, depth + 2)]
            return lines
        case Every():
            return _parts_lines(condition, wording, depth)
        case Named(iri):
            return [(depth, condition.met, with_article(wording.name(iri)))]
        case Some():
            text = wording.expression(condition.expression).removeprefix("something ")
            if condition.met or not condition.parts:
                return [(depth, condition.met, text)]
            part = condition.parts[0]
            if isinstance(part.expression, Named):
                return [(depth, False, f"{text}; here it is {wording.name(condition.nearest)}")]
            return [
                (depth, False, f"{text}. Nearest is {wording.name(condition.nearest)}:"),
                *_parts_lines(part, wording, depth + 1),
            ]
    return []


def _parts_lines(condition: Condition, wording: Wording, depth: int) -> list[tuple[int, bool, str]]:
    return [line for part in condition.parts or (condition,) for line in _condition_lines(part, wording, depth)]


def _nearest(condition: Condition) -> set[str]:
    return ({condition.nearest} if condition.nearest else set()) | {n for part in condition.parts for n in _nearest(part)}


def _used(expression) -> set[str]:
    match expression:
        case Named(iri):
            return {iri}
        case Some(property_, filler, _):
            return {property_} | _used(filler)
    return {iri for part in expression.parts for iri in _used(part)}


def _why_typed(definition: str) -> str:
    text = definition.replace("(typed at build)", "").replace("; typed at build)", ")").strip(" .")
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def explain(
    thing: str, of_class: str | None, engine: Engine, names: Names, content: Content, *, hermit: bool
) -> list[Explanation]:
    """Why `thing` is of a class, or of each defined class it falls into; if there are none, of each class it has.

    :raises UsageError: HermiT is asked for and cannot run
    :raises UnknownNameError: no such class
    """
    from oncoresist import reasoner

    if hermit and (reason := reasoner.unavailable()):
        raise UsageError(reason)
    explainer = Explainer(engine, names, content.prefixes, content.places)
    classes = [class_named(of_class, engine, content.prefixes)] if of_class else explainer.classes_worth_explaining(thing)
    return [explainer.explain(thing, class_, hermit=hermit) for class_ in classes]


def classification_query(of_class: str | None, engine: Engine, prefixes: Prefixes, *, everything: bool) -> str:
    """SPARQL for the members of a class, or for the overview.

    :raises UnknownNameError: no such class
    """
    return members_query(class_named(of_class, engine, prefixes)) if of_class else overview_query(everything=everything)


def class_named(name: str, engine: Engine, prefixes: Prefixes) -> str:
    """The IRI of a class of the ontology by label, synonym, local name, CURIE or IRI.

    :raises UnknownNameError: there is none; the nearest are named
    """
    if "://" in name or prefixes.knows(name):
        iri, asked = prefixes.iri(name), name
        if engine.query(f"ASK {{ <{iri}> a owl:Class }}"):
            return iri
        name = asked.partition(":")[2]
    rows = engine.query(
        """SELECT ?class ?name WHERE { ?class a owl:Class ; rdfs:label|skos:altLabel ?name .
        FILTER(STRSTARTS(STR(?class), STR(onr:))) } ORDER BY ?class ?name"""
    )
    known: dict[str, str] = {}
    labels = []
    for row in rows:
        label, iri = row["name"].value, row["class"].value
        labels.append(label)
        for form in (label, label.removesuffix(" claim"), iri.removeprefix(ONR)):
            known.setdefault(form.casefold(), iri)
    if found := known.get(name.casefold()):
        return found
    raise UnknownNameError("class", name, labels, "`oncoresist reason` lists the defined classes.")
