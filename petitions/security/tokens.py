"""Personal links: the secret that they carry and how they are signed.

A link carries a petition's number and 16 random bytes of a row, signed for one purpose (OWASP ASVS 5.0 9.1, 9.2). It
never carries an address or a text. Its validity ends with the row, not with the link.
"""

import base64
import hashlib
import secrets
import struct
from dataclasses import dataclass
from typing import Final, Literal

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import want_bytes

from petitions.errors import NotFoundError

Purpose = Literal[
    "confirm", "signature", "manage", "draft", "sponsor", "unsubscribe", "session", "sample", "survey",
    "follow", "following", "unfollow", "undigest",
]  # fmt: skip
KEY_BYTES: Final = 16
_HEAD: Final = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Link:
    """The content of a link: the petition and the random key of one of its rows."""

    petition_id: int
    key: bytes


def new_key() -> bytes:
    """128 random bits (OWASP ASVS 5.0 11.5.1)."""
    return secrets.token_bytes(KEY_BYTES)


class _Signer(Signer):
    """A signer that derives the key for its purpose once, not for every link."""

    def __init__(self, keys: list[bytes], purpose: str) -> None:
        super().__init__(keys, salt=f"{purpose}.v1", key_derivation="hmac", digest_method=hashlib.sha256)
        self._derived: dict[bytes, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """The key for this purpose."""
        secret = self.secret_keys[-1] if secret_key is None else want_bytes(secret_key)
        if secret not in self._derived:
            self._derived[secret] = super().derive_key(secret)
        return self._derived[secret]


class Tokens:
    """Makes and reads links. ``secrets_`` has the newest first; older ones are still accepted (key rotation)."""

    def __init__(self, secrets_: tuple[str, ...]) -> None:
        keys = [secret.encode() for secret in reversed(secrets_)]
        self._signers = {
            purpose: _Signer(keys, purpose)
            for purpose in Purpose.__args__  # type: ignore[attr-defined]
        }

    def make(self, purpose: Purpose, petition_id: int, key: bytes) -> str:
        """The signed token of a link."""
        payload = base64.urlsafe_b64encode(_HEAD.pack(petition_id).lstrip(b"\0") + key).rstrip(b"=")
        return self._signers[purpose].sign(payload).decode()

    def read(self, purpose: Purpose, token: str) -> Link:
        """The content of a token. Raises NotFoundError when it was not signed by us for this purpose."""
        try:
            payload = self._signers[purpose].unsign(token.encode("ascii", "replace"))
            raw = base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4))
        except (BadSignature, ValueError) as error:
            raise NotFoundError("token") from error
        head, key = raw[:-KEY_BYTES], raw[-KEY_BYTES:]
        return Link(int.from_bytes(head), key)
