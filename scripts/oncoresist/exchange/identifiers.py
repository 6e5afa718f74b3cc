"""Recognising what other people write for an identifier: any case, other prefixes, registries' URLs, identifiers.org."""

from __future__ import annotations

import re
from functools import cached_property
from urllib.parse import unquote

from oncoresist.namespaces import Prefixes

# Other spellings of a prefix, in lower case without punctuation → the prefix of our table.
_ALIASES = {
    **dict.fromkeys(("hgncid", "hgncgene"), "hgnc"),
    **dict.fromkeys(("hgncfamily", "hgncgenegroup", "hgncgenefamily"), "hgnc.genegroup"),
    **dict.fromkeys(("ncbigene", "geneid", "entrez", "entrezgene", "entrezid", "entrezgeneid", "ncbigeneid"), "ncbigene"),
    **dict.fromkeys(("uniprot", "uniprotkb", "up", "uniprotid", "uniprotac", "uniprotkbid", "uniprotaccession"), "uniprot"),
    **dict.fromkeys(("mesh", "msh", "meshid", "meshd"), "mesh"),
    **dict.fromkeys(("chembl", "chemblcompound", "chemblid"), "chembl.compound"),
    **dict.fromkeys(("drugbank", "db", "drugbankid"), "drugbank"),
    **dict.fromkeys(("reactome", "react", "reactomeid"), "reactome"),
    **dict.fromkeys(("famplex", "fplx"), "fplx"),
    **dict.fromkeys(("cellosaurus", "cvcl", "rrid", "cellosaurusid"), "cellosaurus"),
    **dict.fromkeys(("pubmed", "pmid", "pubmedid", "medline"), "pubmed"),
    **dict.fromkeys(("pmc", "pmcid"), "pmc"),
    **dict.fromkeys(("ncit", "ncithesaurus", "nci", "nciid"), "NCIT"),
    **dict.fromkeys(("ncbitaxon", "taxonomy", "taxon", "taxid"), "NCBITaxon"),
    **dict.fromkeys(("wikipathways", "wp"), "wikipathways"),
}
# URLs that are not the namespace of the table followed by the local part.
_URLS = [
    (re.compile(pattern, re.IGNORECASE), prefix)
    for pattern, prefix in (
        (r"(?:www\.)?uniprot\.org/uniprot(?:kb)?/(\w+)", "uniprot"),
        (r"(?:www\.)?genenames\.org/.*hgnc:(\d+)", "hgnc"),
        (r"(?:www\.)?ncbi\.nlm\.nih\.gov/gene/(\d+)", "ncbigene"),
        (r"(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed/(\d+)", "pubmed"),
        (r"(?:www\.)?ncbi\.nlm\.nih\.gov/pmc/articles/(?:PMC)?(\d+)", "pmc"),
        (r"pmc\.ncbi\.nlm\.nih\.gov/articles/(?:PMC)?(\d+)", "pmc"),
        (r"meshb\.nlm\.nih\.gov/record/ui\?ui=(\w+)", "mesh"),
        (r"(?:go|www)\.drugbank\.(?:com|ca)/drugs/(DB\d+)", "drugbank"),
        (r"(?:www\.)?drugbank\.ca/drugs/(DB\d+)", "drugbank"),
        (r"(?:www\.)?ebi\.ac\.uk/chembl/.*(CHEMBL\d+)", "chembl.compound"),
        (r"(?:www\.)?ebi\.ac\.uk/chebi/.*(?:chebiid=(?:chebi:)?|chebi:)(\d+)", "CHEBI"),
        (r"(?:www\.)?ebi\.ac\.uk/efo/EFO_(\d+)", "efo"),
        (r"(?:www\.)?reactome\.org/.*(R-[A-Z]{3}-\d+)", "reactome"),
        (r"(?:www\.|web\.expasy\.org/)?cellosaurus(?:\.org)?/(CVCL_\w+)", "cellosaurus"),
        (r"(?:dx\.)?doi\.org/(10\.\S+)", "doi"),
        (r"(?:purl\.obolibrary\.org/obo|(?:www\.)?ontobee\.org/.*)/?([A-Za-z]+_\w+)", ""),
    )
]
_RESOLVER = re.compile(r"https?://(?:identifiers\.org|bioregistry\.io|n2t\.net|registry\.identifiers\.org)/(.+)", re.IGNORECASE)
# Identifiers that say by their form whose they are.
_BARE = [
    (re.compile(pattern), prefix)
    for pattern, prefix in (
        (r"CVCL_\w{4}", "cellosaurus"),
        (r"R-[A-Z]{3}-\d+", "reactome"),
        (r"DB\d{5}", "drugbank"),
        (r"CHEMBL\d+", "chembl.compound"),
        (r"WP\d+", "wikipathways"),
        (r"PMC\d+", "pmc"),
        (r"[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2}", "uniprot"),
        (r"10\.\d{4,9}/\S+", "doi"),
    )
]


