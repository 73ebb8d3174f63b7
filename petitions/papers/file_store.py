"""Where the files of documents lie: in one folder outside of what the web serves, each under the hash of its content.

A file is there, whole and on the disk, before a row of the database may name it: it is written beside, flushed, and
renamed. The same content is kept once. Files that no row names are swept away after a day
(:mod:`petitions.life.papers`). No name that somebody gave a file is ever a path here.
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

UNNAMED_FOR: Final = 24 * 3600  # seconds after which a file that no row names may go
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """The folder with the files. Calls touch the disk: run them in a thread."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where it is. Raises ConfigurationError where there is none."""
        if self._folder is None:
            raise ConfigurationError("no folder for documents is set (DOCUMENTS_DIR)")
        return self._folder

    def path(self, sha256: str) -> Path:
        """Where the file with this hash lies."""
        if not _HASH.fullmatch(sha256):
            raise NotFoundError("file")
        return self.folder / sha256[:2] / f"{sha256[2:]}.pdf"

    def put(self, content: bytes) -> str:
        """Keep this content; its SHA-256. It is on the disk when this returns.

        Raises UnavailableError when the disk is full or away; nothing half is left.
        """
        try:
            return self._put(content)
        except OSError as error:
            raise UnavailableError("disk") from error

    def read(self, sha256: str) -> bytes:
        """The content with this hash. Raises NotFoundError where it is gone."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError("file") from error

    def has(self, sha256: str) -> bool:
        """Whether the file is there and holds what its name says."""
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
        """The hashes of files that were last written so long ago: those that may go when no row names them."""
        before = time.time() - seconds
        old = []
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    old.append(path)
        for path in old:
            if path.name.startswith(".new-"):  # from a process that died
                path.unlink(missing_ok=True)
        return [path.parent.name + path.stem for path in old if _HASH.fullmatch(path.parent.name + path.stem)]

    def remove(self, sha256: str, seconds: float = UNNAMED_FOR) -> bool:
        """Take a file away, unless it was written again in the meantime; whether it went."""
        path = self.path(sha256)
        with self._locked(), contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - seconds:
                path.unlink()
                return True
        return False

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer or sweeper at a time, also of several processes."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _flush(folder: Path) -> None:
    """What a folder holds, on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
