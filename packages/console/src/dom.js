// @ts-check

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {{ readonly [name: string]: unknown }} Attributes */

/**
 * Makes an element. Children that are strings become text, never markup; `onclick` and its like take a function.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes] absent, null and false members are left out; true is the empty attribute
 * @param {readonly (Child | readonly Child[])[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.flat().filter(isShown).map(toNode));
  return element;
}

/** @param {Element} element @param {string} name @param {unknown} value */
function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") element.addEventListener(name.slice("on".length), (event) => void value(event));
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** @param {Child} child @returns {child is Node | string | number} */
function isShown(child) {
  return child !== null && child !== undefined && child !== false;
}

/** @param {Node | string | number} child */
function toNode(child) {
  return child instanceof Node ? child : String(child);
}

/**
 * A list of elements that follows a list of rows. An element is kept as long as its row says the same, so that focus, selection and
 * opened details outlive a refresh.
 * @template Row
 * @param {HTMLElement} parent
 * @param {(row: Row) => HTMLElement} render
 * @param {(row: Row) => string} keyOf unique in the list
 */
export function follow(parent, render, keyOf) {
  /** @type {Map<string, { text: string, element: HTMLElement }>} */
  let shown = new Map();
  /** @param {readonly Row[]} rows */
  return (rows) => {
    const before = shown;
    shown = new Map(rows.map((row) => [keyOf(row), renewed(before.get(keyOf(row)), row, render)]));
    const elements = [...shown.values()].map(({ element }) => element);
    place(parent, elements);
  };
}

/**
 * @template Row
 * @param {{ text: string, element: HTMLElement } | undefined} old
 * @param {Row} row
 * @param {(row: Row) => HTMLElement} render
 */
function renewed(old, row, render) {
  const text = JSON.stringify(row);
  if (old?.text === text) return old;
  const element = render(row);
  if (old?.element.contains(document.activeElement)) {
    old.element.replaceWith(element);
    /** @type {HTMLElement | null} */
    const focusable = element.querySelector("a, button");
    focusable?.focus({ preventScroll: true });
  }
  return { text, element };
}

/** Moves nothing that already stands right: a moved element loses its focus. @param {HTMLElement} parent @param {HTMLElement[]} elements */
function place(parent, elements) {
  const wanted = new Set(elements);
  for (const child of [...parent.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove();
  let next = parent.firstElementChild;
  for (const element of elements) {
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
}