class Recogniser:
    """From a text to the CURIE of our prefix table, if it is an identifier of a registry the table has.

    >>> from oncoresist.content import Content
    >>> from oncoresist.paths import find_layout
    >>> recognise = Recogniser(Content(find_layout()).prefixes)
    >>> [recognise(text) for text in ("UniProtKB:P08183", "http://identifiers.org/hgnc/HGNC:40", "obo:CHEBI_27899", "EGFR")]
    ['uniprot:P08183', 'hgnc:40', 'CHEBI:27899', None]
    >>> recognise("40", "hgnc")
    'hgnc:40'
    """

    def __init__(self, prefixes: Prefixes) -> None:
        self._prefixes = prefixes

    def __call__(self, text: str, default: str | None = None) -> str | None:
        """
        :param default: prefix of our table that a bare local identifier has
        """
        text = text.strip().strip("<>\"'").strip()
        if not text or re.search(r"\s", text):
            return None
        if re.match(r"https?://", text, re.IGNORECASE):
            return self._of_url(text)
        prefix, colon, local = text.partition(":")
        if colon and (known := self.prefix(prefix)):
            if known == "obo":
                return self._underscored(local)
            return self._checked(known, local)
        if found := self._underscored(text):
            return found
        for pattern, known in _BARE:
            if pattern.fullmatch(text):
                return self._checked(known, text)
        return self._checked(default, text) if default else None

    def prefix(self, text: str) -> str | None:
        """The prefix of our table that is meant by `text`, or ``obo``.

        >>> from oncoresist.content import Content
        >>> from oncoresist.paths import find_layout
        >>> Recogniser(Content(find_layout()).prefixes).prefix("NCBI Gene")
        'ncbigene'
        """
        folded = re.sub(r"[\W_]", "", text.casefold())
        return _ALIASES.get(folded) or self._folded.get(folded)

    @cached_property
    def _folded(self) -> dict[str, str]:
        table = {re.sub(r"[\W_]", "", prefix.casefold()): prefix for prefix in self._prefixes.namespaces}
        return {"obo": "obo", **{f"{key}id": prefix for key, prefix in table.items()}, **table}

    def _of_url(self, url: str) -> str | None:
        if match := _RESOLVER.match(url):
            prefix, _, local = re.sub(r"^ark:/", "", unquote(match[1])).replace("/", ":", 1).partition(":")
            known = self.prefix(prefix)
            return self._checked(known, local.rstrip("/")) if known and known != "obo" else None
        for scheme in ("http", "https"):
            curie = self._prefixes.curie(re.sub(r"^https?", scheme, url, flags=re.IGNORECASE).rstrip("/"))
            if not curie.startswith("<") and (found := self._checked(*curie.split(":", 1))):
                return found
        rest = re.sub(r"^https?://", "", url, flags=re.IGNORECASE)
        for pattern, prefix in _URLS:
            if match := pattern.match(rest):
                return self._checked(prefix, unquote(match[1])) if prefix else self._underscored(match[1])
        return None

    def _underscored(self, text: str) -> str | None:
        """``CHEBI_27899``, as in the IRIs of OBO."""
        prefix, underscore, local = text.partition("_")
        known = self.prefix(prefix) if underscore else None
        if known == "cellosaurus":
            return self._checked(known, text)
        is_obo = known and self._prefixes.namespaces.get(known, "").endswith("_")
        return self._checked(known, local) if known and is_obo else None

    def _checked(self, prefix: str, local: str) -> str | None:
        """The CURIE, if the local part is what the registry allows, after putting right what is often written otherwise."""
        repeated, colon, rest = local.partition(":")
        if colon and self.prefix(repeated) == prefix:
            local = rest
        if prefix == "pmc" and not local.upper().startswith("PMC"):
            local = f"PMC{local}"
        if prefix == "cellosaurus" and not local.upper().startswith("CVCL_"):
            local = f"CVCL_{local}"
        if prefix == "doi":
            local = local.casefold()
        pattern = self._prefixes.patterns.get(prefix)
        for form in (local, local.upper()):
            if not pattern or re.fullmatch(pattern, form):
                return f"{prefix}:{form}"
        return None
