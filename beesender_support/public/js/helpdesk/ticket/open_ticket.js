// Helpdesk goes from ticket to ticket without loading its page, runs the scripts of both,
// and shows the actions of the run that ended last.

export function isOpenTicket(ticket) {
  return window.location.pathname.endsWith(`/${ticket}`);
}

// Actions of another ticket than the one that is open only load its page.
export function onlyFor(ticket, actions) {
  return actions.map((action) => ({
    ...action,
    onClick: () => (isOpenTicket(ticket) ? action.onClick() : window.location.reload()),
  }));
}

// As Helpdesk tells a phone from a desk.
export function isPhone() {
  return window.innerWidth < 768;
}
