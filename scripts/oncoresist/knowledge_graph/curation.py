"""Keeping the content: judge it, compare it with its texts, format it, build it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from oncoresist.findings import Finding
from oncoresist.knowledge_graph.core import Core
from oncoresist.review import Reading
from oncoresist.store import BuildReport, build


class Curation(Core):
    """Keeping the content: judge it, compare it with its texts, format it, build it."""

    def validate(self, files: Sequence[Path | str] = (), *, reasoner: bool = True) -> tuple[list[Finding], list[str]]:
        """Check the content: shapes, checks, laws over files, and (with Java) consistency under HermiT.

        :param files: only tell about these files; drafts from outside the content are read along with it
        :param reasoner: False leaves HermiT out
        :returns: findings, and one line for every part that was run or could not be
        :raises InputError: a file cannot be read
        """
        from oncoresist.validate import validate

        return validate(self.content, [Path(f) for f in files], reasoner=reasoner)

    def audit(self, texts: Sequence[Path | str]) -> tuple[list[Finding], list[str]]:
        """Compare the graph with the texts it was read from: digests, mentions, references, hedging words, nothing left out.

        :param texts: tab-separated files; graph/README.md, section 8, says which columns
        :returns: findings, and a line that says how much was compared
        :raises UsageError: not one row belongs to a passage of the graph
        :raises InputError: a file cannot be read
        """
        from oncoresist.audit import audit

        return audit(self.content, [Path(text) for text in texts])

    def review(self, claims: Sequence[str] = (), *, all_changed: bool = False) -> list[Reading]:
        """Seal claims that somebody who did not write them has read against their passage.

        :param claims: CURIEs or IRIs; without any (and without `all_changed`) nothing is written
        :param all_changed: every claim that changed since its reading or was never read
        :returns: the claims sealed, or those that wait for a reading
        :raises UnknownNameError: there is no such claim; nothing is written
        """
        from oncoresist.review import review

        return review(self.content, claims, all_changed=all_changed)

    def format(self, paths: Sequence[Path | str] = (), *, check: bool = False) -> list[Path]:
        """Rewrite Turtle of the evidence layer in canonical form.

        :param paths: files or folders; by default ``graph/``
        :param check: change nothing
        :returns: the files that were (or would be) changed
        :raises InputError: a file cannot be read; the others are still formatted
        """
        from oncoresist.format import format_files

        return format_files(self.content, [Path(p) for p in paths] or [self.layout.graph], check=check)

    def build(self, *, force: bool = False) -> BuildReport:
        """Bring the embedded store up to date; does nothing if no file changed.

        :raises InputError: content cannot be read; the old store stays
        :raises NotWritableError: no permission or no space; the old store stays
        """
        return build(self.content, self.layout.store(), force=force, announce=self._announce)
