"""Everything that can stop an operation.

    OncoResistError
    ├── UsageError              the caller asked for something that does not exist (exit code 2)
    │   ├── UnknownNameError    an entity, question, parameter or prefix nobody knows; suggests the nearest
    │   ├── QueryError          SPARQL that cannot be parsed, or that would write
    │   └── NotWritableError    the place for the store or an export cannot be written, or is full
    ├── ContradictionError      the content contradicts itself under OWL (exit code 1)
    ├── LoadError               a load into a store that did not come to its end (exit code 1)
    ├── StoreError              a store that refuses a request (exit code 2) or does not answer (3); in exchange.loading
    └── InputError              a file that cannot be read (exit code 3)
        └── QueryHeaderError    a saved query whose header is misspelt or incomplete (exit code 2)

Bad *content* is no exception: it comes back as a list of `oncoresist.findings.Finding`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class OncoResistError(Exception):
    """Base of all errors; `str(error)` is one line for the user, `exit_code` what the command returns."""

    exit_code = 2


class UsageError(OncoResistError):
    """The call cannot be carried out as written."""


class UnknownNameError(UsageError):
    """A name that nothing answers to.

    :param kind: what was looked for, e.g. ``"entity"``
    :param name: what was given
    :param known: the names there are; the nearest are suggested

    >>> print(UnknownNameError("question", "resistence-mechanisms", ["resistance-mechanisms"]))
    unknown question "resistence-mechanisms". Did you mean "resistance-mechanisms"?
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        self.kind, self.name, self.nearest = kind, name, nearest(name, known)
        suggestion = " Did you mean " + " or ".join(f'"{n}"' for n in self.nearest) + "?" if self.nearest else ""
        super().__init__(f'unknown {kind} "{name}".{suggestion}{" " + hint if hint else ""}')


class QueryError(UsageError):
    """A query that cannot be run: `message` says where it goes wrong."""


class NotWritableError(UsageError):
    """Something cannot be written at `path`: the store, an export."""

    def __init__(
        self,
        path: Path,
        reason: str,
        what: str = "the store",
        advice: str = "Free some space or choose another place: set ONCORESIST_STORE to a folder you may write to.",
    ) -> None:
        self.path = path
        super().__init__(f"{path}: cannot write {what} ({reason}). {advice} Nothing was changed.")


class LoadError(OncoResistError):
    """A load that began and did not end well: `message` says what is in the store now, and what to do."""

    exit_code = 1


class InputError(OncoResistError):
    """A file that cannot be read; the message begins with ``file:line:`` where the line is known."""

    exit_code = 3

    def __init__(self, path: Path | str, problem: str, line: int | None = None) -> None:
        self.path, self.problem, self.line = path, problem, line
        super().__init__(f"{path}{f':{line}' if line else ''}: {problem}")


class QueryHeaderError(InputError):
    """A saved query that can be read, but whose header is wrong: whoever wrote it corrects it."""

    exit_code = 2


class ContradictionError(OncoResistError):
    """Nothing can be classified, since everything follows from a contradiction; `findings` say what clashes."""

    exit_code = 1

    def __init__(self, findings: list) -> None:
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names most like `name`, best first, compared without regard to case.

    >>> nearest("cisplatine", ["cisplatin", "carboplatin", "IL6"])
    ['cisplatin', 'carboplatin']
    """
    by_folded = {k.casefold(): k for k in known}
    return [by_folded[m] for m in difflib.get_close_matches(name.casefold(), by_folded, n=count, cutoff=0.6)]
