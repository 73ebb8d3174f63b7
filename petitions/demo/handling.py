"""The committees' part of the demo: the steps that the content tells, recorded through the real use case."""

from datetime import datetime

from petitions.demo.content import Petition
from petitions.life.service import Service
from petitions.rules.procedures import Procedure


async def handle(
    service: Service,
    clerks: dict[str, int],
    petition_id: int,
    petition: Petition,
    procedure: Procedure,
    *,
    now: datetime,
) -> None:
    """Record the steps of one petition's referral, each on its day."""
