"""Where a query runs: the embedded store, or any SPARQL 1.1 endpoint. Both give SPARQL results, so nothing else differs."""

from __future__ import annotations

import json
import re
from typing import Protocol

import pyoxigraph as ox

from oncoresist.errors import InputError, QueryError, UsageError
from oncoresist.saved_query import require_read_only, syntax_error

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class Engine(Protocol):
    """Anything that answers SPARQL queries."""

    def query(self, text: str, shown_as: str = "query") -> Results:
        """Run a SELECT, ASK, CONSTRUCT or DESCRIBE.

        :param shown_as: how errors name the query
        :raises QueryError: it does not parse, or would write
        """


class Embedded:
    """The built store, or any pyoxigraph store."""

    def __init__(self, store: ox.Store, prefixes: dict[str, str] | None = None) -> None:
        self.store, self._prefixes = store, prefixes or {}

    def query(self, text: str, shown_as: str = "query") -> Results:
        require_read_only(text)
        try:
            return self.store.query(text, prefixes=self._prefixes)
        except SyntaxError as error:
            raise syntax_error(error, text, shown_as) from None


class Endpoint:
    """A SPARQL 1.1 Protocol endpoint (https://www.w3.org/TR/sparql11-protocol/).

    :param url: its query URL
    :param timeout: seconds to wait
    :raises UsageError: it is no http or https URL
    """

    def __init__(self, url: str, prefixes: dict[str, str] | None = None, timeout: float = 60) -> None:
        if not re.match(r"https?://[^\s/]", url):
            raise UsageError(f'"{url}" is no address of an endpoint. It begins with http:// or https://.')
        self.url, self.timeout, self._prefixes = url, timeout, prefixes or {}

    def query(self, text: str, shown_as: str = "query") -> Results:
        import urllib.error
        import urllib.parse
        import urllib.request

        require_read_only(text)
        request = urllib.request.Request(
            self.url,
            data=urllib.parse.urlencode({"query": self._with_prefixes(text)}).encode(),
            headers={"Accept": "application/sparql-results+json, application/n-triples;q=0.9", "User-Agent": "oncoresist"},
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                body, kind = response.read(), response.headers.get_content_type()
        except urllib.error.HTTPError as error:
            detail = " ".join(error.read(300).decode("utf-8", "replace").split())
            raise QueryError(f"{self.url}: refused the query ({error.code} {error.reason}): {detail}") from None
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise InputError(self.url, f"cannot be reached ({getattr(error, 'reason', error)})") from None
        try:
            if kind == "application/n-triples":
                graph = ox.Store()
                graph.load(body, format=ox.RdfFormat.N_TRIPLES)
                return graph.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
            return ox.parse_query_results(_strict(body), format=ox.QueryResultsFormat.JSON)
        except SyntaxError as error:
            raise InputError(self.url, f"answered with {kind}, not SPARQL results ({error})") from None

    def _with_prefixes(self, text: str) -> str:
        """Prefixes of the table that the query uses and does not declare, so a query runs anywhere as it does here."""
        missing = [
            f"PREFIX {p}: <{iri}>\n" for p, iri in self._prefixes.items() if f"{p}:" in text and f"PREFIX {p}:" not in text
        ]
        return "".join(missing) + text


def _strict(body: bytes) -> bytes:
    """SPARQL JSON results without what engines add to them (QLever ``meta``, Comunica ``metadata``), which parsers may refuse.

    >>> _strict(b'{"head": {}, "boolean": true, "metadata": {"httpRequests": 0}}')
    b'{"head": {}, "boolean": true}'
    """
    try:
        told = json.loads(body)
    except ValueError:
        return body
    if not isinstance(told, dict) or told.keys() <= _MEMBERS:
        return body
    return json.dumps({key: value for key, value in told.items() if key in _MEMBERS}).encode()


_MEMBERS = {"head", "results", "boolean"}
