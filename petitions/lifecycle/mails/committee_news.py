"""What is said about each kind of event of a referral: steps, votes, questions, checks, documents, corrections."""

from typing import Any

from petitions.lifecycle.mails.telling import Telling, Told
from petitions.lifecycle.rules.referral import WHAT_CAME_OF_IT
from petitions.questions.rules import GROUNDS


class CommitteeTeller(Telling):
    """Tells what a committee does with a petition."""

    def _step(self, data: dict[str, Any]) -> Told:
        language = self._wording.language
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
        return step.name[language] if step else self._wording.say("There is news about the petition")

    def _meeting(self, data: dict[str, Any]) -> list[str]:
        if data.get("meeting") == "cancelled":
            return [self._wording.say("The meeting does not take place.")]
        if not data.get("meeting_at"):
            return []
        moment, place = self._moment(data["meeting_at"]), str(data.get("place", ""))
        return [self._wording.say("When and where: %(moment)s, %(place)s.", moment=moment, place=place)]

    def _decision(self, data: dict[str, Any], language: str) -> list[str]:
        outcome = self._procedure.outcome(str(data.get("outcome", "")))
        ground = self._procedure.admissibility_ground(str(data.get("ground", "")))
        return [found.text[language] for found in (outcome, ground) if found]

    def _question(self, data: dict[str, Any], *, to_initiator: bool) -> Told:
        _ = self._wording.say
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

    def _answer(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        lines = (_("The question: %(words)s", words=data.get("question")), f"{data.get('name')}: {data.get('text')}")
        if data.get("side") == "committee":
            return _("The committee answers a question of the initiator"), lines
        return _("The initiator answers a question of the committee"), lines

    def _contact(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        return _("Somebody spoke with the committee about the petition"), (
            _("%(who)s spoke with: %(with_whom)s.", who=data.get("who"), with_whom=data.get("with_whom")),
            str(data.get("about", "")),
        )

    def _question_refused(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        ground = next((one.text[self._wording.language] for one in GROUNDS if one.code == data.get("ground")), "")
        return _("We did not publish what you wrote to the committee"), (
            ground,
            str(data.get("reason", "")),
            _("You can write it again. Your link leads you there."),
        )

    def _corrected(self, data: dict[str, Any]) -> Told:
        """What was put right. Long texts are read on the page of the event, beside the earlier ones."""
        _ = self._wording.say
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
        what = data.get("title") or self._step_name(str(data.get("step", "")), self._wording.language)
        return _("A correction: %(what)s", what=what), tuple(lines)

    def _extended(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        until = str(data.get("due_on") or data.get("until") or "")
        lines = [str(data.get("reason", ""))]
        if until:
            lines.insert(0, _("The new date is %(day)s.", day=self._day(until)))
        return _("The committee takes more time"), tuple(lines)

    def _motion(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
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

    def _vote(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        headlines = {
            "adopted": _("A motion was adopted"),
            "rejected": _("A motion was rejected"),
            "held": _("The vote on a motion was put off"),
            "withdrawn": _("A motion was withdrawn"),
        }
        lines = [str(data.get("title", ""))]
        if "for" in data:
            number = self._wording.formats.number
            lines.append(
                _("For: %(for_)s. Against: %(against)s.", for_=number(data["for"]), against=number(data["against"]))
            )
        if data.get("difference"):
            lines.append(str(data["difference"]))
        if data.get("corrected"):
            lines.append(_("What we told about this vote before was not right."))
        return headlines.get(str(data.get("outcome", "")), _("The result of a motion is undone")), tuple(lines)

    def _sample_listed(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        return _("The list for the check of support is closed"), (
            _("It has %(count)s signatures. The sample is drawn from it.", count=self._count(data, "listed")),
        )

    def _sample_drawn(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        lines = [
            _("%(size)s of %(count)s people were drawn by lot. They are asked whether they gave their support.",
              size=self._count(data, "size"), count=self._count(data, "listed"))
        ]  # fmt: skip
        if data.get("answer_by"):
            lines.append(_("They can answer until %(day)s.", day=self._day(data["answer_by"])))
        return _("The sample for the check of support is drawn"), tuple(lines)

    def _sample_result(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
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

    def _document(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
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

    def _document_withdrawn(self, data: dict[str, Any]) -> Told:
        _ = self._wording.say
        headline = _("A document was withdrawn: %(title)s", title=str(data.get("title", "")))
        return headline, (str(data.get("reason", "")),)
