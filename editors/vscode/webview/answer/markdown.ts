/** The HTML of an answer, as far as Markdown makes it: what a model wrote as HTML is shown as its text. */

import { h } from "../shared/dom";

const PLAIN = "p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong del s hr br table thead tbody tr th td".split(
  " ",
);
/** Whose texts are not for reading. */
const LEFT_OUT = [
  "script",
  "style",
  "template",
  "iframe",
  "object",
  "embed",
  "svg",
  "math",
  "noscript",
  "textarea",
  "select",
];

/** What stands in the HTML, without attributes but for links, which are handed to `open`. */
export function taken(html: string, open: (link: string) => void): DocumentFragment {
  // Nothing in such a document is loaded or run.
  const inert = new DOMParser().parseFromString(html, "text/html");
  return children(inert.body, open);
}

function children(parent: Node, open: (link: string) => void): DocumentFragment {
  const all = document.createDocumentFragment();
  for (const node of parent.childNodes) all.append(...one(node, open));
  return all;
}

function one(node: Node, open: (link: string) => void): (Node | string)[] {
  if (node.nodeType === Node.TEXT_NODE) return [node.textContent ?? ""];
  if (!(node instanceof HTMLElement)) return [];
  const tag = node.tagName.toLowerCase();
  if (LEFT_OUT.includes(tag)) return [];
  if (tag === "img") return [node.getAttribute("alt") ?? ""];
  const inside = children(node, open);
  if (tag === "a") return [link(node, inside, open)];
  if (!PLAIN.includes(tag)) return [inside];
  const element = document.createElement(tag);
  if (tag === "ol" && /^\d+$/.test(node.getAttribute("start") ?? ""))
    element.setAttribute("start", node.getAttribute("start") ?? "");
  element.append(inside);
  return [element];
}

function link(node: HTMLElement, inside: DocumentFragment, open: (link: string) => void): Node {
  const to = node.getAttribute("href") ?? "";
  if (!/^https?:\/\//i.test(to)) return inside;
  const click = (event: Event) => {
    event.preventDefault();
    open(to);
  };
  return h("a", { href: "#", title: to, click }, inside);
}
