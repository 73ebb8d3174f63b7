"""The errors of the domain: each has a stable code that pages, the API and tests can rely on.

Templates and catalogues have the messages for readers; an error carries facts only, never personal data.
"""


class PetitionsError(Exception):
    """The base class of all errors that this service raises on purpose."""

    code = "error"


class InvalidInputError(PetitionsError):
    """The input is not valid. ``fields`` maps the name of a field to a message key or a translated message."""

    code = "invalid_input"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(fields)))
        self.fields = fields


class NotFoundError(PetitionsError):
    """There is no such thing, or this reader may not know of it."""

    code = "not_found"


class GoneError(PetitionsError):
    """There was something here, and it was removed for good."""

    code = "gone"


class ForbiddenError(PetitionsError):
    """This person may not do this."""

    code = "forbidden"


class ConflictError(PetitionsError):
    """The present state does not allow this (any more): somebody else decided first, or it is too late.

    ``reason`` is a stable word for what happened (for example ``already_decided`` or ``closed``).
    """

    code = "conflict"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnavailableError(PetitionsError):
    """The database or another necessary part is away; nothing was stored, and a retry later may work."""

    code = "unavailable"


class ConfigurationError(PetitionsError):
    """The service cannot start with this configuration; the message is one clear line for the operator."""

    code = "configuration"
