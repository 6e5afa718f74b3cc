"""Output replaces what was there as a whole or not at all, and leaves no draft behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from oncoresist.errors import NotWritableError, UsageError
from oncoresist.target import new_folder, replace_text, replaced_file, replaced_folder


def fail_after(_: int) -> None:
    raise RuntimeError("midway")


def test_a_file_is_replaced(tmp_path: Path) -> None:
    replace_text(tmp_path / "a", "one\n")
    replace_text(tmp_path / "a", "κ two\r\n")

    assert "κ two\r\n".encode() == (tmp_path / "a").read_bytes()
    assert [tmp_path / "a"] == list(tmp_path.iterdir())


def test_what_fails_midway_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")

    with pytest.raises(RuntimeError, match="midway"), replaced_file(tmp_path / "a") as file:
        fail_after(file.write(b"half"))

    assert "old" == (tmp_path / "a").read_text()
    assert [tmp_path / "a"] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("place", "reason"),
    [("no/such/a", "no such file or directory"), ("file/a", "not a directory"), (".", "it is a folder")],
)
def test_where_nothing_can_be_written_says_so(tmp_path: Path, place: str, reason: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(NotWritableError, match=rf"cannot write the proof \({reason}\)\. .* Nothing was changed\.$"):
        replace_text(tmp_path / place, "text", "the proof")


def test_a_folder_is_replaced_only_if_it_is_one_of_ours(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, name in ((ours, "mark"), (theirs, "thesis.tex")):
        folder.mkdir()
        (folder / name).touch()

    with replaced_folder(ours, "mark", "the export") as draft:
        (draft / "new").touch()
    with (
        pytest.raises(UsageError, match="holds no export"),
        replaced_folder(theirs, "mark", "the export"),
    ):
        pytest.fail("must not come here")

    assert ["new"] == [path.name for path in ours.iterdir()]
    assert ["thesis.tex"] == [path.name for path in theirs.iterdir()]


def test_a_new_folder_never_replaces_another(tmp_path: Path) -> None:
    with new_folder(tmp_path / "a", "the release") as draft:
        (draft / "x").touch()

    with pytest.raises(UsageError, match="never replaced"), new_folder(tmp_path / "a", "the release"):
        pytest.fail("must not come here")

    assert ["a"] == [path.name for path in tmp_path.iterdir()]
    assert (tmp_path / "a" / "x").exists()
