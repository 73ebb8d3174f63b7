// Shortcuts of the moderators' desk (WCAG 2.1.4): off until switched on in the help, remembered in this browser.
"use strict";
(() => {
  const NAME = "desk-shortcuts";
  const find = (place) => document.querySelector(place);
  const isOn = () => {
    try { return localStorage.getItem(NAME) === "on"; } catch { return false; }
  };
  const press = (place) => find(place)?.click();
  const show = (place) => {
    const part = find(place);
    if (!part) return;
    if (part.matches("details")) part.open = true;
    (part.querySelector("input:not([type=hidden]), textarea, a") ?? part).focus();
  };
  const row = () => document.activeElement.closest("tbody tr");
  const step = (by) => {
    const links = [...document.querySelectorAll("tbody th a")];
    const at = links.findIndex((link) => row()?.contains(link));
    links.at(at < 0 ? (by > 0 ? 0 : -1) : Math.min(Math.max(at + by, 0), links.length - 1))?.focus();
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    t: () => press("#take-oldest button"),
    u: () => (row()?.querySelector("form button") ?? find("#take-up button"))?.click(),
    a: () => show("#opening_reason"),
    r: () => show("#reject"),
    n: () => show("#note"),
    f: () => show("#filters"),
    "/": () => show("#q"),
    q: () => location.assign("/staff"),
    "?": () => location.assign("/staff/help#keys"),
  };
  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select, [contenteditable]")) return;
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  const toggle = find("#shortcuts-switch");
  if (!toggle) return;
  const tell = () => toggle.setAttribute("aria-checked", String(isOn()));
  toggle.addEventListener("click", () => {
    try { localStorage.setItem(NAME, isOn() ? "off" : "on"); } catch { /* not remembered */ }
    tell();
  });
  tell();
  find("#shortcuts").hidden = false;
})();
