// The page "My support plan": times in the reader's zone, the wait until support opens,
// and the dialogs about seats. What is said comes from the server, ready in the page.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ONE_DAY = 24 * 60;
const SAID = "beesender-support-plan-said";

const language = document.documentElement.lang;

// No second full stop behind a name that ends in one.
function fill(template, ...values) {
  return template.replace(/\{(\d)\}(\.?)/g, (_, number, stop) =>
    stop && String(values[number]).endsWith(".") ? values[number] : values[number] + stop
  );
}

// Times in the reader's zone

function localParts(instant) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(instant);
  const of = (type) => parts.find((part) => part.type === type).value;
  return {
    day: `${of("year")}-${of("month")}-${of("day")}`,
    time: `${of("hour")}:${of("minute")}`,
  };
}

function weekday(instant) {
  return new Intl.DateTimeFormat(language, { weekday: "short" }).format(instant);
}

function readersZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

// The weekday is named where it is not that of the row.
function timeOn(day, instant) {
  const local = localParts(instant);
  return local.day === day ? local.time : `${weekday(instant)} ${local.time}`;
}

// The midnight that ends the day is its 24:00.
function closingTimeOn(day, closing) {
  const { day: before } = localParts(new Date(closing - MINUTE));
  const { time } = localParts(closing);
  return time === "00:00" && before === day ? "24:00" : timeOn(day, closing);
}

function hoursOn(day, hours) {
  const opens = timeOn(day, new Date(hours.dataset.opens));
  return `${opens}–${closingTimeOn(day, new Date(hours.dataset.closes))}`;
}

function showWeekInReadersZone(week) {
  const pairs = [...week.querySelectorAll("[data-opens]")].map((hours) => {
    const row = hours.closest("tr");
    return { row, theirs: hours.textContent, yours: hoursOn(row.dataset.day, hours) };
  });
  if (pairs.every(({ theirs, yours }) => theirs === yours)) return;
  for (const { row, yours } of pairs) {
    const line = document.createElement("div");
    line.textContent = yours;
    row.querySelector("[data-your-time]").append(line);
  }
  const title = week.querySelector("[data-your-zone]");
  title.textContent = fill(title.dataset.sentence, readersZone());
  week.querySelectorAll("[hidden]").forEach((cell) => (cell.hidden = false));
}

function showInReadersZone(note) {
  const instant = new Date(note.dataset.instant);
  const { day, time } = localParts(instant);
  if (`${day}T${time}` === note.dataset.local) return;
  const said = `${weekday(instant)} ${time}`;
  note.textContent = fill(note.dataset.sentence, readersZone(), said);
  note.hidden = false;
}

// The wait until support opens, or closes

const aheadOfUs = new Date(document.body.dataset.now) - Date.now();

function waitInWords(minutes, words) {
  if (minutes >= ONE_DAY) {
    const hours = Math.floor((minutes % ONE_DAY) / 60);
    return fill(hours ? words.days : words.wholeDays, Math.floor(minutes / ONE_DAY), hours);
  }
  if (minutes < 60) return fill(words.minutes, minutes);
  const rest = minutes % 60;
  return fill(rest ? words.hours : words.wholeHours, Math.floor(minutes / 60), rest);
}

// By the server's clock: the reader's may be wrong.
function timeTo(instant) {
  return new Date(instant) - (Date.now() + aheadOfUs);
}

function countDown(label) {
  const left = timeTo(label.dataset.until);
  if (left <= 0) {
    if (!document.querySelector("dialog[open]")) location.reload();
  } else if (label.dataset.sentence) {
    const wait = waitInWords(Math.ceil(left / MINUTE), label.dataset);
    label.textContent = fill(label.dataset.sentence, wait);
  }
}

// Seats

function openDialog(id) {
  const dialog = document.getElementById(id);
  dialog.querySelector("[role=alert]").hidden = true;
  dialog.showModal();
  return dialog;
}

function askToEndSeat({ dataset }) {
  const dialog = openDialog("end-seat");
  const title = dialog.querySelector("[data-sentence]");
  title.textContent = fill(title.dataset.sentence, dataset.name);
  dialog.querySelector("[name=contact]").value = dataset.endSeat;
  dialog.querySelector("form").dataset.name = dataset.name;
}

function textOf(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent;
}

function refusalIn(answer) {
  const messages = JSON.parse(answer._server_messages || "[]").map((each) => JSON.parse(each));
  return messages.map(({ message }) => textOf(message)).join(" ");
}

// What the server refuses it says in words; null where it agreed.
async function refusalOf(form) {
  const address = `/api/method/beesender_support.api.portal.${form.dataset.endpoint}`;
  const response = await fetch(address, {
    method: "POST",
    headers: { "X-Frappe-CSRF-Token": document.body.dataset.csrfToken },
    body: new URLSearchParams({
      plan: form.dataset.plan,
      contact: form.elements.contact.value,
    }),
  });
  if (response.ok) return null;
  return refusalIn(await response.json());
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const alert = form.querySelector("[role=alert]");
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  const refusal = await refusalOf(form).catch(() => "");
  button.disabled = false;
  if (refusal === null) {
    sessionStorage.setItem(SAID, fill(form.dataset.done, nameIn(form)));
    location.reload();
    return;
  }
  alert.textContent = refusal || alert.dataset.fallback;
  alert.hidden = false;
}

function nameIn(form) {
  return form.dataset.name || form.elements.contact.selectedOptions[0].dataset.name;
}

function saySo() {
  const said = sessionStorage.getItem(SAID);
  if (!said) return;
  sessionStorage.removeItem(SAID);
  const done = document.getElementById("done");
  done.textContent = said;
  done.hidden = false;
  done.focus();
}

function onEach(selector, event, act) {
  document
    .querySelectorAll(selector)
    .forEach((element) => element.addEventListener(event, act));
}

document.querySelectorAll("[data-week]").forEach(showWeekInReadersZone);
document.querySelectorAll("[data-instant]").forEach(showInReadersZone);
document.querySelectorAll("[data-until]").forEach((label) => {
  setInterval(() => countDown(label), 15 * SECOND);
});
onEach("[data-open-dialog]", "click", ({ currentTarget }) =>
  openDialog(currentTarget.dataset.openDialog)
);
onEach("[data-end-seat]", "click", ({ currentTarget }) =>
  askToEndSeat(currentTarget)
);
onEach("dialog [data-close]", "click", ({ currentTarget }) =>
  currentTarget.closest("dialog").close()
);
onEach("dialog form", "submit", submit);
saySo();
