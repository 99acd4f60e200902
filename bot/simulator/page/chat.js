/**
 * The chat of one phone: day separators and messages, kept up to date in place.
 */

import { el, icon } from "./dom.js";
import { focusedKey, focusKey, showPressed, switchKeys } from "./keyboard.js";
import { dayKey } from "./languages.js";
import { messageElement } from "./message.js";

const NEAR_BOTTOM_PX = 48;
const PRESSED_AT_MOST_MS = 15_000;

/** The scrolling list of messages. `element` goes into the page; `render` brings it up to date. */
export class Chat {
  #shown = new Map(); // key -> {node, signature}
  #pressed = new Set(); // of {messageId, place, queryId}
  #atBottom = true;
  #focusLost = false;
  #unseen = 0;
  #context;

  /** @param {object} context what messages need; see messageElement */
  constructor(context) {
    this.#context = context;
    this.list = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "Chat", tabindex: 0 });
    this.jump = el(
      "button",
      { type: "button", class: "jump", hidden: true },
      icon("down"),
      el("span", { class: "count" }),
    );
    this.element = el("div", { class: "chat" }, this.list, this.jump);
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.jump.addEventListener("click", () => {
      this.#toBottom("smooth");
      this.list.focus({ preventScroll: true });
    });
    // The room changes with the keyboard of a real phone, with a growing input, and when a tab is chosen.
    new ResizeObserver(() => this.#atBottom && this.#toBottom()).observe(this.list);
  }

  /**
   * Show these messages, changing only what changed. New ones are scrolled to unless the person has scrolled up.
   *
   * @param {object[]} messages in order @param {boolean} blocked whether buttons are off
   */
  render(messages, blocked) {
    const before = this.#shown.size;
    const items = this.#items(messages);
    const keep = new Set(items.map(({ key }) => key));
    for (const [key, { node }] of this.#shown) {
      if (keep.has(key)) continue;
      this.#focusLost ||= node.contains(document.activeElement);
      node.remove();
      this.#shown.delete(key);
    }
    const fresh = [];
    let cursor = this.list.firstElementChild;
    for (const item of items) {
      if (!this.#shown.has(item.key)) fresh.push(item);
      const node = this.#place(item, cursor);
      cursor = node.nextElementSibling;
    }
    switchKeys(this.list, blocked);
    this.#restoreFocus();
    const own = fresh.some(({ message }) => message?.outgoing);
    if (this.#atBottom || own) this.#toBottom();
    else if (before > 0) this.#unseen += fresh.filter(({ message }) => message).length;
    this.#showJump();
  }

  /**
   * Show a tapped button as pressed until it is released, answered, its message changes, or it took too long.
   *
   * @returns {{queryId: string|null}} to be completed when the query's id is known
   */
  press(messageId, place) {
    const pressed = { messageId, place, queryId: null };
    this.#pressed.add(pressed);
    this.#show(pressed, true);
    setTimeout(() => this.release(pressed), PRESSED_AT_MOST_MS);
    return pressed;
  }

  /** Show a pressed button as it was, unless another tap on it still waits. */
  release(pressed) {
    if (!this.#pressed.delete(pressed)) return;
    const { messageId, place } = pressed;
    const waiting = [...this.#pressed].some((other) => {
      return other.messageId === messageId && other.place.row === place.row && other.place.column === place.column;
    });
    if (!waiting) this.#show(pressed, false);
  }

  /** The bot has answered this callback query. */
  answered(queryId) {
    for (const pressed of this.#pressed) if (pressed.queryId === queryId) this.release(pressed);
  }

  /** Put the focus on the newest buttons, or on the list itself when there are none. */
  focusNewest() {
    const boards = [...this.list.querySelectorAll(".keyboard")].reverse();
    if (!boards.some((board) => focusKey(board, null))) this.list.focus({ preventScroll: true });
  }

  #show({ messageId, place }, pressed) {
    const node = this.#shown.get(`message ${messageId}`)?.node;
    if (node) showPressed(node, place, pressed);
  }

  /** What is to be seen, in order: a separator before the first message of each day. */
  #items(messages) {
    const items = [];
    let day = "";
    for (const message of messages) {
      const key = dayKey(message.date);
      if (key !== day)
        items.push({ key: `day ${key} ${items.length}`, signature: key, make: () => this.#separator(message) });
      day = key;
      const make = () => messageElement(message, this.#context);
      items.push({ key: `message ${message.message_id}`, signature: JSON.stringify(message), message, make });
    }
    return items;
  }

  #separator(message) {
    return el("div", { class: "day" }, el("span", { dir: "auto" }, this.#context.dates.day(message.date)));
  }

  /** The node of an item, made or made anew where needed, standing before `cursor` or at it. */
  #place(item, cursor) {
    const old = this.#shown.get(item.key);
    if (old?.signature === item.signature) return old.node;
    const node = item.make();
    this.#shown.set(item.key, { node, signature: item.signature });
    if (!old) {
      this.list.insertBefore(node, cursor);
      return node;
    }
    const place = focusedKey(old.node);
    const sameText = textOf(old.node) === textOf(node);
    const focused = old.node.contains(document.activeElement);
    old.node.replaceWith(node);
    for (const pressed of this.#pressed)
      if (pressed.messageId === item.message?.message_id) this.#pressed.delete(pressed);
    // Another question begins at its first button; the same one (a box was ticked) stays where it was.
    if (place) this.#focusLost ||= !focusKey(node, sameText ? place : null);
    else this.#focusLost ||= focused;
    return node;
  }

  /** Whoever walks by keyboard goes on at the newest buttons when theirs are gone, even if those come later. */
  #restoreFocus() {
    if (!this.#focusLost) return;
    const elsewhere = document.activeElement !== document.body && document.activeElement !== this.list;
    if (!elsewhere) this.focusNewest();
    this.#focusLost = !elsewhere && document.activeElement === this.list;
  }

  #scrolled() {
    const left = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight;
    // A hidden chat has no height and is where it was.
    if (this.list.clientHeight > 0) this.#atBottom = left < NEAR_BOTTOM_PX;
    if (this.#atBottom) this.#unseen = 0;
    this.#showJump();
  }

  #toBottom(behavior = "instant") {
    this.list.scrollTo({ top: this.list.scrollHeight, behavior });
    this.#atBottom = true;
    this.#unseen = 0;
  }

  #showJump() {
    this.jump.hidden = this.#atBottom;
    this.jump.querySelector(".count").textContent = this.#unseen || "";
    const words = this.#unseen ? `To the newest of ${this.#unseen} new messages` : "To the newest message";
    this.jump.setAttribute("aria-label", words);
  }
}

const textOf = (node) => node.querySelector(".text")?.firstChild?.textContent;
