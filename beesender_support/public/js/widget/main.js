// The widget on a page: a button, a dialog, and the view that it shows. All of it lives in
// the shadow of one element; nothing else of the page is touched.
import { element } from "../shared/dom.js";
import { fill } from "../shared/sentences.js";
import { turns } from "../shared/turns.js";
import { tooLargeTogether } from "./files.js";
import { homeView, readHome } from "./home.js";
import { button, icon, idOf } from "./parts.js";
import { serverOf } from "./server.js";
import { emailView } from "./sign_in.js";
import { storeOf } from "./store.js";
import { sheetOf } from "./styles.js";
import { badgeOf } from "./unseen.js";

const MINUTE = 60_000;
// A tick of a clock may come a little early, and is no less a minute after the last.
const NEARLY_MINUTE = 55_000;
const SMALL = "(max-width: 520px)";
// Faults of which the site says what people can do about them.
const TOLD = ["refused", "often", "invalid"];

export function start({ site, page }) {
  const { root } = hostOf(page);
  document.body.append(root.host);
  widgetIn(root, { site, page, storage: storageOf() });
}

// The host of the widget, and its shadow with the styles in it.
export function hostOf(page) {
  const host = element("div", {
    "data-beesender-widget": page.name,
    lang: page.language,
  });
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheetOf(page)];
  return { host, root };
}

// A browser may refuse even to name it.
function storageOf() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

