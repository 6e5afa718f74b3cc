"""What falls into which class, why, and whether HermiT agrees."""

from __future__ import annotations

from oncoresist.knowledge_graph.core import Core
from oncoresist.results import Answer


class Reasoning(Core):
    """What falls into which class, why, and whether HermiT agrees."""

    def reason(self, of_class: str | None = None, *, everything: bool = False) -> Answer:
        """The classification: what falls into which class, and what of it was inferred beyond what is stated.

        :param of_class: label, CURIE or IRI of a class, to list its members; by default all defined classes with their counts
        :param everything: count the members of every class
        :raises UnknownNameError: there is no such class

        >>> from oncoresist import KnowledgeGraph
        >>> "tme2019-platinum-1-6-a" in KnowledgeGraph.open().reason("stroma-driven claim").to_text("csv")
        True
        """
        from oncoresist.mechanism.explain import classification_query

        text = classification_query(of_class, self.engine, self.prefixes, everything=everything)
        return self._answer(self.engine.query(text, "reason"), given=frozenset({"label"}))

    def compare_with_hermit(self):
        """Let HermiT, the authority, classify everything and compare it with the fast closure of the build (needs Java).

        :returns: number of types compared and a list of `oncoresist.mechanism.classification.Disagreement`
        :raises UsageError: there is no Java
        :raises ContradictionError: the content contradicts itself, or a class can have no member; its findings say where
        """
        from oncoresist.mechanism.classification import compare_with_hermit

        return compare_with_hermit(self.engine, self.content)

    def explain(self, thing: str, of_class: str | None = None, *, hermit: bool = False) -> list:
        """Why something is of a class: facts and axioms that suffice, none of which can be spared. Or why it is not.

        :param thing: label, synonym, CURIE or IRI
        :param of_class: label, CURIE or IRI of a class; by default each defined class it falls into; without any, each it has
        :param hermit: let HermiT confirm that the reasons suffice and that none can be spared (needs Java)
        :returns: one `oncoresist.mechanism.explain.Explanation` for each class
        :raises UnknownNameError: no such thing or class

        >>> from oncoresist import KnowledgeGraph
        >>> [why] = KnowledgeGraph.open().explain("claim:tme2019-platinum-1-6-a", "stroma-driven claim")
        >>> why.holds, len(why.reasons)
        (True, 12)
        """
        from oncoresist.mechanism.explain import explain

        return explain(self.names.anything(thing), of_class, self.engine, self.names, self.content, hermit=hermit)
