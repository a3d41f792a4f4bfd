// The drawer that shows what went over the wire.
import { byId, make, reconcile } from "./dom.js";

export function drawWire(items) {
  byId("wire-count").textContent = String(items.length);
  if (byId("wire").hidden) return;
  const box = byId("exchanges").parentElement;
  const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  reconcile(byId("exchanges"), items, exchange);
  if (isAtEnd) box.scrollTop = box.scrollHeight;
}

function exchange(item) {
  const when = new Date(item.at * 1000);
  const isWaiting = item.outcome === "";
  return make("li", { class: item.trouble ? "trouble" : "" },
    make("details", { "data-name": "exchange" },
      make("summary", { "data-focus": "exchange" },
        make("time", { datetime: when.toISOString() }, moment(when)),
        make("span", { class: `way ${item.to}` }, `${item.from} → ${item.to}`),
        make("span", { class: "what" }, make("code", {}, item.title), make("span", {}, item.meaning)),
        make("span", { class: "outcome" }, isWaiting ? "waiting …" : item.outcome),
        make("span", { class: "ms" }, isWaiting ? "" : `${item.ms.toLocaleString()} ms`)),
      make("div", { class: "both" },
        half(`${item.from} sent`, item.headers, item.sent),
        half(`${item.to} answered`, item.answerHeaders, item.answer))));
}

function half(title, headers, body) {
  return make("div", {},
    make("h3", {}, title),
    headers.length > 0 && make("dl", {}, headers.map(([name, value]) =>
      make("div", {}, make("dt", {}, name), make("dd", {}, value)))),
    body ? make("pre", { tabindex: "0" }, body) : make("p", { class: "nothing" }, "no body"));
}

function moment(when) {
  const two = (number, digits = 2) => String(number).padStart(digits, "0");
  const parts = [when.getHours(), when.getMinutes(), when.getSeconds()].map((part) => two(part));
  return `${parts.join(":")}.${two(when.getMilliseconds(), 3)}`;
}
