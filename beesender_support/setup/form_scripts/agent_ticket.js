// Actions on a held request, in the header of Helpdesk's ticket page.
async function setupForm(page) {
  keepBadgesHonest(page);
  const { doc, call } = page;
  if (doc?.beesender_admission !== "Held") return { actions: [] };

  const api = "beesender_support.api.agent";
  const held = await call(`${api}.held_request`, { ticket: doc.name }).catch(() => null);
  // Somebody has decided since the page was loaded.
  if (!held) return { actions: [] };
  const labels = held.labels;

  async function decide(method, values) {
    await call(`${api}.${method}`, { ticket: doc.name, ...values });
    window.location.reload();
  }

  function ask({ title, fields, method }) {
    openDialog({
      title,
      body: [held.reason],
      fields,
      close: labels.cancel,
      submit: title,
      onSubmit: (values) => decide(method, values),
    });
  }

  const why = { name: "why", label: labels.why, rows: 2 };
  const actions = [
    {
      label: labels.admit_once,
      onClick: () => ask({ title: labels.admit_once, fields: [why], method: "admit_once" }),
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
          method: "decline",
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
          method: "admit_with_seat",
        }),
    });
  }
  return { actions };
}
