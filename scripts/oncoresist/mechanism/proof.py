"""A proof as data and as a file: what is proved, in words, from which triples, by which rules.

The file is JSON Lines (https://jsonlines.org), one statement a line, so that a check can name the line that fails:

    {"proof": 1, "of": "derived", …}          first line: what is proved, from which version of the content; of a path also
                                            between what it leads, and its net sign
    {"words": "…"}                          the proof for reading; follows from the lines below
    {"conclusion": "<…> <…> <…> ."}         a triple that is proved, or {"row": {…}}, one row of an answer
    {"rule": "derive/net-signs", …}         a saved query that was used, with the sha256 of its text
    {"premise": "<…> <…> <…> .", …}         a curated triple it rests on, with the file and line of its record
    {"end": 214}                            last line: its own number, so that nothing was cut off
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, fields
from pathlib import Path

import pyoxigraph as ox

from oncoresist.errors import InputError
from oncoresist.mechanism.joints import Route

VERSION = 1
KINDS = ("derived", "path", "answer")
# "premises": the conclusion follows from the premises alone. "graph": it depends on all of the graph.
SCOPES = ("premises", "graph")

Row = dict[str, ox.NamedNode | ox.Literal]


@dataclass(frozen=True)
class Goal:
    """What is proved.

    :param kind: ``derived``, ``path`` (edges that join in this order) or ``answer`` (rows of a saved question)
    :param records: IRIs of derived records: edges, drug mechanisms, conflicts
    :param question: id of the saved question
    :param parameters: parameter → IRIs or numbers it was bound to
    :param route: of a path: from what to what
    :param net: of a path: its net sign, 1, -1, 0 (not known) or None (nothing on the way has a sign)
    """

    kind: str
    records: tuple[str, ...] = ()
    question: str | None = None
    parameters: dict[str, list[str]] = field(default_factory=dict)
    route: Route | None = None
    net: int | None = None


@dataclass(frozen=True)
class Rule:
    """A saved query: ``derive/…`` or ``questions/…``, the sha256 of its text, and what it does."""

    id: str
    digest: str
    summary: str


@dataclass(frozen=True)
class Premise:
    """A curated triple, its layer, and ``file:line`` where the block of its subject begins."""

    triple: ox.Triple
    layer: str
    place: str


@dataclass(frozen=True)
class Proof:
    """Goal, premises, rules and conclusions.

    :param content: fingerprint of the content it was made from
    :param scope: ``premises`` if the conclusions follow from the premises alone, else ``graph``
    :param words: the proof for reading, one line each
    :param numbers: of a proof that was read: kind of line → line numbers, in step with the lists here; ``end`` is what
        the last line says, ``lines`` how many there are
    :param text: of a proof that was read: its lines as they stand
    """

    goal: Goal
    content: str
    scope: str
    words: list[str]
    conclusions: list[ox.Triple]
    rows: list[Row]
    rules: list[Rule]
    premises: list[Premise]
    numbers: dict[str, list[int]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)

    def to_text(self) -> str:
        """The proof as it is written to a file."""
        goal = {"proof": VERSION, "of": self.goal.kind, "records": list(self.goal.records)}
        if self.goal.question:
            goal |= {"question": self.goal.question, "parameters": self.goal.parameters}
        if self.goal.route:
            goal |= vars(self.goal.route) | {"net": self.goal.net}
        lines: list[dict] = [goal | {"scope": self.scope, "content": self.content}]
        lines += [{"words": text} for text in self.words]
        lines += [{"conclusion": f"{triple} ."} for triple in self.conclusions]
        lines += [{"row": {name: str(term) for name, term in row.items()}} for row in self.rows]
        lines += [{"rule": rule.id, "sha256": rule.digest, "summary": rule.summary} for rule in self.rules]
        lines += [{"premise": f"{p.triple} .", "layer": p.layer, "at": p.place} for p in self.premises]
        lines.append({"end": len(lines) + 1})
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def read_proof(path: Path) -> Proof:
    """Read a proof file; whether it is right is the business of `oncoresist.mechanism.verify`.

    :raises InputError: it cannot be read, or is no proof; with the line
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"cannot be read ({getattr(error, 'strerror', None) or error})") from None
    return parse_proof(text, str(path))


