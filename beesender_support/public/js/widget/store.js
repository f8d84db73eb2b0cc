// What the widget keeps in the browser, for the page's own origin: the session, and what
// was written and not sent. Neither files nor access details are ever kept.

const EMPTY = { token: null, address: null, draft: null, messages: {}, seen: null };

// `storage` is like localStorage, which a browser may refuse; then a page is remembered
// for as long as it is open. It is read anew each time: another page of the same origin
// may have written what is sent, or signed out.
export function storeOf(storage, name) {
  let own = null;

  function kept() {
    return own ?? { ...EMPTY, ...read(storage, name) };
  }

  function update(changes) {
    const next = { ...kept(), ...changes };
    try {
      storage.setItem(name, JSON.stringify(next));
      own = null;
    } catch {
      // Full, or refused.
      own = next;
    }
  }

  return {
    name,
    get token() {
      return kept().token;
    },
    get address() {
      return kept().address;
    },
    get draft() {
      return kept().draft;
    },
    set draft(draft) {
      update({ draft });
    },
    get seen() {
      return kept().seen;
    },
    set seen(seen) {
      const { token, seen: before } = kept();
      if (token && JSON.stringify(seen) !== JSON.stringify(before)) update({ seen });
    },
    // What somebody else wrote in this browser is not shown to whoever comes next.
    signIn(token, address) {
      const isSame = address === kept().address;
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
      return kept().messages[ticket] ?? { id: newKey(), text: "" };
    },
    keepMessage(ticket, message) {
      const messages = { ...kept().messages };
      if (message?.text || message?.files?.length) messages[ticket] = message;
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

// What is left of a text to send, once `sent` is: somebody may have gone on writing, or
// written something else.
export function unsentOf(text, sent) {
  const rest = text.slice(sent.length);
  return text.startsWith(sent) && /^(\s|$)/.test(rest) ? rest.trimStart() : text;
}

// Of a draft, for as long as it is written.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// By which the site knows that the same is sent again: a draft whose answer was lost may
// be changed, or be open in two pages, and what else is sent then is another request.
export function idOfSent(key, sent) {
  return `${key}-${hashOf(JSON.stringify(sent))}`;
}

// Two hashes (FNV-1a) in one, of 64 bits. The browser's own are missing on pages without
// HTTPS, and nobody gains by two drafts of theirs that have the same.
function hashOf(text) {
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ unit, 0x85ebca6b);
  }
  const parts = [one, other].map((part) => (part >>> 0).toString(16).padStart(8, "0"));
  return parts.join("");
}

export function newDraft() {
  return { key: newKey(), subject: "", description: "", answers: {}, chosen: {} };
}
