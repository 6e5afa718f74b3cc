"""The questions as a test suite for SPARQL engines, in the form of the W3C's own (https://www.w3.org/2001/sw/DataAccess/tests/).

`manifest.ttl` names for each test a query, the data and the expected results. A question that calls endpoints of others is a
syntax test.
"""

from __future__ import annotations

from oncoresist.catalogue.entries import Entry, sparql_of

_HEAD = """@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
@prefix qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
_NO_ROWS = '{"head":{"vars":[%s]},"results":{"bindings":[]}}'
DATA = "oncoresist.nt"


def manifest_files(entries: list[Entry]) -> dict[str, str]:
    """`manifest.ttl`, one query and one results file (SPARQL JSON) a test; the data is written beside them.

    :returns: file name → text
    """
    files: dict[str, str] = {}
    tests: list[str] = []
    names: list[str] = []
    for entry in entries:
        question = entry.question
        if entry.answer is None:
            files[f"{question.id}.rq"] = entry.sparql + "\n"
            names.append(question.id)
            tests.append(_syntax(question.id, question.summary))
            continue
        shown = ", ".join(f"{name}: {value}" for name, value in entry.parameters.items())
        cases = [(question.id, entry.sparql, entry.answer.to_text("json"), shown)]
        nothing = _NO_ROWS % ",".join(f'"{column}"' for column in entry.answer.variables)
        for number, (given, text) in enumerate(entry.empty, 1):
            about = ", ".join(f"{name}: {value}" for name, value in given.items()) + "; nothing is known"
            cases.append((f"{question.id}-empty-{number}", sparql_of(text), nothing, about))
        for name, query, results, about in cases:
            files[f"{name}.rq"] = query + "\n"
            files[f"{name}.srj"] = results.rstrip() + "\n"
            names.append(name)
            tests.append(_evaluation(name, question.summary + (f" ({about})" if about else "")))
    listed = "\n".join(f"        <#{name}>" for name in names)
    manifest = f'<> a mf:Manifest ;\n    rdfs:label "OncoResist: saved questions"@en ;\n    mf:entries (\n{listed}\n    ) .\n'
    return {"manifest.ttl": "\n".join([_HEAD, manifest, *tests]), **files}


def _evaluation(name: str, comment: str) -> str:
    return (
        f"<#{name}> a mf:QueryEvaluationTest ;\n"
        f"    mf:name {_text(name)} ;\n"
        f"    rdfs:comment {_text(comment)}@en ;\n"
        f"    mf:action <#{name}-action> ;\n"
        f"    mf:result <{name}.srj> .\n\n"
        f"<#{name}-action> qt:query <{name}.rq> ;\n"
        f"    qt:data <{DATA}> .\n"
    )


def _syntax(name: str, comment: str) -> str:
    return (
        f"<#{name}> a mf:PositiveSyntaxTest11 ;\n"
        f"    mf:name {_text(name)} ;\n"
        f"    rdfs:comment {_text(comment)}@en ;\n"
        f"    mf:action <{name}.rq> .\n"
    )


def _text(value: str) -> str:
    return '"' + " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


__all__ = ["DATA", "manifest_files"]
