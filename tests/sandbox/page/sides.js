// Channels and people on the left; whom to ask about, and faults, on the right.
import { byId, make, post, reconcile } from "./dom.js";
import { toggle } from "./panes.js";

const MARKS = { Private: "🔒", Public: "#", Shared: "⇄", "Direct message": "●" };

export function drawSides(about, ui, { chooseChannel, chooseUser }) {
  const seen = about.channels.filter((one) => one.members.includes(ui.user));
  reconcile(byId("channel-list"), seen.map((one) => ({
    ...one, key: one.id, version: String(one.id === ui.channel),
  })), (one) => channel(one, one.id === ui.channel, chooseChannel));
  const actors = about.users.filter((one) => one.role);
  reconcile(byId("actors"), actors.map((one) => ({ ...one, key: one.id, version: "" })),
    (one) => actor(one, chooseUser));
  byId("actors").querySelector(`[value="${CSS.escape(ui.user)}"]`).checked = true;
}

function channel(one, isHere, choose) {
  const isDirect = one.kind === "Direct message";
  return make("li", {},
    make("button", {
      "aria-current": isHere ? "page" : undefined, "data-focus": one.id,
      click: () => { choose(one.id); toggle("channels", false); },
    },
      make("span", { class: "mark", "aria-hidden": "true" }, MARKS[one.kind]),
      make("span", { class: "name" }, isDirect ? "gong-lookup" : one.name),
      make("span", { class: "kind" }, isDirect ? "direct message" : one.kind.toLowerCase())));
}

function actor(one, choose) {
  return make("label", {},
    make("input", { type: "radio", name: "actor", value: one.id, change: () => choose(one.id) }),
    make("span", {}, make("strong", {}, `@${one.name}`), make("span", { class: "role" }, one.role)));
}

export function drawPeople(about, { fill }) {
  const groups = [
    { key: "fine", title: "Gong answers", people: about.people.filter((one) => !one.trouble) },
    { key: "trouble", title: "Gong has trouble", people: about.people.filter((one) => one.trouble) },
  ];
  reconcile(byId("people-list"), groups.map((group) => ({ ...group, version: "" })), (group) =>
    make("section", {}, make("h3", {}, group.title),
      make("ul", {}, group.people.map((one) => make("li", {},
        make("button", { class: "person", click: () => fill(one.address) },
          make("strong", {}, one.address), make("span", {}, one.label)))))));
  reconcile(byId("switches"), about.switches.map((one) => ({
    ...one, key: one.name, version: String(one.on),
  })), lever);
}

function lever(one) {
  return make("label", { class: "lever" },
    make("input", {
      type: "checkbox", role: "switch", checked: one.on, "data-focus": one.name,
      change: ({ currentTarget }) => post("switch", { name: one.name, on: currentTarget.checked }),
    }),
    make("span", {}, make("strong", {}, one.label), make("span", {}, one.explained)));
}
