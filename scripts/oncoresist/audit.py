"""The content against the texts it was read from, for whoever has them: the texts themselves are not part of OncoResist."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from oncoresist.content import Content
from oncoresist.errors import InputError, UsageError
from oncoresist.findings import Finding
from oncoresist.names import folded
from oncoresist.namespaces import ENT, ONR, RDFS_LABEL, SKOS_ALT_LABEL

_IDENTIFIER, _SOURCE = "http://purl.org/dc/terms/identifier", "http://purl.org/dc/terms/isPartOf"
_CITES_AS_EVIDENCE = "http://purl.org/spar/cito/citesAsEvidence"
_LOCATOR_COLUMNS = ("locator", "claim_id")
_CANCER_CELL = ENT + "cancer-cell"  # named also by the cells of a tumour: "AML cells" (rule D9)
# Words that usually hedge; a curator may judge that one does not, so they only warn.
_HEDGES = re.compile(
    r"\b(?:may|might|could|likely|perhaps|presumabl[ey]|(?:suggest|possibl|probabl|potential|seem|appear|hypothes|speculat)[a-z]*"
    r"|(?:postulat|propos|consider|attribut)ed)\b"
)
_BRACKET = re.compile(r"\[(\d[\d,;\s–—-]*)\]")
_KINDS_OF_PATHWAY = frozenset(("signalin", "pathway", "axis"))  # as _stem leaves them
_SMALL_WORDS = frozenset(["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])


@dataclass(frozen=True)
class Row:
    """One passage of a text file."""

    place: str  # file:line
    locator: str
    text: str  # what was digested
    refs: frozenset[str] | None  # None without a column of that name


class _Facts:
    """Objects by subject and predicate, as strings."""

    def __init__(self, content: Content) -> None:
        self._objects: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.passages: dict[str, str] = {}
        self.claims: dict[str, list[str]] = defaultdict(list)
        for triple in content.triples("evidence"):
            subject, predicate, object_ = triple.subject.value, triple.predicate.value, triple.object.value
            self._objects[subject, predicate].append(object_)
            if predicate == _IDENTIFIER:
                self.passages[object_] = subject
            elif predicate == ONR + "statedAt":
                self.claims[object_].append(subject)

    def of(self, subject: str, *predicates: str) -> list[str]:
        """All objects; a predicate without ``://`` is one of our own."""
        return [o for p in predicates for o in self._objects.get((subject, p if "://" in p else ONR + p), ())]


def audit(content: Content, texts: list[Path]) -> tuple[list[Finding], list[str]]:
    """Compare passages with their texts: digests, mentions, printed references, hedging words, and that none is left out.

    :param texts: tab-separated files as graph/README.md describes them
    :returns: findings, and a line that says how much was compared
    :raises UsageError: not one row belongs to a passage, so nothing was checked
    :raises InputError: a file cannot be read, or has no column that names passages
    """
    facts, findings, rows = _Facts(content), [], {}
    for row in (row for path in texts for row in _read(path)):
        if row.locator in rows:
            problem = f"The passage stands also at {rows[row.locator].place}."
            findings.append(Finding(row.place, row.locator, problem, "Give every passage once.", "audit-text-twice"))
        rows.setdefault(row.locator, row)
    known = {locator: row for locator, row in rows.items() if locator in facts.passages}
    if not known:
        shown = ", ".join(str(path) for path in texts) or "no file"
        raise UsageError(
            f"nothing was checked: no row of {shown} names a passage of the graph. Give the texts the graph was read from."
        )
    mentions = 0
    for locator, row in rows.items():
        passage = facts.passages.get(locator)
        if passage is None:
            problem, remedy = "The graph has no passage for this row.", "Curate it, or exclude it with a reason."
            findings.append(Finding(row.place, locator, problem, remedy, "audit-unaccounted"))
            continue
        mentions += len(facts.of(passage, "mentions", "rowContext"))
        findings += _passage(facts, content, passage, row)
    findings += _not_given(facts, content, known)
    note = f"audit: {len(known)} passages and {mentions} mentions compared with {len(texts)} file{'s' if len(texts) != 1 else ''}"
    return sorted(set(findings)), [note]


