"""Finding the petition of a management link: shared by the stages in which its initiator acts."""

from petitions.database.connection import Connection
from petitions.errors import NotFoundError
from petitions.lifecycle.queries import drafting as queries
from petitions.security.tokens import Link


async def managed_row(connection: Connection, link: Link) -> queries.PetitionManagedRow:
    """The row of the petition of a management link. Raises NotFoundError when there is none (any more)."""
    row = await queries.petition_managed(connection, petition_id=link.petition_id, manage_key=link.key)
    if row is None:
        raise NotFoundError("petition")
    return row
