// Keeps the part of the page that changes up to date, and sends decisions. The server draws; this only asks it to.
const live = document.getElementById("live");
const connection = document.getElementById("connection");
const announcement = document.getElementById("announcement");
const pollEvery = 5000;
const silentFor = 45000;

let refreshing = false;
let again = false;
let awaySince = null;

async function refresh() {
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = true;
  try {
    const answer = await fetch(live.dataset.part, { cache: "no-store", redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      location.reload();
      return;
    }
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    show(await answer.text());
    awaySince = null;
  } catch {
    awaySince ??= new Date();
  } finally {
    refreshing = false;
  }
  say();
  if (again) {
    again = false;
    refresh();
  }
}

function show(markup) {
  const open = new Set([...live.querySelectorAll("details[open]")].map(d => d.id));
  const focused = live.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : null;
  live.innerHTML = markup;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) (document.getElementById(focused)?.querySelector("summary, a") ?? document.getElementById(focused))?.focus();
  announce();
  offer();
  countDown();
}

function announce() {
  const text = live.querySelector("[data-announce]")?.dataset.announce ?? "";
  if (announcement.dataset.last !== undefined && announcement.dataset.last !== text) announcement.textContent = text;
  announcement.dataset.last = text;
}

function countDown() {
  for (const at of document.querySelectorAll("[data-until]")) {
    const seconds = Math.max(0, Math.round((new Date(at.dataset.until) - Date.now()) / 1000));
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    at.textContent = seconds === 0 ? "(now)" : `(in ${h ? `${h}h ` : ""}${h || m ? `${m}m ` : ""}${s}s)`;
  }
}

// Live: server-sent events say when something has happened. Where they do not come through, the page asks every few seconds.
let events = null;
let heard = 0;

function listen() {
  events = new EventSource(live.dataset.events);
  const hear = () => {
    heard = Date.now();
    say();
  };
  events.addEventListener("open", hear);
  events.addEventListener("ping", hear);
  events.addEventListener("error", say);
  for (const name of ["status", "journal"]) {
    events.addEventListener(name, () => {
      hear();
      refresh();
    });
  }
}

const isLive = () => events !== null && events.readyState === EventSource.OPEN && Date.now() - heard < silentFor;

function poll() {
  if (document.hidden || isLive()) return;
  if (events?.readyState === EventSource.CLOSED && Date.now() - heard > silentFor) listen();
  refresh();
}

function say() {
  connection.textContent = awaySince !== null ? `The server does not answer since ${awaySince.toLocaleTimeString()}; asking again.`
    : isLive() ? "Live."
    : `Asking every ${pollEvery / 1000} seconds.`;
}

// Decisions.
const decisions = document.getElementById("decisions");
const dialog = document.getElementById("confirm");
const field = id => document.getElementById(id);
let chosen = null;

function offer() {
  if (!decisions) return;
  const open = (live.querySelector("[data-actions]")?.dataset.actions ?? "").split(" ");
  for (const button of decisions.querySelectorAll("button")) {
    const wanted = open.includes(button.dataset.command);
    if (!wanted && document.activeElement === button) field("title").focus();
    button.hidden = !wanted;
  }
}

function ask(button) {
  const required = button.dataset.reason === "required";
  chosen = { command: button.dataset.command, question: live.querySelector("[data-question]")?.dataset.question, id: newId(), button };
  field("confirm-title").textContent = `${button.textContent}?`;
  field("confirm-text").textContent = button.dataset.text;
  field("reason-note").textContent = required ? "(needed)" : "(may be left out)";
  field("reason").required = required;
  field("reason").value = "";
  field("confirm-problem").textContent = "";
  field("confirm-yes").textContent = button.textContent;
  field("confirm-yes").className = button.className;
  field("confirm-yes").disabled = chosen.command === "undo";
  field("version-choice").hidden = true;
  dialog.showModal();
  field("reason").focus();
  if (chosen.command === "undo") listVersions(chosen);
}

// The cluster is asked only now: what it keeps changes, and few look.
async function listVersions(asked) {
  const say = text => {
    if (chosen === asked) field("confirm-problem").textContent = text;
  };
  try {
    const answer = await fetch(`${decisions.dataset.path}/revisions`, { cache: "no-store" });
    const said = await answer.json().catch(() => null);
    if (!answer.ok) return say(said?.detail ?? `The former versions can't be listed: status ${answer.status}.`);
    if (said.length === 0) return say("The cluster keeps no former version.");
    if (chosen !== asked) return;
    field("version").replaceChildren(...said.map(version => new Option(named(version), version.revision)));
    field("version-choice").hidden = false;
    field("confirm-yes").disabled = false;
    if (!field("reason").value) field("version").focus();
  } catch {
    say("The server does not answer. Close this, and try again.");
  }
}

// What tells versions apart comes first, because a phone has no room for the registry.
function named(version) {
  const images = version.images.map(image => image.split("/").at(-1).replace(/(@sha256:.{12}).*/, "$1")).join(", ");
  return `${images || "unknown image"} (${version.revision}${version.createdAt ? `, of ${version.createdAt.slice(0, 10)}` : ""})`;
}

async function decide(event) {
  event.preventDefault();
  const verdict = /^judge-(right|wrong)$/.exec(chosen.command)?.[1];
  const undo = chosen.command === "undo";
  const body = verdict ? { verdict } : undo ? {} : { id: chosen.id };
  const reason = field("reason").value.trim();
  if (field("reason").required && !reason) {
    field("confirm-problem").textContent = "Say why: the journal keeps it.";
    field("reason").focus();
    return;
  }
  if (reason) body.reason = reason;
  if (chosen.question && ["promote", "abort"].includes(chosen.command)) body.question = chosen.question;
  field("confirm-yes").disabled = true;
  try {
    const path = verdict ? "judgement" : undo ? `undo?revision=${encodeURIComponent(field("version").value)}` : chosen.command;
    const answer = await fetch(`${decisions.dataset.path}/${path}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => null);
      field("confirm-problem").textContent = problem?.detail ?? `Not taken: status ${answer.status}.`;
      return;
    }
    if (undo) {
      location.assign(`${decisions.dataset.pages}/${encodeURIComponent((await answer.json()).id)}`);
      return;
    }
    dialog.close();
    announcement.textContent = "Recorded.";
    refresh();
  } catch {
    field("confirm-problem").textContent = "The server does not answer. Try again: the same decision counts once.";
  } finally {
    field("confirm-yes").disabled = false;
  }
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, "0")).join("");
}

if (decisions) {
  decisions.addEventListener("click", event => {
    const button = event.target.closest("button");
    if (button) ask(button);
  });
  field("confirm-no").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", decide);
  dialog.addEventListener("close", () => (chosen.button.hidden ? field("title") : chosen.button).focus());
}

if (live) {
  announce();
  countDown();
  if (live.dataset.events) listen();
  say();
  setInterval(poll, pollEvery);
  setInterval(countDown, 1000);
  document.addEventListener("visibilitychange", poll);
}
