// Styles of what this app adds to Helpdesk's pages, in Helpdesk's own colours.
import { useStyles as addStyles } from "../shared/dom.js";

const STYLES = {
  dialog: `
.beesender-dialog { width: min(36rem, 92vw); max-height: 88vh; overflow-y: auto;
  margin: auto; padding: 1.25rem; border-radius: 0.75rem; font-size: 14px;
  background: var(--surface-elevation-2, #fff); color: var(--ink-gray-8, #383838);
  border: 1px solid var(--outline-gray-1, #ededed); box-shadow: 0 12px 40px #0004; }
.beesender-dialog::backdrop { background: #0006; }
.beesender-dialog form { display: flex; flex-direction: column; gap: 0.875rem; }
.beesender-dialog h2 { margin: 0; font-size: 18px; font-weight: 600;
  color: var(--ink-gray-9, #171717); }
.beesender-dialog h3 { margin: 0.5rem 0 0; font-size: 15px; font-weight: 600;
  color: var(--ink-gray-9, #171717); }
.beesender-dialog p { margin: 0; line-height: 1.5; }
.beesender-dialog :is(label, .field) { display: flex; flex-direction: column;
  gap: 0.375rem; font-size: 13px; color: var(--ink-gray-7, #525252); }
.beesender-dialog :is(input, textarea, select) { width: 100%; padding: 0.375rem 0.5rem;
  font-size: 14px; border-radius: 0.5rem; border: 1px solid var(--outline-gray-2, #e2e2e2);
  background-color: var(--surface-gray-2, #f3f3f3); color: var(--ink-gray-8, #383838); }
.beesender-dialog select { padding-right: 2rem; }
.beesender-dialog :is(input, textarea, select, button):focus-visible {
  outline: 2px solid var(--outline-gray-4, #7c7c7c); outline-offset: 1px; }
.beesender-dialog .verbatim { white-space: pre-wrap; overflow-wrap: anywhere;
  font-family: monospace; padding: 0.5rem; border-radius: 0.5rem;
  background: var(--surface-gray-2, #f3f3f3); }
.beesender-dialog .hint { font-size: 12px; color: var(--ink-gray-6, #7c7c7c); }
.beesender-dialog [role=alert] { color: var(--ink-red-8, #b52a2a); }
.beesender-dialog [role=alert]:empty { display: none; }
.beesender-dialog .held-requests { display: flex; flex-direction: column; gap: 0.5rem; }
.beesender-dialog .held-request { flex-direction: row; align-items: flex-start;
  gap: 0.5rem; cursor: pointer; }
.beesender-dialog .held-request input { flex: none; width: 1rem; height: 1rem;
  margin: 0.125rem 0 0; padding: 0; appearance: auto; border-radius: 0.25rem;
  background: none; accent-color: var(--ink-gray-9, #171717); }
.beesender-dialog .held-request > span { display: flex; flex-direction: column;
  gap: 0.125rem; min-width: 0; overflow-wrap: anywhere; }
.beesender-dialog .held-request strong { font-weight: 500;
  color: var(--ink-gray-9, #171717); }
.beesender-dialog ul { margin: 0; padding-left: 1.25rem; list-style: disc; }
.beesender-dialog .buttons { display: flex; flex-wrap: wrap; justify-content: flex-end;
  gap: 0.5rem; }
.beesender-button { min-height: 28px; padding: 0.25rem 0.625rem; border-radius: 0.5rem;
  font-size: 14px; cursor: pointer; background: var(--surface-gray-2, #f3f3f3);
  color: var(--ink-gray-8, #383838); }
.beesender-button.main { background: var(--surface-gray-9, #171717);
  color: var(--ink-base, #fff); }
.beesender-button:is(:disabled, [aria-disabled=true]) { opacity: 0.5; cursor: default; }
`,
  page: `
.beesender-panel { display: flex; flex-direction: column; gap: 0.75rem; padding: 1rem;
  font-size: 14px; color: var(--ink-gray-8, #383838);
  border-color: var(--outline-gray-1, #ededed); }
.beesender-panel.bare { padding: 0; }
.beesender-panel.beside-ticket { overflow-y: auto; min-height: 9rem; }
.beesender-panel.in-portal { padding: 0 1.25rem 1rem; }
.beesender-panel.in-portal.on-phone { padding: 1rem 1.25rem; }
.beesender-panel h2 { margin: 0; font-size: 14px; font-weight: 600; }
.beesender-panel .channel { white-space: nowrap; }
.beesender-panel .channel svg { display: inline; width: 1em; height: 1em;
  margin-inline-end: 0.3em; vertical-align: -0.125em; fill: none; stroke: currentcolor;
  stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.beesender-panel > .beesender-button { align-self: flex-start; }
.beesender-panel dl { display: grid; grid-template-columns: 7.875rem minmax(0, 1fr);
  gap: 0.5rem 0.25rem; margin: 0; line-height: 1.4; }
.beesender-panel dt { font-size: 13px; color: var(--ink-gray-6, #525252); }
.beesender-panel dd { margin: 0; overflow-wrap: anywhere; }
.beesender-panel .also { display: block; font-size: 13px; color: var(--ink-gray-6, #525252); }
.beesender-panel .buttons { display: flex; flex-wrap: wrap; gap: 0.5rem;
  align-items: center; }
.beesender-panel .standing { display: flex; flex-direction: column; gap: 0.5rem; }
.beesender-panel a { text-decoration: underline; font-size: 14px; }
.beesender-panel :is(a, button):focus-visible {
  outline: 2px solid var(--outline-gray-4, #7c7c7c); outline-offset: 1px; }
.beesender-state { display: inline-block; max-width: 100%; padding: 0.125rem 0.4375rem;
  border-radius: 0.625rem; font-size: 13px; line-height: 1.3; font-weight: 500;
  overflow-wrap: anywhere; color: var(--ink-gray-7, #525252);
  background: var(--surface-gray-2, #f3f3f3); }
.beesender-state[data-state=at_risk] { color: var(--ink-amber-9, #91400d);
  background: var(--surface-amber-2, #fff3d6); }
.beesender-state[data-state=breached] { color: var(--ink-red-8, #b52a2a);
  background: var(--surface-red-2, #ffe7e7); }
.beesender-state[data-state=met] { color: var(--ink-green-8, #137949);
  background: var(--surface-green-2, #e4f5e9); }
`,
  lists: `
[data-beesender-part=decide-held] { white-space: nowrap; margin-inline-end: 0.5rem; }
[data-beesender-state] { flex: 0 1 auto !important; width: fit-content; max-width: 100%;
  height: 1.25rem; padding: 0 0.4375rem; border-radius: 0.625rem; font-size: 12px;
  line-height: 1.25rem; color: var(--ink-gray-7, #525252);
  background: var(--surface-gray-2, #f3f3f3); }
[data-beesender-state=at_risk] { color: var(--ink-amber-9, #91400d);
  background: var(--surface-amber-2, #fff3d6); }
[data-beesender-state=breached] { color: var(--ink-red-8, #b52a2a);
  background: var(--surface-red-2, #ffe7e7); }
[data-beesender-state=met] { color: var(--ink-green-8, #137949);
  background: var(--surface-green-2, #e4f5e9); }
`,
  explanation: `
.beesender-timeline { list-style: none; margin: 0; padding: 0; display: flex;
  flex-direction: column; }
.beesender-timeline li { position: relative; padding: 0 0 0.75rem 1.375rem;
  border-left: 2px solid var(--outline-gray-2, #e2e2e2); margin-left: 0.375rem; }
.beesender-timeline li:last-child { border-color: transparent; padding-bottom: 0; }
.beesender-timeline li::before { content: ""; position: absolute; left: -6px; top: 5px;
  width: 10px; height: 10px; border-radius: 50%; background: var(--surface-gray-9, #171717); }
.beesender-timeline li:is([data-kind=closed], [data-kind=paused]) {
  border-left-style: dashed; }
.beesender-timeline li:is([data-kind=closed], [data-kind=paused])::before {
  background: var(--surface-elevation-2, #fff); border: 2px solid var(--outline-gray-4, #999); }
.beesender-timeline li[data-kind=counted]::before { background: var(--surface-blue-6, #0b6ec5); }
.beesender-timeline li[data-kind=due]::before { background: var(--surface-amber-6, #db7706); }
.beesender-timeline li[data-kind=answered]::before { background: var(--surface-green-6, #278f5e); }
.beesender-timeline time { display: block; font-size: 13px; color: var(--ink-gray-6, #525252); }
.beesender-timeline li[data-kind=closed] span { color: var(--ink-gray-6, #525252); }
`,
  menu: `
[data-beesender] a { color: inherit; text-decoration: none; border-radius: inherit; }
[data-beesender] a:focus-visible { outline: 2px solid var(--outline-gray-4, #7c7c7c);
  outline-offset: -2px; }
`,
  caller: `
.beesender-caller { display: flex; flex-wrap: wrap; align-items: end; gap: 0.75rem;
  font-size: 14px; overflow-wrap: anywhere; color: var(--ink-gray-8, #383838); }
.beesender-caller h2, .beesender-caller p { flex-basis: 100%; margin: 0; }
.beesender-caller h2 { font-weight: 500; }
.beesender-caller label { display: grid; gap: 0.25rem; flex: 1 1 14rem; font-size: 13px;
  color: var(--ink-gray-7, #525252); }
.beesender-caller :is(input, select) { width: 100%; padding: 0.375rem 0.5rem;
  font-size: 14px; color: var(--ink-gray-9, #171717); border-radius: 0.5rem;
  background: var(--surface-base, #fff); border: 1px solid var(--outline-gray-4, #7c7c7c); }
.beesender-caller .buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.beesender-caller button { padding: 0.375rem 0.75rem; border-radius: 0.5rem;
  font-weight: 500; background: var(--surface-gray-2, #f3f3f3);
  color: var(--ink-gray-9, #171717); }
.beesender-caller :is(input, select, button):focus-visible {
  outline: 2px solid var(--outline-gray-4, #7c7c7c); outline-offset: 2px; }
`,
  request: `
.beesender-request { display: flex; flex-direction: column; gap: 1.25rem; font-size: 14px;
  line-height: 1.45; overflow-wrap: anywhere; color: var(--ink-gray-8, #383838); }
.beesender-request fieldset { min-width: 0; }
.beesender-request .seat { margin: 0.5rem 0; }
.beesender-request .seat button { padding: 0.375rem 0.75rem; border-radius: 0.5rem;
  font-weight: 500; color: var(--ink-base, #fff);
  background: var(--surface-gray-10, #171717); }
.beesender-request .seat button:focus-visible {
  outline: 2px solid var(--outline-gray-4, #7c7c7c); outline-offset: 2px; }
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
.beesender-request .asked .heading { display: block; }
.beesender-request .box[hidden] { display: none; }
.beesender-request :is(textarea, select) { width: 100%; margin-top: 0.5rem; padding: 0.375rem 0.5rem;
  font-size: 14px; border-radius: 0.5rem; border: 1px solid var(--outline-gray-2, #e2e2e2);
  background: var(--surface-gray-2, #f3f3f3); color: var(--ink-gray-8, #383838); }
`,
};

export function useStyles(...names) {
  for (const name of names) addStyles(name, STYLES[name]);
}
