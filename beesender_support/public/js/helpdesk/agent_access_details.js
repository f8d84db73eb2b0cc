// "Access details" in the header of Helpdesk's ticket page, for agents.
async function setupForm({ doc, call, toast }) {
  if (!isOpenTicket(doc?.name)) return { actions: [] };
  const api = "beesender_support.api.agent";
  const ticket = doc.name;
  const { labels, ...details } = await call(`${api}.access_details_of`, { ticket }).catch(
    () => ({})
  );
  if (!details.is_on_file) return { actions: [] };

  async function read() {
    try {
      const { secret, ...given } = await call(`${api}.read_access_details`, { ticket });
      const text = element("pre", "", secret);
      // So that the keyboard can scroll it.
      text.tabIndex = 0;
      text.style.cssText =
        "white-space: pre-wrap; overflow-wrap: anywhere; font-family: monospace;" +
        "padding: 0.5rem; border-radius: 0.5rem; background: var(--surface-gray-2, #f3f3f3)";
      openDialog({
        title: `${labels.title} #${ticket}`,
        body: [givenBy(given, labels.given), text, labels.noted],
        close: labels.close,
      });
    } catch (error) {
      toast.error(wordsOf(error));
    }
  }

  return { actions: onlyFor(ticket, [{ label: labels.title, onClick: read }]) };
}
