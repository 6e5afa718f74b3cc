"""Who may write: from the environment or netrc, never from a URL, and never shown."""

from __future__ import annotations

import netrc
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from oncoresist.errors import InputError, UsageError

USER, PASSWORD = "ONCORESIST_USER", "ONCORESIST_PASSWORD"


@dataclass(frozen=True)
class Credentials:
    """A user name and a password that no `repr`, and so no message or trace, shows.

    >>> Credentials("dba", "secret")
    Credentials(user='dba')
    """

    user: str
    password: str = field(repr=False)


def require_no_credentials(url: str) -> None:
    """Pass if `url` is an HTTP address without a password in it.

    :raises UsageError: it is not; the message does not repeat it

    >>> require_no_credentials("http://localhost:7878/query")
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = None, None
    if parts is None or parts.scheme not in ("http", "https") or not host:
        raise UsageError("the address of a store begins with http:// or https:// and names a host.")
    if parts.username is not None or parts.password is not None:
        raise UsageError(f"{host}: no user or password in a URL. Set {USER} and {PASSWORD}, or write them into netrc.")


def find_credentials(url: str) -> Credentials | None:
    """``ONCORESIST_USER`` and ``ONCORESIST_PASSWORD``, else what netrc (``$NETRC``, or ``~/.netrc``) has for the host.

    :raises UsageError: one of the two variables is set without the other
    :raises InputError: netrc cannot be read; the message names the line, not what it says
    """
    user, password = os.environ.get(USER), os.environ.get(PASSWORD)
    if user and password is not None:
        return Credentials(user, password)
    if user or password:
        raise UsageError(f"{USER if user else PASSWORD} is set and {PASSWORD if user else USER} is not. Set both or none.")
    path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    if not path.is_file():
        return None
    try:
        found = netrc.netrc(path).authenticators(urlsplit(url).hostname or "")
    except netrc.NetrcParseError as error:
        # Its message may quote the password.
        raise InputError(path, "is no netrc file, or others may read it.", error.lineno) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})") from None
    return Credentials(found[0], found[2] or "") if found and found[0] else None