// `isPreview`: nobody is asked for the focus, and it stands open. It is drawn again and
// again, so it keeps no clock and listens to nothing outside itself.
export function widgetIn(root, { site, page, storage, server: given, isPreview }) {
  const { labels } = page;
  const store = storeOf(storage, `beesender-widget ${site} ${page.name}`);
  const server = given ?? serverOf({ site, page, token: () => store.token });
  const titleId = idOf("title");
  const badge = badgeOf({ labels, store });
  const launcher = button("launcher", [icon("chat"), labels.open, badge.nodes], open, {
    "aria-haspopup": "dialog",
    "aria-expanded": "false",
  });
  const backButton = button("plain", icon("back"), () => view?.back?.(), {
    "aria-label": labels.back,
  });
  const header = element(
    "header",
    {},
    backButton,
    element(
      "div",
      { class: "titles" },
      element("p", { class: "title", id: titleId }, page.title),
    ),
    button("plain", icon("close"), close, { "aria-label": labels.close }),
  );
  const notice = element("p", { class: "notice", role: "alert" });
  const status = element("p", { class: "unseen", role: "status" });
  const content = element("div", {});
  const body = element("div", { class: "view stack" }, notice, content);
  const dialog = element(
    "dialog",
    { "aria-labelledby": titleId },
    header,
    body,
    status,
  );
  root.append(launcher, dialog);

  let view = null;
  let timer = null;
  let lastLook = Number.NEGATIVE_INFINITY;
  const begin = turns();
  const widget = {
    ...{ page, labels, server, store, badge },
    ...{ show, say, alert, complain, home, open: openRequest, signOut, renew, isShown },
  };

  function open() {
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    // On a phone it covers the page, which must not be reached behind it.
    if (window.matchMedia(SMALL).matches && !isPreview) dialog.showModal();
    else dialog.show();
    if (view) {
      keepAlive();
      renew();
    } else home();
    focusView();
  }

  function close() {
    dialog.close();
  }

  // Also when the browser closes it.
  dialog.addEventListener("close", () => {
    clearInterval(timer);
    badge.draw();
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
  });
  // Keys typed here are not meant for shortcuts of the page, which sees no field in them.
  for (const kind of ["keydown", "keypress", "keyup"]) {
    dialog.addEventListener(kind, (event) => event.stopPropagation());
  }
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  });
  let address = store.address;

  function listenToPage() {
    document.addEventListener("visibilitychange", () => {
      renew();
      lookForAnswers();
    });
    setInterval(lookForAnswers, MINUTE);
    lookForAnswers();
    window.addEventListener("online", () => {
      if (!notice.dataset.unreachable) return;
      alert("");
      say(labels.back_online);
    });
    window.addEventListener("storage", ({ key }) => {
      if (key !== null && key !== store.name) return;
      followOtherPages();
      badge.draw();
    });
  }

  // While it is closed, at most once a minute of a page that somebody has in view.
  async function lookForAnswers() {
    if (!store.token || dialog.open || document.hidden) return;
    if (performance.now() - lastLook < NEARLY_MINUTE) return;
    lastLook = performance.now();
    const { token } = store;
    try {
      const requests = await server.call("last_requests");
      // Somebody else may have signed in meanwhile, in another page.
      if (store.token === token) badge.show(requests);
    } catch (fault) {
      if (fault.kind === "session" && store.token === token) forgetProof();
    }
  }

  function forgetProof() {
    store.forgetToken();
    badge.forget();
  }

  // Somebody signed out in another page, or somebody else signed in there: what stands
  // here is of whoever was there.
  function followOtherPages() {
    if (address === store.address) return;
    address = store.address;
    badge.forget();
    begin();
    view = null;
    clearInterval(timer);
    drawLoading();
    if (dialog.open) home();
  }

  // Until there is something to show.
  function drawLoading() {
    backButton.hidden = true;
    header.classList.remove("has-back");
    content.replaceChildren(element("p", { class: "muted" }, labels.loading));
  }

  // Nothing that was asked for before is shown any more.
  function show(next) {
    begin();
    view = next;
    address = store.address;
    alert("");
    content.replaceChildren(view.node);
    backButton.hidden = !view.back;
    header.classList.toggle("has-back", Boolean(view.back));
    body.scrollTop = 0;
    keepAlive();
    focusView();
  }

  function focusView() {
    if (!dialog.open || isPreview) return;
    const target = view?.focus?.() ?? content.querySelector("h2");
    target?.focus({ preventScroll: true });
  }

  function keepAlive() {
    clearInterval(timer);
    if (!view?.every || isPreview) return;
    timer = setInterval(renew, view.every[0]);
  }

  // Quietly: what cannot be read now is read the next time.
  async function renew() {
    const renewed = view;
    if (!renewed?.every || document.hidden || !dialog.open) return;
    try {
      await renewed.every[1]();
    } catch (fault) {
      if (isShown(renewed)) noteSession(fault);
    }
  }

  function isShown(some) {
    return some === view;
  }

  async function home() {
    if (!store.token) return show(emailView(widget));
    await goTo(() => readHome(widget), homeView, home);
  }

  async function openRequest(ticket, viewOf) {
    await goTo(
      () => server.call("request", { ticket }),
      viewOf,
      () => openRequest(ticket, viewOf),
    );
  }

  // What cannot be shown now can be tried again. Somebody who went elsewhere meanwhile is
  // left there.
  async function goTo(read, viewOf, again) {
    const isLast = begin();
    if (!view) drawLoading();
    try {
      const answer = await read();
      if (isLast()) show(viewOf(widget, answer));
    } catch (fault) {
      if (!isLast()) return;
      complain(fault);
      if (fault.kind === "session" || view) return;
      const retry = button("quiet", labels.try_again, again);
      content.replaceChildren(retry);
      retry.focus();
    }
  }

  // Whoever comes next to this browser must find nothing, whatever the site knows and
  // however long it takes to tell it.
  async function signOut() {
    const { token } = store;
    store.signOut();
    badge.forget();
    const signedOut = emailView(widget);
    show(signedOut);
    try {
      await server.call("sign_out", {}, token);
    } catch (fault) {
      // Without a proof, or where there is no widget any more, there is nothing to end. A
      // page that lost its widget cannot even read that.
      const isEnded = ["session", "refused"].includes(fault.kind);
      if (!isEnded && isShown(signedOut)) alert(labels.signed_out_here);
    }
  }

  // Said once to people who cannot see it.
  function say(words) {
    status.textContent = "";
    setTimeout(() => {
      status.textContent = words;
    }, 50);
  }

  function alert(words) {
    notice.textContent = words;
    delete notice.dataset.unreachable;
    if (words) body.scrollTop = 0;
  }

  // Says what went wrong: at the field, if the site names one of `fields`.
  function complain(fault, fields = {}) {
    if (noteSession(fault)) return;
    const { kind, faults = [] } = fault;
    const placed = faults.filter(({ field }) => fields[field]);
    for (const { field, message } of placed) fields[field].complain(message);
    if (placed.length) return fields[placed[0].field].input.focus();
    const isTold = TOLD.includes(kind) && faults.length;
    if (kind === "unreachable") {
      alert(labels.unreachable);
      notice.dataset.unreachable = "yes";
    } else if (kind === "large") {
      const [label, most] = tooLargeTogether(page.files);
      alert(fill(labels[label], most));
    } else alert(isTold ? fault.message : labels.fault);
  }

  // The proof is over: it is asked for again, and what was written stays.
  function noteSession(fault) {
    if (fault.kind !== "session") return false;
    forgetProof();
    show(emailView(widget));
    alert(fault.message);
    return true;
  }

  if (isPreview) {
    launcher.hidden = true;
    // Shown like this a dialog takes no focus.
    dialog.setAttribute("open", "");
    show(emailView(widget));
  } else listenToPage();
  return widget;
}
