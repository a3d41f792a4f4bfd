// Slack's mrkdwn as DOM nodes: https://docs.slack.dev/messaging/formatting-message-text
import { link, make } from "./dom.js";

const INLINE = new RegExp(
  [
    "<(?<angle>[^<>]+)>",
    "`(?<code>[^`\\n]+)`",
    "(?<![\\w*])\\*(?<bold>\\S|\\S[^*\\n]*\\S)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>\\S|\\S[^_\\n]*\\S)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>\\S|\\S[^~\\n]*\\S)~(?![\\w~])",
    "(?<url>https?://[^\\s<>|]+[^\\s<>|.,;:!?)'\"])",
    "(?<line>\\n)",
  ].join("|"),
  "g",
);

export function decoded(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

// `names` finds a user's or channel's name by id; `verbatim` links nothing that is not marked up.
export function mrkdwn(text, names, verbatim = false) {
  const parts = text.split("```");
  return parts.flatMap((part, number) => {
    const isCode = number % 2 === 1 && number < parts.length - 1;
    if (isCode) return [make("pre", {}, decoded(part.replace(/^\n|\n$/g, "")))];
    return quoted(number % 2 === 1 ? "```" + part : part, names, verbatim);
  });
}

function quoted(text, names, verbatim) {
  const groups = [];
  for (const line of text.split("\n")) {
    const quote = /^(?:&gt;|>) ?/.exec(line);
    const last = groups.at(-1);
    const shown = quote ? line.slice(quote[0].length) : line;
    if (last && last.isQuote === Boolean(quote)) last.lines.push(shown);
    else groups.push({ isQuote: Boolean(quote), lines: [shown] });
  }
  return groups.flatMap(({ isQuote, lines }) => {
    const nodes = inline(lines.join("\n"), names, verbatim);
    return isQuote ? [make("blockquote", {}, nodes)] : nodes;
  });
}

function inline(text, names, verbatim) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) nodes.push(decoded(text.slice(end, match.index)));
    nodes.push(one(match, names, verbatim));
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(decoded(text.slice(end)));
  return nodes;
}

function one(match, names, verbatim) {
  const { angle, code, bold, italic, strike, url } = match.groups;
  if (angle !== undefined) return marked(angle, names);
  if (code !== undefined) return make("code", {}, decoded(code));
  if (bold !== undefined) return make("strong", {}, inline(bold, names, verbatim));
  if (italic !== undefined) return make("em", {}, inline(italic, names, verbatim));
  if (strike !== undefined) return make("s", {}, inline(strike, names, verbatim));
  if (url !== undefined) return verbatim ? decoded(url) : link(decoded(url), decoded(url));
  return make("br");
}

// What stands between < and >.
function marked(content, names) {
  const [what, label] = split(content);
  if (/^@[UW][A-Z0-9]+$/.test(what)) return mention(`@${names(what.slice(1)) ?? label ?? what.slice(1)}`);
  if (/^#[CG][A-Z0-9]+$/.test(what)) return mention(`#${label || names(what.slice(1)) || what.slice(1)}`);
  if (/^!(here|channel|everyone)/.test(what)) return mention(`@${what.slice(1)}`, "loud");
  if (what.startsWith("!subteam^")) return mention(label ?? "@group", "loud");
  if (what.startsWith("!date^")) return dateMark(what, label);
  if (/^(https?:\/\/|mailto:)/i.test(what)) {
    return link(decoded(what), decoded(label ?? what.replace(/^mailto:/, "")));
  }
  return `<${decoded(content)}>`;
}

function split(content) {
  const bar = content.indexOf("|");
  return bar < 0 ? [content, undefined] : [content.slice(0, bar), content.slice(bar + 1)];
}

export function mention(text, loudness = "") {
  return make("span", { class: `mention ${loudness}` }, text);
}

function dateMark(what, label) {
  const [, stamp, format, url] = what.split("^");
  if (!/^\d+$/.test(stamp ?? "") || !format) return decoded(label ?? what);
  const node = date(Number(stamp), format, decoded(label ?? ""));
  return url ? link(decoded(url), node) : node;
}

// A moment in the reader's own time; `fallback` is what others would see.
export function date(stamp, format, fallback) {
  const moment = new Date(stamp * 1000);
  const as = (options) => new Intl.DateTimeFormat(undefined, options).format(moment);
  const day = { year: "numeric", month: "long", day: "numeric" };
  const short = { ...day, month: "short" };
  const time = { hour: "numeric", minute: "2-digit" };
  const forms = {
    date_num: () => `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`,
    date_slash: () => as({ year: "numeric", month: "2-digit", day: "2-digit" }),
    date: () => as(day),
    date_short: () => as(short),
    date_long: () => as({ ...day, weekday: "long" }),
    date_pretty: () => nearDay(moment) ?? as(day),
    date_short_pretty: () => nearDay(moment) ?? as(short),
    date_long_pretty: () => nearDay(moment) ?? as({ ...day, weekday: "long" }),
    time: () => as(time),
    time_secs: () => as({ ...time, second: "2-digit" }),
    ago: () => ago(moment),
  };
  const text = decoded(format).replace(/\{(\w+)\}/g, (all, name) => forms[name]?.() ?? all);
  return make("time", { datetime: moment.toISOString(), title: fallback }, text);
}

const two = (number) => String(number).padStart(2, "0");

export function nearDay(moment) {
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  const days = Math.floor((moment - midnight) / 86400000);
  return { 0: "today", [-1]: "yesterday", 1: "tomorrow" }[days];
}

function ago(moment) {
  const minutes = Math.round((Date.now() - moment) / 60000);
  if (minutes < 1) return "just now";
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  if (minutes < 60) return relative.format(-minutes, "minute");
  if (minutes < 1440) return relative.format(-Math.round(minutes / 60), "hour");
  return relative.format(-Math.round(minutes / 1440), "day");
}
