// The form of a replay: started, stopped, and what was found.
import { element } from "../shared/dom.js";
import { fillField } from "./forms.js";

const API = "beesender_support.api.desk";
const AT_WORK = ["Queued", "Running"];
const SHOWN_AGAIN_AFTER = 3000;

// Whether the button was in use that a reload takes away.
let hadFocus = false;

export function setup(frm) {
  frappe.realtime.on("beesender_replay", ({ name, done }) => {
    if (frm.doc.name === name) frm.dashboard.set_headline(progress(done, frm));
  });
}

export async function refresh(frm) {
  fillField(frm, "shown");
  offerZones(frm);
  if (frm.is_new()) return;
  const { name, state } = frm.doc;
  if (AT_WORK.includes(state)) {
    frm.dashboard.set_headline(progress(frm.doc.tickets_done, frm));
    const stop = frm.add_custom_button(__("Stop"), () => act(frm, "stop_replay"));
    if (hadFocus) stop.focus();
    setTimeout(() => showAgain(frm, stop), SHOWN_AGAIN_AFTER);
    return;
  }
  const label = frm.doc.result ? __("Run again") : __("Run");
  const run = frm.add_custom_button(label, () => act(frm, "start_replay"));
  run.addClass("btn-primary");
  if (hadFocus) run.focus();
  hadFocus = false;
  const found = await frappe.xcall(`${API}.replay_result`, { name });
  if (frm.doc.name !== name || !found.html) return;
  const shown = element("div");
  // Written by the server, which escapes what records say.
  shown.innerHTML = found.html;
  fillField(frm, "shown", shown);
}

async function offerZones(frm) {
  const zones = await frappe.xcall(`${API}.time_zones`);
  frm.fields_dict.time_zone.set_data(zones);
}

function progress(done, frm) {
  return __("Tickets judged: {0} of {1}", [done || 0, frm.doc.tickets_found || "?"]);
}

// Every reload makes the buttons anew: who stands on one stays there.
function showAgain(frm, button) {
  if (!isShown(frm)) return;
  hadFocus = button.is(":focus");
  frm.reload_doc();
}

function isShown(frm) {
  return frm.$wrapper.is(":visible") && !frm.is_dirty();
}

async function act(frm, method) {
  if (frm.is_dirty()) await frm.save();
  await frappe.xcall(`${API}.${method}`, { name: frm.doc.name });
  frm.reload_doc();
}
