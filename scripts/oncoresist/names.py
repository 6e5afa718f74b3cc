"""From what a person types to an IRI: label, synonym, CURIE, external identifier or IRI; and from IRIs to labels."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from oncoresist.engines import Engine
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.namespaces import Prefixes
from oncoresist.saved_query import Parameter, whole_number

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda"}
_NAMES = """SELECT ?thing ?name ?class WHERE {
  ?thing a <%(class)s> .
  { ?thing rdfs:label ?name } UNION { ?thing skos:altLabel ?name } }"""
_PUBLICATION_ID = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*|(?:pmid|pubmed):\s*|pmcid:\s*)", re.IGNORECASE)
_PUBLICATIONS = """SELECT ?thing ?name WHERE { ?thing a onr:Publication . VALUES ?as {
  rdfs:label dcterms:title prism:doi fabio:hasPubMedId fabio:hasPubMedCentralId } ?thing ?as ?name }"""
_MAPPED = """SELECT ?entity WHERE { ?entity ?match <%s> .
  VALUES ?match { skos:exactMatch skos:closeMatch } ?entity a onr:Entity } ORDER BY ?entity"""

_TERMS = """SELECT DISTINCT ?thing ?name WHERE {
  ?entity a <%(class)s> ; onr:mappedUnder ?thing . OPTIONAL { ?thing rdfs:label ?name } }"""
_VALUES = """SELECT ?thing ?name WHERE { %(which)s ?thing rdfs:label ?name }"""


def folded(name: str) -> str:
    """A name with case, Greek letters, dashes and spaces evened out, for comparing.

    >>> folded("NF-κB") == folded("nf kappab")
    True
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = "".join(_GREEK.get(character, character) for character in text)
    return re.sub(r"[\s\-‐-―_/]+", "", text)


