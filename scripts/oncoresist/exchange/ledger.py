"""The loss ledger: of every triple of a selection, whether a format kept it, and if not, why.

A writer says which triples it wrote; what it did not say is lost, and is counted as lost. So the sums always give the number
of triples that were to be exported, and a writer cannot forget one.
"""

from __future__ import annotations

import json
from collections import Counter

import pyoxigraph as ox

from oncoresist.exchange.formats import Format
from oncoresist.exchange.selection import Selected

LEDGER = "ledger.json"  # the file beside or in an export


class Ledger:
    """Counts what one export keeps.

    :ivar reasons: set by the writer: layer, predicate (CURIE) or ``layer predicate`` → why its triples are lost
    """

    def __init__(self, format_: Format, selected: Selected) -> None:
        self.format, self.selected = format_, selected
        self.reasons: dict[str, str] = {}
        self.notes: list[str] = []
        self._kept: set[ox.Quad] = set()
        self._all_kept = False

    def keep(self, *quads: ox.Quad) -> None:
        """These were written."""
        self._kept.update(quads)

    def keep_all(self) -> None:
        """Every triple was written."""
        self._all_kept = True

    def note(self, sentence: str) -> None:
        """Something a reader must know that is not a lost triple: what was added, changed or merged."""
        self.notes.append(sentence)

    def is_kept(self, quad: ox.Quad) -> bool:
        """Whether the writer wrote this quad of the selection."""
        return self._all_kept or quad in self._kept

    @property
    def kept(self) -> int:
        """How many quads of the selection were written."""
        return len(self.selected.quad_lines) if self._all_kept else len(self._kept)

    def to_dict(self) -> dict:
        """The ledger as plain data: sums, and one row per layer and predicate."""
        curie = self.selected.prefixes.curie
        rows: Counter[tuple[str, str, bool]] = Counter()
        for layer, quads in self.selected.by_layer.items():
            rows.update((layer, quad.predicate.value, self.is_kept(quad)) for quad in quads)
        table = []
        for layer, predicate in dict.fromkeys((layer, predicate) for layer, predicate, _ in sorted(rows)):
            kept, lost = rows[layer, predicate, True], rows[layer, predicate, False]
            row: dict = {"layer": layer, "predicate": curie(predicate), "triples": kept + lost, "kept": kept, "lost": lost}
            if lost:
                row["why"] = self._why(layer, curie(predicate))
            table.append(row)
        return {
            "format": self.format.name,
            "selection": self.selected.selection.to_dict(),
            "triples": sum(row["triples"] for row in table),
            "kept": sum(row["kept"] for row in table),
            "lost": sum(row["lost"] for row in table),
            "notes": self.notes,
            "predicates": table,
        }

    def to_text(self) -> str:
        """The ledger as JSON with one line a predicate, so that two can be compared line by line."""
        data = self.to_dict()
        rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in data.pop("predicates"))
        return json.dumps(data, ensure_ascii=False, indent=1)[:-2] + f',\n "predicates": [\n{rows}\n ]\n}}\n'

    def _why(self, layer: str, predicate: str) -> str:
        keys = (f"{layer} {predicate}", predicate, layer)
        return next((self.reasons[key] for key in keys if key in self.reasons), "the format has no place for it")
