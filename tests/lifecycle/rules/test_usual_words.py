"""What is left of a title when its usual words are taken away."""

import pytest

from petitions.lifecycle.rules.usual_words import distinctive_words


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Laat de nachttrein naar Berlijn weer rijden!", "de nachttrein Berlijn rijden"),
        ("MAAK het beter", "het"),
        ("Stop", "Stop"),  # nothing else is left
        ("", ""),
        ("Keep the night train", "the night train"),
    ],
)
def test_telling_words(title: str, left: str) -> None:
    assert distinctive_words(title) == left
