"""Whether a petition can be opened here under a procedure.

Whether a threshold is crossed is decided by the database, in the statement that counts (``threshold_is_crossed_v1`` in
``sql/migrations``): there is no second rule here.
"""

from typing import Final, Literal

from petitions.lifecycle.rules.procedures import IdentityLevel, Procedure

AVAILABLE_IDENTITY: Final[frozenset[IdentityLevel]] = frozenset({"email"})
"""The ways in which this service can identify a signatory."""

Obstacle = Literal["identity_not_available"]


def can_open(procedure: Procedure) -> Obstacle | None:
    """The obstacle to opening a petition here under this procedure; None when there is none.

    This service cannot check an eID, an account or a mobile number.
    """
    return None if procedure.identity in AVAILABLE_IDENTITY else "identity_not_available"
