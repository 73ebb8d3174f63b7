"""Formats of numbers, dates and texts in a language: 38.214 and 12 april 2026, or 38,214 and 12 April 2026.

Pure functions of a value and a language; they are the filters of every template.
"""

import gettext
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.localedata import locale_identifiers
from babel.numbers import format_decimal, format_percent, get_group_symbol
from markupsafe import Markup, escape

_LOCALES: Final = {"nl": "nl_NL", "en": "en_GB"}
_LONG: Final = "d MMMM y"
_SHORT: Final = "d MMM y"
_DAY_MONTH: Final = "d MMM"
_MONTH: Final = "MMM y"
_MOMENT: Final = {"nl": "d MMMM y 'om' HH.mm 'uur'", "en": "d MMMM y 'at' HH:mm"}
_WEEKDAY: Final = "EEEE d MMMM y"
_CLOCK: Final = {"nl": "HH.mm 'uur'"}


def locale_of(language: str) -> str:
    """The locale for the numbers and dates of a language; that of English where CLDR does not know the language."""
    named = _LOCALES.get(language, language)
    return named if named.partition("_")[0] in locale_identifiers() else _LOCALES["en"]


def paragraphs(text: str) -> Markup:
    """Plain text as HTML: escaped, an empty line begins a new paragraph, a single line break is kept."""
    blocks = (block.strip() for block in text.replace("\r\n", "\n").split("\n\n"))
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in block.split("\n")))
        for block in blocks
        if block
    )


class Formats:
    """The formats of one language, with the time zone in which moments are shown."""

    def __init__(self, language: str, translations: gettext.NullTranslations, zone: ZoneInfo) -> None:
        self.language = language
        self.locale = locale_of(language)
        self.translations = translations
        self.zone = zone
        self._thousands = get_group_symbol(self.locale)

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters for a template environment, by the names that templates use."""
        return {
            "number": self.number,
            "percent": self.percent,
            "date": self.day,
            "short_date": self.short_day,
            "day_month": self.day_month,
            "month": self.month,
            "long_day": self.long_day,
            "month_name": self.month_name,
            "datetime": self.moment,
            "clock": self.clock,
            "relative_days": self.relative_days,
            "paragraphs": paragraphs,
        }

    def number(self, value: float) -> str:
        """38214 as 38.214 or 38,214; at most one decimal."""
        if isinstance(value, int):  # the same result, faster: every confirmation shows a number
            return f"{value:,}".replace(",", self._thousands)
        return format_decimal(value, format="#,##0.#", locale=self.locale)

    def percent(self, value: float) -> str:
        """A share between 0 and 1 in whole per cents."""
        return format_percent(value, format="#,##0%", locale=self.locale)

    def day(self, value: date, zone: ZoneInfo | None = None) -> str:
        """A day written out: 12 april 2026. A moment is first brought to ``zone`` (default: the site's)."""
        return self._day(value, _LONG, zone)

    def short_day(self, value: date, zone: ZoneInfo | None = None) -> str:
        """A day for lists and tables: 12 apr 2026."""
        return self._day(value, _SHORT, zone)

    def day_month(self, value: date, zone: ZoneInfo | None = None) -> str:
        """A day where the year is clear from the context: 12 apr."""
        return self._day(value, _DAY_MONTH, zone)

    def month(self, value: date, zone: ZoneInfo | None = None) -> str:
        """A month on an axis: apr 2026."""
        return self._day(value, _MONTH, zone)

    def long_day(self, value: date, zone: ZoneInfo | None = None) -> str:
        """A day in a calendar: dinsdag 12 april 2026."""
        return self._day(value, _WEEKDAY, zone)

    def month_name(self, value: date, zone: ZoneInfo | None = None) -> str:
        """A month as a heading: april 2026."""
        return self._day(value, "MMMM y", zone)

    def moment(self, value: datetime, zone: ZoneInfo | None = None) -> str:
        """A moment: 12 april 2026 om 14.30 uur."""
        return format_datetime(
            value, _MOMENT.get(self.language, "d MMMM y, HH:mm"), tzinfo=zone or self.zone, locale=self.locale
        )

    def clock(self, value: datetime, zone: ZoneInfo | None = None) -> str:
        """The time of day of a moment: 14.30 uur."""
        return format_datetime(value, _CLOCK.get(self.language, "HH:mm"), tzinfo=zone or self.zone, locale=self.locale)

    def relative_days(self, value: int | date, now: date | None = None) -> str:
        """A number of days (negative: past), or a day seen from ``now``, as *today*, *tomorrow*, *in 3 days*."""
        if isinstance(value, date):
            if now is None:
                raise ValueError("relative_days of a date needs now")
            value = (self._local(value, None) - self._local(now, None)).days
        _ = self.translations.gettext
        nearby = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
        if value in nearby:
            return nearby[value]
        return format_timedelta(
            timedelta(days=value), granularity="day", threshold=10**6, add_direction=True, locale=self.locale
        )

    def _day(self, value: date, pattern: str, zone: ZoneInfo | None) -> str:
        return format_date(self._local(value, zone), pattern, locale=self.locale)

    def _local(self, value: date, zone: ZoneInfo | None) -> date:
        return value.astimezone(zone or self.zone).date() if isinstance(value, datetime) else value
