"""What a mail says about each kind of event: a headline, and sentences with the facts, dates and deadlines."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from petitions.mail.letters import Desk
from petitions.rules.committees import Committee
from petitions.rules.procedures import Procedure
from petitions.rules.questions import GROUNDS
from petitions.rules.referral import WHAT_CAME_OF_IT

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


class Teller:
    """Tells events of one petition, in the words of its procedure."""

    def __init__(self, desk: Desk, procedure: Procedure, committees: dict[str, Committee]) -> None:
        self._desk = desk
        self._procedure = procedure
        self._committees = committees

    def tell(self, kind: str, data: dict[str, Any], *, to_initiator: bool = True) -> tuple[str, tuple[str, ...]]:
        """Headline (without a full stop) and sentences about an event; what only the initiator can do only to them."""
        if kind == "rejected":
            return self._rejected(data, to_initiator=to_initiator)
        if kind == "objected":
            return self._objected(data, to_initiator=to_initiator)
        if kind == "question":
            return self._question(data, to_initiator=to_initiator)
        tellers: dict[str, Callable[[dict[str, Any]], tuple[str, tuple[str, ...]]]] = {
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
        return teller(data) if teller else (self._desk.say("There is news about the petition"), ())

    def _day(self, text: Any) -> str:
        return self._desk.formats.day(date.fromisoformat(str(text)[:10]))

    def _moment(self, text: Any) -> str:
        moment = datetime.fromisoformat(str(text))
        return self._desk.formats.moment(moment, self._procedure.body.zone)

    def _submitted(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        lines = [_("We now check whether it keeps to the rules. You hear from us whatever we decide.")]
        if data.get("due_on"):
            lines.append(_("We decide at the latest on %(day)s.", day=self._day(data["due_on"])))
        return _("We have received your petition"), tuple(lines)

    def _delayed(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        return _("The check of your petition takes longer"), (
            _(
                "We promised an answer at the latest on %(day)s. That did not work out. We are sorry.",
                day=self._day(data["due_on"]),
            ),
            _("Your petition keeps its place in the row. You need not do anything."),
            _("You hear from us whatever we decide."),
        )

    def _opened(self, _data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        return _("The petition is open for signing"), (
            _("Everybody can now read and sign it. Share the address of the petition."),
        )

    def _ground(self, data: dict[str, Any]) -> tuple[str, ...]:
        ground = self._procedure.ground(str(data.get("ground", "")))
        first = (ground.text[self._desk.language],) if ground else ()
        return (*first, str(data.get("reason", "")))

    def _rejected(self, data: dict[str, Any], *, to_initiator: bool) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        if not to_initiator:
            return _("The petition was not accepted"), self._ground(data)
        mend = _("With your link you can change the text and send it in again.")
        differ = _("Do you think that we are wrong? With that link you can object, within two weeks.")
        return _("The petition was not accepted"), (*self._ground(data), mend, differ)

    def _objected(self, data: dict[str, Any], *, to_initiator: bool) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
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

    def _dismissed(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        return self._desk.say("The objection was dismissed: the rejection stands"), (str(data.get("reason", "")),)

    def _upheld(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        lines = [str(data.get("reason", "")), _("We now check the petition again.")]
        if data.get("due_on"):
            lines.append(_("We decide at the latest on %(day)s.", day=self._day(data["due_on"])))
        return _("The objection was upheld: the rejection is undone"), tuple(lines)

    def _removed(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        return self._desk.say("The petition was taken down"), self._ground(data)

    def _withdrawn(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        return self._desk.say("The initiator has withdrawn the petition"), (str(data.get("reason", "")),)

    def _closed(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        why = (
            _("Too few people signed in time.")
            if data.get("because") == "too_few"
            else _("It can no longer be signed.")
        )
        return _("Signing has ended"), (why,)

    def _update(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        paragraphs = tuple(part.strip() for part in str(data.get("text", "")).split("\n\n") if part.strip())
        return str(data.get("title", "")), paragraphs

    def _threshold(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        return (
            self._desk.say("%(count)s signatures", count=self._desk.formats.number(int(data.get("required") or 0))),
            (),
        )

    def _referred(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        committee = self._committees.get(str(data.get("committee")))
        name = committee.name[self._desk.language] if committee else str(data.get("committee"))
        lines = [_("It now lies before: %(committee)s.", committee=name)]
        threshold = self._procedure.threshold(str(data.get("threshold")))
        if threshold and threshold.count:
            lines.insert(0, _("It has %(count)s signatures.", count=self._desk.formats.number(threshold.count)))
        if data.get("due_on"):
            lines.append(_("The rules give until %(day)s for this.", day=self._day(data["due_on"])))
        return _("The petition was referred"), tuple(lines)

    def _step(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        language = self._desk.language
        lines = [
            *self._meeting(data),
            *self._decision(data, language),
            *(str(data[name]) for name in ("rapporteur", "respondent", "text", "reasons") if data.get(name)),
        ]
        return self._step_name(str(data.get("step", "")), language), tuple(lines)

    def _step_name(self, code: str, language: str) -> str:
        if code == WHAT_CAME_OF_IT.code:
            return WHAT_CAME_OF_IT.name[language]
        step = next((s for s in self._procedure.steps if s.code == code), None)
        return step.name[language] if step else self._desk.say("There is news about the petition")

    def _meeting(self, data: dict[str, Any]) -> list[str]:
        if data.get("meeting") == "cancelled":
            return [self._desk.say("The meeting does not take place.")]
        if not data.get("meeting_at"):
            return []
        moment, place = self._moment(data["meeting_at"]), str(data.get("place", ""))
        return [self._desk.say("When and where: %(moment)s, %(place)s.", moment=moment, place=place)]

    def _decision(self, data: dict[str, Any], language: str) -> list[str]:
        outcome = self._procedure.outcome(str(data.get("outcome", "")))
        ground = self._procedure.admissibility_ground(str(data.get("ground", "")))
        return [found.text[language] for found in (outcome, ground) if found]

    def _question(self, data: dict[str, Any], *, to_initiator: bool) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        lines = [f"{data.get('name')}: {data.get('text')}"]
        if data.get("due_on"):
            day = self._day(data["due_on"])
            lines.append(
                _("Please answer at the latest on %(day)s.", day=day)
                if to_initiator
                else _("An answer is expected at the latest on %(day)s.", day=day)
            )
        if data.get("side") == "committee":
            return _("The committee asks the initiator a question"), tuple(lines)
        return _("The initiator asks the committee a question"), tuple(lines)

    def _answer(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        lines = (_("The question: %(words)s", words=data.get("question")), f"{data.get('name')}: {data.get('text')}")
        if data.get("side") == "committee":
            return _("The committee answers a question of the initiator"), lines
        return _("The initiator answers a question of the committee"), lines

    def _contact(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        return _("Somebody spoke with the committee about the petition"), (
            _("%(who)s spoke with: %(with_whom)s.", who=data.get("who"), with_whom=data.get("with_whom")),
            str(data.get("about", "")),
        )

    def _paper_counted(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        number = self._desk.formats.number
        return _("Signatures on paper were counted"), (
            _(
                "%(accepted)s were accepted and %(refused)s refused.",
                accepted=number(int(data.get("accepted") or 0)),
                refused=number(int(data.get("refused") or 0)),
            ),
            _("There are now %(total)s on paper.", total=number(int(data.get("total") or 0))),
        )

    def _question_refused(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        ground = next((one.text[self._desk.language] for one in GROUNDS if one.code == data.get("ground")), "")
        return _("We did not publish what you wrote to the committee"), (
            ground,
            str(data.get("reason", "")),
            _("You can write it again. Your link leads you there."),
        )

    def _corrected(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        """What was put right. Long texts are read on the page of the event, beside the earlier ones."""
        _ = self._desk.say
        names = {
            "meeting_at": _("Time"),
            "place": _("Place"),
            "rapporteur": _("Rapporteur"),
            "to": _("Who was asked"),
            "link": _("Link"),
        }
        lines = [str(data.get("reason", ""))]
        for name, change in data.get("changes", {}).items():
            say = self._moment if name == "meeting_at" else str
            before, after = (say(change[when]) if change.get(when) else "–" for when in ("before", "after"))
            if name in names and not data.get("withheld"):
                fact = names[name]
                lines.append(_("%(fact)s: %(after)s. Before: %(before)s.", fact=fact, after=after, before=before))
            else:
                lines.append(_("The words were corrected."))
        what = data.get("title") or self._step_name(str(data.get("step", "")), self._desk.language)
        return _("A correction: %(what)s", what=what), tuple(lines)

    def _extended(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        until = str(data.get("due_on") or data.get("until") or "")
        lines = [str(data.get("reason", ""))]
        if until:
            lines.insert(0, _("The new date is %(day)s.", day=self._day(until)))
        return _("The committee takes more time"), tuple(lines)

    def _motion(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        if "removed" in data:
            words = (
                _("A motion was taken back from the records")
                if data["removed"]
                else _("A motion is back in the records")
            )
            return words, (str(data.get("title", "")),)
        lines = [str(data.get("title", ""))]
        if data.get("submitters"):
            lines.append(_("Submitted by: %(names)s.", names=str(data["submitters"])))
        return _("There is a motion about what the petition asks"), tuple(lines)

    def _vote(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        headlines = {
            "adopted": _("A motion was adopted"),
            "rejected": _("A motion was rejected"),
            "held": _("The vote on a motion was put off"),
            "withdrawn": _("A motion was withdrawn"),
        }
        lines = [str(data.get("title", ""))]
        if "for" in data:
            number = self._desk.formats.number
            lines.append(
                _("For: %(for_)s. Against: %(against)s.", for_=number(data["for"]), against=number(data["against"]))
            )
        if data.get("difference"):
            lines.append(str(data["difference"]))
        if data.get("corrected"):
            lines.append(_("What we told about this vote before was not right."))
        return headlines.get(str(data.get("outcome", "")), _("The result of a motion is undone")), tuple(lines)

    def _count(self, data: dict[str, Any], name: str) -> str:
        return self._desk.formats.number(int(data.get(name) or 0))

    def _sample_listed(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        return _("The list for the check of support is closed"), (
            _("It has %(count)s signatures. The sample is drawn from it.", count=self._count(data, "listed")),
        )

    def _sample_drawn(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        lines = [
            _("%(size)s of %(count)s people were drawn by lot. They are asked whether they gave their support.",
              size=self._count(data, "size"), count=self._count(data, "listed"))
        ]  # fmt: skip
        if data.get("answer_by"):
            lines.append(_("They can answer until %(day)s.", day=self._day(data["answer_by"])))
        return _("The sample for the check of support is drawn"), tuple(lines)

    def _sample_result(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        lines = [
            _("%(verified)s of the %(size)s people who were drawn confirmed their support.",
              verified=self._count(data, "verified"), size=self._count(data, "size")),
            _("%(refused)s said that they did not give it. %(silent)s did not answer.",
              refused=self._count(data, "refused"), silent=self._count(data, "no_answer")),
        ]  # fmt: skip
        if data.get("gone"):
            lines.append(_("%(gone)s could not be asked any more.", gone=self._count(data, "gone")))
        lines.append(_("The committee now judges what this means."))
        return _("Support was checked: the result of the sample"), tuple(lines)

    def _document(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        other = _("The committee has added a document to the dossier.")
        kinds = {
            "report": _("The committee has added a report to the dossier."),
            "letter": _("The committee has added a letter to the dossier."),
            "response": _("The committee has added a response to the dossier."),
            "agenda": _("The committee has added an agenda to the dossier."),
            "transcript": _("The committee has added a transcript to the dossier."),
        }
        headline = _("New document: %(title)s", title=str(data.get("title", "")))
        return headline, (kinds.get(str(data.get("document_kind")), other),)

    def _document_withdrawn(self, data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        _ = self._desk.say
        headline = _("A document was withdrawn: %(title)s", title=str(data.get("title", "")))
        return headline, (str(data.get("reason", "")),)
