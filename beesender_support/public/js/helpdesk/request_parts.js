// What the page of a new request is made of.
const REQUEST_LOOK = `
.beesender-request { display: flex; flex-direction: column; gap: 1.25rem; font-size: 14px;
  line-height: 1.45; color: var(--ink-gray-8, #383838); }
.beesender-request fieldset { min-width: 0; }
.beesender-request :is(legend, summary, .heading) { padding: 0; margin-bottom: 0.5rem;
  font-size: 13px; color: var(--ink-gray-7, #525252); }
.beesender-request .choices { display: grid; gap: 0.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); }
.beesender-request fieldset + fieldset .choices {
  grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); }
.beesender-request .choice { display: flex; align-items: flex-start; gap: 0.5rem;
  padding: 0.5rem 0.625rem; border-radius: 0.5rem; cursor: pointer;
  border: 1px solid var(--outline-gray-2, #e2e2e2); }
.beesender-request .choice:has(:checked) { background: var(--surface-gray-2, #f3f3f3);
  border-color: var(--outline-gray-5, #383838); }
.beesender-request .choice:has(:focus-visible) {
  outline: 2px solid var(--outline-gray-4, #7c7c7c); outline-offset: 1px; }
.beesender-request input[type=radio] { flex: none; appearance: none; width: 1rem;
  height: 1rem; margin-top: 0.125rem; border-radius: 50%; background: none;
  border: 1px solid var(--ink-gray-6, #7c7c7c); box-shadow: none; }
.beesender-request input[type=radio]:checked { background: none;
  border: 0.3125rem solid var(--ink-gray-9, #171717); }
.beesender-request .choice strong { display: block; font-weight: 500;
  color: var(--ink-gray-9, #171717); }
.beesender-request .quiet { font-size: 13px; color: var(--ink-gray-6, #666); }
.beesender-request .box { padding: 0.625rem 0.75rem; border-radius: 0.5rem;
  background: var(--surface-gray-2, #f3f3f3); }
.beesender-request .box strong { display: block; font-weight: 600;
  color: var(--ink-gray-9, #171717); }
.beesender-request .refusal { border-left: 3px solid var(--ink-amber-8, #b45309); }
.beesender-request a { text-decoration: underline; color: var(--ink-gray-8, #383838); }
.beesender-request summary { cursor: pointer; margin: 0; }
.beesender-request details[open] summary { margin-bottom: 0.5rem; }
.beesender-request textarea { width: 100%; margin-top: 0.5rem; padding: 0.375rem 0.5rem;
  font-size: 14px; border-radius: 0.5rem; border: 1px solid var(--outline-gray-2, #e2e2e2);
  background: var(--surface-gray-2, #f3f3f3); color: var(--ink-gray-8, #383838); }
`;

function topOf(page) {
  if (!page?.is_client && !page?.refusal) return [];
  const { labels, refusal } = page;
  const link = element("a", "", labels.plan);
  // In a new tab, so that what was typed stays.
  Object.assign(link, { href: page.plan_page, target: "_blank", rel: "noopener" });
  if (!refusal) return [element("div", "quiet", link)];
  const box = element("div", "box refusal", element("strong", "", labels.cannot_ask));
  box.append(element("p", "", refusal), page.is_client ? link : "");
  box.setAttribute("role", "alert");
  return [box];
}

function choicesOf(legend, choices, onChange) {
  const group = element("div", "choices", ...choices);
  const fieldset = element("fieldset", "", element("legend", "", legend), group);
  group.addEventListener("change", onChange);
  return fieldset;
}

function choiceOf(name, value, title, meaning) {
  const input = element("input");
  Object.assign(input, { type: "radio", name, value });
  const words = element("span", "", element("strong", "", title));
  if (meaning) words.append(element("span", "quiet", meaning));
  return element("label", "choice", input, words);
}

function showPromise(box, page, offered) {
  const { labels, language } = page;
  const lines = offered.due
    ? [
        element("strong", "", labels.answer_by.replace("{0}", momentInWords(offered.due, language))),
        element("span", "quiet", offered.promise),
      ]
    : [element("strong", "", offered.promise)];
  const shown = element("div", "", ...lines);
  // It is read aloud when it changes, so it only changes when it says something else.
  if (box.textContent !== shown.textContent) box.replaceChildren(...lines);
}

function detailsField(doc) {
  const text = element("textarea");
  Object.assign(text, { rows: 3, maxLength: 10_000, autocomplete: "off", spellcheck: false });
  text.addEventListener("input", () => (doc.beesender_access_details = text.value));
  const field = element("details");
  return {
    shown(labels) {
      // The same text is shown again after another customer was chosen in between.
      doc.beesender_access_details = text.value;
      text.setAttribute("aria-label", labels.details);
      const hint = element("div", "quiet", labels.details_hint);
      field.replaceChildren(element("summary", "", labels.details_summary), hint, text);
      return field;
    },
  };
}

function descriptionOf(labels) {
  const heading = element("div", "heading", labels.description);
  return element("div", "", heading, element("div", "quiet", labels.no_passwords));
}