def parse_proof(text: str, shown_as: str) -> Proof:
    """The proof in `text`.

    :param shown_as: how errors name the file
    :raises InputError: it is no proof, or a line cannot be read; with the line

    >>> parse_proof("{}", "draft.jsonl")
    Traceback (most recent call last):
        ...
    oncoresist.errors.InputError: draft.jsonl:1: not a proof: the first line must begin {"proof": 1, "of": …
    """
    lines = text.removesuffix("\n").split("\n") if text else []
    head = _object(lines[0], shown_as, 1) if lines else {}
    if "proof" not in head:
        raise InputError(shown_as, 'not a proof: the first line must begin {"proof": 1, "of": …', 1)
    if head["proof"] != VERSION:
        raise InputError(shown_as, f"a proof of form {head['proof']!r}; this version reads form {VERSION}.", 1)
    try:
        goal = _goal(head)
        if not isinstance(head["content"], str):
            raise ValueError('"content" is no text')
        proof = Proof(goal, head["content"], head["scope"], [], [], [], [], [], {"proof": [1]}, lines)
        if proof.goal.kind not in KINDS or proof.scope not in SCOPES:
            raise ValueError(f'"of" is one of {", ".join(KINDS)}, "scope" one of {", ".join(SCOPES)}')
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(shown_as, f"the first line of a proof is broken ({error})", 1) from None
    for number, line in enumerate(lines[1:], 2):
        _add(proof, _object(line, shown_as, number), shown_as, number)
    proof.numbers["lines"] = [len(lines)]
    return proof


def _add(proof: Proof, line: dict, shown_as: str, number: int) -> None:
    kind = next(iter(line), "")
    try:
        if kind == "words":
            proof.words.append(str(line["words"]))
        elif kind == "conclusion":
            proof.conclusions.append(_triple(line["conclusion"]))
        elif kind == "row":
            proof.rows.append({name: _triple(f"<x:s> <x:p> {term} .").object for name, term in line["row"].items()})
        elif kind == "rule":
            proof.rules.append(Rule(str(line["rule"]), str(line["sha256"]), str(line["summary"])))
        elif kind == "premise":
            proof.premises.append(Premise(_triple(line["premise"]), str(line["layer"]), str(line["at"])))
        elif kind == "end":
            if type(line["end"]) is not int:
                raise ValueError('"end" is no whole number')
            number = line["end"]
        else:
            raise ValueError("it begins with none of words, conclusion, row, rule, premise, end")
    except (KeyError, TypeError, AttributeError, ValueError, SyntaxError) as error:
        reason = f'no "{error.args[0]}"' if isinstance(error, KeyError) else getattr(error, "msg", None) or error
        raise InputError(shown_as, f"not a line of a proof ({reason})", number) from None
    proof.numbers.setdefault(kind, []).append(number)


def _goal(head: dict) -> Goal:
    # These are put into queries: nothing but IRIs, numbers and names may get there.
    parameters = {
        name: [value if re.fullmatch(r"-?[0-9]+", value) else ox.NamedNode(value).value for value in values]
        for name, values in head.get("parameters", {}).items()
    }
    if not all(re.fullmatch(r"[A-Za-z]\w*", name) for name in parameters):
        raise ValueError("a parameter has no proper name")
    records = tuple(ox.NamedNode(iri).value for iri in head["records"])
    if head["of"] != "path":
        return Goal(head["of"], records, head.get("question"), parameters)
    route = Route(*(ox.NamedNode(head[f.name]).value for f in fields(Route)))
    if head["net"] not in (1, -1, 0, None) or isinstance(head["net"], bool | float):
        raise ValueError('"net" is none of 1, -1, 0, null')
    return Goal("path", records, route=route, net=head["net"])


def _object(line: str, shown_as: str, number: int) -> dict:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(shown_as, f"not a proof: this line is not JSON ({error.msg}, column {error.colno})", number) from None
    except ValueError:  # Python reads no number of more than 4300 digits
        raise InputError(shown_as, "not a proof: this line holds a number that is too long", number) from None
    except RecursionError:
        raise InputError(shown_as, "not a proof: this line is nested too deeply", number) from None
    if not isinstance(found, dict):
        raise InputError(shown_as, "not a proof: this line is no JSON object", number)
    return found


def _triple(text: str) -> ox.Triple:
    triples = list(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))
    if len(triples) != 1:
        raise ValueError("not one triple")
    subject, predicate, object_ = triples[0].subject, triples[0].predicate, triples[0].object
    if not isinstance(subject, ox.NamedNode) or not isinstance(object_, ox.NamedNode | ox.Literal):
        raise ValueError("only IRIs and literals stand in a proof")
    return ox.Triple(subject, predicate, object_)
