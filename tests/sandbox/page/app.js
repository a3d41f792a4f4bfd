// The page: what the server tells, drawn; what the person does, told to the server.
import { byId, make, post, reconcile } from "./dom.js";
import { message } from "./messages.js";
import { drawPeople, drawSides } from "./sides.js";
import { drawWire } from "./wire.js";
import { fill, prepareComposer, send } from "./composer.js";
import { isOpen, preparePanes, toggle } from "./panes.js";

const EXAMPLE = "jane@example.com DSR-123";
const items = new Map();
const ui = { user: "U0ANA", channel: "C0LEGAL", thread: null };
let about = null;

const around = {
  name: (id) => [...about.users, ...about.channels].find((one) => one.id === id)?.name,
  press: (item, action) => post("press", { user: ui.user, ts: item.ts, action }),
  openThread: (item) => {
    ui.thread = item.ts;
    toggle("thread", true);
    byId("replies").replaceChildren();
    byId("replies").dataset.of = "";
    draw();
    byId("thread-title").focus();
  },
};

function listen() {
  const stream = new EventSource("events");
  stream.onmessage = ({ data }) => {
    const news = JSON.parse(data);
    if (news.reset) items.clear();
    for (const key of news.gone ?? []) items.delete(key);
    for (const item of news.items ?? []) {
      items.set(item.key, { ...item, version: JSON.stringify(item) });
    }
    about = items.get("about") ?? about;
    if (about && items.size > 0) draw();
    byId("connection").textContent = "";
  };
  stream.onerror = () => {
    byId("connection").textContent = "The sandbox has stopped. Start it again with make sandbox.";
  };
}

function visible() {
  const shown = [...items.values()].filter((item) =>
    item.channel === ui.channel && (item.kind === "message" || item.user === ui.user && item.kind === "private"));
  return shown.sort((a, b) => Number(a.ts) - Number(b.ts));
}

function draw() {
  const here = visible();
  const replies = (ts) => here.filter((item) => item.thread === ts && !item.deleted);
  const roots = here.filter((item) => !item.thread).map((item) => withReplies(item, replies(item.ts)));
  const root = roots.find((item) => item.ts === ui.thread);
  const channel = about.channels.find((one) => one.id === ui.channel);
  document.title = `${title(channel)} · gong-lookup sandbox`;
  byId("channel-name").textContent = title(channel);
  byId("channel-note").replaceChildren(make("strong", {}, channel.kind), ` · ${channel.note}`);
  byId("words").setAttribute("placeholder", `${about.command} ${EXAMPLE}`);
  byId("as").textContent = `as @${around.name(ui.user)}`;
  byId("paused").hidden = !about.paused;
  byId("words-label").textContent = `Message ${title(channel)} as @${around.name(ui.user)}`;
  drawSides(about, ui, { chooseChannel, chooseUser });
  drawPeople(about, { fill: (address) => { fill(`${about.command} ${address}`); closeIfNarrow(); } });
  drawHint(roots.length === 0, channel);
  drawList(byId("messages"), roots.filter((item) => !item.deleted || item.replies.length > 0));
  if (!root && isOpen("thread")) toggle("thread", false);
  drawList(byId("replies"), root ? [{ ...root, replies: [] }, ...replies(root.ts)] : []);
  wire();
}

function wire() {
  drawWire([...items.values()].filter((item) => item.kind === "wire"));
}

function withReplies(item, replies) {
  if (replies.length === 0) return item;
  const version = `${item.version} ${replies.length} ${replies.at(-1).ts}`;
  return { ...item, replies, version };
}

// Keeps to the end when it was there; says what is new to those who cannot see it.
function drawList(list, shown) {
  const box = list.parentElement;
  const wasAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  const place = list.id === "replies" ? `${ui.thread}` : `${ui.channel} ${ui.user}`;
  const isFirst = list.dataset.of !== place;
  const fresh = reconcile(list, shown, (item) => message(item, around));
  list.dataset.of = place;
  if (isFirst) box.scrollTop = box.scrollHeight;
  if (fresh.length > 0 && (isFirst || wasAtEnd || list.id === "replies")) showStart(box, list.lastElementChild);
  if (!isFirst) announce(fresh, list);
}

// The newest message from its beginning, even where it is taller than the window.
function showStart(box, newest) {
  const above = newest.getBoundingClientRect().top - box.getBoundingClientRect().top;
  const isShort = newest.offsetHeight < box.clientHeight;
  box.scrollTop = isShort ? box.scrollHeight : box.scrollTop + above - 8;
}

function announce(fresh, list) {
  const last = fresh.at(-1);
  if (!last) return;
  const privacy = last.kind === "private" ? " (only visible to you)" : "";
  byId("spoken").textContent = `gong-lookup${privacy}: ${last.text.slice(0, 300)}`;
  const isCovered = list.id === "messages" && getComputedStyle(list.closest("main")).visibility === "hidden";
  if (isCovered) {
    byId("toast").textContent = `New in the channel${privacy}: ${last.text.slice(0, 80)}…`;
    byId("toast").hidden = false;
  }
}

function drawHint(isEmpty, channel) {
  const hint = byId("hint");
  hint.hidden = !isEmpty;
  if (!isEmpty || hint.dataset.of === channel.id) return;
  hint.dataset.of = channel.id;
  const isAuthorized = channel.id === "C0LEGAL";
  const command = `${about.command} ${EXAMPLE}`;
  hint.replaceChildren(
    make("h2", {}, isAuthorized ? "What does Gong hold about somebody?" : "See how the bot refuses"),
    make("p", {}, isAuthorized
      ? "Type the command and an email address, as your legal team would. Or press this:"
      : `${channel.note} Try it:`),
    make("button", { class: "button primary", click: () => submit(command) }, command),
    isAuthorized && make("p", { class: "more" }, "Then press the buttons under the answer, and open its thread for the file. ",
      make("button", { class: "as-link", click: () => toggle("people", true) }, "Who else to ask about")));
}

function title(channel) {
  return channel.kind === "Direct message" ? "gong-lookup" : `#${channel.name}`;
}

function chooseChannel(id) {
  ui.channel = id;
  leave();
}

function chooseUser(id) {
  ui.user = id;
  const sees = (channel) => channel.members.includes(id);
  const here = about.channels.find((one) => one.id === ui.channel);
  if (!sees(here)) ui.channel = about.channels.find(sees).id;
  leave();
}

function leave() {
  ui.thread = null;
  toggle("thread", false);
  draw();
}

function closeIfNarrow() {
  if (getComputedStyle(byId("people")).position === "fixed") toggle("people", false);
  byId("words").focus();
}

function submit(text) {
  return send(text, {
    command: (words) => post("command", { user: ui.user, channel: ui.channel, text: words }),
    invite: () => post("switch", { name: "absent", on: false }),
    name: about.command,
  });
}

preparePanes({ closedThread: () => { ui.thread = null; } });
document.addEventListener("panes", wire);
prepareComposer({ submit, command: () => about?.command ?? "" });
listen();
