"""The rules of signed paths on small networks: signs, cells, pieces, order and cycles."""

from __future__ import annotations

import itertools
import random
import time

import pytest

from oncoresist.mechanism.edges import Bridge, Claim, Edge, Network, bridges_of
from oncoresist.mechanism.meet import answer_meet
from oncoresist.mechanism.paths import Path, find_paths
from oncoresist.mechanism.verdict import net_sentence, seam_reason, standing_sentence


def claim(name: str, *studies: str, cancers: tuple[str, ...] = (), hedged: bool = False) -> Claim:
    return Claim(name, f"What {name} says.", hedged, frozenset(cancers), references=studies, studies=frozenset(studies))


def edge(
    start: str, effect: str, end: str, *claims: Claim, cells: tuple[str | None, str | None] = (None, None), rank: int = 3
) -> Edge:
    claims = claims or (claim(f"{start}{end}", f"study of {start}{end}"),)
    told = {c.iri: (f"{start} {effect} {end}",) for c in claims}
    return Edge(f"{start}-{effect}-{end}-{cells}", start, effect, end, *cells, (), claims, told, (rank, "ABCDE"[rank - 1]))


def only_path(network: Network, source: str, target: str) -> Path:
    (path,) = find_paths(network, source, target).paths
    return path


# Signs, cells and pieces, on small networks


def test_making_passes_the_sign_on_and_becoming_starts_it_anew() -> None:
    network = Network(
        (edge("a", "suppresses", "b"), edge("b", "becomes", "c"), edge("c", "yields", "d"), edge("d", "suppresses", "e"))
    )

    path = only_path(network, "a", "e")

    assert ("c", -1) == (path.net_from, path.net)
    assert "From c on: suppresses e. No sign passes where one cell becomes another." == net_sentence(path, network)


def test_a_path_of_making_only_has_no_sign() -> None:
    network = Network((edge("a", "yields", "b"), edge("b", "yields", "c")))

    assert None is only_path(network, "a", "c").net


def test_an_unknown_sign_leaves_the_net_sign_open() -> None:
    network = Network((edge("a", "influences", "b"), edge("b", "suppresses", "c")))

    assert "Acts on c, direction open: no sign is given between a and b." == net_sentence(only_path(network, "a", "c"), network)


@pytest.mark.parametrize(
    ("arrives", "leaves", "fits"), [("x", "x", True), (None, "x", True), ("kind of x", "x", True), ("y", "x", False)]
)
def test_hops_join_only_where_cells_fit(arrives: str | None, leaves: str, fits: bool) -> None:
    edges = (edge("a", "promotes", "b", cells=(None, arrives)), edge("b", "promotes", "c", cells=(leaves, None)))
    network = Network(edges, wider={"kind of x": frozenset({"x"})})

    assert fits == bool(find_paths(network, "a", "c").paths)


def test_a_readout_is_no_relay_unless_one_claim_says_both() -> None:
    both = claim("both", "s")
    apart = (edge("a", "promotes", "r"), edge("r", "promotes", "c"))
    together = (edge("a", "promotes", "r", both), edge("r", "promotes", "c", both))

    assert () == find_paths(Network(apart, readouts=frozenset("r")), "a", "c").paths
    assert 1 == len(find_paths(Network(together, readouts=frozenset("r")), "a", "c").paths)


def test_no_path_goes_on_beyond_a_drug() -> None:
    network = Network((edge("a", "raisesResistanceTo", "d"), edge("d", "promotes", "c")), treatments=frozenset("d"))

    assert () == find_paths(network, "a", "c").paths
    assert 1 == len(find_paths(network, "d", "c").paths)


def test_bridges_are_no_steps_and_never_two_in_a_row() -> None:
    bridges = {"b": (Bridge("b", "B signalling", "signalling", 1),), "B signalling": (Bridge("B signalling", "e", "axis", 0),)}
    edges = (edge("a", "promotes", "b"), edge("B signalling", "suppresses", "c"), edge("e", "promotes", "f"))
    network = Network(edges, bridges=bridges)

    path = only_path(network, "a", "c")
    assert (2, -1, ["promotes", "signalling", "suppresses"]) == (path.steps, path.net, [hop.effect for hop in path.hops])
    assert () == find_paths(network, "a", "f").paths


