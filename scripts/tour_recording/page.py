"""The content of a recorded page: the addresses that it links to, and its forms with what a browser would send."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

from scripts.tour_recording.exchange import HOST, ORIGIN, RecordedResponse

_STYLE_ADDRESS: Final = re.compile(r"url\(\s*['\"]?([^'\")]+)")
_LINKS: Final = {"a": "href", "link": "href", "img": "src", "script": "src", "iframe": "src"}
_BUTTONS: Final = frozenset({"submit", "image"})
LONGEST_WORD: Final = 24  # longer values were typed
_DIGITS: Final = re.compile("[0-9]+")
TRAP: Final = "website"  # a honeypot: people do not see this field, so only programs fill it in
_TICKED: Final = frozenset({"checkbox", "radio"})


@dataclass(slots=True)
class FormField:
    """A field of a form: its value, and the choices where it has them."""

    name: str
    kind: str
    value: str = ""
    ticked: bool = False
    numeric: bool = False
    choices: list[str] = field(default_factory=list)


class Button(NamedTuple):
    """A button that submits a form, with its own action where it has one."""

    name: str
    value: str
    action: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The pairs that it adds to the form data."""
        return [(self.name, self.value)] if self.name else []


@dataclass(slots=True)
class Form:
    """A form that is posted."""

    action: str
    fields: list[FormField] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def shape(self, button: Button) -> tuple[str, ...]:
        """The common key of forms for the same purpose, whatever row they are about and whatever was typed."""
        hidden = [
            one.name if len(one.value) > LONGEST_WORD else f"{one.name}={_DIGITS.sub('0', one.value)}"
            for one in self.fields
            if one.kind == "hidden"
        ]
        names = sorted({one.name for one in self.fields if one.kind != "hidden"})
        return (f"{button.name}={_DIGITS.sub('0', button.value)}", *hidden, *names)

    def as_it_stands(self, button: Button) -> str:
        """The form data that a browser sends when somebody presses the button without changes."""
        pairs = [(one.name, one.value) for one in self.fields if one.kind not in _TICKED or one.ticked]
        return urlencode([*pairs, *button.pairs])

    def filled(self, button: Button, day: str) -> str:
        """The form data with every empty field filled in with something plausible."""
        pairs: list[tuple[str, str]] = []
        chosen = {one.name for one in self.fields if one.kind == "radio" and one.ticked}
        for one in self.fields:
            if one.kind == "radio":
                if one.ticked or one.name not in chosen:
                    chosen.add(one.name)
                    pairs.append((one.name, one.value))
            else:
                pairs.append((one.name, one.value or _plausible(one, day)))
        return urlencode([*pairs, *button.pairs])


def _plausible(one: FormField, day: str) -> str:
    by_name = {
        "email": "tour@voorbeeld.example",
        "email_again": "tour@voorbeeld.example",
        "name": "Tessa de Toer",
        "place": "Utrecht",
        "postcode": "3511 AB",
        "birth_date": "1980-05-17",
        "url": "https://www.voorbeeld.example/stuk",
    }
    if one.kind == "hidden" or one.name == TRAP:
        return ""
    if one.choices:
        return next((choice for choice in one.choices if choice), "")
    by_kind = {"date": day, "number": "2", "email": by_name["email"], "url": by_name["url"], "time": "14:00"}
    words = "Wij vragen een veilig fietspad langs de dijk, omdat kinderen daar elke dag naar school gaan."
    long = words if one.kind == "textarea" else "Een veilig fietspad langs de dijk"
    if one.numeric:
        return by_kind["number"]
    return by_name.get(one.name) or by_kind.get(one.kind, long)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._choice: FormField | None = None
        self._typed: FormField | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a link, a form or a field."""
        given = {name: value or "" for name, value in attrs}
        if address := given.get(_LINKS.get(tag, ""), ""):
            self.links.append(address)
        if tag == "form":
            self._begin(given)
        elif self._form is not None:
            self._note(tag, given)

    def _begin(self, given: dict[str, str]) -> None:
        posts = given.get("method", "get").lower() == "post" and "multipart" not in given.get("enctype", "")
        self._form = Form(given.get("action", "")) if posts else None
        if self._form is not None:
            self.forms.append(self._form)

    def _note(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None  # noqa: S101 - asked by who calls
        kind, name, value = given.get("type", "text"), given.get("name", ""), given.get("value", "")
        if tag == "button" or (tag == "input" and kind in _BUTTONS):
            if given.get("type", "submit") in _BUTTONS:
                self._form.buttons.append(Button(name, value, given.get("formaction", "")))
        elif tag == "option" and self._choice is not None:
            self._choice.choices.append(value)
            if "selected" in given:
                self._choice.value = value
        elif tag in {"input", "textarea", "select"} and name and kind != "file":
            kind = kind if tag == "input" else tag
            value = value or ("on" if kind in _TICKED else "")
            one = FormField(name, kind, value, ticked="checked" in given, numeric=given.get("inputmode") == "numeric")
            self._form.fields.append(one)
            self._choice = one if tag == "select" else None
            self._typed = one if tag == "textarea" else None

    def handle_endtag(self, tag: str) -> None:
        """Record the end of a form or of a choice."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            if self._choice is not None and not self._choice.value:
                self._choice.value = next(iter(self._choice.choices), "")
            self._choice = None
        elif tag == "textarea":
            self._typed = None

    def handle_data(self, data: str) -> None:
        """Add the text of a multi-line field."""
        if self._typed is not None:
            self._typed.value = (self._typed.value + data).removeprefix("\n")


def _here(address: str, base: str) -> str:
    """The path and query of an address of this service; empty for any other."""
    parts = urlsplit(urljoin(f"{ORIGIN}{base}", address))
    if parts.scheme not in {"http", "https"} or parts.netloc != HOST or not parts.path.isascii():
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def links_in(answer: RecordedResponse, target: str) -> list[str]:
    """The addresses of this service that a response links to, in their order on the page."""
    found: list[str] = []
    if answer.is_html:
        reader = _Reader()
        reader.feed(answer.body.decode("utf-8", "replace"))
        found = reader.links
    elif answer.header("content-type").startswith("text/css"):
        found = _STYLE_ADDRESS.findall(answer.body.decode("utf-8", "replace"))
    if location := answer.header("location"):
        found = [location, *found]
    here = (_here(address, target) for address in found)
    return [address for address in dict.fromkeys(here) if address and " " not in address]


def forms_in(answer: RecordedResponse, target: str) -> list[Form]:
    """The forms of a page that are posted to this service, each with its target path."""
    if not answer.is_html:
        return []
    reader = _Reader()
    reader.feed(answer.body.decode("utf-8", "replace"))
    for form in reader.forms:
        form.action = _here(form.action, target) if form.action else target
        form.buttons = [
            one._replace(action=_here(one.action, target) if one.action else form.action)
            for one in form.buttons or [Button("", "", "")]
        ]
    return [form for form in reader.forms if form.action]
