"""The pages of the start form and their validation. Nothing is stored: answers travel along as hidden fields.

So every answer is validated again on every step; an answer that was tampered with is reported on its own page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, create_model

from petitions.http.forms import Checked, Problem, check, choice, line, paragraphs
from petitions.lifecycle.acts.drafting import Draft
from petitions.lifecycle.pages.person_form import check_person
from petitions.lifecycle.rules.drafting import Alternative, ChooserResult, Decider, Offer, Scope, choose, deciders
from petitions.lifecycle.rules.eligibility import Person, failures
from petitions.lifecycle.rules.procedures import FieldName, LocalizedText, Procedure, TextLimits
from petitions.lifecycle.rules.subjects import SUBJECTS
from petitions.locale import TEXT_LANGUAGES


class FormPage(NamedTuple):
    """One page of the start form: its step (several pages can be one step) and the answers that are typed on it."""

    name: str
    step: int
    fields: tuple[str, ...]


PERSON_FIELDS: Final = (*get_args(FieldName), "website")
PAGES: Final = (
    FormPage("scope", 1, ("scope",)),
    FormPage("decider", 1, ("decider",)),
    FormPage("procedure", 1, ("procedure",)),
    FormPage("eligibility", 2, ("eligible",)),
    FormPage("title", 3, ("title", "subject")),
    FormPage("similar", 3, ()),
    FormPage("text", 4, ("request", "reasons", "previous_action")),
    FormPage("person", 5, PERSON_FIELDS),
    FormPage("check", 6, ()),
)
STEPS: Final = PAGES[-1].step
CARRIED: Final = ("text_language", "changing", "saved", *(name for page in PAGES for name in page.fields))
"""Every field of the form; other fields of a request are ignored."""

_BY_NAME: Final = {page.name: page for page in PAGES}


def page_named(name: str) -> FormPage:
    """The page with this name; the first one for an unknown name."""
    return _BY_NAME.get(name, PAGES[0])


def page_after(page: FormPage) -> FormPage:
    """The next page; for the last page, that page itself."""
    return PAGES[min(PAGES.index(page) + 1, len(PAGES) - 1)]


def page_before(page: FormPage) -> FormPage:
    """The previous page. The page of similar petitions is skipped on the way back: the next page shows them too."""
    at = max(PAGES.index(page) - 1, 0)
    return page_named("title") if PAGES[at].name == "similar" else PAGES[at]


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers so far, and the rules that apply to them."""

    values: Mapping[str, str]
    procedures: tuple[Procedure, ...]
    day: date

    def get(self, name: str) -> str:
        """One answer, as typed."""
        return self.values.get(name, "")

    @property
    def deciders(self) -> tuple[Decider, ...]:
        """The options for who decides on the subject."""
        return deciders(self.procedures, self.day)

    @property
    def bodies(self) -> dict[str, tuple[LocalizedText, ...]]:
        """The names of the bodies that this service works for, by who decides."""
        ways = {decider: choose(Scope.MANY, decider, self.procedures, self.day) for decider in self.deciders}
        return {
            decider.value: tuple(dict.fromkeys(offer.procedure.body.name for offer in way.offers))
            for decider, way in ways.items()
        }

    @property
    def way(self) -> ChooserResult | None:
        """The result of the first answers; None until they are complete."""
        scope, decider = self.get("scope"), self.get("decider")
        if scope == Scope.SELF:
            return choose(Scope.SELF, None, self.procedures, self.day)
        if scope != Scope.MANY or decider not in self.deciders:
            return None
        return choose(Scope.MANY, Decider(decider), self.procedures, self.day)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The procedures that fit."""
        return self.way.offers if self.way else ()

    @property
    def procedure(self) -> Procedure | None:
        """The procedure that was chosen, where it fits and can be used here."""
        usable = {offer.procedure.code: offer.procedure for offer in self.offers if offer.obstacle is None}
        return usable.get(self.get("procedure"))

    @property
    def alternative(self) -> Alternative | None:
        """The other institution that is the right one; None where this service can help."""
        return self.way.alternative if self.way else None

    @property
    def text_language(self) -> str:
        """The language in which the petition is written, once it was chosen."""
        return self.get("text_language") if self.get("text_language") in TEXT_LANGUAGES else ""

    def hidden(self, page: FormPage) -> dict[str, str]:
        """The answers in hidden fields on ``page``: all but those that are typed there."""
        return {name: self.values[name] for name in CARRIED if name in self.values and name not in page.fields}

    def check(self, page: FormPage) -> Checked:
        """The cleaned answers of one page, or the problems in them."""
        return _CHECKS[page.name](self) if page.name in _CHECKS else Checked({}, {})

    def first_problem(self, until: FormPage) -> tuple[FormPage, Checked] | None:
        """The first page up to and including ``until`` that has a problem; None when there is none."""
        for page in PAGES[: PAGES.index(until) + 1]:
            checked = self.check(page)
            if checked.problems:
                return page, checked
        return None

    def facts(self, name: str) -> dict[str, Any]:
        """The cleaned answers of a page that is known to be valid."""
        return self.check(page_named(name)).facts


def _one_of(name: str, *options: str) -> Callable[[Answers], Checked]:
    return lambda answers: check(_model(((name, choice(*options)),)), answers.values)


def _check_decider(answers: Answers) -> Checked:
    if answers.get("scope") == Scope.SELF:
        return Checked({}, {})
    return _one_of("decider", *answers.deciders)(answers)


def _check_procedure(answers: Answers) -> Checked:
    if answers.procedure is None:
        return Checked({}, {"procedure": Problem("choice")})
    return Checked({"procedure": answers.procedure.code}, {})


def _check_eligibility(answers: Answers) -> Checked:
    return Checked({}, {} if answers.get("eligible") == "yes" else {"eligible": Problem("declaration")})


def _check_title(answers: Answers) -> Checked:
    return check(title_model(_texts(answers)), answers.values)


def _check_text(answers: Answers) -> Checked:
    return check(text_model(_texts(answers)), answers.values)


def _texts(answers: Answers) -> TextLimits:
    assert answers.procedure is not None  # noqa: S101 - the procedure is chosen before any text is typed
    return answers.procedure.texts


def _check_person(answers: Answers) -> Checked:
    procedure = answers.procedure
    assert procedure is not None  # noqa: S101 - the procedure is chosen before
    # the box "I may start this", ticked two steps ago, is the declaration that the procedure asks
    checked = check_person(procedure, dict(answers.values) | {"declaration": "yes"})
    organisation = check(_model((("organisation", line(120, 2) | None),)), answers.values)
    if procedure.starter.organisations:
        checked = Checked(checked.facts | organisation.facts, checked.problems | organisation.problems)
    born = checked.facts.get("birth_date")
    person = Person(birth_date=date.fromisoformat(born) if born else None, declared=True)
    for condition in failures(procedure.starter.conditions, person, answers.day):
        if condition.name == "min_age" and isinstance(condition.value, int):
            return Checked(checked.facts, {"birth_date": Problem("min_age", condition.value)})
    return checked


_CHECKS: Final[Mapping[str, Callable[[Answers], Checked]]] = {
    "scope": _one_of("scope", *Scope),
    "decider": _check_decider,
    "procedure": _check_procedure,
    "eligibility": _check_eligibility,
    "title": _check_title,
    "text": _check_text,
    "person": _check_person,
}


def title_model(texts: TextLimits) -> type[BaseModel]:
    """The validation model of title and subject."""
    return _model((("title", line(texts.title.maximum, texts.title.minimum)), ("subject", choice(*SUBJECTS))))


def text_model(texts: TextLimits) -> type[BaseModel]:
    """The validation model of the request, the reasons and, where the procedure asks it, the earlier action."""
    limits = {"request": texts.request, "reasons": texts.reasons}
    if texts.previous_action is not None:
        limits["previous_action"] = texts.previous_action
    return _model(tuple((name, paragraphs(limit.maximum, limit.minimum)) for name, limit in limits.items()))


def check_draft(texts: TextLimits, values: Mapping[str, str]) -> Checked:
    """Validate title, subject and texts together, when a petition is edited."""
    title, text = check(title_model(texts), values), check(text_model(texts), values)
    return Checked(title.facts | text.facts, title.problems | text.problems)


def make_draft(facts: Mapping[str, Any]) -> Draft:
    """The draft from cleaned answers."""
    return Draft(
        subject=facts["subject"],
        title=facts["title"],
        request=facts["request"],
        reasons=facts["reasons"],
        previous_action=facts.get("previous_action") or None,
    )


def _model(fields: tuple[tuple[str, Any], ...]) -> type[BaseModel]:
    given: dict[str, Any] = {}
    for name, kind in fields:
        optional = type(None) in get_args(kind)
        given[name] = (kind, None) if optional else (kind, Field(default="", validate_default=True))
    return create_model("Draft", __config__=ConfigDict(extra="ignore"), **given)
