// The form of a tier: its week and due times as they are typed, and whom a change concerns.
import { dueControls, dueTable } from "./due_preview.js";
import { fillField, latestAnswer, loadStyles, whenTyped } from "./forms.js";
import { concernedPlans, refusal } from "./parts.js";
import { addReratingButton } from "./rerating.js";
import { weekGrid } from "./week_grid.js";

const TYPED = {
  "Beesender Tier": [
    "around_the_clock",
    "rank",
    "fee_percent",
    "authorized_contact_limit",
  ],
  "Beesender Support Window": [
    "weekday",
    "start_time",
    "end_time",
    "support_windows_add",
    "support_windows_remove",
  ],
  "Beesender Response Target": [
    "priority",
    "hours",
    "next_answer_hours",
    "solution_hours",
    "response_targets_add",
    "response_targets_remove",
  ],
};

// The controls of due times, by form.
const previews = new WeakMap();

whenTyped(TYPED, drawTier);

export async function setup(frm) {
  const zones = await frappe.xcall("beesender_support.api.desk.time_zones");
  const preview = dueControls(zones, () => drawTier(frm));
  previews.set(frm, preview);
  offerChannels(frm);
  fillField(frm, "due_preview", preview.controls, preview.table);
  drawTier(frm);
}

export async function refresh(frm) {
  addReratingButton(frm);
  await loadStyles();
  drawTier(frm);
  drawConcern(frm);
}

// A retired channel is offered to no further tier.
function offerChannels(frm) {
  for (const [table, use] of [
    ["registration_channels", "takes_requests"],
    ["answer_channels", "answers"],
  ]) {
    frm.set_query("channel", table, () => ({ filters: { enabled: 1, [use]: 1 } }));
  }
}

// Week and due times of the form as typed, computed by the server.
async function drawTier(frm) {
  const controls = previews.get(frm);
  if (!controls || !frm.fields_dict.week_grid) return;
  const question = { values: frm.doc, ...controls.question() };
  const preview = await latestAnswer(frm, "tier_preview", question);
  if (!preview) return;
  fillField(frm, "week_grid", refusal(preview.refusal), weekGrid(preview));
  controls.table.replaceChildren(dueTable(preview));
}

async function drawConcern(frm) {
  if (frm.is_new()) {
    fillField(frm, "concern");
    return;
  }
  const tier = frm.doc.name;
  const concern = await frappe.xcall("beesender_support.api.desk.tier_concern", {
    tier,
  });
  fillField(frm, "concern", ...concernInWords(concern));
}

function concernInWords({ plans, open_tickets, named_plans }) {
  // Changing a tier changes no open ticket: its terms were frozen when its clock
  // started.
  const counted = __(
    "Active plans with this tier: {0}. Open tickets: {1}; they keep the terms they were registered with until they are re-rated, a change applies to new ones.",
    [plans, open_tickets],
  );
  return concernedPlans(counted, plans, named_plans);
}
