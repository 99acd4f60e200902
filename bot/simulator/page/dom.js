/**
 * Making elements. Text goes in as text nodes only: nothing a person or the bot writes is ever read as HTML.
 */

const SVG = "http://www.w3.org/2000/svg";

/** Icons as paths on a 24 by 24 grid, drawn as lines in the colour of the text. */
const ICONS = {
  attach: "M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6",
  block: "M12 3a9 9 0 1 0 .01 0M5.8 5.8l12.4 12.4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6L6 18",
  contact: "M12 4a4 4 0 1 0 .01 0M4.5 20a7.5 6 0 0 1 15 0",
  copy: "M9 9h10v11H9zM5 15V4h10",
  delete: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  down: "M6 9l6 6 6-6",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  forward: "M13 6l6 6-6 6M19 12H9a5 5 0 0 0-5 5v1",
  link: "M8 16L17 7M10 7h7v7",
  location: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21zM12 7.5a2.2 2.2 0 1 0 .01 0",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M12 5.5h.01M12 12h.01M12 18.5h.01",
  photo: "M4 6h4l2-2h4l2 2h4v13H4zM12 9a3.7 3.7 0 1 0 .01 0",
  react: "M12 4a8 8 0 1 0 .01 0M9 10h.01M15 10h.01M8.5 14a4 4 0 0 0 7 0",
  read: "M2.5 12.5l4.5 4.5L16 7.5M11.5 16l1 1L21.5 7.5",
  restart: "M5 12a7 7 0 1 0 2.5-5.4M7 3v4h4",
  send: "M4 12L20 4l-5 16-3.5-6.5zM11.5 13.5L20 4",
  sticker: "M12 4a8 8 0 1 0 8 8h-4a4 4 0 0 1-4-4zM12 4l8 8",
  video_note: "M12 4a8 8 0 1 0 .01 0M10 9v6l5-3z",
  voice: "M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
};

/**
 * An element with attributes and children.
 *
 * A name starting with `on` is a listener; true sets an empty attribute; false, null and undefined are left out.
 * Children that are strings become text; false, null and undefined are left out.
 *
 * @param {string} tag @param {Record<string, any>} [attributes] @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * An icon that is only decoration: the name belongs to the element around it.
 *
 * @param {keyof typeof ICONS} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * A button that shows an icon and is called `label`.
 *
 * @param {keyof typeof ICONS} name @param {string} label @param {Record<string, any>} [attributes]
 * @returns {HTMLElement}
 */
export function iconButton(name, label, attributes = {}) {
  const all = { type: "button", class: "icon-button", "aria-label": label, title: label, ...attributes };
  return el("button", all, icon(name));
}

/**
 * A panel that opens at a button and closes by Escape, leaving or choosing; the focus goes back to the button.
 *
 * @param {HTMLElement} button @param {HTMLElement} panel starts hidden
 * @param {() => void} [beforeOpen] fills the panel
 * @returns {{close: () => void}}
 */
export function disclose(button, panel, beforeOpen = () => {}) {
  const set = (open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  const back = () => {
    const inside = panel.contains(document.activeElement);
    set(false);
    if (inside) button.focus();
  };
  set(false);
  button.addEventListener("click", () => {
    if (panel.hidden) beforeOpen();
    set(panel.hidden);
    if (!panel.hidden) panel.querySelector("button:not(:disabled)")?.focus();
  });
  // Before the chosen item acts: a dialog it opens gives the focus back to where it is then.
  panel.addEventListener("click", (event) => event.target.closest("button") && back(), true);
  for (const element of [button, panel]) {
    element.addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && back());
    element.addEventListener("focusout", (event) => {
      const to = event.relatedTarget;
      // Without a target the window lost the focus, or something that takes none was clicked: see below.
      if (to && !panel.contains(to) && to !== button) set(false);
    });
  }
  document.addEventListener("pointerdown", (event) => {
    if (!panel.hidden && !panel.contains(event.target) && !button.contains(event.target)) set(false);
  });
  return { close: () => set(false) };
}
