// The site's endpoints. What goes wrong is a Fault of one of a few kinds.

const API = "beesender_support.api.widget";
const READS = new Set([
  ...["page", "new_request", "last_requests", "request", "attachment"],
]);
const LONGEST = 120_000;
const KINDS = {
  401: "session",
  403: "refused",
  404: "refused",
  413: "large",
  429: "often",
};

// `kind` is unreachable, session, refused, large, often, invalid or fault; `faults` are what
// the site says, each with its `field` and `message`.
export class Fault extends Error {
  constructor(kind, faults = []) {
    super(faults.map(({ message }) => message).join(" ") || kind);
    this.kind = kind;
    this.faults = faults;
  }
}

// `token()` is that of the session, null without one; a call may be given another.
export function serverOf({ site, page, token }) {
  async function send(name, sent, session = token()) {
    const about = { widget: page.name, language: page.language };
    const isRead = READS.has(name);
    const query = new URLSearchParams(isRead ? { ...sent, ...about } : about);
    const headers = { Accept: "application/json" };
    if (session) headers["X-Beesender-Session"] = session;
    if (!isRead) headers["Content-Type"] = "application/json";
    const body = isRead ? undefined : JSON.stringify({ ...sent, ...about });
    try {
      return await fetch(`${site}/api/method/${API}.${name}?${query}`, {
        method: isRead ? "GET" : "POST",
        credentials: "omit",
        headers,
        body,
        // Nobody waits for it: it goes on when the page is left at once.
        keepalive: name === "sign_out",
        signal: AbortSignal.timeout(LONGEST),
      });
    } catch {
      throw new Fault("unreachable");
    }
  }

  async function call(name, sent = {}, session = token()) {
    const answer = await send(name, sent, session);
    if (answer.ok) return (await bodyOf(answer)).message;
    throw await faultOf(answer);
  }

  async function file(sent) {
    const answer = await send("attachment", sent);
    if (answer.ok) return answer.blob();
    throw await faultOf(answer);
  }

  return { call, file };
}

// A connection may break while the answer is read.
async function bodyOf(answer) {
  try {
    return await answer.json();
  } catch {
    throw new Fault("unreachable");
  }
}

async function faultOf(answer) {
  const said = await answer.json().catch(() => ({}));
  const faults = Array.isArray(said.errors) ? said.errors : [];
  if (answer.status >= 500 && !faults.length) return new Fault("fault");
  return new Fault(
    KINDS[answer.status] ?? (faults.length ? "invalid" : "fault"),
    faults,
  );
}
