// "Give access" on a request in the portal, for who raised it.
async function setupForm({ doc, call, toast }) {
  if (!doc?.beesender_admission || !isOpenTicket(doc.name)) return { actions: [] };
  const api = "beesender_support.api.portal";
  const ticket = doc.name;
  let details = await call(`${api}.access_details_of`, { ticket }).catch(() => null);
  // Raised by somebody else.
  if (!details) return { actions: [] };
  const { labels } = details;

  async function change(method, values = {}) {
    details = await call(`${api}.${method}`, { ticket, ...values });
    toast.success(details.is_on_file ? labels.kept : labels.erased);
  }

  async function erase(dialog) {
    await change("erase_access_details").then(
      () => dialog.close(),
      (error) => toast.error(wordsOf(error))
    );
  }

  function open() {
    // Helpdesk's portal calls an action twice for one click.
    if (document.querySelector("dialog.beesender-dialog[open]")) return;
    const { is_on_file } = details;
    openDialog({
      title: labels.title,
      body: is_on_file
        ? [givenBy(details, labels.given), labels.replace_hint]
        : [labels.give_hint],
      fields: [
        { name: "secret", label: labels.field, rows: 5, required: true, maxLength: 10_000,
          autocomplete: "off", spellcheck: false },
      ],
      submit: is_on_file ? labels.replace : labels.give,
      close: labels.cancel,
      actions: is_on_file ? [{ label: labels.erase, onClick: erase }] : [],
      onSubmit: (values) => change("give_access_details", values),
    });
  }

  return { actions: onlyFor(ticket, [{ label: labels.action, onClick: open }]) };
}
