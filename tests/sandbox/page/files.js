// File cards: what is in the file, readable; and the file itself, byte for byte.
import { make } from "./dom.js";

const SHOWN = 60_000;
const KINDS = {
  json: { icon: "{ }", name: "JSON", show: pretty },
  txt: { icon: "≡", name: "Plain text", show: start },
  csv: { icon: "⊞", name: "CSV", show: start },
};

export function fileCard(file, open) {
  if (file.deleted) return make("p", { class: "file gone" }, "This file was deleted.");
  const kind = KINDS[file.name.split(".").at(-1)] ?? KINDS.txt;
  const url = `files/${encodeURIComponent(file.id)}`;
  const preview = make("pre", { class: "json", tabindex: "0", role: "region",
    "aria-label": `Preview of ${file.name}` });
  const show = async () => {
    if (!details.open || preview.hasChildNodes()) return;
    preview.textContent = "…";
    const answer = await fetch(url);
    preview.textContent = answer.ok ? readable(await answer.text(), kind) : "The file is not there.";
  };
  const details = make("details", { class: "preview", "data-name": file.id, toggle: show },
    make("summary", { "data-focus": `preview ${file.id}` }, "Preview"), preview);
  details.open = open;
  return make("div", { class: "file" },
    make("div", { class: "file-head" },
      make("span", { class: "file-icon", "aria-hidden": "true" }, kind.icon),
      make("div", { class: "file-name" },
        make("strong", {}, file.title || file.name),
        make("span", {}, `${kind.name} · ${file.bytes.toLocaleString()} bytes`)),
      make("a", { class: "button", href: url, download: file.name,
        "data-focus": `download ${file.id}`,
        "aria-label": `Download ${file.name}` }, "Download")),
    details);
}

function readable(text, kind) {
  const shown = kind.show(text, SHOWN);
  return shown.length < SHOWN ? shown : `${shown}\n… the whole of it is in the file`;
}

function start(text, most) {
  return text.slice(0, most);
}

// JSON laid out without being parsed: numbers too long for JavaScript stay as they are.
export function pretty(text, most) {
  let out = "";
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const tokens = /"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{}[\],:]|[^\s{}[\],:"]+|"/gs;
  for (const [token] of text.matchAll(tokens)) {
    if (out.length > most) return out.slice(0, most);
    if (token === "{" || token === "[") { depth += 1; out += token + line(); }
    else if (token === "}" || token === "]") { depth = Math.max(0, depth - 1); out += line() + token; }
    else if (token === ",") out += token + line();
    else if (token === ":") out += ": ";
    else out += token.length > 1 && /^[{[]/.test(token) ? token[0] + token.at(-1) : token;
  }
  return out;
}
