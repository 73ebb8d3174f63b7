"""Reading a form out of a page, as a browser does: what it would send if one pressed a button."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.values: dict[str, str] = {}
        self.buttons: list[dict[str, str]] = []
        self.actions: list[str] = []
        self._textarea = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.actions.append(given.get("action", ""))
        if tag == "button":
            self.buttons.append(given)
        if tag == "input" and given.get("type") in {"radio", "checkbox"}:
            if "checked" in given:
                self.values[given["name"]] = given["value"]
        elif tag == "input":
            self.values[given["name"]] = given.get("value", "")
        if tag == "textarea":
            self._textarea = given["name"]
            self.values[self._textarea] = ""
        if tag == "select":
            self._select = given["name"]
            self.values.setdefault(self._select, "")
        if tag == "option" and "selected" in given:
            self.values[self._select] = given["value"]

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # a browser drops the line end that follows the tag
            self.values[self._textarea] = self.values[self._textarea].removeprefix("\n")
            self._textarea = ""


def read_form(html: str) -> dict[str, str]:
    """The values that the fields of a page hold, hidden ones included."""
    form = _Form()
    form.feed(html)
    return form.values


def first_button(html: str) -> dict[str, str]:
    """The attributes of the first button of a page: what the Enter key presses."""
    form = _Form()
    form.feed(html)
    return form.buttons[0]
