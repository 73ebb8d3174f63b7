"""The file store: files are whole or absent, stored once, and deleted when nothing references them."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from petitions.errors import ConfigurationError, NotFoundError, UnavailableError
from petitions.papers.file_store import FileStore


def test_the_same_content_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    file_store = FileStore(tmp_path / "documents")
    sha256 = file_store.put(b"%PDF-1")
    assert sha256 == hashlib.sha256(b"%PDF-1").hexdigest() == file_store.put(b"%PDF-1")
    assert file_store.read(sha256) == b"%PDF-1"
    with pytest.raises(NotFoundError):
        file_store.read("0" * 64)
    files = [path for path in file_store.folder.rglob("*") if path.is_file() and path.name != ".lock"]
    assert files == [file_store.path(sha256)]
    assert file_store.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "a/" * 32])
def test_nothing_but_a_hash_is_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError):
        FileStore(tmp_path).path(name)


def test_without_a_folder_it_says_so() -> None:
    with pytest.raises(ConfigurationError):
        FileStore().put(b"x")


def test_a_disk_that_is_full_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnavailableError):
        FileStore(tmp_path).put(b"x")
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"] == []


def test_old_files_may_go_unless_they_were_written_again(tmp_path: Path) -> None:
    file_store = FileStore(tmp_path)
    old, new = file_store.put(b"old"), file_store.put(b"new")
    left = file_store.path(old).parent / ".new-left"
    left.write_bytes(b"half")
    for path in (file_store.path(old), left):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert file_store.unnamed_since() == [old]
    assert not left.exists()
    file_store.put(b"old")
    assert not file_store.remove(old)
    os.utime(file_store.path(old), (time.time() - 90_000,) * 2)
    assert file_store.remove(old)
    assert not file_store.remove(old)
    assert file_store.path(new).exists()
