// What the widget keeps in the browser, for the page's own origin: the session, and what
// was written and not sent. Neither files nor access details are ever kept.

const EMPTY = { token: null, address: null, draft: null, messages: {} };

// `storage` is like localStorage, which a browser may refuse; then a page is remembered
// for as long as it is open.
export function storeOf(storage, name) {
  let kept = { ...EMPTY, ...read(storage, name) };

  function update(changes) {
    kept = { ...kept, ...changes };
    try {
      storage.setItem(name, JSON.stringify(kept));
    } catch {
      // Full, or refused.
    }
  }

  return {
    get token() {
      return kept.token;
    },
    get address() {
      return kept.address;
    },
    get draft() {
      return kept.draft;
    },
    set draft(draft) {
      update({ draft });
    },
    // What somebody else wrote in this browser is not shown to whoever comes next.
    signIn(token, address) {
      const isSame = address === kept.address;
      update({ ...(isSame ? {} : EMPTY), token, address });
    },
    // The proof is over; the same person may prove it again and go on.
    forgetToken() {
      update({ token: null });
    },
    signOut() {
      update(EMPTY);
    },
    messageFor(ticket) {
      return kept.messages[ticket] ?? { id: newKey(), text: "" };
    },
    keepMessage(ticket, message) {
      const messages = { ...kept.messages };
      if (message?.text) messages[ticket] = message;
      else delete messages[ticket];
      update({ messages });
    },
  };
}

function read(storage, name) {
  try {
    return JSON.parse(storage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}

// By which the site knows that the same thing is sent again.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function newDraft() {
  return { key: newKey(), subject: "", description: "", answers: {}, chosen: {} };
}
