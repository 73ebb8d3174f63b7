"""Encryption of personal data: under a key per petition, found by a keyed hash, erased by deleting that key.

AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D). A data key per petition is wrapped by a key that is outside
the database; deleting the data key erases all that it protects, back-ups included. Addresses are compared by
HMAC-SHA256 under a key derived per petition, so that a copy of the database neither reveals addresses nor links
one person's petitions.
"""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

INDEX_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_CACHED_KEYS: Final = 4096
_as_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Vault:
    """Encrypts, decrypts and indexes personal data with keys derived from one secret."""

    def __init__(self, secret: str) -> None:
        self._wrapping = AESGCM(_derive(secret, b"petitions.wrap.v1"))
        self._pepper = _derive(secret, b"petitions.index.v1")
        self._opened = lru_cache(maxsize=_CACHED_KEYS)(self._open)
        self._index_key = lru_cache(maxsize=_CACHED_KEYS)(self._derive_index_key)

    def new_data_key(self, label: bytes) -> bytes:
        """A new wrapped data key, bound to ``label`` (random, stored beside it) so that keys cannot be swapped."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, AESGCM.generate_key(256), label)

    def _open(self, wrapped: bytes, label: bytes) -> AESGCM:
        return AESGCM(self._wrapping.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], label))

    def encrypt(self, wrapped: bytes, label: bytes, context: bytes, facts: dict[str, str]) -> bytes:
        """Encrypt ``facts`` under a petition's data key; ``context`` (the row's key) is authenticated with them."""
        nonce = os.urandom(_NONCE_BYTES)
        text = _as_json(facts).encode()
        return nonce + self._opened(wrapped, label).encrypt(nonce, text, context)

    def decrypt(self, wrapped: bytes, label: bytes, context: bytes, box: bytes) -> dict[str, str]:
        """The facts in ``box``. Raises ValueError when it was not made with this key and context."""
        try:
            text = self._opened(wrapped, label).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], context)
        except InvalidTag as error:
            raise ValueError("this box does not belong to this key and row") from error
        facts: dict[str, str] = json.loads(text)
        return facts

    def index(self, label: bytes, canonical_email: str) -> bytes:
        """The keyed hash by which an address is found in one petition: 16 bytes, different in every petition."""
        return hmac.digest(self._index_key(label), canonical_email.encode(), "sha256")[:INDEX_BYTES]

    def _derive_index_key(self, label: bytes) -> bytes:
        return hmac.digest(self._pepper, label, "sha256")

    def seal(self, text: bytes, context: bytes) -> bytes:
        """Encrypt a short-lived secret (of a sign-in link) for the outbox."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, text, context)

    def unseal(self, box: bytes, context: bytes) -> bytes:
        """Decrypt a sealed secret."""
        return self._wrapping.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], context)


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def lock(secret: bytes, text: bytes) -> bytes:
    """Encrypt under a key derived from ``secret``, which is stored nowhere: it is part of a link."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _key_of(secret).encrypt(nonce, text, None)


def unlock(secret: bytes, box: bytes) -> bytes:
    """Decrypt what was locked with this secret. Raises ValueError for another secret."""
    try:
        return _key_of(secret).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], None)
    except InvalidTag as error:
        raise ValueError("this box was locked with another secret") from error


def _key_of(secret: bytes) -> AESGCM:
    return AESGCM(_derive(secret.hex(), b"petitions.link.v1"))


def fingerprint(secret: bytes) -> bytes:
    """The stored form of a session or sign-in secret: its SHA-256."""
    return hashlib.sha256(secret).digest()
