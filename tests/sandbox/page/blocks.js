// Block Kit as Slack draws it: https://docs.slack.dev/reference/block-kit/blocks
// Whatever is not known here is drawn as an obvious error, never left out.
import { dialog, link, make } from "./dom.js";
import { date, mention, mrkdwn } from "./mrkdwn.js";

const BLOCKS = { header, section, context, actions, divider, table, rich_text: richText };
const LINE = 44; // a cell with more characters than this takes several lines
const ELEMENTS = { button, overflow };

// `around` tells names, and what happens when something is pressed.
export function blocks(list, around) {
  return list.map((block, number) => {
    const draw = Object.hasOwn(BLOCKS, block.type) ? BLOCKS[block.type] : null;
    try {
      return draw ? draw(block, around, number) : unknown("block", block);
    } catch {
      return unknown("malformed block", block);
    }
  });
}

function unknown(what, thing) {
  const kind = JSON.stringify(thing?.type ?? thing);
  return make("div", { class: "unknown", role: "note" },
    make("strong", {}, `Unknown ${what} ${kind}. `),
    "The sandbox cannot draw this; look at it in Slack's Block Kit Builder.");
}

function text(thing, around) {
  if (thing.type === "plain_text") return [thing.text];
  if (thing.type === "mrkdwn") return mrkdwn(thing.text, around.name, thing.verbatim);
  return [unknown("text", thing)];
}

function header(block, around) {
  return make("h2", { class: "b-header" }, text(block.text, around));
}

function section(block, around, number) {
  return make("div", { class: "b-section" },
    make("div", { class: "b-words" },
      block.text && make("div", { class: "b-text" }, text(block.text, around)),
      block.fields && make("div", { class: "b-fields" },
        block.fields.map((field) => make("div", { class: "b-text" }, text(field, around))))),
    block.accessory && element(block.accessory, around, number));
}

function context(block, around) {
  return make("div", { class: "b-context" },
    block.elements.map((one) => make("span", {}, text(one, around))));
}

function divider() {
  return make("hr", { class: "b-divider" });
}

function actions(block, around, number) {
  return make("div", { class: "b-actions" },
    block.elements.map((one) => element(one, around, number)));
}

function element(one, around, number) {
  const draw = Object.hasOwn(ELEMENTS, one.type) ? ELEMENTS[one.type] : null;
  return draw ? draw(one, around, number) : unknown("element", one);
}

function button(one, around, number) {
  const press = async (event) => {
    const pressed = event.currentTarget;
    if (one.url) window.open(one.url, "_blank", "noopener,noreferrer");
    if (one.confirm && !(await confirmed(one.confirm, around))) return;
    pressed.setAttribute("aria-busy", "true");
    await around.press({ block: number, action_id: one.action_id });
    pressed.removeAttribute("aria-busy");
  };
  return make("button", {
    class: `button ${one.style ?? ""}`,
    "aria-label": one.accessibility_label,
    "data-focus": `${number} ${one.action_id}`,
    click: press,
  }, one.text.text);
}

async function confirmed(question, around) {
  const answer = await dialog(question.title.text,
    make("div", { class: "b-text" }, text(question.text, around)),
    [
      { label: question.deny.text, value: "" },
      { label: question.confirm.text, value: "yes", style: question.style ?? "primary" },
    ]);
  return answer === "yes";
}

function overflow(one, around, number) {
  const choose = (option) => async (event) => {
    event.currentTarget.closest("details").open = false;
    const place = one.options.indexOf(option);
    if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
    if (one.confirm && !(await confirmed(one.confirm, around))) return;
    await around.press({ block: number, action_id: one.action_id, option: place });
  };
  return make("details", { class: "b-overflow", "data-name": one.action_id },
    make("summary", { class: "button", "aria-label": "More actions",
      "data-focus": `${number} ${one.action_id}` }, "•••"),
    make("div", { class: "b-menu" },
      one.options.map((option) => make("button", { click: choose(option) }, option.text.text))));
}

function table(block, around) {
  const settings = block.column_settings ?? [];
  const cells = (row, tag) => row.map((one, place) => make(tag, {
    scope: tag === "th" ? "col" : undefined,
    class: `${settings[place]?.align ?? ""} ${(one.text ?? "").length > LINE ? "long" : ""}`,
  }, cell(one, around)));
  const [first, ...rest] = block.rows;
  return make("div", { class: "b-table", tabindex: "0", role: "group", "aria-label": "Table" },
    make("table", {},
      make("thead", {}, make("tr", {}, cells(first, "th"))),
      make("tbody", {}, rest.map((row) => make("tr", {}, cells(row, "td"))))));
}

function cell(one, around) {
  if (one.type === "raw_text") return one.text;
  if (one.type === "rich_text") return one.elements.map((part) => richPart(part, around));
  return unknown("cell", one);
}

function richText(block, around) {
  return make("div", { class: "b-rich" }, block.elements.map((part) => richPart(part, around)));
}

function richPart(part, around) {
  const leaves = () => part.elements.map((leaf) => richLeaf(leaf, around));
  switch (part.type) {
    case "rich_text_section": return make("div", { class: "b-text" }, leaves());
    case "rich_text_preformatted": return make("pre", {}, leaves());
    case "rich_text_quote": return make("blockquote", {}, leaves());
    case "rich_text_list":
      return make(part.style === "ordered" ? "ol" : "ul", { class: `indent-${part.indent ?? 0}` },
        part.elements.map((entry) => make("li", {}, richPart(entry, around))));
    default: return unknown("rich text", part);
  }
}

function richLeaf(leaf, around) {
  const drawn = plainLeaf(leaf, around);
  const tags = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };
  return Object.entries(tags).reduce(
    (inner, [style, tag]) => (leaf.style?.[style] ? make(tag, {}, inner) : inner), drawn);
}

function plainLeaf(leaf, around) {
  switch (leaf.type) {
    case "text": return leaf.text;
    case "link": return link(leaf.url, leaf.text || leaf.url);
    case "user": return mention(`@${around.name(leaf.user_id) ?? leaf.user_id}`);
    case "channel": return mention(`#${around.name(leaf.channel_id) ?? leaf.channel_id}`);
    case "broadcast": return mention(`@${leaf.range}`, "loud");
    case "date": return date(leaf.timestamp, leaf.format, leaf.fallback ?? "");
    default: return unknown("rich text", leaf);
  }
}
