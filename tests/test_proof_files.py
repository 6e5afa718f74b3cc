"""What is no proof at all: each broken file is told with its line."""

from __future__ import annotations

import pytest

from oncoresist.errors import InputError
from oncoresist.mechanism.proof import parse_proof


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'p:1: not a proof: the first line must begin {"proof": 1, "of": …'),
        ("@prefix onr: <x> .\n", "p:1: not a proof: this line is not JSON (Expecting value, column 1)"),
        ("[1]\n", "p:1: not a proof: this line is no JSON object"),
        ("[" * 100_000, "p:1: not a proof: this line is nested too deeply"),
        ('{"proof": 2}\n', "p:1: a proof of form 2; this version reads form 1."),
        ('{"proof": 1, "of": "derived", "scope": "graph"}\n', "p:1: the first line of a proof is broken ('records')"),
        (
            '{"proof": 1, "of": "answer", "records": [], "question": "q", "parameters": {"drug": ["x:> } SERVICE <y:z> {"]}, '
            '"scope": "graph", "content": ""}\n',
            "p:1: the first line of a proof is broken (",
        ),
        ("{head}\nnonsense\n", "p:2: not a proof: this line is not JSON (Expecting value, column 1)"),
        ('{head}\n{"premise": "<a:b> <a:c> .", "layer": "evidence", "at": ""}\n', "p:2: not a line of a proof ("),
        ('{head}\n{"premise": "_:b <a:c> <a:d> .", "layer": "evidence", "at": ""}\n', "p:2: not a line of a proof (only IRIs"),
        ('{head}\n{"premise": "<a:b> <a:c> <a:d> ."}\n', 'p:2: not a line of a proof (no "layer")'),
        ('{head}\n{"end": %s}\n' % ("9" * 5000), "p:2: not a proof: this line holds a number that is too long"),
        ('{head}\n{"end": 1e999}\n', 'p:2: not a line of a proof ("end" is no whole number)'),
        ('{head}\n{"verdict": "true"}\n', "p:2: not a line of a proof (it begins with none of words, conclusion"),
    ],
)
def test_what_is_no_proof_is_told_with_the_line(text: str, message: str) -> None:
    head = '{"proof": 1, "of": "derived", "records": ["a:b"], "scope": "graph", "content": ""}'

    with pytest.raises(InputError) as caught:
        parse_proof(text.replace("{head}", head), "p")

    assert str(caught.value).startswith(message)
