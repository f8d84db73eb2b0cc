// "Give access" on a request in the portal, for the person who raised it.
import { openDialog, wordsOf } from "../dialog.js";
import { givenBy } from "../ticket/given_by.js";

const API = "beesender_support.api.portal";

export async function accessDetailsActions({ doc, call, toast }) {
  const ticket = doc.name;
  let details = await call(`${API}.access_details_of`, { ticket }).catch(() => null);
  // Raised by somebody else.
  if (!details) return [];
  const { labels } = details;

  async function change(method, values = {}) {
    details = await call(`${API}.${method}`, { ticket, ...values });
    toast.success(details.is_on_file ? labels.kept : labels.erased);
  }

  async function erase(dialog) {
    await change("erase_access_details").then(
      () => dialog.close(),
      (error) => toast.error(wordsOf(error)),
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
        {
          name: "secret",
          label: labels.field,
          rows: 5,
          required: true,
          maxLength: 10_000,
          autocomplete: "off",
          spellcheck: false,
        },
      ],
      submit: is_on_file ? labels.replace : labels.give,
      close: labels.cancel,
      actions: is_on_file ? [{ label: labels.erase, onClick: erase }] : [],
      onSubmit: (values) => change("give_access_details", values),
    });
  }

  return [{ label: labels.action, onClick: open }];
}