class Names:
    """Finds entities and records of one engine by name."""

    def __init__(self, engine: Engine, prefixes: Prefixes) -> None:
        self._engine, self._prefixes = engine, prefixes
        self._indexes: dict[str, dict[str, dict[str, str]]] = {}

    def entity(self, name: str, of_class: str = "onr:Entity") -> str:
        """The IRI of the entity called `name`.

        :param of_class: CURIE of the class it must belong to
        :raises UnknownNameError: nobody is called so; the nearest names are suggested
        :raises UsageError: the name belongs to something of another kind, or to several things
        """
        wanted = self._index(of_class)
        if iri := self._as_iri(name):
            return self._checked(iri, name, of_class)
        found = _find(wanted, name)
        if not found:
            if other := _find(self._index("onr:Entity"), name):
                iri = next(iter(other))
                raise UsageError(
                    f'"{name}" is {self._kind(iri)}, but {self._class_label(of_class)} is asked for.{self._like(name, wanted)}'
                )
            names = sorted({n for candidates in wanted.values() for n in candidates.values()})
            raise UnknownNameError(self._class_label(of_class, article=False), name, names)
        if len(found) > 1:
            choices = ", ".join(sorted(self._prefixes.curie(iri) for iri in found))
            raise UsageError(f'"{name}" names several things: {choices}. Give one of these.')
        return next(iter(found))

    def record(self, name: str, of_class: str) -> str:
        """The IRI of a claim, passage or publication given by CURIE or IRI.

        :raises UnknownNameError: there is none
        """
        iri = self._as_iri(name)
        if iri is None:
            raise UnknownNameError("record", name, (), "Give a CURIE such as claim:tme2019-platinum-1-6-a.")
        if not self._ask(f"ASK {{ <{iri}> a <{self._prefixes.iri(of_class)}> }}"):
            known = [
                self._prefixes.curie(s["r"].value)
                for s in self._engine.query(f"SELECT ?r WHERE {{ ?r a <{self._prefixes.iri(of_class)}> }}")
            ]
            raise UnknownNameError(of_class.partition(":")[2].lower(), name, known)
        return iri

    def publication(self, name: str) -> str:
        """The IRI of a publication by author and year, DOI, PMID, PMCID, title, CURIE or IRI.

        :param name: ``Xu 2018``, ``10.3892/ol.2018.8463``, ``PMID:29988148``, ``PMC6545160``, ``pub:tme2019-ref-42``
        :raises UnknownNameError: there is none; the nearest names are suggested
        :raises UsageError: several are called so; they are listed with their identifiers
        """
        text = name.strip()
        wanted = _PUBLICATION_ID.sub("", text).casefold()
        names: dict[str, set[str]] = defaultdict(set)
        shown: dict[str, str] = {}
        for row in self._engine.query(_PUBLICATIONS):
            names[row["name"].value.casefold()].add(row["thing"].value)
            if " " in row["name"].value:  # numbers are no suggestions
                shown[row["name"].value.casefold()] = row["name"].value
        found = names.get(wanted, set()) | names.get(text.casefold(), set())
        if not found and "://" not in text and not text.startswith("<") and not self._prefixes.knows(text):
            raise UnknownNameError(
                "publication", name, shown.values(), "Give author and year, a DOI, a PMID, or a CURIE such as pub:tme2019-ref-42."
            )
        if len(found) > 1:
            labels = self.labels(found)
            choices = "; ".join(f"{self._prefixes.curie(iri)} ({labels[iri]})" for iri in sorted(found))
            raise UsageError(f'"{name}" names several publications: {choices}. Give one of these.')
        return next(iter(found)) if found else self.record(text, "onr:Publication")

    def term(self, name: str, of_class: str) -> str:
        """The IRI of a term of another vocabulary, by label, CURIE or IRI.

        :param of_class: CURIE of the class whose entities are mapped to the term, or to a term below it
        :raises UnknownNameError: no entity of that class is
        """
        wanted = self._index(of_class, _TERMS, "term of ")
        found = _find(wanted, self._as_iri(name) or name)
        if len(found) > 1:
            choices = ", ".join(sorted(self._prefixes.curie(iri) for iri in found))
            raise UsageError(f'"{name}" names several terms: {choices}. Give one of these.')
        if not found:
            known = {n for candidates in wanted.values() for n in candidates.values()}
            known |= {self._prefixes.curie(iri) for candidates in wanted.values() for iri in candidates}
            raise UnknownNameError(f"term with {self._class_label(of_class)} mapped under it,", name, sorted(known))
        return next(iter(found))

    def value(self, name: str, of_class: str, values: Sequence[str] = ()) -> str:
        """The IRI of one of a closed list, by label, last part of its name, CURIE or IRI.

        :param of_class: CURIE of the class whose individuals are meant
        :param values: CURIEs of the list, where it is shorter
        :raises UnknownNameError: it is none of them; all are named
        """
        which = "VALUES ?thing { " + " ".join(f"<{self._prefixes.iri(v)}>" for v in values) + " }"
        which = which if values else f"?thing a <{self._prefixes.iri(of_class)}> ."
        labels = {s["thing"].value: s["name"].value for s in self._engine.query(_VALUES % {"which": which})}
        iri = self._as_iri(name)
        for thing, label in labels.items():
            if thing == iri or folded(name) in (folded(label), folded(re.split(r"[/#]", thing)[-1])):
                return thing
        shown = sorted(labels.values())
        kind = "class" if of_class == "owl:Class" else self._class_label(of_class, article=False)
        raise UnknownNameError(kind, name, shown, f"It is one of: {', '.join(shown)}.")

    def parameter(self, spec: Parameter, value: str) -> str:
        """What `value` means for a parameter of a saved question: an IRI, or the digits of a number.

        :raises UsageError: nothing is called so, or it is of another kind than is asked for
        """
        match spec.type:
            case "entity":
                return self.entity(value, spec.of_class)
            case "term":
                return self.term(value, spec.of_class)
            case "value":
                return self.value(value, spec.of_class, spec.values)
            case "integer":
                return whole_number(spec, value)
        return self.record(value, spec.of_class)

    def anything(self, name: str) -> str:
        """The IRI of an entity by any name, or of any other record by CURIE or IRI.

        :raises UnknownNameError: there is none
        """
        iri = self._as_iri(name)
        if iri and not iri.startswith(self._prefixes.namespaces.get("ent", "\0")) and self._ask(f"ASK {{ <{iri}> a ?class }}"):
            return iri
        return self.entity(name)

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """IRI → label for those that have one; publications are named by PMID or DOI."""
        batch = sorted(i for i in iris if " " not in i and ">" not in i)
        if not batch:
            return {}
        values = " ".join(f"<{iri}>" for iri in batch)
        query = f"""SELECT ?thing (MIN(?name) AS ?label) WHERE {{ VALUES ?thing {{ {values} }}
          {{ ?thing rdfs:label ?name }} UNION {{ ?m sssom:object_id ?thing ; sssom:object_label ?name }} }} GROUP BY ?thing"""
        labels = {s["thing"].value: s["label"].value for s in self._engine.query(query) if s["label"]}
        query = f"""SELECT ?thing ?pmid ?doi ?pmcid WHERE {{ VALUES ?thing {{ {values} }}
          ?thing a onr:Publication . OPTIONAL {{ ?thing fabio:hasPubMedId ?pmid }} OPTIONAL {{ ?thing prism:doi ?doi }}
          OPTIONAL {{ ?thing fabio:hasPubMedCentralId ?pmcid }} }}"""
        for s in self._engine.query(query):
            ids = [f"{prefix}{s[key].value}" for key, prefix in (("pmid", "PMID:"), ("doi", "doi:"), ("pmcid", "")) if s[key]]
            id_ = ids[0] if ids else "no PMID or DOI known"
            name = labels.get(s["thing"].value)
            labels[s["thing"].value] = f"{name}, {id_}" if name else id_
        return labels

    def _as_iri(self, name: str) -> str | None:
        if name.startswith("<") or "://" in name or self._prefixes.knows(name):
            return self._prefixes.iri(name)
        if ":" in name and " " not in name:
            self._prefixes.iri(name)  # an unknown prefix is an error, not a label
        return None

    def _checked(self, iri: str, name: str, of_class: str) -> str:
        """`iri` if it is an entity of the class; an external identifier is followed to the entity it is mapped to."""
        mapped = (
            [] if self._ask(f"ASK {{ <{iri}> a onr:Entity }}") else [s["entity"].value for s in self._engine.query(_MAPPED % iri)]
        )
        candidates = mapped or [iri]
        for candidate in candidates:
            if self._ask(f"ASK {{ <{candidate}> a <{self._prefixes.iri(of_class)}> }}"):
                return candidate
        if self._ask(f"ASK {{ <{candidates[0]}> a onr:Entity }}"):
            raise UsageError(f'"{name}" is {self._kind(candidates[0])}, but {self._class_label(of_class)} is asked for.')
        known = [self._prefixes.curie(i) for found in self._index(of_class).values() for i in found]
        raise UnknownNameError(self._class_label(of_class, article=False), name, known)

    def _index(self, of_class: str, query: str = _NAMES, kind: str = "") -> dict[str, dict[str, str]]:
        """``=name`` in lower case, and the folded name → IRI → the name as written. A term is also found by its IRI."""
        if kind + of_class not in self._indexes:
            index: dict[str, dict[str, str]] = defaultdict(dict)
            for s in self._engine.query(query % {"class": self._prefixes.iri(of_class)}):
                thing = s["thing"].value
                name = s["name"].value if s["name"] else self._prefixes.curie(thing)
                for key in ("=" + name.casefold(), folded(name), *(["=" + thing.casefold()] if kind else [])):
                    index[key].setdefault(thing, name)
            self._indexes[kind + of_class] = index
        return self._indexes[kind + of_class]

    @staticmethod
    def _like(name: str, index: dict[str, dict[str, str]]) -> str:
        """Names of the wanted kind that contain `name`, as a suggestion: STAT3 → STAT3 signaling."""
        found = sorted(
            {n for key, names in index.items() if folded(name) in key for n in names.values()}, key=lambda n: (len(n), n)
        )
        return " Did you mean " + " or ".join(f'"{n}"' for n in found[:3]) + "?" if found else ""

    def _ask(self, query: str) -> bool:
        return bool(self._engine.query(query))

    def _class_label(self, curie: str, article: bool = True) -> str:
        label = self.labels([self._prefixes.iri(curie)]).get(self._prefixes.iri(curie), curie)
        return with_article(label) if article else label

    def _kind(self, iri: str) -> str:
        """The most precise class of `iri`, in words: what it is, not the defined classes it falls into by what is said of it."""
        query = f"""SELECT ?label WHERE {{ <{iri}> a ?class . ?class rdfs:label ?label .
          FILTER(STRSTARTS(STR(?class), STR(onr:)))
          FILTER NOT EXISTS {{ ?class owl:equivalentClass ?definition }}
          FILTER NOT EXISTS {{
            <{iri}> a ?narrower . ?narrower rdfs:subClassOf+ ?class .
            FILTER NOT EXISTS {{ ?narrower owl:equivalentClass ?narrowDefinition }}
          }} }} ORDER BY ?label"""
        labels = [s["label"].value for s in self._engine.query(query)]
        return " and ".join(with_article(label) for label in labels) or "of unknown kind"


def _find(index: dict[str, dict[str, str]], name: str) -> dict[str, str]:
    """As typed (but for case) first, so that cathepsin S is not taken for cathepsins; then evened out."""
    return index.get("=" + name.casefold()) or index.get(folded(name), {})


def with_article(noun: str) -> str:
    """
    >>> with_article("immune cell"), with_article("drug")
    ('an immune cell', 'a drug')
    """
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
