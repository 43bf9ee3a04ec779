/** Elements in one expression. Texts are always texts: nothing is read as HTML. */

type Value = string | number | boolean | undefined | ((event: Event) => void);
export type Child = Node | string | false | undefined;

const SVG = "http://www.w3.org/2000/svg";

/** An element: functions listen to the event of their name, `false` and `undefined` leave an attribute out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(...children.filter((child) => child !== false && child !== undefined));
  return element;
}

/** The same for a drawing. */
export function svg(tag: string, attributes: Record<string, Value> = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS(SVG, tag);
  set(element, attributes);
  element.append(...children.filter((child) => child !== false && child !== undefined));
  return element;
}

export function set(element: Element, attributes: Record<string, Value>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

const PATHS: Record<string, string> = {
  ok: "M3 8.5l3.2 3.2L13 4.8",
  failed: "M4 4l8 8M12 4l-8 8",
  warning: "M8 2.2l6 11H2zM8 6.5v3.4M8 11.6v.4",
  waiting: "M8 3.5a4.5 4.5 0 1 0 .01 0z",
  none: "M4 8h8",
  star: "M8 2l1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z",
};

/** A small drawing in the colour of its text. What it means stands beside it in words. */
export function icon(name: keyof typeof PATHS | string, classes = ""): SVGElement {
  const path = svg("path", { d: PATHS[name] ?? "" });
  return svg("svg", { class: `icon icon-${name} ${classes}`, viewBox: "0 0 16 16", "aria-hidden": "true" }, path);
}
