// What opens and closes beside the channel, by pointer and by keyboard.
import { byId, post } from "./dom.js";

const OPENERS = { people: "open-people", wire: "open-wire", channels: "open-channels" };

export function isOpen(name) {
  return name === "channels" ? document.body.classList.contains("with-channels") : !byId(name).hidden;
}

// Between these widths there is room for one of the two on the right.
const ROOM_FOR_ONE = matchMedia("(min-width: 1180px) and (max-width: 1399px)");
const OTHER = { thread: "people", people: "thread" };
let isSetAside = false;

function makeRoom(name, isOn) {
  const other = OTHER[name];
  if (!other || !ROOM_FOR_ONE.matches) return;
  if (isOn && isOpen(other)) {
    isSetAside = name === "thread";
    show(other, false);
  } else if (name === "thread" && !isOn && isSetAside) {
    isSetAside = false;
    show("people", true);
  }
}

export function toggle(name, isOn = !isOpen(name)) {
  makeRoom(name, isOn);
  show(name, isOn);
  document.dispatchEvent(new CustomEvent("panes"));
}

function show(name, isOn) {
  if (name !== "channels") byId(name).hidden = !isOn;
  document.body.classList.toggle(`with-${name}`, isOn);
  const opener = OPENERS[name] && byId(OPENERS[name]);
  if (opener) opener.setAttribute("aria-expanded", String(isOn));
}

function close(name) {
  const hadFocus = byId(name).contains(document.activeElement);
  toggle(name, false);
  if (hadFocus) (OPENERS[name] ? byId(OPENERS[name]) : byId("words")).focus();
}

async function restart(button) {
  button.setAttribute("aria-busy", "true");
  const isDone = await post("restart", {});
  button.removeAttribute("aria-busy");
  byId("spoken").textContent = isDone ? "The bot has been restarted." : "The bot did not restart.";
}

export function preparePanes({ closedThread }) {
  for (const [name, opener] of Object.entries(OPENERS)) {
    byId(opener).addEventListener("click", () => {
      toggle(name);
      if (isOpen(name) && name !== "channels") byId(`${name}-title`).focus({ preventScroll: true });
    });
  }
  for (const name of ["people", "wire", "thread"]) {
    byId(`close-${name}`).addEventListener("click", () => close(name));
  }
  byId("close-thread").addEventListener("click", closedThread);
  byId("toast").addEventListener("click", () => {
    byId("toast").hidden = true;
    for (const name of ["thread", "people", "wire"]) toggle(name, false);
    byId("words").focus();
  });
  for (const button of document.querySelectorAll("[data-restart]")) {
    button.addEventListener("click", () => restart(button));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || byId("dialog").open || event.defaultPrevented) return;
    const open = ["wire", "thread", "channels"].find((name) => isOpen(name));
    if (open) close(open);
  });
  if (matchMedia("(min-width: 1180px)").matches) toggle("people", true);
}