def _passage(facts: _Facts, content: Content, passage: str, row: Row) -> Iterator[Finding]:
    def finding(problem: str, remedy: str, rule: str, severity: str = "error", about: str = passage) -> Finding:
        return Finding(content.places.get(about, "graph/"), content.prefixes.curie(about), problem, remedy, rule, severity)

    digest = hashlib.sha256(row.text.encode()).hexdigest()
    if facts.of(passage, "textDigest") != [digest]:
        problem = f"The text at {row.place} is not the one that was curated: its digest is {digest}."
        remedy = "Give the text as it was; if the source changed, read the passage again and then change onr:textDigest."
        yield finding(problem, remedy, "audit-digest")
        return
    phrases, mentioned = Phrases(row.text), facts.of(passage, "mentions", "rowContext")
    names = {entity: facts.of(entity, RDFS_LABEL.value, SKOS_ALT_LABEL.value) for entity in mentioned}
    for entity in mentioned:
        of_tumour = (f"{name} cell" for other in names.values() for name in other if entity == _CANCER_CELL)
        if not any(name in phrases for name in names[entity]) and not any(phrases.in_one_run(cell) for cell in of_tumour):
            problem = f"The text does not name {content.prefixes.curie(entity)}, neither by label nor by synonym."
            remedy = "Remove the mention, mention what the text names, or add the spelling to the entity as skos:altLabel."
            yield finding(problem, remedy, "audit-mention")
    yield from _references(facts, content, passage, row, finding)
    words, cues = row.text.casefold(), set(facts.of(passage, "hedgeCue"))
    for cue in sorted(cues):
        if not re.search(rf"\b{re.escape(cue.casefold())}\b", words):
            yield finding(f'The text has no word "{cue}".', "Remove this onr:hedgeCue.", "audit-hedge-cue")
    if ONR + "curated" in facts.of(passage, "status"):
        for word in sorted(set(_HEDGES.findall(words)) - {c.casefold() for c in cues}):
            remedy = "Add it as onr:hedgeCue if it hedges here, and see that a claim is hedged."
            yield finding(
                f'The text says "{word}", which is not among the hedging words.', remedy, "audit-hedge-not-listed", "warning"
            )


def _references(facts: _Facts, content: Content, passage: str, row: Row, finding) -> Iterator[Finding]:
    """The references of the passage, and those its claims rest on, against those printed."""
    source = facts.of(passage, _SOURCE)[:1]
    numbers = row.refs if row.refs is not None else frozenset(printed_references(row.text))
    printed = {f"{source[0]}-ref-{number}" for number in numbers} if source else set()
    cited = set(facts.of(passage, "cites"))
    for iri in sorted(printed ^ cited):
        missing, name = iri in printed, content.prefixes.curie(iri)
        problem = f"The text {'prints' if missing else 'does not print'} {name}."
        yield finding(problem, f"{'Add it with' if missing else 'Remove it from'} onr:cites.", "audit-reference")
    for claim in facts.claims[passage]:
        for line in facts.of(claim, "hasEvidence"):
            for iri in facts.of(line, _CITES_AS_EVIDENCE):
                if ONR + "direct" in facts.of(line, "directness") and iri not in printed | set(source):
                    problem = f"The text does not print {content.prefixes.curie(iri)}."
                    remedy = "Cite a reference that stands there, or say from which passage it is inherited."
                    yield finding(problem, remedy, "audit-evidence", about=line)


