"""Personal links, made from the keys in the database with the secret of the stage, without the code of the service.

Links in people's mailboxes must keep working, so their format is implemented here a second time: the number and the
key, base64, signed for one purpose.
"""

import base64
import hashlib

from itsdangerous import Signer


def token(secret: str, purpose: str, number: int, key: bytes) -> str:
    """The token of a personal link."""
    signer = Signer(secret, salt=f"{purpose}.v1", key_derivation="hmac", digest_method=hashlib.sha256)
    payload = number.to_bytes(8, "big").lstrip(b"\0") + key
    return signer.sign(base64.urlsafe_b64encode(payload).rstrip(b"=")).decode()
