"""Who may import what, read from the syntax tree: the core knows nothing of the command line, the heavy libraries load late."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT, at_least

PACKAGE = ROOT / "scripts" / "oncoresist"
MODULES = at_least(15, sorted(PACKAGE.rglob("*.py")))
# Lower layers first; a module may import (when it is loaded) only from layers below its own, and from its own folder.
LAYERS = [
    {"errors", "findings"},
    {"paths", "target"},
    {"namespaces"},
    {"turtle", "mappings", "saved_query", "markup"},
    {"content", "engines", "results", "definitions"},
    {"derive", "names", "checks", "shapes", "reasoner", "format", "review"},
    {"store", "validate", "audit", "record", "traps"},
    {"mechanism", "catalogue", "exchange"},
    {"render", "knowledge_graph"},
    {"render_comparison", "render_links", "render_paths", "render_reasons"},
    {"cli"},
    {"__main__", "__init__"},
]
LEVEL = {module: level for level, modules in enumerate(LAYERS) for module in modules}


def unit(path: Path) -> str:
    """The name of the layer's member that `path` is: a module, or the folder it lies in."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> set[str]:
    """Modules and folders of ours that `path` imports when it is loaded."""
    found: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("oncoresist"):
            rest = node.module.partition(".")[2]
            found |= {rest.partition(".")[0]} if rest else {a.name for a in node.names if (PACKAGE / f"{a.name}.py").exists()}
    return found - {unit(path)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downwards(path: Path) -> None:
    assert unit(path) in LEVEL, "give the module its layer"

    upwards = {name for name in imports(path) if unit(path) not in ("cli", "__main__") and LEVEL[name] >= LEVEL[unit(path)]}

    assert upwards == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_only_shapes_imports_the_shacl_engine_and_only_the_reasoner_owl() -> None:
    users = {
        name: {p.stem for p in MODULES if name in p.read_text()}
        for name in ("import pyshacl", "import owlready2", "import rich", "from rich")
    }

    assert users["import pyshacl"] == {"shapes"}
    assert users["import owlready2"] == {"reasoner"}
    assert users["import rich"] | users["from rich"] == {
        "render",
        "render_comparison",
        "render_links",
        "render_paths",
        "render_reasons",
    }
