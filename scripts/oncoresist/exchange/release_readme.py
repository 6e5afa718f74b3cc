"""README.md of a release: what each file is, how to load it, check it, cite it."""

from __future__ import annotations

from dataclasses import dataclass

from oncoresist import __version__
from oncoresist.exchange.description import PARTS, Release, ReleaseFile

_HEADINGS = {"": "About the release", "data": "data/", "questions": "questions/", "reports": "reports/"}


@dataclass(frozen=True)
class Facts:
    """What the README tells beside the files.

    :param canonical_hash: sha256 of the canonical N-Quads of the dataset
    :param triples: in their layers
    :param has_previous: whether changes since an earlier state are told
    :param validation: the notes of the validation
    :param mutation_is_of_this_content: None if there is no mutation score
    :param conformance: engine → outcome → number; None if no report was given
    """

    canonical_hash: str
    triples: int
    has_previous: bool
    warnings: int
    validation: tuple[str, ...]
    mutation_is_of_this_content: bool | None
    conformance: dict[str, dict[str, int]] | None


def readme(release: Release, files: list[ReleaseFile], facts: Facts) -> str:
    """The text."""
    parts = [f"# OncoResist, release {release.date}\n", f"{release.citation.title}. {facts.triples:,} triples in five layers."]
    before = f" The release before it is {release.previous}." if release.previous else ""
    parts.append(
        f"\nThis release is <{release.iri}>; its ontology is <{release.version_iri}> (`owl:versionIRI`).{before} "
        + ("[CHANGES.md](CHANGES.md) says what changed." if facts.has_previous else "It is not compared with an earlier one.")
    )
    sections = {
        "Files": _files(files).lstrip(),
        "Load it": _loading(files),
        "Check it": _checking(facts),
        "Quality": _quality(facts),
        "Cite it": _citing(release),
    }
    parts += [f"\n## {title}\n\n{text}" for title, text in sections.items()]
    return "\n".join(parts) + "\n"


def _files(files: list[ReleaseFile]) -> str:
    lines = []
    for part, heading in _HEADINGS.items():
        of_part = [file for file in files if file.part == part]
        if of_part:
            about = f": {PARTS[part]}" if part else ""
            lines += [f"\n### {heading}{about}\n", "| file | size | what |", "|---|---:|---|"]
            lines += [f"| [{f.path.rpartition('/')[2]}]({f.path}) | {size(f.size)} | {_cell(f.title)} |" for f in of_part]
    lines.append("\n`SHA256SUMS` has the checksum of every file; `dcat.ttl` describes them, `void.ttl` what is in them.")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def size(number: int) -> str:
    """Bytes for people.

    >>> size(512), size(12_345), size(3_456_789)
    ('512 B', '12 kB', '3.5 MB')
    """
    if number < 1000:
        return f"{number} B"
    return f"{number / 1e3:.0f} kB" if number < 1e6 else f"{number / 1e6:.1f} MB"


def _loading(files: list[ReleaseFile]) -> str:
    names = {file.path for file in files}
    quads = "data/oncoresist.nq.gz"
    lines = []
    if quads in names:
        lines += [
            f"Any quad store takes `{quads}`: each layer is a named graph, <https://w3id.org/oncoresist/graph/> followed by",
            "`ontology`, `evidence`, `mappings`, `inferred` or `mechanism`. Saved questions ask the default graph: load the",
            "layers into it too, or let the store make it the union of the named graphs. In Python, without a server:\n",
            "```python",
            "import gzip, pyoxigraph",
            "",
            "store = pyoxigraph.Store()",
            f'store.bulk_load(gzip.open("{quads}"), pyoxigraph.RdfFormat.N_QUADS)',
            'query = "SELECT (COUNT(*) AS ?claims) { ?claim a <https://w3id.org/oncoresist/ontology/Claim> }"',
            "print(next(store.query(query, use_default_graph_as_union=True))[0])",
            "```\n",
        ]
    if "data/oncoresist.owl" in names:
        lines.append("`data/oncoresist.owl` opens in Protégé as it is.")
    lines.append(
        "With `oncoresist` installed: unpack `data/source.zip`, set `ONCORESIST_CONTENT` to the folder, then `oncoresist ask …`. "
        "`oncoresist diff THIS_FOLDER` compares the release with what is installed."
    )
    return "\n".join(lines)


def _checking(facts: Facts) -> str:
    return (
        "```sh\nsha256sum --check SHA256SUMS\n```\n\n"
        f"The dataset has the canonical hash (RDFC-1.0, sha256) `{facts.canonical_hash}`, "
        "the sha256 of the unpacked N-Quads. "
        f"Made by oncoresist {__version__}; the same content, date and previous release give the same bytes again."
    )


def _quality(facts: Facts) -> str:
    lines = [f"- Validation: no errors, {facts.warnings} warnings. " + " ".join(_sentence(note) for note in facts.validation)]
    page = "[reports/mutation-score.md](reports/mutation-score.md)"
    score = {
        None: "- Mutation score: not included, there is none for this content.",
        True: f"- Mutation score: {page}, measured on exactly this content.",
        False: f"- Mutation score: {page}, measured on another state of the content.",
    }
    lines.append(score[facts.mutation_is_of_this_content])
    if facts.conformance is None:
        lines.append("- Conformance of engines: not included; no EARL report was given to this release.")
    else:
        lines.append("- Conformance of engines, [reports/conformance.ttl](reports/conformance.ttl):\n")
        kinds = sorted({kind for of in facts.conformance.values() for kind in of})
        lines += ["| engine | " + " | ".join(kinds) + " |", "|---|" + "---:|" * len(kinds)]
        lines += [f"| {name} | " + " | ".join(str(of.get(k, 0)) for k in kinds) + " |" for name, of in facts.conformance.items()]
    return "\n".join(lines)


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:].rstrip(".") + "."


def _citing(release: Release) -> str:
    cited = release.citation
    sources = "".join(f"\n- https://doi.org/{doi}" for doi in cited.sources)
    return (
        f"{cited.message}\n\n> {', '.join(cited.authors)} ({release.date[:4]}). {cited.title}. Release {release.date}. "
        f"{release.iri}\n\n"
        f"The content was read from:\n{sources}\n\nLicence of the content: <{release.licence}>. "
        "[LICENSE](LICENSE) has the terms of code, content and vocabularies."
    )
