// Helpdesk's badges draw an empty deadline as a failed one, and take the site's time for
// the browser's. A request with a plan gets words from the server instead; a resolution
// time is never promised and not shown at all.
function keepBadgesHonest({ doc, call }) {
  if (!doc?.beesender_admission) return;
  const colors = { due: "#c2410c", at_risk: "#c2410c", breached: "#b91c1c", met: "#15803d" };
  const shown = (window.beesenderBadges ||= {});
  shown.ticket = String(doc.name);

  function rowsLabelled(label) {
    const labels = document.querySelectorAll("#app-header span, .border-l div");
    return [...labels]
      .filter((each) => !each.children.length && each.textContent.trim() === label)
      .map((each) => each.parentElement);
  }

  function wordsIn(row) {
    const present = row.querySelector("[data-beesender]");
    if (present) return present;
    row.lastElementChild.style.display = "none";
    const words = document.createElement("span");
    words.dataset.beesender = "";
    words.className = "text-base";
    row.append(words);
    return words;
  }

  shown.draw = () => {
    if (!window.location.pathname.endsWith(`/${shown.ticket}`)) return;
    for (const row of rowsLabelled("Resolution")) {
      row.style.display = "none";
      const divider = row.previousElementSibling;
      if (divider && !divider.textContent) divider.style.display = "none";
    }
    if (shown.words?.ticket !== shown.ticket) return;
    for (const row of rowsLabelled("First Response")) {
      const words = wordsIn(row);
      if (words.textContent === shown.words.label) continue;
      words.textContent = shown.words.label;
      words.title = shown.words.sentence;
      words.style.color = colors[shown.words.state] || "inherit";
    }
  };

  if (!shown.observer) {
    shown.observer = new MutationObserver(() => shown.draw());
    shown.observer.observe(document.body, { childList: true, subtree: true });
  }
  call("beesender_support.api.portal.promise_in_words", { ticket: doc.name }).then(
    (words) => {
      shown.words = { ...words, ticket: String(doc.name) };
      shown.draw();
    }
  );
  shown.draw();
}
