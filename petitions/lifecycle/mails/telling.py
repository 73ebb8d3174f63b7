"""What every sentence about an event is made with: words, dates and numbers in the language of the reader."""

from datetime import date, datetime
from typing import Any

from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.procedures import Procedure
from petitions.mail.letters import Wording

Told = tuple[str, tuple[str, ...]]
"""A headline (without a full stop) and sentences."""


class Telling:
    """Words about one petition, in those of its procedure."""

    def __init__(self, wording: Wording, procedure: Procedure, committees: dict[str, Committee]) -> None:
        self._wording = wording
        self._procedure = procedure
        self._committees = committees

    def _day(self, text: Any) -> str:
        return self._wording.formats.day(date.fromisoformat(str(text)[:10]))

    def _moment(self, text: Any) -> str:
        moment = datetime.fromisoformat(str(text))
        return self._wording.formats.moment(moment, self._procedure.body.zone)

    def _count(self, data: dict[str, Any], name: str) -> str:
        return self._wording.formats.number(int(data.get(name) or 0))
