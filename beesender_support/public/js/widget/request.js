// One request: how it stands, what was said in it, and a message more.
import { element } from "../shared/dom.js";
import { isBusy } from "../shared/forms.js";
import { instantInWords } from "../shared/instants.js";
import { fill } from "../shared/sentences.js";
import { keptList } from "./kept_list.js";
import { busy, button, field, filesAsSent, filesOf, heading, icon } from "./parts.js";
import { idOfSent, newKey, unsentOf } from "./store.js";

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
    store.seen = { ...store.seen, [ticket]: request.answered };
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
  const files = filesOf(page, kept.files, (names) => {
    kept.files = names;
    store.keepMessage(ticket, kept);
  });
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
      const chosen = files.chosen();
      const sent = { text: kept.text, attachments: await filesAsSent(chosen) };
      const id = idOfSent(kept.id, sent);
      await server.call("append", { ticket, message_id: id, ...sent });
      // What was typed or chosen meanwhile is the next message.
      Object.assign(kept, { id: newKey(), text: unsentOf(kept.text, sent.text) });
      files.drop(chosen);
      store.keepMessage(ticket, kept);
      if (message.input.value !== kept.text) message.input.value = kept.text;
      widget.say(labels.message_sent);
      message.input.focus();
      widget.renew();
    } catch (fault) {
      widget.complain(fault, { text: message });
    } finally {
      done();
    }
  });

  async function refresh() {
    const request = await server.call("request", { ticket });
    if (widget.isShown(view)) draw(request, false);
  }

  draw(shown, true);
  const view = {
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
    every: [EVERY, refresh],
  };
  return view;
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
