"""Links and encryption: made for one purpose and one petition, and worthless elsewhere."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.errors import NotFoundError
from petitions.security.encryption import INDEX_BYTES, Vault
from petitions.security.tokens import Link, Tokens, new_key

OLD, NEW = "an old secret of at least thirty-two characters", "a new secret of at least thirty-two characters"


@given(st.integers(0, 2**63 - 1), st.binary(min_size=16, max_size=16))
def test_link_says_what_was_put_into_it(petition: int, key: bytes) -> None:
    tokens = Tokens((NEW,))
    assert tokens.read("confirm", tokens.make("confirm", petition, key)) == Link(petition, key)


@given(st.text(max_size=80))
def test_any_other_text_is_no_link(text: str) -> None:
    with pytest.raises(NotFoundError):
        Tokens((NEW,)).read("confirm", text)


def test_link_works_for_its_purpose_only_and_survives_rotation() -> None:
    token = Tokens((OLD,)).make("manage", 7, new_key())
    assert Tokens((NEW, OLD)).read("manage", token).petition_id == 7
    for tokens, purpose in ((Tokens((NEW,)), "manage"), (Tokens((OLD,)), "confirm")):
        with pytest.raises(NotFoundError):
            tokens.read(purpose, token)  # type: ignore[arg-type]


def test_what_is_encrypted_opens_with_its_key_and_row_only() -> None:
    vault, salt, other = Vault(NEW), new_key(), new_key()
    wrapped = vault.new_data_key(salt)
    box = vault.encrypt(wrapped, salt, b"row", {"name": "Ülkü"})
    assert vault.decrypt(wrapped, salt, b"row", box) == {"name": "Ülkü"}
    assert "Ülkü".encode() not in box
    for context in (b"other", b""):
        with pytest.raises(ValueError, match="does not belong"):
            vault.decrypt(wrapped, salt, context, box)
    assert vault.encrypt(wrapped, salt, b"row", {"name": "Ülkü"}) != box
    assert len(vault.index(salt, "a@b.nl")) == INDEX_BYTES
    assert vault.index(salt, "a@b.nl") == Vault(NEW).index(salt, "a@b.nl")
    assert vault.index(salt, "a@b.nl") != vault.index(other, "a@b.nl")
    assert vault.index(salt, "a@b.nl") != Vault(OLD).index(salt, "a@b.nl")


def test_a_key_that_is_derived_once_signs_as_the_library_does() -> None:
    from itsdangerous import Signer

    secrets_ = ("new " * 10, "old " * 10)
    link = Tokens(secrets_).make("confirm", 7, b"k" * 16)
    keys = [secret.encode() for secret in reversed(secrets_)]
    library = Signer(keys, salt="confirm.v1", key_derivation="hmac", digest_method=hashlib.sha256)
    assert library.sign(library.unsign(link)) == link.encode()
    assert Tokens(secrets_).read("confirm", library.sign(library.unsign(link)).decode()).petition_id == 7
    older = Tokens(secrets_[1:]).make("confirm", 7, b"k" * 16)
    assert older != link
    assert Tokens(secrets_).read("confirm", older).key == b"k" * 16
