"""What a mail says about each kind of event: a headline, and sentences with the facts, dates and deadlines."""

from collections.abc import Callable
from typing import Any, Final

from petitions.lifecycle.mails.committee_news import CommitteeTeller
from petitions.lifecycle.mails.telling import Told

NOT_FOR_SIGNATORIES: Final = frozenset(
    {
        "sponsors_invited",
        "submitted",
        "resubmitted",
        "delayed",
        "objected",
        "question",
        "answer",
        "question_refused",
        "sample_listed",
        "sample_drawn",
    }
)
NOT_FOR_INITIATOR: Final = frozenset({"sponsors_invited", "update"})


class Teller(CommitteeTeller):
    """Tells events of one petition, in the words of its procedure."""

    def tell(self, kind: str, data: dict[str, Any], *, to_initiator: bool = True) -> Told:
        """Headline (without a full stop) and sentences about an event; what only the initiator can do only to them."""
        if kind == "rejected":
            return self._rejected(data, to_initiator=to_initiator)
        if kind == "objected":
            return self._objected(data, to_initiator=to_initiator)
        if kind == "question":
            return self._question(data, to_initiator=to_initiator)
        tellers: dict[str, Callable[[dict[str, Any]], Told]] = {
            "submitted": self._submitted,
            "resubmitted": self._submitted,
            "delayed": self._delayed,
            "opened": self._opened,
            "removed": self._removed,
            "objection_dismissed": self._dismissed,
            "objection_upheld": self._upheld,
            "withdrawn": self._withdrawn,
            "closed": self._closed,
            "update": self._update,
            "threshold_reached": self._threshold,
            "referred": self._referred,
            "step": self._step,
            "extended": self._extended,
            "answer": self._answer,
            "question_refused": self._question_refused,
            "contact": self._contact,
            "paper_counted": self._paper_counted,
            "motion": self._motion,
            "vote": self._vote,
            "sample_listed": self._sample_listed,
            "sample_drawn": self._sample_drawn,
            "sample_result": self._sample_result,
            "corrected": self._corrected,
            "document": self._document,
            "document_withdrawn": self._document_withdrawn,
        }
        teller = tellers.get(kind)
        return teller(data) if teller else (self._wording.say("There is news about the petition"), ())

    def _submitted(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        lines = [_("We now check whether it keeps to the rules. You hear from us whatever we decide.")]
        if data.get("due_on"):
            lines.append(_("We decide at the latest on %(day)s.", day=self._day(data["due_on"])))
        return _("We have received your petition"), tuple(lines)

    def _delayed(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        return _("The check of your petition takes longer"), (
            _(
                "We promised an answer at the latest on %(day)s. That did not work out. We are sorry.",
                day=self._day(data["due_on"]),
            ),
            _("Your petition keeps its place in the row. You need not do anything."),
            _("You hear from us whatever we decide."),
        )

    def _opened(self, _data: dict[str, Any]) -> Told:
        _ = self._wording.say
        return _("The petition is open for signing"), (
            _("Everybody can now read and sign it. Share the address of the petition."),
        )

    def _ground(self, data: dict[str, Any]) -> tuple[str, ...]:
        ground = self._procedure.ground(str(data.get("ground", "")))
        first = (ground.text[self._wording.language],) if ground else ()
        return (*first, str(data.get("reason", "")))

    def _rejected(self, data: dict[str, Any], *, to_initiator: bool) -> Told:
        _ = self._wording.say
        if not to_initiator:
            return _("The petition was not accepted"), self._ground(data)
        mend = _("With your link you can change the text and send it in again.")
        differ = _("Do you think that we are wrong? With that link you can object, within two weeks.")
        return _("The petition was not accepted"), (*self._ground(data), mend, differ)

    def _objected(self, data: dict[str, Any], *, to_initiator: bool) -> Told:
        _ = self._wording.say
        lines = [
            _("Somebody who took no part in the rejection now reads your petition again.")
            if to_initiator
            else _("Somebody who took no part in the rejection now reads the petition again.")
        ]
        if data.get("due_on"):
            lines.append(_("We decide at the latest on %(day)s.", day=self._day(data["due_on"])))
        if not to_initiator:
            return _("The initiator objects to the rejection"), tuple(lines)
        return _("We have received your objection"), tuple(lines)

    def _dismissed(self, data: dict[str, Any]) -> Told:
        return self._wording.say("The objection was dismissed: the rejection stands"), (str(data.get("reason", "")),)

    def _upheld(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        lines = [str(data.get("reason", "")), _("We now check the petition again.")]
        if data.get("due_on"):
            lines.append(_("We decide at the latest on %(day)s.", day=self._day(data["due_on"])))
        return _("The objection was upheld: the rejection is undone"), tuple(lines)

    def _removed(self, data: dict[str, Any]) -> Told:
        return self._wording.say("The petition was taken down"), self._ground(data)

    def _withdrawn(self, data: dict[str, Any]) -> Told:
        return self._wording.say("The initiator has withdrawn the petition"), (str(data.get("reason", "")),)

    def _closed(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        why = (
            _("Too few people signed in time.")
            if data.get("because") == "too_few"
            else _("It can no longer be signed.")
        )
        return _("Signing has ended"), (why,)

    def _update(self, data: dict[str, Any]) -> Told:
        paragraphs = tuple(part.strip() for part in str(data.get("text", "")).split("\n\n") if part.strip())
        return str(data.get("title", "")), paragraphs

    def _threshold(self, data: dict[str, Any]) -> Told:
        return (
            self._wording.say(
                "%(count)s signatures", count=self._wording.formats.number(int(data.get("required") or 0))
            ),
            (),
        )

    def _referred(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        committee = self._committees.get(str(data.get("committee")))
        name = committee.name[self._wording.language] if committee else str(data.get("committee"))
        lines = [_("It now lies before: %(committee)s.", committee=name)]
        threshold = self._procedure.threshold(str(data.get("threshold")))
        if threshold and threshold.count:
            lines.insert(0, _("It has %(count)s signatures.", count=self._wording.formats.number(threshold.count)))
        if data.get("due_on"):
            lines.append(_("The rules give until %(day)s for this.", day=self._day(data["due_on"])))
        return _("The petition was referred"), tuple(lines)

    def _paper_counted(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        number = self._wording.formats.number
        return _("Signatures on paper were counted"), (
            _(
                "%(accepted)s were accepted and %(refused)s refused.",
                accepted=number(int(data.get("accepted") or 0)),
                refused=number(int(data.get("refused") or 0)),
            ),
            _("There are now %(total)s on paper.", total=number(int(data.get("total") or 0))),
        )
