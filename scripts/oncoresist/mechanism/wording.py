"""Axioms, facts and conditions as sentences that a biologist can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyoxigraph as ox

from oncoresist.definitions import OWL, Any, Every, Expression, Named, Some, read_expression
from oncoresist.errors import InputError
from oncoresist.mechanism.theory import AXIOM_KINDS, RDFS, Axiom, Theory
from oncoresist.names import with_article
from oncoresist.namespaces import BASE, ONR, RDF_TYPE

# Roles whose label does not fit into "the … of …".
_ROLES = {
    ONR + "aboutDrug": "treatment at stake",
    ONR + "subjectSide": "acting side (the subject, or the cell it sits in)",
    ONR + "involves": "participant",
    ONR + "subjectIn": "cell of the subject",
    ONR + "objectIn": "cell of the object",
}
_SUBCLASS, _EQUIVALENT = RDFS + "subClassOf", OWL + "equivalentClass"
_AXIOMS = AXIOM_KINDS | {OWL + "disjointWith": "disjoint"}
# What OWL says of two classes, properties or things beyond what ontology and content need.
_RELATIONS = {
    OWL + "complementOf": "Everything is either {a_one} or {a_other}, and nothing is both.",
    OWL + "sameAs": "{one} and {other} are one and the same.",
    OWL + "differentFrom": "{one} and {other} are two different things.",
    OWL + "inverseOf": "The {role} of anything has it as its {other_role}.",
    OWL + "propertyDisjointWith": "Nothing is both the {role} and the {other_role} of the same thing.",
}
_CHARACTERISTICS = {
    OWL + "FunctionalProperty": "Nothing has more than one {role}.",
    OWL + "InverseFunctionalProperty": "No two things have the same {role}.",
    OWL + "AsymmetricProperty": "Nothing is the {role} of what is its own {role}.",
    OWL + "IrreflexiveProperty": "Nothing is the {role} of itself.",
    OWL + "SymmetricProperty": "Whatever has a {role} is also the {role} of that.",
    OWL + "TransitiveProperty": "The {role} of the {role} of anything is its {role} too.",
    OWL + "Nothing": "{one} is said to be owl:Nothing, which nothing is.",
}


class Wording:
    """Says things by their labels.

    :param labels: IRI → label, for everything that may be named
    :param curie: what to call the rest
    :param typed_at_build: class → its definition, for classes that the build gives by rule
    """

    def __init__(
        self, labels: dict[str, str], curie: Callable[[str], str], theory: Theory, typed_at_build: dict[str, str]
    ) -> None:
        self._labels, self._curie, self._theory, self._typed = labels, curie, theory, typed_at_build
        self._told: set[str] = set()

    def name(self, iri: str) -> str:
        """A label as it is; steps and claims in quotation marks, with what they are. A claim is told in full only once."""
        label = self._labels.get(iri)
        if iri.startswith(f"{BASE}claim/") and label:
            first, self._told = iri not in self._told, self._told | {iri}
            return f"the claim {self._curie(iri)} (“{label.rstrip('.')}”)" if first else f"the claim {self._curie(iri)}"
        if iri.startswith(f"{BASE}step/"):
            return f"the step “{label}”" if label else f"the step {self._curie(iri)}"
        return label or self._curie(iri)

    def axiom(self, axiom: Axiom) -> str:
        """One sentence."""
        parts = axiom.parts
        match axiom.kind:
            case "fact" if parts[1] == RDF_TYPE.value:
                why = f", that is, {self._typed[parts[2]]}" if parts[2] in self._typed else ""
                return _sentence(f"{self.name(parts[0])} is of the kind “{self.name(parts[2])}”{why}")
            case "fact":
                return _sentence(
                    self._link(self.name(parts[0]), parts[1], self.name(parts[2]) if len(parts) > 2 else axiom.value)
                )
            case "subclass":
                return f"Every {self.name(parts[0])} is {with_article(self.name(parts[1]))}."
            case "subproperty":
                return f"The {self._role(parts[0])} of anything counts as its {self._role(parts[1])}."
            case "domain":
                return f"Only {with_article(self.name(parts[1]))} can have a {self._role(parts[0])}."
            case "range":
                return f"The {self._role(parts[0])} of anything is {with_article(self.name(parts[1]))}."
            case "disjoint":
                return f"Nothing is both {with_article(self.name(parts[0]))} and {with_article(self.name(parts[1]))}."
        expression = self._theory.definitions[parts[0]][int(parts[1])]
        return _sentence(f"by definition, {with_article(self.name(parts[0]))} is {self.expression(expression)}")

    def statement(self, triples: Sequence[ox.Triple]) -> str:
        """One sentence on an axiom or fact in any terms of OWL; in Turtle, if there are no better words for it.

        :param triples: the statement, then what its blank nodes say, as `oncoresist.mechanism.culprits.cut` gives them
        """
        subject, predicate, object_ = triples[0]
        if isinstance(subject, ox.BlankNode):
            return self._denied(triples) or self._turtle(triples)
        kind, one, other = _AXIOMS.get(predicate.value), subject.value, getattr(object_, "value", "")
        if kind and isinstance(object_, ox.NamedNode):
            return self.axiom(Axiom(kind, (one, other)))
        if predicate.value in (_SUBCLASS, _EQUIVALENT):
            try:
                whatever = self.expression(read_expression(object_, triples))
            except (InputError, IndexError, KeyError):
                return self._turtle(triples)
            every = "By definition, every" if predicate.value == _EQUIVALENT else "Every"
            return f"{every} {self.name(one)} is {whatever}."
        template = _CHARACTERISTICS.get(other) if predicate == RDF_TYPE else _RELATIONS.get(predicate.value)
        if template and not isinstance(object_, ox.BlankNode):
            roles = {"role": self._role(one), "other_role": self._role(other)}
            names = {"one": self.name(one), "other": self.name(other)}
            articles = {f"a_{key}": with_article(name) for key, name in names.items()}
            return _sentence(template.format(**roles, **names, **articles))
        if isinstance(object_, ox.BlankNode) or predicate.value.startswith(OWL):
            return self._turtle(triples)
        known = isinstance(object_, ox.NamedNode)
        return self.axiom(
            Axiom("fact", (one, predicate.value, other)) if known else Axiom("fact", (one, predicate.value), str(object_))
        )

    def _denied(self, triples: Sequence[ox.Triple]) -> str:
        """A negative property assertion."""
        said = {t.predicate.value.removeprefix(OWL): t.object for t in triples}
        thing, property_ = said.get("sourceIndividual"), said.get("assertionProperty")
        value = said.get("targetIndividual") or said.get("targetValue")
        if not thing or not property_ or not value:
            return ""
        told = self.name(value.value) if isinstance(value, ox.NamedNode) else str(value)
        return _sentence(f"the {self._role(property_.value)} of {self.name(thing.value)} is not {told}")

    def _turtle(self, triples: Sequence[ox.Triple]) -> str:
        return " ".join(" ".join(self._node(node) for node in (t.subject, t.predicate, t.object)) + " ." for t in triples)

    def _node(self, node: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
        return self._curie(node.value) if isinstance(node, ox.NamedNode) else str(node)

    def _link(self, subject: str, property_: str, object_: str) -> str:
        label = self._labels.get(property_, self._curie(property_))
        return f"{subject} has {object_}" if label == "has step" else f"the {self._role(property_)} of {subject} is {object_}"

    def _role(self, property_: str) -> str:
        return _ROLES.get(property_) or self._labels.get(property_, self._curie(property_)).removeprefix("has ")

    def expression(self, expression: Expression) -> str:
        """Words that may follow "is"."""
        match expression:
            case Named(iri):
                return with_article(self.name(iri))
            case Some():
                return "something " + self._some(expression)
            case Every(parts):
                kinds = [self.expression(p) for p in parts if not isinstance(p, Some)]
                links = [self._some(p) for p in parts if isinstance(p, Some)]
                return _listed([*kinds, *links]) if len(kinds) != 1 else f"{kinds[0]} {_listed(links)}".strip()
            case Any(parts):
                return "either " + ", or ".join(self.expression(part) for part in parts)

    def _some(self, some: Some) -> str:
        filler, role = self.expression(some.filler), self._role(some.property)
        if some.inverse:
            return f"that is the {role} of {filler}"
        return f"with {with_article(role)} that is {filler}"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _sentence(text: str) -> str:
    text = text.rstrip(".")
    return text[:1].upper() + text[1:] + "."
