// One request: how it stands, what was said in it, and a message more.
import { element } from "../shared/dom.js";
import { instantInWords } from "../shared/instants.js";
import { keptList } from "./kept_list.js";
import { busy, button, field, filesOf, heading, icon, isBusy } from "./parts.js";
import { idOfSent, newKey } from "./store.js";
import { fill } from "./words.js";

const EVERY = 10_000;

export function requestView(widget, shown) {
  const { page, labels, server, store } = widget;
  const { ticket } = shown;
  const standing = element("p", { class: "promise" });
  const list = element("ul", { class: "messages" });
  const state = element("p", { class: "muted" });
  const drawMessages = keptList(list, messageOf);
  let drawn = "";
  let known = new Set();

  function draw(request, isFirst) {
    const said = JSON.stringify(request);
    if (said === drawn) return;
    drawn = said;
    state.textContent = `${request.ticket} · ${request.status}`;
    standing.textContent = request.sentence;
    drawMessages(request.messages);
    const isNew = ({ id, author }) => author && !known.has(id);
    if (!isFirst && request.messages.some(isNew)) widget.say(labels.new_answer);
    known = new Set(request.messages.map(({ id }) => id));
  }

  function messageOf({ author, at, paragraphs, files }) {
    const by = `${author || labels.you} · ${instantInWords(at, page.language)}`;
    return element(
      "li",
      { class: author ? "message" : "message is-own" },
      element("span", { class: "by" }, by),
      element(
        "div",
        { class: "said" },
        paragraphs.map((runs) => element("p", {}, runs.map(runOf))),
        files.map(fileOf),
      ),
    );
  }

  function fileOf({ file, name }) {
    const save = async () => {
      try {
        saveAs(await server.file({ ticket, file }), name);
      } catch (fault) {
        widget.complain(fault);
      }
    };
    return button("link attachment", [icon("file"), name], save);
  }

  const kept = store.messageFor(ticket);
  const message = field(element("textarea", { maxlength: "50000" }), {
    label: labels.message,
  });
  message.input.value = kept.text;
  message.input.addEventListener("input", () => {
    kept.text = message.input.value;
    store.keepMessage(ticket, kept);
  });
  let files = filesOf(page);
  const submit = element(
    "button",
    { type: "submit", class: "main" },
    labels.send_message,
  );
  const form = element(
    "form",
    { class: "compose", novalidate: true },
    message.node,
    files.node,
    submit,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy(submit)) return;
    if (!kept.text.trim()) {
      message.complain(fill(labels.needed, labels.message));
      return message.input.focus();
    }
    const done = busy(submit, labels.sending);
    try {
      const attachments = await files.sent();
      const sent = { text: kept.text, attachments };
      const id = idOfSent(kept.id, sent);
      await server.call("append", { ticket, message_id: id, ...sent });
      Object.assign(kept, { id: newKey(), text: "" });
      store.keepMessage(ticket, null);
      message.input.value = "";
      const fresh = filesOf(page);
      files.node.replaceWith(fresh.node);
      files = fresh;
      widget.say(labels.message_sent);
      message.input.focus();
      await refresh();
    } catch (fault) {
      widget.complain(fault, { text: message });
    } finally {
      done();
    }
  });

  async function refresh() {
    draw(await server.call("request", { ticket }), false);
  }

  draw(shown, true);
  return {
    node: element(
      "div",
      { class: "stack" },
      heading(shown.subject),
      state,
      standing,
      list,
      form,
    ),
    back: () => widget.home(),
    // Quietly: what cannot be read now is read the next time.
    every: [EVERY, () => refresh().catch((fault) => widget.noteSession(fault))],
  };
}

function runOf([text, link]) {
  if (!link) return text;
  const attributes = { href: link, target: "_blank", rel: "noopener noreferrer" };
  return element("a", attributes, text);
}

function saveAs(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
