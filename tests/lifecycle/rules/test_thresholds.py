"""Under which procedures a petition can be opened here."""

from typing import get_args

import pytest

from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.procedures import IdentityLevel
from petitions.lifecycle.rules.thresholds import can_open

PROCEDURES = load_procedures()


@pytest.mark.parametrize("level", get_args(IdentityLevel))
def test_only_email_can_be_opened(level: IdentityLevel) -> None:
    opened = {can_open(procedure) for procedure in PROCEDURES.values() if procedure.identity == level}
    assert opened == {None if level == "email" else "identity_not_available"}


def test_bodies_that_ask_for_more_than_an_address_load_but_cannot_open() -> None:
    closed = {procedure.code for procedure in PROCEDURES.values() if can_open(procedure)}
    assert closed >= {"ee-riigikogu", "fi-kansalaisaloite", "fr-assemblee", "fr-senat"}
    assert not {"nl-burgerinitiatief", "nl-kamer-petitie", "nl-gemeente-initiatief", "uk-parliament"} & closed
