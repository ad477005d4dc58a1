// What a browser adds: keys, the live wire, times in the reader's zone. Every page works without it.
"use strict";

const zone = new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "short" });

function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    if (isNaN(moment)) continue;
    const age = (Date.now() - moment) / 1000;
    time.title = zone.format(moment);
    time.textContent = age < 60 ? "just now" : age < 3600 ? Math.floor(age / 60) + " min ago"
      : age < 86400 ? Math.floor(age / 3600) + " h ago" : zone.format(moment);
  }
}

// ---- Keys: j and k go through the list, whatever list the page has.

const list = document.querySelector("[data-list]");
const items = () => list ? [...list.querySelectorAll("[data-id]")] : [];
let here = null;

function go(step) {
  const all = items();
  if (!all.length) return;
  const at = all.findIndex((item) => item.dataset.id === here);
  select(all[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step, 0), all.length - 1)]);
}

function select(item, scrolls = true) {
  for (const other of items()) other.classList.toggle("here", other === item);
  here = item.dataset.id;
  const link = item.querySelector("a.headline");
  if (link) link.focus({ preventScroll: true });
  if (scrolls) item.scrollIntoView({ block: "nearest" });
}

const current = () => items().find((item) => item.dataset.id === here);

function visit(address) { location.href = address; }

let prefix = "";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const places = { w: "/", s: "/search", l: "/ledger", h: "/health" };
  if (prefix === "g" && places[event.key]) return visit(places[event.key]);
  prefix = event.key === "g" ? "g" : "";
  switch (event.key) {
    case "j": go(1); break;
    case "k": go(-1); break;
    case "o": if (current()) current().querySelector("a.headline").click(); break;
    case "v": {
      const versions = current() ? current().dataset.family && "/family/" + current().dataset.family
        : document.getElementById("versions")?.href;
      if (versions) visit(versions);
      break;
    }
    case "u": history.back(); break;
    case "/": document.querySelector("#s-q, #quick").focus(); break;
    case "?": document.getElementById("keys").showModal(); break;
    default: return;
  }
  event.preventDefault();
});

// ---- The live wire: the server sends the list whenever something came.

if (list && list.dataset.live && !new URLSearchParams(location.search).has("still")) {
  const notice = document.getElementById("live");
  const source = new EventSource(list.dataset.live);
  const say = (text) => { notice.textContent = text; notice.hidden = false; };
  source.addEventListener("open", () => say("live"));
  source.addEventListener("error", () => say("the connection broke: trying again"));
  source.addEventListener("wire", (event) => {
    const before = new Set(items().map((item) => item.dataset.id));
    // The server's own HTML, in which everything that was delivered is escaped.
    list.innerHTML = JSON.parse(event.data);
    localTimes(list);
    const fresh = items().filter((item) => !before.has(item.dataset.id));
    for (const item of fresh) item.classList.add("fresh");
    if (fresh.length) say("live · " + fresh.length + " new");
    const kept = current();
    if (kept) select(kept, false);
  });
}

localTimes(document);
setInterval(() => localTimes(document), 30000);
