// One message, with its blocks, files, replies, and ways to look behind it.
import { dialog, make } from "./dom.js";
import { blocks } from "./blocks.js";
import { fileCard } from "./files.js";
import { mrkdwn, nearDay } from "./mrkdwn.js";

const BUILDER = "https://app.slack.com/block-kit-builder/#";

// `around`: name(id), press(message, action), openThread(message), bot.
export function message(item, around) {
  const when = new Date(Number(item.ts) * 1000);
  const isSlack = item.via === "slack";
  const author = isSlack ? "Slackbot" : "gong-lookup";
  const node = make("li", { class: `message ${item.kind}`, tabindex: "-1", "data-ts": item.ts },
    make("span", { class: `avatar ${isSlack ? "slackbot" : ""}`, "aria-hidden": "true" }, isSlack ? "S" : "g"),
    make("article", { "aria-label": `${author}, ${clock(when)}` },
      item.kind === "private" && make("p", { class: "private-mark" }, eye(), "Only visible to you"),
      make("div", { class: "message-head" },
        make("strong", {}, author),
        make("span", { class: "app" }, "App"),
        make("time", { datetime: when.toISOString(), title: when.toLocaleString() }, clock(when)),
        item.blocks.length > 0 && tools(item)),
      content(item, around),
      item.files.map((file) => fileCard(file, false)),
      item.replies?.length > 0 && thread(item, around)));
  return node;
}

function content(item, around) {
  if (item.deleted) return make("p", { class: "gone" }, "This message was deleted.");
  const inner = { name: around.name, press: (action) => around.press(item, action) };
  if (item.blocks.length > 0) return make("div", { class: "blocks" }, blocks(item.blocks, inner));
  return make("div", { class: "blocks" },
    make("div", { class: "b-text" }, mrkdwn(item.text, around.name),
      item.edited && make("span", { class: "edited" }, " (edited)")));
}

function tools(item) {
  const kit = JSON.stringify({ blocks: item.blocks });
  return make("span", { class: "tools" },
    make("button", { class: "tool", "data-focus": "json", click: () => showJson(item) }, "JSON"),
    make("a", { class: "tool", "data-focus": "builder", href: BUILDER + encodeURIComponent(kit),
      target: "_blank", rel: "noopener noreferrer",
      "aria-label": "Open these blocks in Slack's Block Kit Builder, on the internet" }, "Builder ↗"));
}

async function showJson(item) {
  const code = JSON.stringify({ blocks: item.blocks, text: item.text }, null, 2);
  const chosen = await dialog("Blocks of this message",
    make("pre", { class: "json", tabindex: "0" }, code),
    [{ label: "Copy", value: "copy" }, { label: "Close", value: "", style: "primary" }]);
  if (chosen === "copy") await navigator.clipboard.writeText(code);
}

function thread(item, around) {
  const count = item.replies.length;
  const last = new Date(Number(item.replies.at(-1).ts) * 1000);
  return make("button", { class: "replies", "data-focus": "thread", click: () => around.openThread(item) },
    make("span", { class: "avatar small", "aria-hidden": "true" }, "g"),
    make("strong", {}, `${count} ${count === 1 ? "reply" : "replies"}`),
    make("span", {}, `Last at ${clock(last)}`),
    make("span", { class: "view" }, "View thread"));
}

function eye() {
  return make("span", { class: "eye", "aria-hidden": "true" }, "◉ ");
}

export function clock(when) {
  const time = when.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" });
  const day = nearDay(when);
  return day === "today" ? time : `${when.toLocaleDateString()} ${time}`;
}
