"""Personal pages from page templates: filled in and escaped as Jinja would have done, whatever was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from petitions.http.page_cache.templates import PageTemplate, placeholder

PAGE = f'<p title="{placeholder("email")}">{placeholder("number")}</p>{placeholder("email")}'.encode()


@given(st.text(), st.text())
def test_what_is_filled_in_is_escaped(email: str, number: str) -> None:
    values = {"email": email, "number": number}
    try:
        wanted = f'<p title="{escape(email)}">{escape(number)}</p>{escape(email)}'.encode()
    except UnicodeEncodeError:
        return
    assert PageTemplate(PAGE).fill(values) == wanted


TYPED = ("\0", "a\0b", placeholder("number"), "<script>", "%s {{ 7 * 7 }}", '" onload="x')


@pytest.mark.parametrize("typed", TYPED, ids=range(len(TYPED)))
def test_what_was_typed_is_never_taken_for_a_mark_or_a_tag(typed: str) -> None:
    page = PageTemplate(PAGE).fill({"email": typed, "number": "7"}).decode()
    assert page == f'<p title="{escape(typed)}">7</p>{escape(typed)}'


def test_a_page_without_places_stays_as_it_is_and_a_missing_value_is_an_error() -> None:
    assert PageTemplate(b"<p>same</p>").fill({}) == b"<p>same</p>"
    with pytest.raises(KeyError):
        PageTemplate(PAGE).fill({"email": "a@b.example"})
