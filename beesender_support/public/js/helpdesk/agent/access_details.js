// "Access details" in the header of Helpdesk's ticket page, for agents.
import { element } from "../../shared/dom.js";
import { openDialog, wordsOf } from "../dialog.js";
import { givenBy } from "../ticket/given_by.js";

const API = "beesender_support.api.agent";

export async function accessDetailsActions({ doc, call, toast }) {
  const ticket = doc.name;
  const { labels, ...details } = await call(`${API}.access_details_of`, {
    ticket,
  }).catch(() => ({}));
  if (!details.is_on_file) return [];

  async function read() {
    try {
      const { secret, ...given } = await call(`${API}.read_access_details`, { ticket });
      openDialog({
        title: `${labels.title} #${ticket}`,
        body: [givenBy(given, labels.given), verbatim(secret), labels.noted],
        close: labels.close,
      });
    } catch (error) {
      toast.error(wordsOf(error));
    }
  }

  return [{ label: labels.title, onClick: read }];
}

function verbatim(text) {
  // With a place in the tab order, so that the keyboard can scroll it.
  return element("pre", { class: "verbatim", tabindex: 0 }, text);
}
