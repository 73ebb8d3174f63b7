"""Translations for code outside of templates."""

from functools import lru_cache
from gettext import NullTranslations
from typing import Final

from petitions.locale import load_catalogue


def N_(text: str) -> str:  # noqa: N802 - the name by which gettext's tools know texts that are translated later
    """Mark a text in a table for translation."""
    return text


_ERRORS: Final = {
    "missing": N_("Fill this in."),
    "forbidden_character": N_("This contains a character that we cannot accept. Type the text again without it."),
    "too_short": N_("Write at least %(limit)d characters."),
    "too_long": N_("Write at most %(limit)d characters."),
    "email": N_("Fill in an e-mail address, for example name@example.org."),
    "postcode": N_("Fill in a postcode, for example 1234 AB."),
    "date": N_("Fill in a date, for example 27-4-1967."),
    "date_future": N_("This date is still to come."),
    "phone": N_("Fill in a phone number, for example 06 12345678."),
    "declaration": N_("Tick this box to continue."),
    "choice": N_("Choose one of these."),
    "what": N_("Choose at least one."),
    "not_eligible": N_("You cannot take part under the rules of this procedure."),
    "role": N_("Choose at least one role or committee."),
    "known_address": N_("Somebody works or worked here under this address. Change that person instead."),
    "min_age": N_("You must be at least %(limit)d years old."),
}


def words(language: str) -> NullTranslations:
    """The catalogue of a language."""
    return _catalogue(language)


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    return load_catalogue(language)


def error_text(language: str, code: str, limit: int = 0) -> str:
    """The message for an error ``code`` of a field."""
    text = words(language).gettext(_ERRORS.get(code, _ERRORS["missing"]))
    return text % {"limit": limit} if "%(" in text else text
