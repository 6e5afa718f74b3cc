"""The part of the Biolink Model that the KGX export and its check need, as one small file in the package.

Run ``python -m tests.biolink_table`` (extra ``test``) to write it again from the installed ``biolink-model``; a test compares
the two.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import yaml

TABLE = Path(__file__).resolve().parents[1] / "scripts" / "oncoresist" / "exchange" / "biolink.json"
_ENUMS = {
    "KnowledgeLevelEnum": "knowledge_level",
    "AgentTypeEnum": "agent_type",
    "DirectionQualifierEnum": "direction",
    "GeneOrGeneProductOrChemicalEntityAspectEnum": "aspect",
}


def from_package() -> dict:
    """The table as `biolink_model` has it."""
    text = (files("biolink_model") / "schema" / "biolink_model.yaml").read_text(encoding="utf-8")
    model = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    classes, slots = model["classes"], model["slots"]

    def ancestors(name: str) -> list[str]:
        found: list[str] = []
        todo = [name]
        while todo:
            one = todo.pop(0)
            if one not in found:
                found.append(one)
                todo += [parent for parent in (classes[one].get("is_a"), *classes[one].get("mixins", [])) if parent]
        return found

    def is_predicate(name: str | None) -> bool:
        while name and name != "related to":
            name = slots[name].get("is_a")
        return name == "related to"

    return {
        "version": version("biolink-model"),
        "categories": {
            _class(name): sorted(_class(a) for a in ancestors(name)[1:])
            for name, body in sorted(classes.items())
            if "named thing" in ancestors(name) and not body.get("abstract") and not body.get("mixin")
        },
        "predicates": {
            _slot(name): {
                key: value
                for key, value in {
                    "is_a": _slot(body["is_a"]) if body.get("is_a") else None,
                    "domain": _class(body["domain"]) if body.get("domain") else None,
                    "range": _class(body["range"]) if body.get("range") else None,
                    "symmetric": body.get("symmetric"),
                    "deprecated": body.get("deprecated") and True,
                }.items()
                if value
            }
            for name, body in sorted(slots.items())
            if is_predicate(name)
        },
        "node_slots": sorted({_slot(s) for of in ("entity", "named thing") for s in classes[of]["slots"]}),
        "edge_slots": sorted({_slot(s) for of in ("entity", "association") for s in classes[of]["slots"]}),
        "qualifiers": sorted(_slot(name) for name in slots if _is_qualifier(name, slots)),
        "values": {short: sorted(model["enums"][name]["permissible_values"]) for name, short in _ENUMS.items()},
    }


def _is_qualifier(name: str, slots: dict) -> bool:
    above = name
    while above := slots[above].get("is_a"):
        if above == "qualifier":
            return not slots[name].get("deprecated")
    return False


def _class(name: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in name.split())


def _slot(name: str) -> str:
    return name.replace(" ", "_").replace(",", "")


def to_text(table: dict) -> str:
    """One entry a line, so that a new version of the model can be read as a diff."""
    parts = []
    for key, value in table.items():
        if isinstance(value, dict) and len(value) > 5:
            rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(of)}" for name, of in value.items())
            parts.append(f" {json.dumps(key)}: {{\n{rows}\n }}")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(to_text(from_package()), encoding="utf-8")
