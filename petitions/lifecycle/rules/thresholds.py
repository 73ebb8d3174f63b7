"""Whether a petition can be opened here under a procedure.

When a threshold is crossed is decided by the database, in the statement that counts (``threshold_is_crossed_v1`` in
``sql/migrations``): there is no second rule here.
"""

from typing import Final, Literal

from petitions.lifecycle.rules.procedures import IdentityLevel, Procedure

AVAILABLE_IDENTITY: Final[frozenset[IdentityLevel]] = frozenset({"email"})
"""The ways in which this service can know who signs."""

Obstacle = Literal["identity_not_available"]


def can_open(procedure: Procedure) -> Obstacle | None:
    """Why no petition can be opened here under this procedure; None when it can.

    A body that asks for an eID, an account or a mobile number asks for more than this service can check.
    """
    return None if procedure.identity in AVAILABLE_IDENTITY else "identity_not_available"
