"""The score as a table for people, and as a page of Markdown."""

from __future__ import annotations

from tests.mutation.faults import KINDS
from tests.mutation.harness import Gate, Score

_HEAD = ("kind", "injected", "error", "warning", "missed", "not run", "caught", "rules that caught most")
_WITHOUT_TEXT = """\
A changed digest, a mention that the text does not bear out and a dropped mention that no claim uses are visible only to
`oncoresist audit`, which needs the text of the source (`--text`). Without it they are not run and do not count."""
_AT_ALL = """\
No rule here understands the sentence. What the gate has is redundancy: a claim says a thing in its steps, in its polarity,
in its label, in the names its passage lists and in the references it prints, and the rules compare these. A fault that
agrees with all of them is not seen: a drug or cell swapped for another that the same passage names and the label does not,
an evidence line made for another reference of the same passage (which half of a sentence a number belongs to is read, not
computed), subject and object of a step exchanged where the relation takes both, a step left out whose entities the label
does not name, a sister class where no mapping and no domain tells the sisters apart, a broad match called exact, and an
identifier with a wrong digit that is well formed and in no import slice. The rules that read labels know a closed list of
English words: they guard what a curator wrote, they do not prove that the label is right. A curator who misreads a passage
and writes label and steps alike is caught by a second reader only."""


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
    share = score.share(*kinds)
    return (title, *map(str, numbers), "–" if share != share else f"{share:.0%}", rules)


def table(score: Score) -> str:
    """Aligned columns."""
    lines = [_HEAD, *rows(score)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def markdown(score: Score, command: str, seed: int, gate: Gate) -> str:
    """The report of `queries/reports/mutation-score.md`."""
    asked = [kind for kind in score.kinds() if KINDS[kind].group == "fault"]
    hard = [kind for kind in score.kinds() if KINDS[kind].group == "hard"]
    lines = ["| " + " | ".join(line) + " |" for line in (_HEAD, ("---",) * len(_HEAD), *rows(score))]
    meaning = "\n".join(
        f"- `{kind}`{' (hard)' if KINDS[kind].group == 'hard' else ''}: {KINDS[kind].summary}" for kind in score.kinds()
    )
    missed = "\n".join(f"- `{v.kind}`: {v.description}" for v in score.verdicts if v.outcome == "missed")
    with_text = "with `oncoresist audit` on the text" if gate.audit else "without the text of the sources"
    return f"""\
# Mutation score

Faults are put into the real graph, one at a time, and `oncoresist validate` is asked what it says then that it did not say
before. Of the faults as they are usually made, **{score.share(*asked):.1%}** are caught ({with_text}); of the variants made
as hard to see as can be, {score.share(*hard):.1%}. A fault is caught if an error or a warning is new.

Made by `{command}`, seed {seed}, from content with fingerprint `{gate.content.fingerprint[:16]}`. Generated: do not edit.

{chr(10).join(lines)}

## What the kinds do

{meaning}

## What cannot be caught

{_WITHOUT_TEXT}

{_AT_ALL}

## Missed

{missed or "None."}
"""
