"""The kinds of fault. Each is a function of the graph and a random number generator; it changes nothing, it says what to change.

A fault is as a curator would make it: the one thing is wrong and everything around it fits. Steps that move to another
claim are renamed and renumbered, for instance, so that only what they say is wrong.
"""

from tests.mutation.faults import steps, claims, evidence, passages, entities, mappings  # noqa: F401, I001 (they register themselves, in this order)
from tests.mutation.faults.kinds import KINDS, Kind, Mutation

__all__ = ["KINDS", "Kind", "Mutation"]
