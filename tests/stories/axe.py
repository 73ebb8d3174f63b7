"""Looking at a page with axe in light and dark, wide and narrow, and at what axe does not see.

All rules are asked in light and wide. What a look can change (colours, sizes of targets, what scrolls, and every rule
on what only the narrow layout shows) is asked again in dark and narrow: names, roles and structure stay the same.
Colours come from the palette and never from the width (a test reads the style sheet for that), so what both layouts
show has then been seen in each palette. What only one layout shows is looked at once more, in the other palette.
Folded parts are opened while axe looks, because it does not see what is hidden.
"""

from pathlib import Path
from typing import Final, Literal

import axe_playwright_python
from playwright.sync_api import Page

FAST: Final = """((WeakMap, WeakSet) => {
%s
  const parse = axe.commons.color.Color.prototype.parseString, known = new Map();
  axe.commons.color.Color.prototype.parseString = function (text) {
    if (!known.has(text)) { parse.call(this, text); known.set(text, [this.r, this.g, this.b, this.alpha]); }
    [this.r, this.g, this.b, this.alpha] = known.get(text);
    return this;
  };
})(
  class {
    name = Symbol();
    has(key) { return this.name in key; }
    get(key) { return key[this.name]; }
    set(key, value) { key[this.name] = value; return this; }
    delete(key) { return delete key[this.name]; }
  },
  class {
    name = Symbol();
    has(key) { return this.name in key; }
    add(key) { key[this.name] = true; return this; }
    delete(key) { return delete key[this.name]; }
  },
)"""
"""axe, which spends nine tenths of its time on colours: it makes a colour with seven weak maps for every element behind
every text, and reads each from its name again. With symbols for the maps, and each name read once, it is four times as
fast and says the same (a test compares)."""
SOURCE: Final = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
AXE: Final = FAST % SOURCE
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS: Final = ["color-contrast", "link-in-text-block"]
LOOKS: Final = [*COLOURS, "target-size", "scrollable-region-focusable", "css-orientation-lock", "meta-viewport"]
"""The rules whose answer depends on how a page looks (axe 4: those that read styles or sizes)."""
WIDE: Final = 1280
NARROW: Final = 390
UNFOLD = """() => [...document.querySelectorAll('details:not([open])')].forEach(one => {
  one.open = true; one.dataset.folded = '';
})"""
FOLD = """() => [...document.querySelectorAll('details[data-folded]')].forEach(one => {
  one.open = false; delete one.dataset.folded;
})"""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
REMEMBER = """width => {
  if (window.shown?.[width]) return;
  const all = [...document.body.querySelectorAll('*')];
  const clipped = all.filter(one => getComputedStyle(one).clipPath === 'inset(50%)');
  const shown = all.filter(one => one.checkVisibility() && !clipped.some(part => part.contains(one)));
  (window.shown ??= {})[width] = new Set(shown);
}"""
RUN = "asked => axe.run({runOnly: asked, resultTypes: ['violations'], preload: false, iframes: false})"
RUN_ON_REST = """async ([rules, here, there]) => {
  const isOnlyHere = one => window.shown[here].has(one) && !window.shown[there].has(one);
  const nodes = [...window.shown[here]].filter(one => isOnlyHere(one) && !isOnlyHere(one.parentElement));
  if (!nodes.length) return {violations: []};
  const options = {runOnly: rules, resultTypes: ['violations'], preload: false, iframes: false};
  return axe.run({include: nodes}, options);
}"""


def faults(page: Page, *, is_frame: bool = False) -> list[str]:
    """What is wrong with the page that is shown, in every look. A frame stands in a page that has the heading."""
    found = [] if is_frame or page.locator("h1").count() == 1 else [f"{page.url}: not one h1"]
    page.evaluate(AXE)
    page.evaluate(UNFOLD)

    def show(scheme: Literal["light", "dark"], width: int) -> None:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(REMEMBER, width)

    def ask(rules: dict[str, object], *, only_here: int = 0, not_there: int = 0) -> None:
        asked: list[object] = [rules, only_here, not_there]
        result = page.evaluate(RUN_ON_REST, asked) if only_here else page.evaluate(RUN, rules)
        found.extend(
            f"{page.url} {page.viewport_size}: {fault['id']} {node['html'][:120]}"
            for fault in result["violations"]
            for node in fault["nodes"]
        )

    everything: dict[str, object] = {"type": "tag", "values": TAGS}
    looks: dict[str, object] = {"type": "rule", "values": LOOKS}
    colours: dict[str, object] = {"type": "rule", "values": COLOURS}
    show("light", WIDE)
    ask(everything)
    show("dark", NARROW)
    ask(looks)
    ask(everything, only_here=NARROW, not_there=WIDE)
    show("light", NARROW)
    ask(colours, only_here=NARROW, not_there=WIDE)
    page.set_viewport_size({"width": 320, "height": 900})
    if page.evaluate(SIDEWAYS):
        found.append(f"{page.url}: scrolls sideways at 320 px")
    show("dark", WIDE)
    ask(colours, only_here=WIDE, not_there=NARROW)
    page.evaluate(FOLD)
    return found
