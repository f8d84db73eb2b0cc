// The site widget: <script src="https://support.example/assets/beesender_support/js/widget.js"
// data-site="https://support.example" data-widget="..." async></script>
//
// Browsers may keep this file for a year, so it only asks the site what to show and where
// the modules of today are. It works on any page, adds one element to it, and does nothing
// where the site does not list the page's origin.
(() => {
  const tag = document.currentScript;
  const { widget = "", language: chosen } = tag.dataset;
  const site = new URL(tag.dataset.site || tag.src, tag.src).origin;
  const spoken = chosen || document.documentElement.lang || navigator.language || "en";
  const language = /^ru\b/i.test(spoken) ? "ru" : "en";
  const FIRST_WAIT = 5_000;
  const MOST_TRIES = 5;

  async function show() {
    const asked = new URLSearchParams({ widget, language });
    const address = `${site}/api/method/beesender_support.api.widget.page?${asked}`;
    const answer = await fetch(address, { credentials: "omit" });
    if (!answer.ok) return;
    const { message: page } = await answer.json();
    const { start } = await import(`${site}${page.scripts}/main.js`);
    start({ site, page });
  }

  // Without a network nothing is there to show yet.
  async function tryToShow(tries) {
    try {
      await show();
    } catch (fault) {
      if (tries < MOST_TRIES) setTimeout(tryToShow, FIRST_WAIT * 2 ** tries, tries + 1);
      else console.info("Beesender: the widget could not be loaded.", fault);
    }
  }

  tryToShow(0);
})();
