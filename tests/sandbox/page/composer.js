// The message field: it takes the slash command, and says so about anything else.
import { byId, make } from "./dom.js";

const remembered = [];

export function fill(text) {
  const field = byId("words");
  field.value = text;
  field.focus();
  field.setSelectionRange(text.length, text.length);
  field.dispatchEvent(new Event("input"));
}

export async function send(text, { command, invite, name }) {
  const words = text.trim();
  const complaint = byId("complaint");
  const [first, ...rest] = words.split(/\s+/);
  if (first === "/invite" && rest[0] === "@gong-lookup") {
    clear();
    await invite();
    return;
  }
  if (first !== name) {
    complaint.textContent = words === ""
      ? `Type ${name} and an email address first.`
      : `Only ${name} can be typed here, for example: ${name} jane@example.com`;
    return;
  }
  remembered.push(words);
  clear();
  const isSent = await command(words.slice(name.length).trim());
  if (!isSent) complaint.textContent = "The sandbox did not take the command. Has it stopped?";
}

function clear() {
  byId("words").value = "";
  byId("complaint").textContent = "";
  byId("suggestion").hidden = true;
}

export function prepareComposer({ submit, command }) {
  const field = byId("words");
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    if (isSuggested()) complete(command());
    else submit(field.value);
  });
  field.addEventListener("input", () => {
    byId("complaint").textContent = "";
    suggest(command());
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !event.shiftKey && isSuggested()) {
      event.preventDefault();
      complete(command());
    } else if (event.key === "Escape" && isSuggested()) {
      event.preventDefault();
      byId("suggestion").hidden = true;
    } else if (event.key === "ArrowUp" && field.value === "" && remembered.length > 0) {
      event.preventDefault();
      fill(remembered.at(-1));
    }
  });
}

const isSuggested = () => !byId("suggestion").hidden;

function complete(command) {
  fill(`${command} `);
}

// As soon as a slash is typed, what can follow.
function suggest(command) {
  const typed = byId("words").value;
  const box = byId("suggestion");
  box.hidden = !(typed.startsWith("/") && command.startsWith(typed) && typed !== command);
  if (box.hidden) return;
  box.replaceChildren(make("button", { type: "button", click: () => complete(command) },
    make("strong", {}, command), make("code", {}, "<email> [case]"),
    make("span", {}, "What does Gong hold about this address?"),
    make("kbd", {}, "Tab")));
}
