"""The parts of every sentence about an event: words, dates and numbers in the language of the reader."""

from datetime import date, datetime
from typing import Literal

from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.referral import WHAT_CAME_OF_IT
from petitions.mail.letters import Wording

Sentences = tuple[str, tuple[str, ...]]
"""A headline (without a full stop) and sentences."""

EventReader = Literal["initiator", "signatories", "followers", "clerk", "public"]
"""The reader of the sentence about an event: somebody who gets it by mail, or the public (feeds, prints)."""


class Telling:
    """The words for events of one petition, with the names in its procedure."""

    def __init__(self, wording: Wording, procedure: Procedure, committees: dict[str, Committee]) -> None:
        self.language = wording.language
        self.procedure = procedure
        self._wording = wording
        self._committees = committees

    def say(self, text: str, **facts: object) -> str:
        """A sentence in the language of the reader."""
        return self._wording.say(text, **facts)

    def day(self, day: date) -> str:
        """A day in words."""
        return self._wording.formats.day(day)

    def moment(self, moment: datetime) -> str:
        """A day and a time in words, by the clock of the body."""
        return self._wording.formats.moment(moment, self.procedure.body.zone)

    def number(self, number: int) -> str:
        """A number as it is written."""
        return self._wording.formats.number(number)

    def news(self) -> Sentences:
        """The headline for an event without anything more to say."""
        return self.say("There is news about the petition"), ()

    def step_name(self, code: str) -> str:
        """The name of a step of the procedure."""
        if code == WHAT_CAME_OF_IT.code:
            return WHAT_CAME_OF_IT.name[self.language]
        step = next((one for one in self.procedure.steps if one.code == code), None)
        return step.name[self.language] if step else self.news()[0]

    def committee_name(self, slug: str) -> str:
        """The name of a committee; its slug if it is no longer known."""
        committee = self._committees.get(slug)
        return committee.name[self.language] if committee else slug
