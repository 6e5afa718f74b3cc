"""A release as machines read it: DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) and VoID (https://www.w3.org/TR/void/), in Turtle.

    https://w3id.org/oncoresist/dataset                    the dataset as such, all releases
    https://w3id.org/oncoresist/release/2026-11-21         one release: dcat:Dataset and void:Dataset
    https://w3id.org/oncoresist/release/2026-11-21/ontology   owl:versionIRI of its ontology

`dcat.ttl` has files with sizes and checksums, `void.ttl` the statistics with class and property partitions; `void-ext` is the
vocabulary in which the partitions name datatypes, as the SIB tools and LLM helpers read them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from oncoresist import turtle
from oncoresist.content import LAYERS
from oncoresist.exchange.citation import Citation
from oncoresist.exchange.statistics import Statistics
from oncoresist.namespaces import BASE, RDF_TYPE, Prefixes

RELEASE = BASE + "release/"
_DATASET = BASE + "dataset"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_EXTRA = {
    "spdx": "http://spdx.org/rdf/terms#",
    "voidext": "http://ldf.fi/void-ext#",
}
_XSD = "http://www.w3.org/2001/XMLSchema#"
# Stands for the place of the description itself: in the file the links to the other files are relative to it.
_HERE = "here:/"
PARTS = {
    "data": "the graph in every format",
    "questions": "saved questions with their answers",
    "reports": "validation, coverage, mutation score, conformance",
}


@dataclass(frozen=True)
class ReleaseFile:
    """One file of a release.

    :param path: relative to the release
    :param part: one of `PARTS`, or empty for what explains the release
    :param media_type: of the content once unpacked
    :param packed: media type of the compression or package, if any
    """

    path: str
    title: str
    part: str
    media_type: str
    packed: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Release:
    """What identifies a release.

    :param date: as YYYY-MM-DD; it is the version
    :param previous: date of the release before this, if that was one
    :param licence: IRI of the licence of the content
    """

    date: str
    previous: str | None
    citation: Citation
    licence: str

    @property
    def iri(self) -> str:
        return RELEASE + self.date

    @property
    def version_iri(self) -> str:
        """The `owl:versionIRI` of the ontology in this release."""
        return version_iri(self.date)


def version_iri(date: str) -> str:
    """The `owl:versionIRI` of the ontology in the release of that day.

    >>> version_iri("2026-11-21")
    'https://w3id.org/oncoresist/release/2026-11-21/ontology'
    """
    return f"{RELEASE}{date}/ontology"


class _Triples:
    """Collects triples; names may be CURIEs."""

    def __init__(self, prefixes: Prefixes, release: Release) -> None:
        local = {"release": RELEASE, "part": f"{release.iri}/partition/"}
        self.prefixes = Prefixes(prefixes.namespaces | _EXTRA | local)
        self.found: list[ox.Triple] = []

    def add(self, subject: str, **of: object) -> None:
        """Add `prefix_name=value` pairs: a text is an IRI or CURIE, a term is itself, a list is many; None is nothing."""
        for name, values in of.items():
            predicate = RDF_TYPE if name == "a" else self.node(name.replace("_", ":", 1))
            for value in values if isinstance(values, list | tuple) else [values]:
                if value is not None:
                    object_ = _integer(value) if isinstance(value, int) else self.node(value) if isinstance(value, str) else value
                    self.found.append(ox.Triple(self.node(subject), predicate, object_))

    def node(self, name: str) -> ox.NamedNode:
        return ox.NamedNode(name if "://" in name or name.startswith(_HERE) else self.prefixes.iri(name))

    def to_turtle(self, comment: str) -> str:
        return f"# {comment}\n" + turtle.write(self.found, self.prefixes).replace(f"<{_HERE}", "<")


def dcat(release: Release, files: list[ReleaseFile], prefixes: Prefixes) -> str:
    """`dcat.ttl`: the release, its parts, and a `dcat:Distribution` a file with size, checksum, media type and place."""
    t, cited = _Triples(prefixes, release), release.citation
    people = [f"{release.iri}#author-{number}" for number in range(1, len(cited.authors) + 1)]
    issued, version = _date(release.date), ox.Literal(release.date)
    for iri, name, person in zip(people, cited.authors, cited.persons, strict=True):
        t.add(iri, a="foaf:Person" if person else "foaf:Organization", foaf_name=ox.Literal(name))
    t.add(
        _DATASET,
        a="dcat:Dataset",
        dcterms_title=_en(cited.title),
        dcat_hasVersion=[release.iri] + ([RELEASE + release.previous] if release.previous else []),
        dcat_hasCurrentVersion=release.iri,
    )
    for part, described in PARTS.items():
        of_part = [file for file in files if file.part == part]
        if not of_part:
            continue
        iri = release.iri if part == "data" else f"{release.iri}/{part}"
        title = f"OncoResist, release {release.date}" + ("" if part == "data" else f": {described}")
        t.add(
            iri,
            a="dcat:Dataset",
            dcterms_title=_en(title),
            dcterms_description=_en(cited.title if part == "data" else described),
            dcterms_identifier=ox.Literal(iri, datatype=ox.NamedNode(_XSD + "anyURI")),
            dcterms_issued=issued,
            dcterms_creator=people,
            dcterms_publisher=people,
            dcterms_license=release.licence,
            dcterms_language="http://id.loc.gov/vocabulary/iso639-1/en",
            dcat_version=version,
            dcat_distribution=[_distribution(t, file, release, issued) for file in of_part],
        )
    t.add(
        release.iri,
        dcat_isVersionOf=_DATASET,
        dcat_previousVersion=RELEASE + release.previous if release.previous else None,
        dcat_keyword=[_en(word) for word in cited.keywords],
        dcterms_source=[f"https://doi.org/{doi}" for doi in cited.sources],
        dcterms_hasPart=sorted({f"{release.iri}/{f.part}" for f in files if f.part in PARTS and f.part != "data"}),
        foaf_page=[_HERE + file.path for file in files if not file.part],
    )
    return t.to_turtle("DCAT 3 description of the release; dcat:downloadURL is relative to this file. Statistics: void.ttl")


def _distribution(t: _Triples, file: ReleaseFile, release: Release, issued: ox.Literal) -> str:
    iri = f"{release.iri}/{file.path}"
    checksum = f"{iri}#sha256"
    compressed = file.packed == "application/gzip"
    t.add(
        iri,
        a="dcat:Distribution",
        dcterms_title=_en(file.title),
        dcterms_issued=issued,
        dcterms_license=release.licence,
        dcat_downloadURL=_HERE + file.path,
        dcat_accessURL=_HERE + file.path,
        dcat_byteSize=ox.Literal(str(file.size), datatype=ox.NamedNode(_XSD + "nonNegativeInteger")),
        dcat_mediaType=_MEDIA + file.media_type,
        dcat_compressFormat=_MEDIA + file.packed if compressed else None,
        dcat_packageFormat=_MEDIA + file.packed if file.packed and not compressed else None,
        spdx_checksum=checksum,
    )
    value = ox.Literal(file.sha256, datatype=ox.NamedNode(_XSD + "hexBinary"))
    t.add(checksum, a="spdx:Checksum", spdx_algorithm="spdx:checksumAlgorithm_sha256", spdx_checksumValue=value)
    return iri


def void(
    release: Release,
    whole: Statistics,
    layers: Mapping[str, Statistics],
    links: Mapping[tuple[str, str], int],
    entities: int,
    dumps: list[str],
    prefixes: Prefixes,
) -> str:
    """`void.ttl`: statistics of the release and of its layers, partitions, and linksets to other vocabularies.

    :param links: (prefix of the vocabulary, mapping property) → triples
    :param entities: IRIs of ours that are subjects
    :param dumps: paths of the files of the whole dataset, relative to the release
    """
    t = _Triples(prefixes, release)
    used = {_namespace(iri, prefixes) for iri in [*whole.members, *whole.properties]} - {""}
    t.add(
        release.iri,
        a="void:Dataset",
        dcterms_title=_en(f"OncoResist, release {release.date}"),
        dcterms_issued=_date(release.date),
        dcterms_license=release.licence,
        void_uriSpace=ox.Literal(BASE),
        void_entities=entities,
        void_vocabulary=sorted(used),
        void_dataDump=[_HERE + path for path in dumps],
        void_subset=[f"{release.iri}/layer/{layer}" for layer in layers]
        + [f"{release.iri}/links/{prefix}-{_last(predicate)}" for prefix, predicate in links],
        **_sums(whole),
    )
    for layer, found in layers.items():
        iri = f"{release.iri}/layer/{layer}"
        t.add(iri, a=["void:Dataset", "sd:Graph"], dcterms_title=_en(f"the layer {layer}"), **_sums(found))
        t.add(f"{iri}/graph", a="sd:NamedGraph", sd_name=LAYERS[layer].value, sd_graph=iri)
    for (prefix, predicate), triples in links.items():
        target = f"{release.iri}/vocabulary/{prefix}"
        t.add(
            f"{release.iri}/links/{prefix}-{_last(predicate)}",
            a="void:Linkset",
            void_subjectsTarget=release.iri,
            void_objectsTarget=target,
            void_linkPredicate=predicate,
            void_triples=triples,
        )
        space = prefixes.namespaces[prefix]
        t.add(target, a="void:Dataset", dcterms_title=ox.Literal(prefix), void_uriSpace=ox.Literal(space))
    _partitions(t, release, whole)
    return t.to_turtle("VoID description of the release. Files: dcat.ttl")


def _partitions(t: _Triples, release: Release, whole: Statistics) -> None:
    """A partition a property and a class; in each class one a property, and in this one a class or datatype of the values."""
    short = {}
    for iri in {*whole.members, *whole.properties} | {datatype for _, _, datatype in whole.datatypes}:
        short[iri] = re.sub(r"[^A-Za-z0-9.:_-]+", "_", t.prefixes.curie(iri).strip("<>"))

    def name(*iris: str) -> str:
        return f"{release.iri}/partition/" + "--".join(short[iri] for iri in iris)

    for property_, spread in whole.properties.items():
        t.add(release.iri, void_propertyPartition=name(property_))
        t.add(name(property_), void_property=property_, **_spread(spread))
    for class_, members in whole.members.items():
        iri = f"{release.iri}/partition/class--{short[class_]}"
        t.add(release.iri, void_classPartition=iri)
        t.add(iri, void_class=class_, void_entities=members)
    for (class_, property_), spread in whole.of_class.items():
        t.add(f"{release.iri}/partition/class--{short[class_]}", void_propertyPartition=name(class_, property_))
        t.add(name(class_, property_), void_property=property_, **_spread(spread))
    for (class_, property_, target), triples in whole.targets.items():
        iri = name(class_, property_, target)
        t.add(name(class_, property_), void_classPartition=iri)
        t.add(iri, void_class=target, void_triples=triples)
    for (class_, property_, datatype), triples in whole.datatypes.items():
        iri = name(class_, property_, datatype)
        t.add(name(class_, property_), voidext_datatypePartition=iri)
        t.add(iri, voidext_datatype=datatype, void_triples=triples)


def _sums(found: Statistics) -> dict[str, object]:
    return {
        "void_triples": found.triples,
        "void_distinctSubjects": found.subjects,
        "void_distinctObjects": found.objects,
        "void_properties": len(found.properties),
        "void_classes": len(found.members),
    }


def _spread(spread: tuple[int, int, int]) -> dict[str, int]:
    return dict(zip(("void_triples", "void_distinctSubjects", "void_distinctObjects"), spread, strict=True))


def _namespace(iri: str, prefixes: Prefixes) -> str:
    return prefixes.namespaces.get(prefixes.curie(iri).partition(":")[0], "")


def _last(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _en(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def _date(date: str) -> ox.Literal:
    return ox.Literal(date, datatype=ox.NamedNode(_XSD + "date"))


def _integer(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=ox.NamedNode(_XSD + "integer"))
