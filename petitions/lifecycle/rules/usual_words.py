"""Stop words: so many petitions use them that sharing them says nothing about what they ask."""

import re
from typing import Final

_USUAL_DUTCH: Final = """
laat maak geef houd hou stop red behoud schrap voer haal breng neem doe ga zet help bouw steun stel pak
laten maken geven houden stoppen redden behouden schrappen invoeren zorgen brengen nemen doen gaan zetten helpen
wil willen vraag vragen vraagt eis eisen roep roepen verzoek verzoeken petitie petities
weer meer minder beter betere goed goede nieuw nieuwe eindelijk meteen direct snel nu jaar jaren elk elke alle
iedereen mensen mens burgers inwoners nederland nederlandse gemeente minister regering kabinet kamer tweede overheid
staatssecretaris raad wet regels regel dat zodat niet geen voor van naar zonder tegen overal veel
"""
_USUAL_ENGLISH: Final = """
make keep stop save give let bring end ban allow change build help support please petition petitions ask asks want
more less better good new now year years every all everyone people person citizens country government minister
parliament council state law rules rule should must need without against
"""
_USUAL: Final = frozenset((_USUAL_DUTCH + _USUAL_ENGLISH).split())
"""In both languages, because a text may be written in either."""

_WORD: Final = re.compile(r"[^\W_]+")


def distinctive_words(text: str) -> str:
    """The text without its stop words; the text itself where nothing else is left."""
    words = [word for word in _WORD.findall(text) if word.lower() not in _USUAL]
    return " ".join(words) or text