def test_the_sign_over_an_axis_is_open_unless_one_claim_goes_over_it() -> None:
    bridges = {"axis": (Bridge("axis", "part", "axis", 0),)}
    both = claim("both", "s")
    apart = Network((edge("a", "promotes", "axis"), edge("part", "suppresses", "c")), bridges=bridges)
    together = Network((edge("a", "promotes", "axis", both), edge("part", "suppresses", "c", both)), bridges=bridges)

    assert 0 == only_path(apart, "a", "c").net
    assert -1 == only_path(together, "a", "c").net


@pytest.mark.parametrize(
    ("first", "second", "stitched"),
    [
        (claim("one", "s"), claim("one", "s"), False),
        (claim("one"), claim("one"), False),
        (claim("one", "s"), claim("two", "s"), False),
        (claim("one", "s", cancers=("x",)), claim("two", "s"), False),
        (claim("one", "s", cancers=("x",)), claim("two", "s", cancers=("kind of x",)), False),
        (claim("one", "s", cancers=("x",)), claim("two", "s", cancers=("y",)), True),
        (claim("one", "s"), claim("two", "t"), True),
        (claim("one"), claim("two"), True),
    ],
)
def test_a_path_is_stitched_where_study_or_cancer_change(first: Claim, second: Claim, stitched: bool) -> None:
    edges = (edge("a", "promotes", "b", first), edge("b", "promotes", "c", second))
    network = Network(edges, wider={"kind of x": frozenset({"x"})})

    assert stitched == only_path(network, "a", "c").stitched


def test_settings_must_agree_over_the_whole_piece_and_not_only_from_hop_to_hop() -> None:
    claims = (claim("1", "s", cancers=("x",)), claim("2", "s"), claim("3", "s", cancers=("y",)))
    names = ("a", "b", "c", "d")
    network = Network(tuple(edge(names[i], "promotes", names[i + 1], claims[i]) for i in range(3)))

    assert 2 == len(only_path(network, "a", "d").pieces)


def test_order_puts_whole_before_stitched_then_grade_then_length() -> None:
    whole = claim("whole", "s")
    network = Network(
        (
            edge("a", "promotes", "w", whole, rank=5),
            edge("w", "promotes", "z", whole, rank=5),
            edge("a", "promotes", "b", rank=3),
            edge("b", "promotes", "z", rank=3),
            edge("a", "promotes", "c", rank=1),
            edge("c", "promotes", "z", rank=1),
        )
    )

    assert ["w", "c", "b"] == [path.hops[0].end for path in find_paths(network, "a", "z").paths]


def test_of_a_class_is_shown_for_its_member_after_what_is_said_of_the_member() -> None:
    edges = (edge("a", "raisesResistanceTo", "class", rank=1), edge("a", "raisesResistanceTo", "drug", rank=5))
    network = Network(edges, wider={"drug": frozenset({"class"})}, treatments=frozenset({"drug", "class"}))

    said, of_class = find_paths(network, "a", "drug").paths

    assert "Raises resistance to drug." == net_sentence(said, network)
    assert "Raises resistance to class (said of the class that drug belongs to)." == net_sentence(of_class, network)


def dense(size: int, studies: int) -> Network:
    """Every entity acts on every other one: nothing but cycles."""
    choose = random.Random(5)
    claims = [claim(f"c{n}", f"s{n}") for n in range(studies)]
    pairs = itertools.permutations([f"n{n}" for n in range(size)], 2)
    return Network(
        tuple(
            edge(a, choose.choice(["promotes", "suppresses"]), b, choose.choice(claims), rank=choose.randint(1, 5))
            for a, b in pairs
        )
    )


@pytest.mark.parametrize("studies", [1, 5, 50, 10_000])
def test_a_graph_of_nothing_but_cycles_does_not_explode(studies: int) -> None:
    network = dense(100, studies)
    started = time.process_time()
    found = find_paths(network, "n0", "n99")

    assert 20 == len(found.paths)
    assert found.more
    assert time.process_time() - started < 10


