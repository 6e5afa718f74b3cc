"""HTTP requests to a store, with Basic and Digest authentication (RFC 7617, RFC 7616).

A challenge is kept for its address, so that large bodies are not sent twice. Redirects are refused: what is written goes to the
address that was given, and so do the credentials.
"""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from urllib.parse import urlsplit

from oncoresist.errors import OncoResistError, UsageError
from oncoresist.exchange.loading.credentials import PASSWORD, USER, Credentials


class StoreError(OncoResistError):
    """A request that failed.

    :param status: what the server answered; None if it did not
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        self.status = status
        if status is None:
            self.exit_code = 3
        super().__init__(message)


@dataclass(frozen=True)
class Response:
    headers: Message
    body: bytes


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Connection:
    """Sends requests.

    :param timeout: seconds to wait for an answer
    """

    def __init__(self, credentials: Credentials | None, timeout: float) -> None:
        self._credentials, self._timeout = credentials, timeout
        self._opener = urllib.request.build_opener(_NoRedirects)
        self._schemes: dict[str, tuple[str, dict[str, str]]] = {}
        self._digest = urllib.request.HTTPDigestAuthHandler(urllib.request.HTTPPasswordMgrWithDefaultRealm())

    def send(self, method: str, url: str, body: bytes | None = None, **headers: str) -> Response:
        """One request; a challenge is answered.

        :param headers: ``content_type``, ``accept``
        :raises StoreError: no answer, or one of 3xx, 4xx, 5xx
        :raises UsageError: the credentials are missing or wrong
        """
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        for attempt in (1, 2):
            request = urllib.request.Request(url, data=body, method=method, headers={"User-Agent": "oncoresist", **named})
            if authorization := self._authorization(request):
                request.add_unredirected_header("Authorization", authorization)
            try:
                with self._opener.open(request, timeout=self._timeout) as response:
                    return Response(response.headers, response.read())
            except urllib.error.HTTPError as error:
                with error:
                    if error.code == 401 and attempt == 1 and self._accept_challenge(url, error.headers):
                        continue
                    raise self._refused(method, url, error) from None
            except (urllib.error.URLError, OSError, HTTPException, ValueError) as error:
                raise StoreError(f"{_shown(url)}: no answer ({getattr(error, 'reason', None) or error})") from None
        raise AssertionError("the second attempt returns or raises")

    def _accept_challenge(self, url: str, headers: Message) -> bool:
        """Remember how this address wants to be answered; False if it cannot be."""
        if self._credentials is None:
            return False
        for challenge in sorted(headers.get_all("WWW-Authenticate", []), key=lambda c: not c.lower().startswith("digest")):
            scheme, _, rest = challenge.partition(" ")
            if scheme.lower() in ("basic", "digest"):
                fields = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
                self._schemes[_area(url)] = (scheme.lower(), fields)
                return True
        return False

    def _authorization(self, request: urllib.request.Request) -> str | None:
        known = self._schemes.get(_area(request.full_url))
        if known is None or self._credentials is None:
            return None
        scheme, challenge = known
        if scheme == "basic":
            pair = f"{self._credentials.user}:{self._credentials.password}".encode()
            return "Basic " + base64.b64encode(pair).decode()
        self._digest.add_password(None, request.full_url, self._credentials.user, self._credentials.password)
        try:
            answer = self._digest.get_authorization(request, challenge)
        except ValueError:  # an algorithm Python does not know
            answer = None
        return f"Digest {answer}" if answer else None

    def _refused(self, method: str, url: str, error: urllib.error.HTTPError) -> OncoResistError:
        where = _shown(url)
        if error.code == 401 and self._credentials:
            return UsageError(f"{where}: the user or the password is wrong (401). Nothing was changed by this request.")
        if error.code == 401:
            return UsageError(f"{where}: asks who you are (401). Set {USER} and {PASSWORD}, or write them into netrc.")
        if error.code == 403:
            return StoreError(f"{where}: this user may not {method} here (403).", 403)
        if 300 <= error.code < 400:
            return StoreError(
                f"{where}: sends requests elsewhere ({error.code}, {error.headers.get('Location', '?')}). Give that address.",
                error.code,
            )
        try:
            detail = " ".join(error.read(300).decode("utf-8", "replace").split())
        except (OSError, HTTPException):
            detail = ""
        return StoreError(f"{where}: refused {method} ({error.code} {error.reason}){f': {detail}' if detail else ''}", error.code)


def _area(url: str) -> str:
    """The part of the server for which a challenge holds."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _shown(url: str) -> str:
    """The address without its query, which names graphs and is long."""
    return url.partition("?")[0]
