/**
 * Inline keyboards: rows of buttons below a message.
 */

import { el, icon } from "./dom.js";
import { deepLink, safeUrl } from "./entities.js";

/**
 * The keyboard of a message, rows evenly split; null when it has none.
 *
 * @param {object} message
 * @param {{onTap: (message: object, row: number, column: number) => void, onCopy: (text: string) => void,
 *   onDeepLink: (payload: string) => void, botUsername: string}} context
 * @returns {HTMLElement|null}
 */
export function keyboard(message, context) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (rows.length === 0) return null;
  const lines = rows.map((row, r) =>
    el("div", { class: "row" }, ...row.map((button, c) => drawn(button, message, r, c, context))),
  );
  return el("div", { class: "keyboard", role: "group", "aria-label": "Buttons" }, ...lines);
}

/** One button as what it is for a person: a tap, a copy or a link. Kinds that need more than a chat are dead. */
function drawn(button, message, row, column, context) {
  const label = el("span", { class: "label", dir: "auto" }, button.text);
  const common = {
    class: ["key", button.style].filter(Boolean).join(" "),
    title: button.text,
    "data-row": row,
    "data-column": column,
  };
  if (button.url) return linkKey(button, common, label, context);
  if (button.copy_text) {
    const onclick = () => context.onCopy(button.copy_text.text);
    return el("button", { type: "button", ...common, onclick }, label, icon("copy"));
  }
  const dead = Boolean(button.disabled) || !button.callback_data;
  const onclick = () => context.onTap(message, row, column);
  return el("button", { type: "button", ...common, disabled: dead, "data-dead": dead, onclick }, label);
}

/** A button that leads somewhere: a real link, or dead when its address is none a person may be led to. */
function linkKey(button, common, label, context) {
  const url = safeUrl(button.url);
  if (!url) return el("button", { type: "button", ...common, disabled: true, "data-dead": true }, label);
  const payload = deepLink(url, context.botUsername);
  const onclick = (event) => {
    if (payload === null) return;
    event.preventDefault();
    context.onDeepLink(payload);
  };
  const attributes = { href: url.href, target: "_blank", rel: "noopener noreferrer", ...common, onclick };
  return el("a", attributes, label, icon("link"));
}

/**
 * Switch the buttons under `root` off while the phone has blocked the bot, and on again.
 *
 * @param {HTMLElement} root @param {boolean} blocked
 */
export function switchKeys(root, blocked) {
  for (const key of root.querySelectorAll("button.key:not([data-dead])")) key.disabled = blocked;
}

/**
 * Show a button as pressed until it is answered. It stays a button: a second tap is a person's right.
 *
 * @param {HTMLElement} root @param {{row: number, column: number}} place @param {boolean} pressed
 */
export function showPressed(root, place, pressed) {
  const key = keyAt(root, place);
  key?.classList.toggle("pressed", pressed);
  if (pressed) key?.setAttribute("aria-busy", "true");
  else key?.removeAttribute("aria-busy");
}

const keyAt = (root, { row, column }) => root.querySelector(`.key[data-row="${row}"][data-column="${column}"]`);

/**
 * Which button in `root` has the focus.
 *
 * @param {HTMLElement} root
 * @returns {{row: number, column: number}|null}
 */
export function focusedKey(root) {
  const key = root.contains(document.activeElement) ? document.activeElement.closest(".key") : null;
  return key && { row: Number(key.dataset.row), column: Number(key.dataset.column) };
}

/**
 * Put the focus on the button at `place`, else on the first one.
 *
 * @param {HTMLElement} root @param {{row: number, column: number}|null} place
 * @returns {boolean} false when there is none to focus
 */
export function focusKey(root, place) {
  const first = root.querySelector("a.key, button.key:not(:disabled)");
  const key = (place && keyAt(root, place)) || first;
  const target = key?.disabled ? first : key;
  target?.focus({ preventScroll: true });
  return Boolean(target);
}
