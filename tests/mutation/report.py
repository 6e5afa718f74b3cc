"""The score as a table for people, and as a page of Markdown."""

from __future__ import annotations

from tests.mutation.faults import KINDS
from tests.mutation.harness import Gate, Score

_HEAD = (
    "kind",
    "injected",
    "error",
    "warning",
    "missed",
    "not run",
    "caught by rules",
    "with the seal",
    "rules that caught most",
)
_WITHOUT_TEXT = """\
A changed digest, a mention that the text does not bear out and a dropped mention that no claim uses are visible only to
`oncoresist audit`, which needs the text of the source (`--text`). Without it they are not run and do not count."""
_HELD_OUT = """
The rules were written while looking at faults of other seeds than the last one, whose faults nobody had looked at."""
_AT_ALL = """\
No rule here understands the sentence. What the gate has is redundancy: a claim says a thing in its steps, in its polarity,
in its label, in the names its passage lists and in the references it prints, and the rules compare these. A fault that
agrees with all of them is not seen by the rules:

- a step that ends in no response has a sign that nothing recomputes; only the words of the label, the other steps of the
  passage and what its agents do elsewhere can contradict it;
- a perturbation or change that is dropped from one step of several, where another subject keeps one of its own;
- subject and object of a step exchanged where the relation takes both;
- the last step, or any step after renumbering, left out whose ends the label does not name;
- a drug or cell swapped for another that the same passage names and the label does not;
- an evidence line made for another reference of the same passage, or one of several dropped: which half of a sentence a
  number belongs to is read, not computed;
- a mention dropped where the claim uses something narrower that is named too;
- a sister class where no mapping, link and domain tells the sisters apart, and a broad match called exact;
- a mistyped identifier of DrugBank, ChEMBL, HP or the Jackson Laboratory, of which there is no slice (DrugBank is not
  open, ChEMBL is share-alike, the others have terms of their own), and one that happens to be another mapped term of
  the same label.

The rules that read labels know a closed list of English words: they guard what a curator wrote, they do not prove that the
label is right. A curator who misreads a passage and writes label and steps alike is caught by a second reader only; the seal
keeps what that reader has read."""


def rows(score: Score) -> list[tuple[str, ...]]:
    """One row a kind, then the totals."""
    found = []
    for kind in score.kinds():
        found.append(_row(kind, score, [kind], ", ".join(score.rules(kind))))
    for group, title in (("fault", "usual faults"), ("hard", "hard variants")):
        members = [kind for kind in score.kinds() if KINDS[kind].group == group]
        if members:
            found.append(_row(title, score, members, ""))
    found.append(_row("all", score, score.kinds(), ""))
    return found


def _row(title: str, score: Score, kinds: list[str], rules: str) -> tuple[str, ...]:
    counts = score.counts(*kinds)
    numbers = [len(score.of(*kinds)), *(counts[outcome] for outcome in ("error", "warning", "missed", "not run"))]
    shares = [score.share(*kinds), score.share(*kinds, seal=True)]
    return (title, *map(str, numbers), *("–" if share != share else f"{share:.0%}" for share in shares), rules)


def table(score: Score) -> str:
    """Aligned columns."""
    lines = [_HEAD, *rows(score)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def markdown(score: Score, command: str, seed: int, gate: Gate, held_out: tuple[int, Score] | None = None) -> str:
    """The report of `queries/reports/mutation-score.md`.

    :param held_out: another seed and its score
    """
    lines = ["| " + " | ".join(line) + " |" for line in (_HEAD, ("---",) * len(_HEAD), *rows(score))]
    meaning = "\n".join(
        f"- `{kind}`{' (hard)' if KINDS[kind].group == 'hard' else ''}: {KINDS[kind].summary}" for kind in score.kinds()
    )
    missed = "\n".join(
        f"- `{v.kind}`{' (the seal notices)' if v.seal else ''}: {v.description}" for v in score.verdicts if v.outcome == "missed"
    )
    with_text = "with `oncoresist audit` on the text" if gate.audit else "without the text of the sources"
    measured = [(seed, score), *([held_out] if held_out else [])]
    scores = "\n".join(_summary(number, one) for number, one in measured)
    return f"""\
# Mutation score

Faults are put into the real graph, one at a time, and `oncoresist validate` is asked what it says then that it did not say
before ({with_text}). A fault is caught if an error or a warning is new. Two scores, never mixed:

- **by rules**: shapes, checks and audit alone, the seal left out. This tells how much of the content the gate understands.
- **with the seal**: also caught is what changes a claim after its second reading (`onr:reviewedContent`). The seal notices
  every change, also a right one, and knows nothing of what the claim says; it guards claims, not entities or mappings.

| seed | faults | by rules: usual | by rules: hard | with the seal: usual | with the seal: hard |
| --- | --- | --- | --- | --- | --- |
{scores}

"Usual" are the faults as they are usually made, "hard" the same made as hard to see as can be.{_HELD_OUT if held_out else ""}

Made by `{command}` from content with fingerprint `{gate.content.fingerprint[:16]}`. Generated: do not edit.

## By kind (seed {seed})

{chr(10).join(lines)}

## What the kinds do

{meaning}

## What cannot be caught

{_WITHOUT_TEXT}

{_AT_ALL}

## Missed by the rules

{missed or "None."}
"""


def _summary(seed: int, score: Score) -> str:
    groups = [[kind for kind in score.kinds() if KINDS[kind].group == group] for group in ("fault", "hard")]
    shares = [score.share(*kinds, seal=seal) if kinds else float("nan") for seal in (False, True) for kinds in groups]
    cells = [str(seed), str(len(score.verdicts)), *("–" if share != share else f"{share:.1%}" for share in shares)]
    return f"| {' | '.join(cells)} |"
