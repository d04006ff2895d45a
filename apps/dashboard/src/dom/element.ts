import { visibleLine } from '../text/visible-text.js';

type Attribute = string | number | boolean | null;
type Child = Node | string | null;

/**
 * Makes an element. Text goes in as text, with everything invisible made visible; there is no way to put markup in,
 * and the page's policy has the browser refuse it as well. `true` is an attribute without a value, `false` and null
 * leave it out.
 */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  for (const child of children) {
    if (child !== null) element.append(typeof child === 'string' ? visibleLine(child) : child);
  }
  return element;
}

/** Changes an element's text only when it is another, so that what a person selected or reads out stays. */
export function setText(element: Element, text: string): void {
  const visible = visibleLine(text);
  if (element.textContent !== visible) element.textContent = visible;
}

/** Sets an attribute, or takes it away with `false` or null; leaves it alone when it is so already. */
export function setAttribute(element: Element, name: string, value: Attribute): void {
  if (value === null || value === false) {
    element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Shows or hides. */
export function setShown(element: HTMLElement, shown: boolean): void {
  if (element.hidden === shown) element.hidden = !shown;
}

/** An element of the page's own skeleton; a page without it is not ours. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element #${id}`);
  return element;
}
