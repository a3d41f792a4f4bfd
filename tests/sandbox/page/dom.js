// Small tools for the page. Outside text only ever becomes text nodes.

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return node;
}

export const byId = (id) => document.getElementById(id);

// Only these lead anywhere; whatever else a message calls a link is shown as text.
export function link(url, label) {
  const isSafe = /^(https?:\/\/|mailto:)/i.test(url);
  if (!isSafe) return make("span", {}, label);
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

// Make the children of a list those of `items`, keeping what has not changed, and the focus.
export function reconcile(list, items, draw) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  let place = list.firstElementChild;
  const fresh = [];
  for (const item of items) {
    let node = old.get(item.key);
    old.delete(item.key);
    if (!node) {
      node = draw(item);
      fresh.push(item);
      list.insertBefore(node, place);
    } else if (node.dataset.version !== item.version) {
      node = replaced(node, draw(item));
    } else if (node !== place) {
      list.insertBefore(node, place);
    }
    node.dataset.key = item.key;
    node.dataset.version = item.version;
    place = node.nextElementSibling;
  }
  for (const node of old.values()) node.remove();
  return fresh;
}

function replaced(node, fresh) {
  const had = node.contains(document.activeElement) ? document.activeElement : null;
  const open = new Set([...node.querySelectorAll("details[open]")].map((one) => one.dataset.name));
  for (const one of fresh.querySelectorAll("details")) one.open = open.has(one.dataset.name);
  node.replaceWith(fresh);
  if (had) {
    const again = [...fresh.querySelectorAll("[data-focus]")];
    const same = again.find((one) => one.dataset.focus === had.dataset.focus);
    const moved = again.find((one) => inAnyBlock(one) === inAnyBlock(had));
    (same ?? moved ?? fresh).focus({ preventScroll: true });
  }
  return fresh;
}

// A button is known by its block's number and its action: above it, a block may have come or gone.
function inAnyBlock(node) {
  return node.dataset.focus?.replace(/^\d+ /, "");
}

export async function post(path, content) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

export function dialog(title, body, buttons) {
  const box = byId("dialog");
  return new Promise((resolve) => {
    const close = (value) => () => { box.returnValue = value; box.close(); };
    box.replaceChildren(
      make("h2", { id: "dialog-title" }, title),
      body,
      make("div", { class: "choices" }, buttons.map(({ label, value, style }) =>
        make("button", { class: `button ${style ?? ""}`, click: close(value) }, label))),
    );
    box.returnValue = "";
    box.onclose = () => resolve(box.returnValue);
    box.onclick = (event) => { if (event.target === box) box.close(); };
    box.showModal();
  });
}
