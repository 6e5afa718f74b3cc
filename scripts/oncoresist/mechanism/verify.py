"""Checking a proof, line by line, against the graph: offline, and without trusting who made it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pyoxigraph as ox

from oncoresist.content import LAYERS, Content
from oncoresist.derive import derive_queries
from oncoresist.errors import OncoResistError
from oncoresist.mechanism.joints import joints
from oncoresist.mechanism.premises import Premises
from oncoresist.mechanism.proof import Proof
from oncoresist.mechanism.prove import facts, missing, prove_derived, prove_path, prove_rows
from oncoresist.mechanism.rules import as_rule, derive_from, rows_of, witnesses
from oncoresist.mechanism.words import tell
from oncoresist.namespaces import BASE, RDF_TYPE
from oncoresist.saved_query import SavedQuery, list_saved_queries, read_saved_query

_OF_A_CLAIM = tuple(f"{BASE}{kind}/" for kind in ("claim", "step", "evidence", "publication"))


@dataclass(frozen=True)
class Check:
    """One thing that was checked.

    :param name: what
    :param result: how much of it holds, in words
    :param failures: line of the proof file and what is wrong there
    :param skipped: it could not be made; the result says why
    """

    name: str
    result: str
    failures: list[tuple[int, str]] = field(default_factory=list)
    skipped: bool = False

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True)
class Verification:
    """What came out.

    :param notes: what a reader should know although nothing is wrong
    """

    proof: Proof
    checks: list[Check]
    notes: list[str]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    def told(self, file: str) -> list[str]:
        """A line for each check, and below it one for each failure, with file and line.

        What fails after something else has failed is mostly its consequence, so only the first of it is listed.
        """
        lines, broken = [], False
        for check in self.checks:
            mark = "--  " if check.skipped else "ok  " if check.passed else "FAIL"
            lines.append(f"{mark}  {check.name}: {check.result}")
            shown = check.failures[: 3 if broken else None]
            lines += [f"{file}:{number}: {_printable(problem)}" for number, problem in shown]
            if len(check.failures) > len(shown):
                lines.append(f"… and {len(check.failures) - len(shown)} more lines, most likely because of the above")
            broken = broken or not check.passed
        return lines


def verify(proof: Proof, store: ox.Store, content: Content) -> Verification:
    """Check `proof`, as `oncoresist.mechanism.proof.read_proof` gives it, against the whole graph.

    It holds if every premise is in the graph, nothing that the rules could read was left out and nothing put in on which the
    conclusions do not rest, the rules are the same, the conclusions follow from the premises by these rules, they hold in the
    whole graph too and are all that follows, the words are those of the premises, and the proof made anew from the same content
    is the same line by line.
    """
    return _Verifier(proof, store, content).run()


class _Verifier:
    def __init__(self, proof: Proof, store: ox.Store, content: Content) -> None:
        self.proof, self.store, self.content = proof, store, content
        self.curie = content.prefixes.curie
        self.same_content = proof.content == content.fingerprint
        self.notes: list[str] = []
        self.known = {f"derive/{rule.id}": rule for rule in derive_queries(content)}
        for query_id, path in list_saved_queries(content.layout, "questions").items():
            if f"questions/{query_id}" == f"questions/{proof.goal.question}":
                asked = read_saved_query(path, content.layout)
                if "federated" not in asked.tags:  # a file of unknown origin shall not make us call other servers
                    self.known[f"questions/{query_id}"] = asked
        self.question: SavedQuery | None = self.known.get(f"questions/{proof.goal.question}")
        named = {rule.id for rule in proof.rules}
        self.rules = [rule for id_, rule in self.known.items() if id_ in named and rule.family == "derive"]
        self.triples = [(p.triple, p.layer) for p in proof.premises]

    def run(self) -> Verification:
        if not self.same_content:
            self.notes.append(
                f"The proof was made from other content ({self.proof.content[:12]}…, here {self.content.fingerprint[:12]}…); "
                "it is checked against the graph as it is here."
            )
        checks = [self._whole(), self._premises(), self._rules()]
        self.mini, _ = derive_from([t for t in self.triples if t[1] in LAYERS], self.rules, self.content)
        checks.append(self._closed())
        checks.append(self._follows())
        checks.append(self._to_the_point(checks[-1].passed))
        checks.append(self._holds())
        checks.append(self._words())
        checks.append(self._made_anew(all(check.passed for check in checks)))
        return Verification(self.proof, checks, self.notes)

    def _line(self, kind: str, number: int) -> int:
        return self.proof.numbers[kind][number]

    def _whole(self) -> Check:
        """First and last line: the file is complete, and proves what it says it proves."""
        proof, failures = self.proof, []
        count, said = proof.numbers["lines"][0], proof.numbers.get("end", [])
        if said != [count]:
            told = f"says {said[-1]}" if said else 'is not {"end": …}'
            failures.append((count, f"the file has {count} lines, its last line {told}: lines are missing or were added"))
        if proof.goal.kind == "answer":
            if self.question is None or f"questions/{proof.goal.question}" not in {rule.id for rule in proof.rules}:
                failures.append((1, f'the question "{proof.goal.question}" is not among the rules, or not in the graph'))
            if not proof.rows:
                failures.append((1, "no row is given, so nothing is proved"))
            elif self.question:
                failures += self._asked() or self._whole_answer(self.question)
            failures += self._unasked(set())
        else:
            failures += self._records_told()
        if proof.scope == "graph" and proof.goal.kind != "answer":
            failures.append((1, 'what is derived follows from premises; "graph" is the scope of answers alone'))
        elif proof.scope == "graph" and not self.same_content:
            failures.append((1, "the answer depends on all of the graph, and that is another one here: have it proved anew"))
        return Check("file is whole", "yes" if not failures else "no", failures)

    def _asked(self) -> list[tuple[int, str]]:
        """The parameters are those that the question has, each with one value: nothing else may be put into it."""
        assert self.question
        known, given = self.question.params, self.proof.goal.parameters
        failures = [(1, f'the question has no parameter "{name}"') for name in given if name not in known]
        failures += [(1, f'"{name}" has {len(values)} values, not one') for name, values in given.items() if len(values) != 1]
        failures += [(1, f'"{p.name}" has no value') for p in known.values() if p.required and p.name not in given]
        if self.proof.goal.records:
            failures.append((1, "an answer names no records"))
        return failures

    def _whole_answer(self, question: SavedQuery) -> list[tuple[int, str]]:
        """The rows are one answer as people see it: all that share what the question asks `per`, each once."""
        rows, per = self.proof.rows, question.per
        line = self._line("row", 0)
        if per is None:
            return [] if len(rows) == 1 else [(line, f"{len(rows)} rows, but every row is an answer of its own")]
        found = rows_of(question, self.proof.goal.parameters, self.store, self.content)
        whole = {frozenset(row.items()) for row in found if row.get(per) == rows[0].get(per)}
        if Counter(frozenset(row.items()) for row in rows) == Counter(whole):
            return []
        return [(line, f"{len(rows)} rows, but the answer has {len(whole)} in the graph, each once")]

    def _records_told(self) -> list[tuple[int, str]]:
        """Every record of the first line has a conclusion that says what it is, and the hops of a path join."""
        proof, failures = self.proof, []
        told = {t.subject.value for t in proof.conclusions if t.predicate == RDF_TYPE}
        for record in proof.goal.records:
            if record not in told:
                failures.append((1, f"no line concludes what {self.curie(record)} is"))
        if not proof.goal.records:
            failures.append((1, "no record is named, so nothing is proved"))
        asked: set[ox.Triple] = set()
        if proof.goal.kind == "path" and not failures:
            try:
                joined = joints(proof.goal.records, self.store, self.content, proof.goal.route)
                stated, asked = set(proof.conclusions), set(joined.links)
                failures += [(1, f"no line concludes {self._said(link)}") for link in joined.links if link not in stated]
                if joined.net != proof.goal.net:
                    failures.append((1, f"the net sign of these hops is {joined.net}, not {proof.goal.net}"))
            except OncoResistError as error:
                failures.append((1, str(error)))
        return failures + self._unasked(asked)

    def _unasked(self, joints: set[ox.Triple]) -> list[tuple[int, str]]:
        """Conclusions about anything but the records of the first line, and the joints of a path."""
        return [
            (self._line("conclusion", n), f"concludes what the first line does not ask for: {self._said(t)}")
            for n, t in enumerate(self.proof.conclusions)
            if t.subject.value not in self.proof.goal.records and t not in joints
        ]

    def _premises(self) -> Check:
        failures = []
        for number, premise in enumerate(self.proof.premises):
            triple, line = premise.triple, self._line("premise", number)
            if premise.layer not in ("ontology", "evidence", "mappings"):
                failures.append((line, f'"{premise.layer}" is no layer that premises come from'))
            elif ox.Quad(triple.subject, triple.predicate, triple.object, LAYERS[premise.layer]) not in self.store:
                failures.append((line, f"not in the graph: {self._said(triple)}"))
            elif self.same_content and premise.place != (place := self.content.places.get(triple.subject.value, "")):
                failures.append((line, f"stands at {place}, not at {premise.place}"))
        return Check("premises in the graph", _ratio(len(self.proof.premises), failures), failures)

    def _rules(self) -> Check:
        failures = []
        for number, rule in enumerate(self.proof.rules):
            line, known = self._line("rule", number), self.known.get(rule.id)
            if known is None:
                failures.append((line, f"no rule {rule.id} is in the graph, or it is not the question that was asked"))
            elif rule.digest != as_rule(known).digest:
                failures.append((line, f"{rule.id} has another text: sha256 {as_rule(known).digest}"))
            elif rule != as_rule(known):
                failures.append((line, f"{rule.id} is summarised otherwise: {as_rule(known).summary}"))
        return Check("rules unchanged", _ratio(len(self.proof.rules), failures), failures)

    def _closed(self) -> Check:
        """What the rules could read of the records named, and the proof leaves out.

        With other content more may be said by now; that is no failure as long as the conclusion still follows with it.
        """
        given, lines = {pair[0] for pair in self.triples}, self._first_lines()
        seeds = [*lines, *self._named()]
        left_out = [
            (iri, triple, layer)
            for iri, record in Premises(self.store, self.content, self._texts()).gather(seeds).items()
            for triple, layer in record
            if triple not in given
        ]
        failures = [
            (lines.get(iri) or self._named_at(iri), f"leaves out what the graph says: {self._said(triple)}")
            for iri, triple, _ in left_out
        ]
        if failures and not self.same_content:
            more, _ = derive_from([*self.triples, *((t, layer) for _, t, layer in left_out)], self.rules, self.content)
            # What a claim, its steps and its evidence say belongs together: a claim that says more is another claim.
            broken = [
                f for (iri, _, _), f in zip(left_out, failures, strict=True) if iri in lines and iri.startswith(_OF_A_CLAIM)
            ]
            if broken:
                failures = broken
            elif not self._lacking(more):
                self.notes.append(f"The graph says {len(failures)} things more of what is named; the conclusion still follows.")
                failures = []
        return Check("nothing left out", f"{len(lines)} records whole" if not failures else "no", failures)

    def _to_the_point(self, follows: bool) -> Check:
        """Every premise belongs to what the conclusions rest on, by the premises themselves: no true but unrelated support."""
        name = "nothing beside the point"
        if not follows:
            return Check(name, "not compared: something else is wrong", skipped=True)
        if self.proof.scope == "graph":
            return Check(name, "not claimed: it depends on all of the graph")
        seeds, goal = set(self._named()), self.proof.goal
        if self.question:
            seeds |= witnesses(self.question, goal.parameters, self.proof.rows, self.mini, self.content)
        found = Premises(self.mini, self.content, self._texts()).gather(seeds)
        needed = {triple for record in found.values() for triple, _ in record}
        failures = [
            (self._line("premise", number), f"nothing that is proved rests on this: {self._said(triple)}")
            for number, (triple, layer) in enumerate(self.triples)
            # What the ontology says of its terms supports nothing by itself.
            if layer != "ontology" and triple not in needed
        ]
        return Check(name, _ratio(len(self.triples), failures), failures)

    def _texts(self) -> list[str]:
        """The queries that lead to the conclusions."""
        asked = [self.question.bound(self.proof.goal.parameters)] if self.question else []
        return [*asked, *(rule.text for rule in self.rules)]

    def _named(self) -> list[str]:
        """What the goal, the rows and the joints of a path name."""
        goal = self.proof.goal
        shown = [term.value for row in self.proof.rows for term in row.values() if isinstance(term, ox.NamedNode)]
        route = [*vars(goal.route).values()] if goal.route else []
        joints = [t for t in self.proof.conclusions if goal.route and t.subject.value not in goal.records]
        ends = [node.value for t in joints for node in (t.subject, t.object) if isinstance(node, ox.NamedNode)]
        return [*goal.records, *shown, *route, *ends]

    def _follows(self) -> Check:
        name = "conclusion follows from the premises"
        if self.proof.scope == "graph":
            return Check(name, "not claimed: it depends on all of the graph")
        check = self._judged(name, self.mini, "does not follow from the premises")
        stated = set(self.proof.conclusions)
        more = [t for record in dict.fromkeys(self.proof.goal.records) for t in facts(self.mini, record) if t not in stated]
        check.failures.extend((self._named_at(t.subject.value), f"leaves out what follows: {self._said(t)}") for t in more)
        return check

    def _holds(self) -> Check:
        return self._judged("conclusion holds in the graph", self.store, "does not hold in the graph")

    def _judged(self, name: str, store: ox.Store, verdict: str) -> Check:
        failures = [(self._line(kind, n), f"{verdict}: {self._shown(kind, n)}") for kind, n in self._lacking(store)]
        return Check(name, _ratio(len(self.proof.conclusions) + len(self.proof.rows), failures), failures)

    def _lacking(self, store: ox.Store) -> list[tuple[str, int]]:
        proof = self.proof
        if proof.rows and self.question is None:
            return [("row", n) for n in range(len(proof.rows))]
        return missing(proof.conclusions, proof.rows, self.question, proof.goal, store, self.content)

    def _words(self) -> Check:
        """The words are made anew from the premises and compared."""
        proof, told = self.proof, list(self.proof.words)
        expected = tell(
            proof.goal, proof.scope, proof.conclusions, proof.rows, proof.rules, self.mini, self.content, self.question
        )
        lines = proof.numbers.get("words", [])
        failures = [
            (lines[n], f'the premises give other words: "{right.strip()}"')
            for n, (word, right) in enumerate(zip(told, expected, strict=False))
            if word != right
        ][:1]
        if not failures and len(told) != len(expected):
            failures = [
                (lines[-1] if lines else 1, f"{len(expected)} lines of words follow from these premises, not {len(told)}")
            ]
        return Check("words are those of the premises", "yes" if not failures else "no", failures)

    def _made_anew(self, sound: bool) -> Check:
        """A sound proof, made once more from the same content, has the same lines: none beside the point, none doubled."""
        name, goal = "made anew it is the same", self.proof.goal
        if not self.same_content:
            return Check(name, "not compared: it was made from other content", skipped=True)
        if not sound:
            return Check(name, "not compared: something else is wrong", skipped=True)
        if goal.kind == "answer":
            assert self.question
            again = prove_rows(self.question, goal.parameters, self.proof.rows, self.store, self.content)
        elif goal.kind == "path":
            again = prove_path(goal.records, self.store, self.content, goal.route)
        else:
            again = prove_derived(goal.records, self.store, self.content)
        missing_lines, failures = Counter(again.to_text().splitlines()), []
        for number, line in enumerate(self.proof.text, 1):
            if missing_lines[line]:
                missing_lines[line] -= 1
            else:
                failures.append((number, "the proof made anew has no such line"))
        if not failures:
            failures = [(len(self.proof.text), f"lacks the line {line}") for line in missing_lines.elements()]
        return Check(name, "yes" if not failures else "no", failures)

    def _first_lines(self) -> dict[str, int]:
        """IRI → the first line that describes it."""
        lines: dict[str, int] = {}
        for number, premise in enumerate(self.proof.premises):
            lines.setdefault(premise.triple.subject.value, self._line("premise", number))
        return lines

    def _named_at(self, iri: str) -> int:
        """The first line that names it without describing it."""
        for kind, triples in (("premise", [t for t, _ in self.triples]), ("conclusion", self.proof.conclusions)):
            for number, triple in enumerate(triples):
                if iri in (getattr(triple.object, "value", None), triple.predicate.value):
                    return self._line(kind, number)
        return 1

    def _said(self, triple: ox.Triple) -> str:
        parts = (triple.subject, triple.predicate, triple.object)
        return " ".join(self.curie(part.value) if isinstance(part, ox.NamedNode) else str(part) for part in parts)

    def _shown(self, kind: str, number: int) -> str:
        if kind == "conclusion":
            return self._said(self.proof.conclusions[number])
        row = self.proof.rows[number]
        return ", ".join(f"{n} {self.curie(t.value) if isinstance(t, ox.NamedNode) else t.value}" for n, t in row.items())


def _printable(text: str) -> str:
    """Nothing from a file of unknown origin that could move the cursor or colour the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _ratio(total: int, failures: list) -> str:
    return f"{total - len(failures)} of {total}"


__all__ = ["Check", "Verification", "verify"]
