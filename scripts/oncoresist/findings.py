"""What a check has to say about the content."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One problem, told to the person who can mend it.

    :param where: file, or ``file:line``, the subject stands in
    :param subject: CURIE of the record
    :param problem: what is wrong
    :param remedy: what to do
    :param rule: the shape, check or law that found it
    :param severity: ``error`` (exit code 1) or ``warning``

    >>> print(Finding("graph/claims/a.ttl:3", "claim:x-a", "The claim has no step.", "Add one.", "onr:ClaimShape-hasStep"))
    graph/claims/a.ttl:3: claim:x-a: The claim has no step. Add one. [onr:ClaimShape-hasStep]
    """

    where: str
    subject: str
    problem: str
    remedy: str
    rule: str
    severity: str = "error"

    def __str__(self) -> str:
        mark = "" if self.severity == "error" else f"{self.severity}: "
        text = " ".join(part for part in (self.problem, self.remedy) if part)
        return f"{self.where}: {self.subject}: {mark}{text} [{self.rule}]"
