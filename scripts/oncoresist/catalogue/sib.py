"""The questions as `sh:SPARQLExecutable`, the form of the SIB example collections (https://github.com/sib-swiss/sparql-examples).

Tools that help people write SPARQL, sparql-editor and sparql-llm among them, read exactly this.
"""

from __future__ import annotations

import re

from oncoresist.catalogue.entries import Entry
from oncoresist.namespaces import BASE, Prefixes
from oncoresist.saved_query import Parameter

_HEAD = """@prefix query: <https://w3id.org/oncoresist/query/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix spex: <https://purl.expasy.org/sparql-examples/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_PREFIXES = f"{BASE}query/prefixes"
_DECLARED = re.compile(r"^PREFIX (\S*):\s*<([^>]+)>", re.MULTILINE)
_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct"}
_SERVICE = re.compile(r"\bSERVICE\s+(?:SILENT\s+)?<([^>]+)>", re.IGNORECASE)


def sib_files(entries: list[Entry], prefixes: Prefixes, target: str) -> dict[str, str]:
    """One Turtle file a question, and `prefixes.ttl`, as sparql-examples-utils wants them.

    :param target: URL of the endpoint that holds the graph (`schema:target`)
    :returns: file name → Turtle
    """
    declared: dict[str, str] = {}
    for entry in entries:
        declared |= dict(_DECLARED.findall(entry.sparql))
    return {"prefixes.ttl": _declarations(declared)} | {
        f"{entry.question.id}.ttl": _question(entry, prefixes, target) for entry in entries
    }


def _question(entry: Entry, prefixes: Prefixes, target: str) -> str:
    question = entry.question
    form = next(name for name in _FORMS if re.search(rf"^{name}\b", entry.sparql, re.MULTILINE))
    lines = [
        f"<{BASE}query/{question.id}> a sh:SPARQLExecutable",
        f"    a sh:SPARQL{form.capitalize()}Executable",
        f"    rdfs:comment {_text(_comment(entry))}@en",
        f"    rdfs:label {_text(question.summary)}@en",
        f"    schema:target <{target}>",
        *(f"    schema:keywords {_text(tag)}" for tag in question.tags),
        *(f"    sh:parameter <{BASE}query/{question.id}#{name}>" for name in question.params),
        f"    sh:prefixes <{_PREFIXES}>",
        f"    sh:{_FORMS[form]} {_long(entry.sparql)}",
        *(f"    spex:federatesWith <{url}>" for url in dict.fromkeys(_SERVICE.findall(entry.sparql))),
    ]
    blocks = [_HEAD, " ;\n".join(lines) + " .\n"]
    blocks += [_parameter(question.id, parameter, prefixes) for parameter in question.params.values()]
    return "\n".join(blocks)


def _comment(entry: Entry) -> str:
    """The question, and for what it is asked in the text that follows."""
    asked = ", ".join(f"{name} is {value}" for name, value in entry.parameters.items())
    return entry.question.summary + (f" Asked here: {asked}." if asked else "")


def _parameter(question_id: str, parameter: Parameter, prefixes: Prefixes) -> str:
    """SHACL Advanced Features, section 5.2: the local name of `sh:path` is the variable."""
    of_class = prefixes.iri(parameter.of_class)
    typed = f"sh:datatype <{of_class}>" if of_class.startswith(prefixes.namespaces["xsd"]) else f"sh:class <{of_class}>"
    lines = [
        f"<{BASE}query/{question_id}#{parameter.name}> a sh:Parameter",
        f"    sh:path <{BASE}query/parameter/{parameter.name}>",
        f"    sh:name {_text(parameter.name)}",
        f"    {typed}",
        f"    sh:optional {'false' if parameter.required else 'true'}",
        f"    skos:example {_text(parameter.example)}",
    ]
    if parameter.description:
        lines.append(f"    sh:description {_text(parameter.description)}@en")
    if parameter.default is not None:
        lines.append(f"    skos:note {_text(f'without a value: {parameter.default}')}@en")
    return " ;\n".join(lines) + " .\n"


def _declarations(namespaces: dict[str, str]) -> str:
    lines = [f"<{_PREFIXES}> sh:declare <{_PREFIXES}#{prefix}> ." for prefix in sorted(namespaces)]
    blocks = [_HEAD, "\n".join(lines) + "\n"]
    for prefix in sorted(namespaces):
        blocks.append(
            f"<{_PREFIXES}#{prefix}> a sh:PrefixDeclaration ;\n"
            f"    sh:prefix {_text(prefix)} ;\n    sh:namespace {_text(namespaces[prefix])}^^xsd:anyURI .\n"
        )
    return "\n".join(blocks)


def _text(value: str) -> str:
    """A Turtle string on one line."""
    one_line = " ".join(value.split())
    return '"' + one_line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _long(value: str) -> str:
    """A Turtle string that keeps its lines."""
    return '"""' + value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + '\n"""'


__all__ = ["sib_files"]
