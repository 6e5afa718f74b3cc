"""OncoResist: why cancer treatments stop working, as claims that carry their evidence.

>>> from oncoresist import KnowledgeGraph
>>> kg = KnowledgeGraph.open()
>>> answer = kg.ask("resistance-mechanisms", drug="CDDP")
>>> len(answer) > 0
True
"""

from oncoresist.errors import InputError, NotWritableError, OncoResistError, QueryError, UnknownNameError, UsageError
from oncoresist.findings import Finding
from oncoresist.knowledge_graph import KnowledgeGraph
from oncoresist.results import Answer

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Finding",
    "InputError",
    "KnowledgeGraph",
    "NotWritableError",
    "OncoResistError",
    "QueryError",
    "UnknownNameError",
    "UsageError",
]
