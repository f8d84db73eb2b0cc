// "A P1 raised now would be due ...", for each priority, by the tier as it is typed.
import { element } from "../shared/dom.js";
import { inReadersZone, muted, table, timeAsItStands } from "./parts.js";

// The request to the server: by default the first of `zones`, starting now.
export function questionOf(zone, start, zones) {
  return { time_zone: zone || zones[0], starts_at: start || null };
}

export function dueControls(zones, redraw) {
  const zone = element("input", {
    class: "form-control",
    list: "beesender-zones",
    value: zones[0],
  });
  const start = element("input", { class: "form-control", type: "datetime-local" });
  for (const input of [zone, start]) input.addEventListener("change", redraw);
  const known = zones.map((name) => element("option", { value: name }));
  return {
    controls: element(
      "div",
      { class: "beesender-controls" },
      labelled("beesender-zone", __("Time zone of the plan"), zone),
      labelled(
        "beesender-start",
        __("Registered at, in that zone (empty: now)"),
        start,
      ),
      element("datalist", { id: "beesender-zones" }, known),
    ),
    table: element("div", { role: "status" }),
    question: () => questionOf(zone.value, start.value, zones),
  };
}

export function dueTable({ due, further_targets, starts_at, time_zone }) {
  if (!due.length) return "";
  const start = __("Registered at {0} ({1}), without the holidays of a plan:", [
    timeAsItStands(starts_at),
    time_zone,
  ]);
  const heads = [__("Priority"), __("Response time"), __("Due"), ...further_targets];
  return element(
    "div",
    {},
    element("p", { class: "text-muted" }, start),
    table("table-bordered", heads, due.map(rowOf)),
  );
}

// A plain input: Desk's own pickers have no label that a screen reader would find, and
// take every time for one of the site's zone.
function labelled(id, text, input) {
  input.id = id;
  const label = element("label", { class: "control-label", for: id }, text);
  return element("div", { class: "form-group" }, label, input);
}

function rowOf({ priority, length, due, due_local, further }) {
  const words = due
    ? dueInWords(due, due_local)
    : muted(__("No response time is promised."));
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, priority),
    element("td", {}, length || "-"),
    element("td", {}, words),
    further.map((each) => element("td", {}, furtherInWords(each))),
  );
}

// What is promised besides the first answer: for how long, and until when.
function furtherInWords({ length, due, due_local }) {
  return due ? [element("div", {}, length), ...dueInWords(due, due_local)] : "-";
}

function dueInWords(due, local) {
  return [element("strong", {}, timeAsItStands(local)), muted(inReadersZone(due))];
}
