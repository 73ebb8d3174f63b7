// A little help where scripts run. Every page works without it. No cookie, no storage, nothing of anybody else.
(() => {
  "use strict";
  const all = (selector) => document.querySelectorAll(selector);
  const later = (work, wait) => {
    let timer;
    return () => { clearTimeout(timer); timer = setTimeout(work, wait); };
  };
  const make = (tag, text = "", name = "") => {
    const made = document.createElement(tag);
    made.textContent = text;
    made.className = name;
    return made;
  };
  const number = new Intl.NumberFormat(document.documentElement.lang);

  // what changes by itself waits while something is pressed: a button that moved meanwhile would miss its click
  let calm = 0;
  const change = (work) => { Date.now() < calm ? setTimeout(change, 50, work) : work(); };
  addEventListener("pointerdown", () => { calm = Infinity; }, true);
  for (const end of ["pointerup", "pointercancel", "contextmenu"]) {
    addEventListener(end, () => { calm = Date.now() + 50; }, true); // the click comes a moment later
  }

  // the count, every 30 to 45 seconds while somebody can see it; said aloud only when it changed
  for (const place of all("[data-live]")) {
    const [count, bar, left] = [".count", "progress", ".ends b"].map((part) => place.querySelector(part));
    let timer;
    const show = (now) => {
      if (count.textContent === number.format(now)) return;
      count.textContent = number.format(now);
      if (!bar) return;
      const all = now + Number(bar.parentElement.dataset.paper || 0);
      bar.value = Math.min(all, bar.max);
      if (left && all < bar.max) left.textContent = number.format(bar.max - all);
    };
    const look = async () => {
      try {
        const answer = await fetch(place.dataset.live);
        const now = answer.ok && (await answer.json()).count;
        if (answer.ok) change(() => show(now));
      } catch { /* the count of a moment ago stays */ }
      wait();
    };
    const wait = () => {
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(look, 30000 + Math.random() * 15000);
    };
    count.parentElement.setAttribute("aria-live", "polite");
    document.addEventListener("visibilitychange", wait);
    wait();
  }

  // how many characters are left, counted as the server counts them
  for (const field of all("[data-limit]")) {
    const said = make("p", "", "hint counter");
    said.setAttribute("role", "status");
    field.after(said);
    const tell = () => {
      const text = field.value.normalize("NFC").trim();
      const left = field.dataset.limit - [...(field.tagName === "INPUT" ? text.replace(/\s+/g, " ") : text)].length;
      said.textContent = field.dataset[left < 0 ? "over" : "left"].replace("#", number.format(Math.abs(left)));
      said.classList.toggle("error", left < 0);
    };
    field.addEventListener("input", later(() => change(tell), 400));
    if (field.value) tell();
  }

  // petitions like the title that is being typed; it goes in the body of the request, so that no address holds it
  for (const field of all("[data-similar]")) {
    const found = make("div", "", "similar-now");
    found.setAttribute("role", "status");
    field.closest(".field").append(found);
    let asked = "";
    field.addEventListener("input", later(async () => {
      const title = (asked = field.value.trim());
      const fill = (...parts) => change(() => { if (title === asked) found.replaceChildren(...parts); });
      if (title.length < 8) return fill();
      try {
        const answer = await fetch(field.dataset.similar, { method: "POST", body: new URLSearchParams({ title }) });
        if (!answer.ok || title !== asked) return;
        const { heading, petitions } = await answer.json();
        if (!petitions.length) return fill();
        const list = make("ul");
        for (const petition of petitions) {
          const row = make("li");
          const link = make("a", petition.title);
          link.href = petition.href;
          link.lang = petition.language;
          link.target = "_blank";
          row.append(link, " ", make("span", petition.signatures, "muted small"));
          list.append(row);
        }
        fill(make("p", heading, "label"), list);
      } catch { /* the next page shows them anyway */ }
    }, 700));
  }

  // copy, and what the device offers for sharing
  if (navigator.clipboard) {
    for (const button of all("[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.querySelector("span").textContent = button.dataset.done;
      });
    }
  }
  if (navigator.share) {
    for (const button of all("[data-share]")) {
      button.parentElement.hidden = false;
      button.addEventListener("click", () =>
        navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {}));
    }
  }
})();
