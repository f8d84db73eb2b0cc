// Actions on a held request, in the header of Helpdesk's ticket page.
async function setupForm(page) {
  keepBadgesHonest(page);
  const { doc, call, toast } = page;
  if (doc?.beesender_admission !== "Held") return { actions: [] };

  const api = "beesender_support.api.agent";
  const held = await call(`${api}.held_request`, { ticket: doc.name }).catch(() => null);
  // Somebody has decided since the page was loaded.
  if (!held) return { actions: [] };
  const labels = held.labels;

  async function decide(method, values) {
    try {
      await call(`${api}.${method}`, { ticket: doc.name, ...values });
      window.location.reload();
    } catch (error) {
      toast.error(error.messages?.[0] || error.message);
    }
  }

  // Helpdesk's own dialog has no inputs.
  function ask({ title, fields, submit, onSubmit }) {
    const dialog = document.createElement("dialog");
    dialog.className = "rounded-xl bg-surface-modal p-6 shadow-xl text-ink-gray-9";
    dialog.style.width = "min(36rem, 92vw)";
    dialog.setAttribute("aria-label", title);
    const form = document.createElement("form");
    form.method = "dialog";
    form.className = "flex flex-col gap-4";
    const heading = document.createElement("h3");
    heading.className = "text-2xl font-semibold";
    heading.textContent = title;
    const reason = document.createElement("p");
    reason.className = "text-base text-ink-gray-7";
    reason.textContent = held.reason;
    form.append(heading, reason);
    for (const field of fields) {
      const label = document.createElement("label");
      label.className = "flex flex-col gap-1.5 text-sm text-ink-gray-7";
      label.textContent = field.label;
      const input = document.createElement("textarea");
      input.name = field.name;
      input.rows = field.rows;
      input.value = field.value || "";
      input.className =
        "rounded border border-outline-gray-2 bg-surface-gray-2 p-2 text-base text-ink-gray-8";
      label.append(input);
      form.append(label);
    }
    const buttons = document.createElement("div");
    buttons.className = "flex justify-end gap-2";
    for (const [text, value] of [
      [labels.cancel, "cancel"],
      [submit, "submit"],
    ]) {
      const button = document.createElement("button");
      button.value = value;
      button.textContent = text;
      button.className = "h-7 rounded bg-surface-gray-2 px-2 text-base text-ink-gray-8";
      if (value === "submit") button.style.cssText = "background: #171717; color: #fff";
      buttons.append(button);
    }
    form.append(buttons);
    dialog.append(form);
    dialog.addEventListener("close", () => {
      const values = Object.fromEntries(new FormData(form));
      const isSubmitted = dialog.returnValue === "submit";
      dialog.remove();
      if (isSubmitted) onSubmit(values);
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  const why = { name: "why", label: labels.why, rows: 2 };
  const actions = [
    {
      label: labels.admit_once,
      onClick: () =>
        ask({
          title: labels.admit_once,
          fields: [why],
          submit: labels.admit_once,
          onSubmit: (values) => decide("admit_once", values),
        }),
    },
    {
      label: labels.decline,
      onClick: () =>
        ask({
          title: labels.decline,
          fields: [
            { name: "reply", label: labels.reply, rows: 6, value: held.reply },
            why,
          ],
          submit: labels.decline,
          onSubmit: (values) => decide("decline", values),
        }),
    },
  ];
  if (held.free_seats > 0) {
    actions.splice(1, 0, {
      label: labels.admit_with_seat,
      onClick: () =>
        ask({
          title: labels.admit_with_seat,
          fields: [why],
          submit: labels.admit_with_seat,
          onSubmit: (values) => decide("admit_with_seat", values),
        }),
    });
  }
  return { actions };
}
