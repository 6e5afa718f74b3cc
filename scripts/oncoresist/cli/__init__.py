"""The command line: options and printing only. Each command is the thin face of one `KnowledgeGraph` method.

Exit codes: 0 fine, 1 findings, 2 wrong usage, 3 unreadable input. Results go to stdout, everything else to stderr.
"""

from oncoresist.cli import catalogue, comparison, curation, exchange, linking, mechanism, questions, reasoning
from oncoresist.cli.group import main

__all__ = ["catalogue", "comparison", "curation", "exchange", "linking", "main", "mechanism", "questions", "reasoning"]
