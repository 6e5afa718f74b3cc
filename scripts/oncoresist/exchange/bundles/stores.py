"""The stores there are bundles for, and how far each bundle has been tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from oncoresist.errors import UnknownNameError


@dataclass(frozen=True)
class Store:
    """A triple store.

    :param data: how the bundle holds the triples: one N-Quads file (plain or compressed), or a file a graph
    :param tried: what of the bundle is run by the tests of OncoResist, and what was only compared with documentation
    :param documentation: of the vendor
    """

    name: str
    title: str
    data: Literal["nq", "nq.gz", "nt"]
    tried: str
    documentation: tuple[str, ...]


_RUN = (
    "`load.sh` is run by the tests of OncoResist {0}, the counts are compared{1}, and all saved questions give the same rows "
    "there."
)
_READ = (
    "There is no {0} where OncoResist is tested: this bundle has **not been run**. Its files are parsed in the tests, and their "
    "settings were compared with {1}."
)
STORES = {
    store.name: store
    for store in (
        Store(
            "virtuoso",
            "Virtuoso",
            "nt",
            _RUN.format("on Virtuoso Open Source 7.2.5 (Debian)", ""),
            ("https://vos.openlinksw.com/owiki/wiki/VOS/VirtBulkRDFLoader",),
        ),
        Store(
            "oxigraph",
            "Oxigraph",
            "nq",
            _RUN.format("with the command of PyPI's `oxigraph`", ""),
            ("https://github.com/oxigraph/oxigraph/blob/main/cli/README.md",),
        ),
        Store(
            "fuseki",
            "Fuseki",
            "nq",
            _RUN.format("with the TDB2 commands of Apache Jena 4.5 (Debian's `libapache-jena-java`)", " through `config.ttl`")
            + " The Fuseki server itself is **not run**: the `fuseki:` lines of `config.ttl` were compared with its "
            "documentation.",
            (
                "https://jena.apache.org/documentation/fuseki2/fuseki-configuration.html",
                "https://jena.apache.org/documentation/tdb2/tdb2_cmds.html",
            ),
        ),
        Store(
            "graphdb",
            "GraphDB",
            "nq",
            _READ.format("GraphDB", "configurations that others publish; the vendor's own page on `importrdf` could not be read"),
            ("https://graphdb.ontotext.com/documentation/",),
        ),
        Store(
            "qlever",
            "QLever",
            "nq.gz",
            _READ.format("QLever", "its documentation"),
            ("https://github.com/qlever-dev/qlever-docs/blob/main/docs/qleverfile.md",),
        ),
        Store(
            "neptune",
            "Amazon Neptune",
            "nq.gz",
            _READ.format("Neptune", "its documentation"),
            (
                "https://docs.aws.amazon.com/neptune/latest/userguide/load-api-reference-load.html",
                "https://docs.aws.amazon.com/neptune/latest/userguide/bulk-load-tutorial-IAM.html",
            ),
        ),
    )
}


def find_store(name: str) -> Store:
    """The store called `name`.

    :raises UnknownNameError: there is no bundle for it; all are listed

    >>> find_store("TDB2").name
    'fuseki'
    >>> find_store("oxygraph")
    Traceback (most recent call last):
        ...
    oncoresist.errors.UnknownNameError: unknown store "oxygraph". Did you mean "oxigraph" ...
    """
    wanted = {"tdb2": "fuseki", "jena": "fuseki"}.get(name.casefold(), name.casefold())
    if wanted not in STORES:
        raise UnknownNameError("store", name, STORES, f"Bundles: {', '.join(sorted(STORES))}.")
    return STORES[wanted]
