"""Files on the shelf: whole or not there, kept once, swept away when nobody names them."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from petitions.errors import ConfigurationError, NotFoundError, UnavailableError
from petitions.papers.shelf import Shelf


def test_the_same_content_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "documents")
    sha256 = shelf.put(b"%PDF-1")
    assert sha256 == hashlib.sha256(b"%PDF-1").hexdigest() == shelf.put(b"%PDF-1")
    assert shelf.read(sha256) == b"%PDF-1"
    with pytest.raises(NotFoundError):
        shelf.read("0" * 64)
    files = [path for path in shelf.folder.rglob("*") if path.is_file() and path.name != ".lock"]
    assert files == [shelf.path(sha256)]
    assert shelf.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "a/" * 32])
def test_nothing_but_a_hash_is_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError):
        Shelf(tmp_path).path(name)


def test_without_a_folder_it_says_so() -> None:
    with pytest.raises(ConfigurationError):
        Shelf().put(b"x")


def test_a_disk_that_is_full_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnavailableError):
        Shelf(tmp_path).put(b"x")
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"] == []


def test_old_files_may_go_unless_they_were_written_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    old, new = shelf.put(b"old"), shelf.put(b"new")
    left = shelf.path(old).parent / ".new-left"
    left.write_bytes(b"half")
    for path in (shelf.path(old), left):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert shelf.unnamed_since() == [old]
    assert not left.exists()
    shelf.put(b"old")
    assert not shelf.remove(old)
    os.utime(shelf.path(old), (time.time() - 90_000,) * 2)
    assert shelf.remove(old)
    assert not shelf.remove(old)
    assert shelf.path(new).exists()
