"""Reasoning over mechanisms: paths, proofs, what falls with a paper, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from oncoresist.engines import Embedded
from oncoresist.errors import UsageError
from oncoresist.knowledge_graph.core import Core

if TYPE_CHECKING:
    from oncoresist.mechanism.meet import MeetAnswer
    from oncoresist.mechanism.path_answer import PathAnswer
    from oncoresist.mechanism.paths import Path as CausalPath


class Mechanisms(Core):
    """Reasoning over mechanisms: paths, proofs, what falls with a paper, what changed."""

    def paths(
        self,
        source: str,
        target: str,
        *,
        max_steps: int = 6,
        min_grade: str | None = None,
        cancer: str | None = None,
        limit: int = 20,
    ) -> PathAnswer:
        """Signed causal paths from one entity to another, the most credible first, with the claims behind every hop.

        :param source: label, synonym, CURIE or IRI; its kinds and members count as it
        :param target: likewise; what is said of a class of treatments counts for the treatment, and is labelled
        :param max_steps: hops that rest on evidence, 1 to 12
        :param min_grade: worst evidence grade of any hop, A to E
        :param cancer: leave out claims about other cancers; those that state none, a kind of it or a wider one stay
        :param limit: how many paths at most
        :returns: an `oncoresist.mechanism.path_answer.PathAnswer`
        :raises UnknownNameError: nothing is called so; the nearest names are suggested
        :raises UsageError: a number or grade out of range

        >>> from oncoresist import KnowledgeGraph
        >>> best = KnowledgeGraph.open().paths("MSC", "doxorubicin").paths[0]
        >>> best.net, best.stitched
        (1, False)
        """
        from oncoresist.mechanism.path_answer import answer_paths

        ends = self.names.entity(source), self.names.entity(target)
        where = self.names.entity(cancer, "onr:Disease") if cancer is not None else None
        options = {"max_steps": max_steps, "min_grade": min_grade, "cancer": where, "limit": limit}
        return answer_paths(self._network, self.engine, self.prefixes.curie, *ends, **options)

    def meet(self, one: str, other: str, target: str, *, max_steps: int = 6, limit: int = 10) -> MeetAnswer:
        """Where two stories about one target meet: what the paths from both sources pass, and whether a source says so.

        :param one: label, synonym, CURIE or IRI of the one source, `other` of the other; kinds and members count as it
        :param max_steps: hops that rest on evidence, 1 to 12
        :param limit: how many meetings at most
        :returns: an `oncoresist.mechanism.meet.MeetAnswer`
        :raises UnknownNameError: nothing is called so; the nearest names are suggested
        :raises UsageError: a number out of range

        >>> from oncoresist import KnowledgeGraph
        >>> KnowledgeGraph.open().meet("CAF", "ORAI3", "cisplatin").meetings[0].stitched
        True
        """
        from oncoresist.mechanism.meet import answer_meet
        from oncoresist.mechanism.path_answer import check_numbers

        check_numbers(max_steps, limit, "meeting")
        ends = tuple(self.names.entity(name) for name in (one, other, target))
        return answer_meet(self._network, self.prefixes.curie, *ends, max_steps=max_steps, limit=limit)

    @cached_property
    def _network(self):
        """The mechanism layer in memory, read once."""
        from oncoresist.mechanism.edges import load_network

        return load_network(self.engine, self.names)

    def prove(self, *what: str):
        """Why the graph holds what it derived: claims, passages, references, and the rules that lead from them there.

        :param what: CURIEs or IRIs of derived records (edges, drug mechanisms, conflicts), or the names of two entities for
            all edges from the first to the second
        :returns: an `oncoresist.mechanism.proof.Proof`
        :raises UnknownNameError: nothing is called so
        :raises UsageError: nothing derived leads from the one to the other

        >>> from oncoresist import KnowledgeGraph
        >>> proof = KnowledgeGraph.open().prove("IL6", "STAT3")
        >>> proof.words[0]
        'Derived'
        """
        from oncoresist.mechanism.prove import prove_derived, records_to_prove

        return prove_derived(records_to_prove(what, self.names, self.prefixes, self._store), self._store, self.content)

    def prove_path(self, path: Sequence[str] | CausalPath):
        """Why a path holds: the proof of its hops, that they join, between what it leads, and its net sign.

        :param path: one of the paths that `paths` gives, or CURIEs or IRIs of derived edges in order
        :raises UnknownNameError: one is no derived record
        :raises UsageError: they do not join

        >>> from oncoresist import KnowledgeGraph
        >>> kg = KnowledgeGraph.open()
        >>> kg.prove_path(kg.paths("HGF", "gefitinib").paths[0]).words[1]
        '  HGF … gefitinib: net sign +'
        """
        from oncoresist.mechanism.joints import Route
        from oncoresist.mechanism.paths import Path as CausalPath
        from oncoresist.mechanism.prove import prove_path

        if isinstance(path, CausalPath):
            edges = [hop.edge.iri for hop in path.hops if hop.edge]
            return prove_path(edges, self._store, self.content, Route(path.source, path.start, path.end, path.target))
        return prove_path([self.prefixes.iri(edge) for edge in path], self._store, self.content)

    def prove_answer(self, question_id: str, number: int = 1, **parameters: str | None):
        """Why one answer to a saved question is given: the records that make it, and the rules that were used.

        :param number: which answer, counted from 1 as `ask` shows them; rows about the same claim are one answer
        :param parameters: as for `ask`
        :raises UnknownNameError: no such question, parameter or entity
        :raises UsageError: there are not so many answers, or they come from other databases

        >>> from oncoresist import KnowledgeGraph
        >>> KnowledgeGraph.open().prove_answer("drugs-by-cell", 1, cell="fibroblast").scope
        'premises'
        """
        from oncoresist.mechanism.prove import answer_rows, prove_rows

        question = self.question(question_id)
        if question.federated:
            raise UsageError(f"{question.id} asks other databases, whose content is not ours to prove.")
        iris = self._bound(question, parameters)
        rows = answer_rows(question, iris, number, self._store, self.content)
        return prove_rows(question, iris, rows, self._store, self.content)

    def verify(self, path: Path | str):
        """Check a proof file line by line against the graph.

        :returns: an `oncoresist.mechanism.verify.Verification`
        :raises InputError: it cannot be read, or is no proof
        """
        from oncoresist.mechanism.proof import read_proof
        from oncoresist.mechanism.verify import verify

        return verify(read_proof(Path(path)), self._store, self.content)

    def what_if(self, *references: str, questions: bool = True):
        """What falls, weakens or changes sign if papers are not to be trusted.

        :param references: author and year, DOI, PMID, CURIE or IRI of each
        :param questions: also compare the answers of the saved questions
        :returns: an `oncoresist.mechanism.what_if.WhatIf`
        :raises UnknownNameError: no such publication; the nearest are named

        >>> from oncoresist import KnowledgeGraph
        >>> [claim.label for claim in KnowledgeGraph.open().what_if("Misri 2022", questions=False).fallen][:1]
        ['Cannabidiol sends cisplatin-resistant lung cancer cells into ...']
        """
        from oncoresist.mechanism.what_if import what_if

        doubted = [self.names.publication(name) for name in references]  # first: a name mistyped is told at once
        return what_if(self.state, doubted, self.content, questions=questions)

    @cached_property
    def state(self):
        """The graph as it is, laid out for comparing: an `oncoresist.mechanism.state.State`."""
        from oncoresist.mechanism.state import State, in_memory
        from oncoresist.store import build_in_memory

        built = in_memory(self.engine.store) if isinstance(self.engine, Embedded) else build_in_memory(self.content)[0]
        return State.of(self.content, built, "the graph as it is")

    def diff(self, old: Path | str, new: Path | str | None = None, *, questions: bool = True):
        """What changed between two states of the graph: claims, terms, mappings, edges, answers and why.

        :param old: a folder with content, a git revision of this checkout, or a file of N-Quads or TriG
        :param new: likewise; by default the graph as it is
        :param questions: also compare the answers of the saved questions
        :returns: an `oncoresist.mechanism.comparison.Comparison`
        :raises UsageError: no such revision, or no content there
        :raises InputError: a file cannot be read

        >>> from oncoresist import KnowledgeGraph
        >>> kg = KnowledgeGraph.open()
        >>> bool(kg.diff(kg.layout.root, questions=False))
        False
        """
        from oncoresist.exchange.diff import diff

        return diff(self, old, new, questions=questions)
