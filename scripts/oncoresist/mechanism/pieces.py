"""What hangs together: runs of hops told by one claim, or seen in one study of one cancer. Between runs a path is stitched."""

from __future__ import annotations

from dataclasses import dataclass

from oncoresist.mechanism.edges import Claim, Edge, Network

# A study, and the cancer in which a claim has it see something ("" if it does not say).
Setting = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """Hops that hang together.

    :param edges: IRIs of their edges, in order
    :param claims: claims that tell all of them
    :param settings: primary studies that all of them rest on, each with its cancer
    """

    edges: tuple[str, ...]
    claims: frozenset[str]
    settings: frozenset[Setting]

    @property
    def studies(self) -> tuple[str, ...]:
        return tuple(sorted({study for study, _ in self.settings}))

    def with_edge(self, edge: Edge, network: Network) -> Piece | None:
        """The piece one hop longer, or None if nothing joins it to that hop."""
        claims = self.claims & {claim.iri for claim in edge.claims}
        settings = shared_settings(self.settings, settings_of(edge.claims), network)
        return Piece((*self.edges, edge.iri), claims, settings) if claims or settings else None

    def backing(self, edge: Edge, network: Network) -> tuple[Claim, ...]:
        """The claims of `edge` by which it belongs to this piece."""
        if self.claims:
            return tuple(claim for claim in edge.claims if claim.iri in self.claims)
        return tuple(claim for claim in edge.claims if shared_settings(self.settings, settings_of((claim,)), network))


def piece_of(edge: Edge) -> Piece:
    """A piece of one hop."""
    return Piece((edge.iri,), frozenset(claim.iri for claim in edge.claims), settings_of(edge.claims))


def settings_of(claims: tuple[Claim, ...]) -> frozenset[Setting]:
    """Every primary study behind `claims`, with the cancers they speak of. Reviews are no studies."""
    return frozenset((study, cancer) for claim in claims for study in claim.studies for cancer in claim.cancers or {""})


def shared_settings(one: frozenset[Setting], other: frozenset[Setting], network: Network) -> frozenset[Setting]:
    """What is the same study and may be the same cancer, in the narrower words of the two."""
    shared = set()
    for study, cancer in one:
        for its_study, its_cancer in other:
            if study != its_study:
                continue
            if not its_cancer or (cancer and network.within(cancer, its_cancer)):
                shared.add((study, cancer))
            elif not cancer or network.within(its_cancer, cancer):
                shared.add((study, its_cancer))
    return frozenset(shared)
