// The looks of the widget, for its own shadow alone. A constructed sheet needs no consent
// of the page's content security policy. Colours are checked by the site.

const LOOKS = `
:host {
  all: initial;
  position: fixed;
  z-index: 2147483000;
  inset: auto var(--end) 20px var(--start);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  color-scheme: light dark;
  --surface: #ffffff; --raised: #f5f6f8; --text: #16191f; --muted: #565d6b;
  --line: #d5d9e0; --edge: #858c9a; --bad: #b3261e; --bad-surface: #fdf1f0;
  --good: #1a7f4b; --shade: 0 12px 40px rgb(10 15 30 / 0.22);
}
@media (prefers-color-scheme: dark) {
  :host {
    --surface: #16191f; --raised: #20252e; --text: #eef0f4; --muted: #a7afbd;
    --line: #363c48; --edge: #78808f; --bad: #ff9d94; --bad-surface: #37201f;
    --good: #5fd39a; --shade: 0 12px 40px rgb(0 0 0 / 0.6);
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, ul, ol, fieldset, legend, dl { margin: 0; padding: 0; border: 0; min-width: 0; }
ul { list-style: none; }
button, input, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
a { color: inherit; text-underline-offset: 2px; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; }

.launcher {
  display: flex; align-items: center; gap: 10px; min-height: 52px; padding: 0 20px 0 16px;
  border: 0; border-radius: 26px; background: var(--accent); color: var(--on-accent);
  font-weight: 600; box-shadow: var(--shade);
}
.launcher svg { width: 22px; height: 22px; }
.badge { min-width: 24px; padding: 1px 7px; border-radius: 12px; text-align: center;
  background: var(--on-accent); color: var(--accent); font-size: 14px; }
svg { flex: none; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; }

dialog {
  position: fixed; inset: auto var(--end) 20px var(--start); margin: 0; padding: 0;
  width: min(400px, calc(100vw - 40px)); height: auto;
  min-height: min(440px, calc(100dvh - 40px)); max-width: none;
  max-height: min(680px, calc(100dvh - 40px)); overflow: hidden;
  border: 1px solid var(--line); border-radius: 18px;
  background: var(--surface); color: var(--text); box-shadow: var(--shade);
}
dialog[open] { display: flex; flex-direction: column; animation: rise 0.18s ease-out; }
dialog::backdrop { background: rgb(10 15 30 / 0.4); }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }

header { display: flex; align-items: center; gap: 4px; padding: 10px 10px 10px 20px;
  border-bottom: 1px solid var(--line); }
header.has-back { padding-left: 8px; }
.titles { flex: 1; min-width: 0; }
.title { font-size: 16px; font-weight: 650; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.plain { display: inline-flex; align-items: center; justify-content: center;
  min-width: 44px; min-height: 44px; border: 0; border-radius: 12px; background: none; }
.plain:hover { background: var(--raised); }
.plain svg { width: 20px; height: 20px; }

.view { flex: 1; overflow: auto; overscroll-behavior: contain; padding: 20px; }
.stack { display: grid; gap: 18px; align-content: start; grid-template-columns: 100%; }
.view h2 { font-size: 21px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em;
  overflow-wrap: anywhere; }
.view h2:focus { outline: none; }
.view h3 { font-size: 14px; font-weight: 650; color: var(--muted); }
.place { display: contents; }
.muted, .hint { color: var(--muted); }
.hint { font-size: 13.5px; }
.opening { display: flex; gap: 9px; font-size: 14px; color: var(--muted); }
.opening::before { content: ""; flex: none; width: 9px; height: 9px; margin-top: 6px;
  border-radius: 50%; border: 2px solid var(--edge); }
.opening.is-open::before { background: var(--good); border-color: var(--good); }

.field { display: grid; gap: 6px; }
.field > label, legend { font-weight: 600; }
legend { padding-bottom: 8px; }
input[type="text"], input[type="email"], textarea {
  width: 100%; min-height: 46px; padding: 10px 13px; border: 1px solid var(--edge);
  border-radius: 11px; background: var(--surface);
}
textarea { min-height: 84px; resize: vertical; field-sizing: content; max-height: 260px; }
textarea.details { font-family: ui-monospace, monospace; font-size: 14px; }
input.code { font-size: 24px; letter-spacing: 0.32em; font-variant-numeric: tabular-nums;
  max-width: 220px; }
[aria-invalid="true"] { border-color: var(--bad); border-width: 2px; }
.error { color: var(--bad); font-size: 14px; }

.choices { display: grid; gap: 8px; }
.choice { display: grid; grid-template-columns: auto 1fr; gap: 1px 11px; padding: 10px 13px;
  border: 1px solid var(--line); border-radius: 11px; cursor: pointer; }
.choice:hover { background: var(--raised); }
.choice:has(input:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.choice:has(input:focus-visible) { outline: 2px solid var(--text); outline-offset: 2px; }
.choice input { width: 18px; height: 18px; margin: 2px 0 0; accent-color: var(--accent); outline: none; }
.choice .hint { grid-column: 2; }
.in-a-row .choices { grid-template-columns: 1fr 1fr; }

.promise { padding: 13px 15px; border-radius: 11px; background: var(--raised); font-size: 14px;
  border-inline-start: 3px solid var(--accent); display: grid; gap: 4px; }
.promise:empty { display: none; }
.promise strong { font-weight: 650; }
.notice { padding: 12px 14px; border-radius: 11px; background: var(--bad-surface);
  color: var(--bad); font-size: 14px; overflow-wrap: anywhere; }
.notice:empty, .error:empty { display: none; }

.main, .quiet { min-height: 46px; padding: 9px 18px; border-radius: 11px; font-weight: 600; }
.main { border: 1px solid transparent; background: var(--accent); color: var(--on-accent); width: 100%; }
.quiet { border: 1px solid var(--edge); background: var(--surface); }
.main:hover { filter: brightness(1.06); }
.quiet:hover { background: var(--raised); }
[aria-disabled="true"] { opacity: 0.7; cursor: progress; }
.link { padding: 6px 0; min-height: 32px; border: 0; background: none; font-weight: 500;
  text-decoration: underline; text-underline-offset: 3px; text-align: start; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 18px; }
.spread { justify-content: space-between; }

details { border: 1px solid var(--line); border-radius: 11px; }
summary { padding: 11px 13px; min-height: 46px; font-weight: 600; cursor: pointer; border-radius: 11px; }
details[open] summary { padding-bottom: 6px; }
details > .field { padding: 0 13px 13px; }

.caption { font-weight: 600; }
.files { display: grid; gap: 6px; }
.files:empty { display: none; }
.files li { display: flex; align-items: center; gap: 8px; padding: 2px 2px 2px 13px;
  border-radius: 11px; background: var(--raised); }
.files .name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 14px; }

.requests { display: grid; gap: 8px; }
.request { display: grid; gap: 2px; width: 100%; padding: 12px 14px; text-align: start;
  border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
.request:hover { background: var(--raised); }
.request .subject { font-weight: 600; overflow-wrap: anywhere; }

.new { justify-self: start; padding: 1px 8px; border-radius: 9px; background: var(--accent);
  color: var(--on-accent); font-size: 12.5px; }

.number { font-size: 34px; font-weight: 700; letter-spacing: -0.02em; line-height: 1.2; }
.done-mark { width: 52px; height: 52px; border-radius: 50%; display: grid; place-items: center;
  background: var(--good); color: var(--surface); }
.done-mark svg { width: 26px; height: 26px; stroke-width: 3; }

.messages { display: grid; gap: 14px; }
.message { display: grid; gap: 4px; justify-items: start; }
.message .said { max-width: 92%; padding: 11px 14px; border-radius: 4px 15px 15px 15px;
  background: var(--raised); display: grid; gap: 7px; overflow-wrap: anywhere; }
.message.is-own { justify-items: end; }
.message.is-own .said { border-radius: 15px 4px 15px 15px; background: var(--surface);
  border: 1px solid var(--line); }
.message .by { font-size: 13px; color: var(--muted); }
.message .attachment { display: inline-flex; align-items: center; gap: 6px; }
.compose { display: grid; gap: 10px; padding-top: 16px; border-top: 1px solid var(--line); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }

@media (max-width: 520px) {
  :host { inset: auto var(--end-small) 14px var(--start-small); }
  dialog { inset: 0; width: 100vw; height: 100dvh; max-height: none; border: 0; border-radius: 0; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
}
@media (forced-colors: active) {
  .launcher, .main { border: 1px solid ButtonText; }
  .choice:has(input:checked) { border: 2px solid Highlight; }
}
@media print { :host { display: none; } }
`;

export function sheetOf({ light, dark, is_on_the_left }) {
  const [start, end] = is_on_the_left ? ["20px", "auto"] : ["auto", "20px"];
  const [startSmall, endSmall] = is_on_the_left ? ["14px", "auto"] : ["auto", "14px"];
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${LOOKS}
:host { --start: ${start}; --end: ${end}; --start-small: ${startSmall}; --end-small: ${endSmall};
  --accent: ${light.accent}; --on-accent: ${light.on_accent}; }
@media (prefers-color-scheme: dark) {
  :host { --accent: ${dark.accent}; --on-accent: ${dark.on_accent}; }
}`);
  return sheet;
}
