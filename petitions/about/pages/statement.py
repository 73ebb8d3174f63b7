"""The part of the accessibility statement about the service itself: what is tested on every change, and what is not.

Every line about a test names the tests that it means, and another test checks that they exist: the statement cannot
claim tests that nobody runs.
"""

from dataclasses import dataclass
from typing import Final

from petitions.http.words import N_


@dataclass(frozen=True, slots=True)
class AutomatedCheck:
    """Something that is tested automatically on every change of the software, and by which tests."""

    words: str
    tests: tuple[str, ...]


CHECKED: Final[tuple[AutomatedCheck, ...]] = (
    AutomatedCheck(
        N_("The rules of axe for WCAG 2.2 A and AA, in a real browser: light and dark, wide and narrow."),
        (
            "tests/stories/test_accessibility.py::test_every_page_and_state_of_the_tour",
            "tests/stories/test_accessibility.py::test_every_component_in_every_theme",
        ),
    ),
    AutomatedCheck(
        N_("The same for forms with mistakes, for the page of an initiator, and for the desks."),
        ("tests/stories/test_accessibility.py::test_every_page_and_state_of_the_tour",),
    ),
    AutomatedCheck(
        N_("No page scrolls sideways on a screen of 320 pixels, or when you enlarge it four times."),
        ("tests/stories/test_beyond_axe.py::test_text_spacing_zoom_and_small_screens_lose_nothing",),
    ),
    AutomatedCheck(
        N_("Signing and starting a petition without scripts, from the first page to the last mail."),
        ("tests/stories/test_journeys_of_citizens.py::test_from_an_idea_to_a_signature_and_back",),
    ),
    AutomatedCheck(
        N_("The contrast of words, edges and charts in every theme, in light and dark."),
        ("tests/machinery/test_theme.py::test_text_can_be_read",),
    ),
    AutomatedCheck(
        N_("A mistake in a form stands at its field and at the top, and the title of the page says so."),
        (
            "tests/http/test_templating.py::test_a_field_that_is_wrong_says_so_everywhere",
            "tests/http/test_templating.py::test_a_page_with_errors_begins_its_title_with_that",
        ),
    ),
)

UNCHECKED: Final[tuple[str, ...]] = (
    N_("No independent expert has tested this service."),
    N_("We have not yet watched people who use a screen reader, speech or a switch use it."),
    N_("We have not tried it with every browser and screen reader that people use, only with Chromium."),
    N_("Whether the words are easy enough is not measured. We aim at short sentences at level B1."),
)

GAPS: Final[tuple[str, ...]] = (
    N_("Texts of initiators and committees are theirs. They can be hard to read. We do not rewrite them."),
    N_("Documents that we link to at other websites can be less accessible. We have no say in that."),
    N_("The counter on other websites has little room. It leads to the page of the petition, where all of it stands."),
)
