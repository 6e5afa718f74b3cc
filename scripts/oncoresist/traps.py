"""Traps: known ways to get a plausible wrong answer from this model, each as a tempting query beside the right one.

A trap is a pair of files, ``queries/traps/<id>.tempting.rq`` and ``<id>.right.rq``. The header of the first says what tempts
(`trap`) and what is wrong with its answer (`wrong`); both say in `summary` what they really ask.
"""

from __future__ import annotations

from dataclasses import dataclass

from oncoresist.errors import InputError, UnknownNameError
from oncoresist.paths import Layout
from oncoresist.saved_query import SavedQuery, list_saved_queries, read_saved_query


@dataclass(frozen=True)
class Trap:
    """One pair of queries.

    :param id: what both file names begin with
    :param tempting: the query one would write first
    :param right: the query that answers what was meant; same columns
    """

    id: str
    tempting: SavedQuery
    right: SavedQuery

    @property
    def title(self) -> str:
        """The trap in a few words.

        >>> from oncoresist.paths import find_layout
        >>> find_trap(find_layout(), "association-for-cause").title
        'Association for cause'
        """
        return self.id.replace("-", " ").capitalize()

    @property
    def question(self) -> str:
        """What was meant to be asked: the summary of the right query."""
        return self.right.summary

    @property
    def trap(self) -> str:
        """What tempts."""
        return self.tempting.header["trap"]

    @property
    def wrong(self) -> str:
        """What is wrong with the tempting answer, by one of its rows."""
        return self.tempting.header["wrong"]


def list_traps(layout: Layout) -> list[Trap]:
    """All traps, by id.

    :raises InputError: a query stands alone, the two have different columns, or the tempting one does not say what is wrong
    """
    files = list_saved_queries(layout, "traps")
    ids = sorted({stem.rpartition(".")[0] for stem in files})
    return [_read(layout, trap_id) for trap_id in ids]


def find_trap(layout: Layout, trap_id: str) -> Trap:
    """The trap of that id.

    :raises UnknownNameError: there is none; the nearest are named
    """
    ids = sorted({stem.rpartition(".")[0] for stem in list_saved_queries(layout, "traps")})
    if trap_id not in ids:
        raise UnknownNameError("trap", trap_id, ids, "`oncoresist traps` lists them all.")
    return _read(layout, trap_id)


def _read(layout: Layout, trap_id: str) -> Trap:
    files = list_saved_queries(layout, "traps")
    for side in ("tempting", "right"):
        if f"{trap_id}.{side}" not in files:
            raise InputError(f"queries/traps/{trap_id}", f"there is no {trap_id}.{side}.rq beside the other. [trap-pair]")
    tempting, right = (read_saved_query(files[f"{trap_id}.{side}"], layout) for side in ("tempting", "right"))
    shown = layout.relative(tempting.path)
    if list(tempting.columns) != list(right.columns):
        raise InputError(shown, "its columns differ from those of the right query, so they cannot be compared. [trap-pair]", 1)
    for key in ("trap", "wrong"):
        if key not in tempting.header:
            raise InputError(shown, f"the header lacks {key}. Add a line `#+ {key}: …`. [trap-pair]", 1)
    return Trap(trap_id, tempting, right)