def test_best_first_gives_what_exhaustive_search_gives() -> None:
    network = dense(6, 3)
    asked = find_paths(network, "n0", "n5", max_steps=4, limit=10)
    everything = find_paths(network, "n0", "n5", max_steps=4, limit=10_000)

    walks = [p for k in range(4) for p in itertools.permutations(["n1", "n2", "n3", "n4"], k)]
    assert len(walks) == len(everything.paths)
    assert not everything.more
    assert [path.hops for path in everything.paths[:10]] == [path.hops for path in asked.paths]
    costs = [(len(p.pieces), p.weakest[0], p.steps) for p in everything.paths]
    assert costs[0][0] == min(pieces for pieces, *_ in costs)
    assert [pieces for pieces, *_ in costs] == sorted(pieces for pieces, *_ in costs)


def test_a_longer_way_of_better_grade_comes_before_a_shorter_of_worse() -> None:
    """What is still to come is bounded by the worst hop alone, however many there are."""
    one, other = claim("one", "s"), claim("other", "t")
    long = [edge(start, "promotes", end, one, rank=2) for start, end in itertools.pairwise("sabt")]
    short = [edge(start, "promotes", end, other, rank=3) for start, end in itertools.pairwise("sct")]

    found = find_paths(Network((*long, *short)), "s", "t").paths

    assert [["s", "a", "b", "t"], ["s", "c", "t"]] == [[path.start, *(hop.end for hop in path.hops)] for path in found]


def test_bridges_lead_from_the_first_component_to_its_axis_and_from_no_axis_to_it() -> None:
    axis = [("axis", "component1", "first"), ("axis", "component2", "second"), ("signalling", "signallingOf", "ligand")]

    assert {
        "first": (Bridge("first", "axis", "axis", 1),),
        "second": (Bridge("second", "axis", "axis", 0),),
        "axis": (Bridge("axis", "second", "axis", 0),),
        "ligand": (Bridge("ligand", "signalling", "signalling", 1),),
        "signalling": (Bridge("signalling", "ligand", "signalling", 1),),
    } == bridges_of(axis)


def test_the_tumour_cell_as_such_is_no_relay_but_a_kind_of_it_is() -> None:
    def joined(cell: str, *shared: Claim) -> bool:
        edges = (edge("a", "promotes", cell, *shared), edge(cell, "promotes", "c", *shared))
        kinds = {"wider": {"stem": frozenset({"tumour"})}, "narrower": {"tumour": frozenset({"stem"})}}
        return bool(find_paths(Network(edges, tumour_cells=frozenset({"tumour", "stem"}), **kinds), "a", "c").paths)

    assert (joined("tumour"), joined("stem")) == (False, True)
    assert joined("tumour", claim("both", "s"))


def test_a_seam_says_what_differs_on_its_two_sides() -> None:
    def reason(first: Claim, second: Claim) -> str:
        return seam_reason(
            *only_path(Network((edge("a", "promotes", "b", first), edge("b", "promotes", "c", second))), "a", "c").pieces
        )

    assert reason(claim("x", "s", cancers=("lung",)), claim("y", "s", cancers=("bone",))) == "the same study, another cancer"
    assert reason(claim("x", "s"), claim("y", "t")) == "another study"
    assert reason(claim("x"), claim("y")) == "another claim"


def test_claims_about_another_drug_are_told_and_those_about_a_kind_of_it_are_not() -> None:
    def told(*drugs: str) -> str:
        about = Claim("x", "What x says.", False, drugs=frozenset(drugs), studies=frozenset("s"))
        network = Network(
            (edge("a", "raisesResistanceTo", "drug", about),),
            treatments=frozenset({"drug", "class", "other"}),
            wider={"drug": frozenset({"class"})},
        )
        return standing_sentence(only_path(network, "a", "drug"), network)

    assert told("drug", "other").endswith("; with claims about other.")
    assert "with claims about" not in told("drug", "class")


def test_a_meeting_is_said_only_if_one_claim_tells_every_hop_of_both_ways() -> None:
    def meets(*claims: Claim) -> bool:
        ways = zip(("a", "m", "b"), ("m", "n", "n"), claims, strict=True)
        edges = [edge(start, "promotes", end, own) for start, end, own in ways]
        (meeting,) = answer_meet(Network((*edges, edge("n", "promotes", "t"))), str, "a", "b", "t").meetings
        return not meeting.stitched

    whole, part, other = claim("whole", "s"), claim("part", "s"), claim("other", "s")
    assert meets(whole, whole, whole)
    assert not meets(part, other, whole)  # of three claims, none tells more than one hop
    assert not meets(whole, other, whole)  # one way only in part
