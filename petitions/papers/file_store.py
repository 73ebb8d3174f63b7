"""A content-addressed store for the files of documents: one folder that the web server does not serve directly.

A file is complete and durable before a row of the database may refer to it: it is written under a temporary name,
flushed, and renamed. The same content is stored once. Files that no row refers to may be deleted after a day. The name
under which a file was uploaded is never part of a path.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from petitions.errors import ConfigurationError, NotFoundError, UnavailableError

UNNAMED_FOR: Final = 24 * 3600  # seconds after which a file that no row refers to may be deleted
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """The folder with the files. Methods block on the disk: run them in a thread."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """The path of the folder. Raises ConfigurationError where none is set."""
        if self._folder is None:
            raise ConfigurationError("no folder for documents is set (DOCUMENTS_DIR)")
        return self._folder

    def path(self, sha256: str) -> Path:
        """The path of the file with this hash."""
        if not _HASH.fullmatch(sha256):
            raise NotFoundError("file")
        return self.folder / sha256[:2] / f"{sha256[2:]}.pdf"

    def put(self, content: bytes) -> str:
        """Store this content durably; returns its SHA-256.

        Raises UnavailableError when the disk is full or away; no partial file is left.
        """
        try:
            return self._put(content)
        except OSError as error:
            raise UnavailableError("disk") from error

    def read(self, sha256: str) -> bytes:
        """The content with this hash. Raises NotFoundError where there is none."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError("file") from error

    def has(self, sha256: str) -> bool:
        """Whether the file exists and its content has this hash."""
        try:
            return hashlib.sha256(self.read(sha256)).hexdigest() == sha256
        except NotFoundError:
            return False

    def _put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        with self._locked():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
                try:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                    Path(file.name).replace(path)
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)
                    raise
            _flush(path.parent)
            _flush(self.folder)
        return sha256

    def unnamed_since(self, seconds: float = UNNAMED_FOR) -> list[str]:
        """The hashes of files that were last written so long ago: they may be deleted when no row refers to them."""
        before = time.time() - seconds
        old = []
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    old.append(path)
        for path in old:
            if path.name.startswith(".new-"):  # left by a process that crashed
                path.unlink(missing_ok=True)
        return [path.parent.name + path.stem for path in old if _HASH.fullmatch(path.parent.name + path.stem)]

    def remove(self, sha256: str, seconds: float = UNNAMED_FOR) -> bool:
        """Delete a file, unless it was written again in the meantime; returns whether it was deleted."""
        path = self.path(sha256)
        with self._locked(), contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - seconds:
                path.unlink()
                return True
        return False

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Allow one writer or clean-up at a time, over all processes."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _flush(folder: Path) -> None:
    """Flush the entries of a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