def _not_given(facts: _Facts, content: Content, known: dict[str, Row]) -> Iterator[Finding]:
    """One warning for every source of which the files hold a part only."""
    missing: dict[str, list[str]] = defaultdict(list)
    for locator, passage in facts.passages.items():
        for source in facts.of(passage, _SOURCE):
            missing[source] += [locator] if locator not in known else []
    for source in sorted({s for locator in known for s in facts.of(facts.passages[locator], _SOURCE)}):
        if lacking := sorted(missing[source]):
            problem = f"{len(lacking)} passages of this source stand in none of the files, the first is {lacking[0]}."
            remedy = "Give also the file that holds them."
            where, name = content.places.get(source, "graph/"), content.prefixes.curie(source)
            yield Finding(where, name, problem, remedy, "audit-not-in-the-files", "warning")


def _read(path: Path) -> Iterator[Row]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"cannot be read ({getattr(error, 'strerror', None) or error})") from None
    header = lines[0].split("\t") if lines else []
    column = next((header.index(name) for name in _LOCATOR_COLUMNS if name in header), None)
    if column is None:
        raise InputError(path, "no column `locator` or `claim_id`. The file is tab-separated, with a header.", 1)
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(header):
            raise InputError(path, f"{len(cells)} columns, but the header has {len(header)}.", number)
        text = cells[header.index("text")] if "text" in header else "\t".join(cells[column + 1 :])
        refs = frozenset(cells[header.index("refs")].split()) if "refs" in header else None
        yield Row(f"{path}:{number}", cells[column], text, refs)


def printed_references(text: str) -> set[str]:
    """The numbers in square brackets, ranges written out.

    >>> sorted(printed_references("It was shown [3, 5–7] and denied [12]."), key=int)
    ['3', '5', '6', '7', '12']
    """
    numbers: set[str] = set()
    for part in (p for inner in _BRACKET.findall(text) for p in re.split(r"[,;]", inner) if p.strip()):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        numbers |= {str(n) for n in range(ends[0], ends[-1] + 1)}
    return numbers


class Phrases:
    """What a text names. Dashes, spaces, case, Greek letters, plurals, British spelling and derived forms do not matter.

    A name of several words may stand there torn apart, its words in any order; "signaling", "pathway" and "axis" may be
    missing, and so may what a name adds in brackets.

    >>> text = Phrases("NF-κB and JAK2/STAT3 keep resistant ovarian cancer cells and other tumours alive.")
    >>> [n in text for n in ("nf kappab", "JAK2/STAT3 signaling", "ovarian cell", "Tumor", "resistance", "ovarian (organ)")]
    [True, True, True, True, True, True]
    >>> [n in text for n in ("kappa", "ovarian fibroblast", "signaling")]
    [False, False, False]
    """

    _LONGEST = 14

    def __init__(self, text: str) -> None:
        words = _words(text)
        self._bag = set(words)
        ends = ((i, j) for i in range(len(words)) for j in range(i + 1, min(i + self._LONGEST, len(words)) + 1))
        self._runs = {"".join(words[i:j]) for i, j in ends}

    def __contains__(self, name: str) -> bool:
        words = _words(re.sub(r"(?<=\S) \([^()]*\)$", "", name))
        if "".join(words) in self._runs:
            return True
        telling = [word for word in words if word not in _SMALL_WORDS | _KINDS_OF_PATHWAY]
        return len(words) > 1 and bool(telling) and ("".join(telling) in self._runs or self._bag.issuperset(telling))

    def in_one_run(self, name: str) -> bool:
        """Whether the words of `name` stand side by side."""
        return "".join(_words(name)) in self._runs


def _words(text: str) -> list[str]:
    return [_stem(word) for word in re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold().replace("_", " "))]


@cache
def _stem(word: str) -> str:
    """Without plural, in American spelling; of a long word its beginning, so that resistant and resistance are one."""
    for british, american in (
        ("tumour", "tumor"),
        ("signalling", "signaling"),
        ("aemi", "emi"),
        ("haem", "hem"),
        ("oesoph", "esoph"),
    ):
        word = word.replace(british, american)
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return folded(word[:8] if word.isascii() and word.isalpha() else word)


__all__ = ["Phrases", "Row", "audit", "printed_references"]
