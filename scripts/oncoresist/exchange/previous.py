"""Reading a release that was made before."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox

from oncoresist.errors import InputError
from oncoresist.namespaces import BASE
from oncoresist.paths import Layout

SOURCE = "data/source.zip"
SUMS = "SHA256SUMS"
_CURRENT = "http://www.w3.org/ns/dcat#hasCurrentVersion"
_RELEASE = BASE + "release/"


def is_release(folder: Path) -> bool:
    """Whether `folder` looks like a release."""
    return (folder / SOURCE).is_file() and (folder / SUMS).is_file()


def release_date(folder: Path) -> str | None:
    """The date of the release in `folder`; None if that is no release.

    :raises InputError: its description cannot be read
    """
    if not is_release(folder):
        return None
    path = folder / "dcat.ttl"
    try:
        found = ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=_RELEASE)
        return next(q.object.value for q in found if q.predicate.value == _CURRENT).removeprefix(_RELEASE)
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})") from None
    except SyntaxError as error:
        raise InputError(path, f"not valid Turtle ({error.msg})", error.lineno) from None
    except StopIteration:
        raise InputError(path, "does not say which release this is (dcat:hasCurrentVersion)") from None


@contextmanager
def unpacked(folder: Path) -> Iterator[Layout]:
    """The content of a release, in a temporary folder.

    :raises InputError: source.zip is damaged, or not what the checksums say
    """
    path = folder / SOURCE
    try:
        data, sums = path.read_bytes(), (folder / SUMS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(folder, f"not a whole release ({getattr(error, 'strerror', None) or error})") from None
    if f"{hashlib.sha256(data).hexdigest()}  {SOURCE}" not in sums.splitlines():
        raise InputError(path, f"not the file that {SUMS} names: its checksum differs")
    with tempfile.TemporaryDirectory() as place:
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                archive.extractall(place)
        except zipfile.BadZipFile as error:
            raise InputError(path, f"cannot be unpacked ({error})") from None
        yield Layout(Path(place))
