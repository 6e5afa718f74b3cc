"""What a path comes to, in words: the net sign, and whether one source says it or it was stitched together."""

from __future__ import annotations

from oncoresist.mechanism.edges import Network
from oncoresist.mechanism.paths import Path
from oncoresist.mechanism.pieces import Piece


def net_sentence(path: Path, network: Network) -> str:
    """The net sign: "Raises resistance to gefitinib."."""
    what = _effect(path, network)
    if path.net == 0:
        open_at = [hop for hop in path.hops if hop.sign == 0]
        places = " and ".join(f"between {network.name(hop.start)} and {network.name(hop.end)}" for hop in open_at)
        what += f": no sign is given {places}"
    if path.net_from == path.end and path.steps == 1:
        return f"{what}: one cell becomes another."
    if path.net_from == path.end:
        return f"{what}: no sign passes where one cell becomes another."
    if path.net_from != path.start:
        return (
            f"From {network.name(path.net_from)} on: {what[0].lower()}{what[1:]}. No sign passes where one cell becomes another."
        )
    return f"{what}."


def _effect(path: Path, network: Network) -> str:
    end = network.name(path.end)
    if path.end not in network.treatments:
        words = {1: "Promotes {}", -1: "Suppresses {}", 0: "Acts on {}, direction open", None: "Leads to {}, without a sign"}
        return words[path.net].format(end) + _of(path, network)
    words = {1: "Raises resistance to {}", -1: "Lowers resistance to {}", 0: "Bears on the response to {}, direction open"}
    last = path.hops[-1].edge
    cell = last.end_cell if last else None
    where = f" of {network.name(cell)}" if cell and cell not in network.tumour_cells else ""
    said = words.get(path.net, "Leads to {}").format(end)
    return said.replace(" to ", f"{where} to ", 1) + _of(path, network)


def _of(path: Path, network: Network) -> str:
    if path.end == path.target:
        return ""
    if network.within(path.target, path.end):
        return f" (said of the class that {network.name(path.target)} belongs to)"
    return f" (a kind or member of {network.name(path.target)})"


def standing_sentence(path: Path, network: Network) -> str:
    """On whose word the path as a whole stands, and for which cancers."""
    if path.stitched:
        seams = " and ".join(dict.fromkeys(network.name(seam) for seam in seams_of(path)))
        return (
            f"Stitched from {len(path.pieces)} pieces, at {seams}: a hypothesis, no one claim or study says the whole. "
            f"{_studies(path)}, {_cancers(path, network)}{_other_drugs(path, network)}."
        )
    (piece,) = path.pieces
    if path.steps == 1:
        said = "Stated as such"
    elif piece.claims:
        said = "One claim throughout"
    else:
        said = f"One study throughout ({network.name(piece.studies[0])}), told in several claims"
    return f"{said}, {_cancers(path, network)}{_other_drugs(path, network)}."


def seams_of(path: Path) -> list[str]:
    """The entities at which one piece ends and the next begins."""
    first_edges = {piece.edges[0] for piece in path.pieces[1:]}
    return [hop.start for hop in path.hops if hop.edge and hop.edge.iri in first_edges]


def seam_reason(one: Piece, other: Piece) -> str:
    """What differs on the two sides of a seam."""
    if set(one.studies) & set(other.studies):
        return "the same study, another cancer"
    return "another study" if one.settings and other.settings else "another claim"


def _studies(path: Path) -> str:
    number = len(path.studies)
    if not number:
        return "No primary study"
    return "1 study" if number == 1 else f"{number} studies"


def _cancers(path: Path, network: Network) -> str:
    names = " and ".join(sorted(network.name(cancer) for cancer in path.cancers))
    edges = [hop for hop in path.hops if hop.edge]
    silent = [str(n) for n, hop in enumerate(edges, 1) if not any(claim.cancers for claim in hop.claims)]
    if not names:
        return "no cancer stated"
    across = "across" if len(path.cancers) > 1 else "in"
    return f"{across} {names}" + (f" (none stated in step {', '.join(silent)})" if silent else "")


def _other_drugs(path: Path, network: Network) -> str:
    """Claims on the response to one drug say nothing certain of another."""
    if path.target not in network.treatments:
        return ""
    related = {path.target, path.end}
    others = [d for d in path.drugs if not any(network.compatible(d, known) for known in related)]
    return f"; with claims about {' and '.join(sorted(network.name(d) for d in others))}" if others else ""
