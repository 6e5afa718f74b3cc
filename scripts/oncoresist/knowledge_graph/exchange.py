"""Taking the graph, and its questions, elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

from oncoresist.errors import UsageError
from oncoresist.knowledge_graph.core import Core


class Exchange(Core):
    """Taking the graph, and its questions, elsewhere."""

    def catalogue(self, folder: Path | str, formats: Sequence[str] = (), *, target: str | None = None) -> list[Path]:
        """Write the saved questions with their answers: a page, SIB examples, a W3C test manifest with the data.

        :param folder: is made if need be
        :param formats: some of ``html``, ``markdown``, ``sib``, ``manifest``; by default all
        :param target: URL of the endpoint the SIB examples are for; by default that of ``oncoresist serve``
        :returns: what was written
        :raises UsageError: no such format, or the folder cannot be written

        >>> from oncoresist import KnowledgeGraph
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [path.name for path in KnowledgeGraph.open().catalogue(folder, ["html"])]
        ['catalogue.html']
        """
        from oncoresist.catalogue.write import TARGET, write_catalogue

        return write_catalogue(self, Path(folder), formats, target or TARGET)

    def export(
        self,
        format: str,
        output: Path | str | BinaryIO,
        *,
        layers: Sequence[str] | str = (),
        source: Sequence[str] | str = (),
        drug: Sequence[str] | str = (),
        store: str | None = None,
    ):
        """Write the graph, or a part of it, for use elsewhere.

        :param format: a name or file extension of `oncoresist.exchange.formats.FORMATS`
        :param output: a file (``.gz`` and ``.zst`` are compressed), a folder, or a binary stream
        :param layers: only these of ontology, evidence, mappings, inferred, mechanism
        :param source: only claims of these sources, such as ``tme2019``, with all they need to be read
        :param drug: only claims about these drugs or kinds of them, with all they need to be read
        :param store: for the format ``bundle``: one of `oncoresist.exchange.bundles.stores.STORES`
        :returns: an `oncoresist.exchange.export.ExportReport`
        :raises UnknownNameError: no such format, layer, source or drug
        :raises NotWritableError: the target cannot be written; it is as it was before

        >>> from oncoresist import KnowledgeGraph
        >>> import io
        >>> file = io.BytesIO()
        >>> report = KnowledgeGraph.open().export("nquads", file, layers="mechanism", drug="cisplatin")
        >>> report.triples == report.kept == len(file.getvalue().splitlines())
        True
        """
        from oncoresist.exchange.bundles.bundle import write_bundle
        from oncoresist.exchange.bundles.stores import find_store
        from oncoresist.exchange.export import export
        from oncoresist.exchange.formats import find_format

        if format == "bundle":
            if store is None or not isinstance(output, Path | str) or output == "-":
                raise UsageError("a bundle is for a store and is a folder: export bundle --for STORE -o FOLDER.")
            return write_bundle(self._selected(layers, source, drug), find_store(store), Path(output))
        if store is not None:
            raise UsageError("--for STORE goes with the format bundle.")
        found = find_format(format)
        selected = self._selected(layers, source, drug)
        return export(selected, found, Path(output) if isinstance(output, str) else output)

    def load(
        self,
        url: str,
        *,
        update_url: str | None = None,
        graph_store_url: str | None = None,
        method: Literal["auto", "graph-store", "update"] = "auto",
        graph: str | None = None,
        default: bool = False,
        layers: Sequence[str] | str = (),
        source: Sequence[str] | str = (),
        drug: Sequence[str] | str = (),
        timeout: float = 600,
        announce: Callable[[str], None] | None = None,
    ):
        """Load the graph, or a part of it, into a running triple store, and compare what arrived.

        User and password come from ``ONCORESIST_USER`` and ``ONCORESIST_PASSWORD`` or from netrc.

        :param url: where the store answers SPARQL queries; `update_url` and `graph_store_url` are guessed from its kind
        :param method: Graph Store Protocol, SPARQL Update, or whichever works
        :param graph: put all layers into this graph; `default`: into the default graph; otherwise one graph a layer
        :param timeout: seconds to wait for an answer
        :returns: an `oncoresist.exchange.loading.load.LoadReport`
        :raises StoreError, UsageError: no answer, or refused; nothing was changed
        :raises LoadError: it failed on the way; the message says what is in the store. The same call goes on from there.

        >>> from oncoresist import KnowledgeGraph
        >>> KnowledgeGraph.open().load("http://user:secret@localhost/query")
        Traceback (most recent call last):
            ...
        oncoresist.errors.UsageError: localhost: no user or password in a URL. Set ONCORESIST_USER and ONCORESIST_PASSWORD, ...
        """
        from oncoresist.exchange.loading.connection import Connection
        from oncoresist.exchange.loading.credentials import find_credentials, require_no_credentials
        from oncoresist.exchange.loading.load import load, parts_of
        from oncoresist.exchange.loading.progress import Progress
        from oncoresist.exchange.loading.store import Addresses, TripleStore

        require_no_credentials(url)
        store = TripleStore(Addresses(url, update_url, graph_store_url), Connection(find_credentials(url), timeout))
        store.meet()
        parts = parts_of(self._selected(layers, source, drug), graph, default)
        return load(parts, store, Progress(self.layout.store(), url), method, announce=announce)

    def _selected(self, layers: Sequence[str] | str, source: Sequence[str] | str, drug: Sequence[str] | str):
        from oncoresist.exchange.selection import Selected, Selection

        layers, source, drug = ([names] if isinstance(names, str) else names for names in (layers, source, drug))
        drugs = [self.names.entity(name, "onr:Treatment") for name in drug]
        return Selected(self._store, Selection.of(layers, source, drugs, self.content), self.content)

    def plot(self, plot_id: str, output: Path | str, **parameters: str | None) -> Path:
        """Draw a saved question as SVG, PNG or HTML, by the suffix of `output`.

        :param plot_id: ``heatmap`` (drug by kind of cell) or ``sankey`` (cell, factor, pathway, drug)
        :param parameters: those of the question behind it
        :raises UnknownNameError: no such plot, parameter or entity
        :raises UsageError: an unknown suffix, nothing to draw, or the extra ``plots`` is missing
        :raises NotWritableError: no permission or no space
        """
        from oncoresist.catalogue import plots

        plot, path = plots.find_plot(plot_id), Path(output)
        plots.check_output(path)
        plots.save(plot.draw(self.ask(plot.question, **parameters)), path, self.question(plot.question).summary)
        return path

    def link(self, file: Path | str | None = None, *, to: str | None = None, column: str | None = None, exact: bool = False):
        """What the graph knows of the things in a file, or its mappings to one vocabulary.

        :param file: a list of identifiers or names, a TSV or CSV table, or RDF
        :param to: prefix of a vocabulary, such as ``hgnc``, ``uniprot``, ``chebi``, ``mondo``
        :param column: of a table, the column to read; by default the one with most identifiers and names
        :param exact: only exact matches
        :returns: an `oncoresist.exchange.link.Linked`
        :raises UnknownNameError: no mapping leads to this vocabulary; those there are, are listed
        :raises InputError: the file cannot be read or names nothing

        >>> from oncoresist import KnowledgeGraph
        >>> table = KnowledgeGraph.open().link(to="UniProtKB")
        >>> next(row[:4] for row in table.rows if row[1] == "ABCB1")
        ('ent:abcb1', 'ABCB1', 'close', 'uniprot:P08183')
        """
        from oncoresist.exchange.link import link

        return link(self.engine, self.prefixes, Path(file) if isinstance(file, str) else file, to, column, exact)

    def release(
        self,
        folder: Path | str,
        date: str,
        *,
        previous: Path | str | None = None,
        formats: Sequence[str] = (),
        reasoner: bool = True,
        earl: Path | str | None = None,
    ):
        """Make a release: a folder with every format, checksums, VoID and DCAT, reports, and the changes since the one before.

        The same content, date and previous release give the same bytes.

        :param folder: is made; must not be there, or be empty
        :param date: of the release, as YYYY-MM-DD; it is the version
        :param previous: folder of the release before, or a git revision; without it, it is the first
        :param formats: some of `oncoresist.exchange.formats.FORMATS`; by default all
        :param reasoner: False leaves HermiT out of the validation
        :param earl: EARL report on engines to include, as ``scripts/test tests/test_engines.py --earl FILE`` writes it
        :returns: an `oncoresist.exchange.release.ReleaseReport`; its folder is None if the content has errors
        :raises UsageError: the folder is not empty, no such format or revision, or the date is none
        :raises NotWritableError: the folder cannot be written; nothing is left behind
        :raises InputError: a file cannot be read

        >>> from oncoresist import KnowledgeGraph
        >>> KnowledgeGraph.open().release("/tmp/oncoresist-release", "21 November")
        Traceback (most recent call last):
            ...
        oncoresist.errors.UsageError: "21 November" is no date. Write it as YYYY-MM-DD, such as 2026-11-21.
        """
        from oncoresist.exchange.release import release

        report = Path(earl) if earl else None
        return release(self, Path(folder), date, previous=previous, formats=formats, reasoner=reasoner, earl=report)
