// Who asks: an address, proved by the code that was mailed to it.
import { element } from "../shared/dom.js";
import { isBusy } from "../shared/forms.js";
import { fill } from "../shared/sentences.js";
import { busy, button, field, heading, openingOf, placeFor } from "./parts.js";

const MINUTE = 60_000;

export function emailView(widget) {
  const { page, labels, server, store } = widget;
  const email = field(
    element("input", {
      type: "email",
      autocomplete: "email",
      inputmode: "email",
      maxlength: "140",
      required: true,
      value: store.address,
    }),
    { label: labels.email, hint: labels.email_hint },
  );
  const submit = element("button", { type: "submit", class: "main" }, labels.send_code);
  const opening = placeFor(openingOf(page.opening, page));
  const form = element(
    "form",
    { class: "stack", novalidate: true },
    email.node,
    submit,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy(submit)) return;
    const address = email.input.value.trim();
    if (!address || !email.input.validity.valid) {
      email.complain(address ? labels.wrong_email : fill(labels.needed, labels.email));
      return email.input.focus();
    }
    const done = busy(submit, labels.sending);
    try {
      await server.call("send_code", { email: address });
      widget.show(codeView(widget, address));
    } catch (fault) {
      widget.complain(fault, { email });
    } finally {
      done();
    }
  });
  return {
    node: element(
      "div",
      { class: "stack" },
      heading(page.greeting),
      opening.node,
      form,
    ),
    focus: () => email.input,
    every: [
      MINUTE,
      async () => {
        page.opening = (await server.call("page")).opening;
        opening.show(openingOf(page.opening, page));
      },
    ],
  };
}

function codeView(widget, address) {
  const { labels, server, store } = widget;
  const code = field(
    element("input", {
      type: "text",
      class: "code",
      autocomplete: "one-time-code",
      inputmode: "numeric",
      // A pasted code may have blanks.
      maxlength: "12",
      required: true,
    }),
    { label: labels.code, hint: fill(labels.code_sent, address) },
  );
  const submit = element("button", { type: "submit", class: "main" }, labels.confirm);
  const form = element("form", { class: "stack", novalidate: true }, code.node, submit);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy(submit)) return;
    const secret = code.input.value.replace(/\D/g, "");
    if (!secret) {
      code.complain(fill(labels.needed, labels.code));
      return code.input.focus();
    }
    const done = busy(submit, labels.sending);
    try {
      const { session } = await server.call("sign_in", { email: address, secret });
      if (session) {
        store.signIn(session, address);
        return widget.home();
      }
      code.complain(labels.wrong_code);
      code.input.focus();
      code.input.select();
    } catch (fault) {
      widget.complain(fault, { secret: code, email: code });
    } finally {
      done();
    }
  });
  const another = button("link", labels.another_code, async () => {
    try {
      await server.call("send_code", { email: address });
      widget.say(labels.code_again);
    } catch (fault) {
      widget.complain(fault, { email: code });
    }
    code.input.focus();
  });
  const elsewhere = button("link", labels.another_address, () =>
    widget.show(emailView(widget)),
  );
  return {
    node: element(
      "div",
      { class: "stack" },
      heading(labels.confirm_address),
      form,
      element("div", { class: "row" }, another, elsewhere),
    ),
    back: () => widget.show(emailView(widget)),
    focus: () => code.input,
  };
}
