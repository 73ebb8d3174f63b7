"""The errors of the domain: each has a stable code that pages, the API and tests can rely on.

What a reader sees is written in the templates and catalogues; an error carries facts only, never personal data.
"""


class PetitionsError(Exception):
    """Base of everything that this service refuses on purpose."""

    code = "error"


class InvalidInputError(PetitionsError):
    """What was typed cannot be accepted. ``fields`` maps a field name to a message key or ready text."""

    code = "invalid_input"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(fields)))
        self.fields = fields


class NotFoundError(PetitionsError):
    """There is nothing here, or nothing that this reader may know about."""

    code = "not_found"


class GoneError(PetitionsError):
    """There was something here, and it was taken away for good."""

    code = "gone"


class ForbiddenError(PetitionsError):
    """This person may not do this."""

    code = "forbidden"


class ConflictError(PetitionsError):
    """The state of things does not allow this any more: somebody else decided first, or time has passed.

    ``reason`` is a stable word that says what happened (for example ``already_decided`` or ``closed``).
    """

    code = "conflict"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnavailableError(PetitionsError):
    """The database or another necessary part is away; nothing was stored, trying again later is right."""

    code = "unavailable"


class ConfigurationError(PetitionsError):
    """The service cannot start like this; the message is one clear line for the operator."""

    code = "configuration"
