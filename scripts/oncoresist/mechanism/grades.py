"""Evidence grades of fewer claims than an edge has, as when only those about one cancer are looked at.

The grades in the store come from `queries/derive/supporting-studies.rq` and `evidence-grades.rq`, which count all claims of an
edge. This is the same formula over a choice of them; a test has both give the same grade to every edge of the graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from oncoresist.engines import Engine

# As in supporting-studies.rq: no reviews, nothing retracted; what is under concern or known by its number only is tentative.
_SUPPORT = """SELECT DISTINCT ?claim ?study ?counts ?kind WHERE {
  ?claim onr:certainty ?certainty ; onr:hasEvidence ?line .
  ?line onr:direction onr:supports ; cito:citesAsEvidence ?study .
  FILTER NOT EXISTS { ?study a fabio:ReviewArticle }
  FILTER NOT EXISTS { ?line onr:studyKind onr:reviewStatement }
  FILTER NOT EXISTS { ?study onr:noticeKind onr:retraction }
  BIND(EXISTS { ?study onr:noticeKind onr:concern } || !EXISTS { ?study a fabio:JournalArticle } AS ?isDoubtful)
  BIND(?certainty = onr:asserted && !?isDoubtful AS ?counts)
  OPTIONAL { ?line onr:studyKind ?kind } }"""
_BEYOND_THE_DISH = ("/inVivo", "/clinical")


@dataclass(frozen=True, slots=True)
class Support:
    """A primary study behind a claim.

    :param counts: whether it supports the claim, or only tentatively
    :param beyond_the_dish: whether it was done in animals or patients
    """

    study: str
    counts: bool
    beyond_the_dish: bool


def load_support(engine: Engine) -> dict[str, frozenset[Support]]:
    """Claim IRI → the studies behind it; a claim without any is left out."""
    found: dict[str, set[Support]] = defaultdict(set)
    for row in engine.query(_SUPPORT):
        kind = row["kind"].value if row["kind"] else ""
        found[row["claim"].value].add(
            Support(row["study"].value, row["counts"].value in ("true", "1"), kind.endswith(_BEYOND_THE_DISH))
        )
    return {claim: frozenset(support) for claim, support in found.items()}


def rank_of(support: Iterable[Support]) -> int:
    """The rank of the grade that these studies make together: 1 for A to 5 for E.

    >>> rank_of([Support("one", True, False), Support("two", True, False), Support("two", True, True)])
    2
    >>> rank_of([Support("one", False, True)]), rank_of([])
    (4, 5)
    """
    all_of_them = list(support)
    counted = [s for s in all_of_them if s.counts]
    studies = {s.study for s in counted}
    if len(studies) >= 3 and any(s.beyond_the_dish for s in counted):
        return 1
    if len(studies) >= 2:
        return 2
    if studies:
        return 3
    return 4 if all_of_them else 5
