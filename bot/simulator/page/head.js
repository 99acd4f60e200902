/**
 * The head of a phone: the bot's name, what it is doing, and the menu of what a person can do with the chat as a whole.
 */

import { disclose, el, icon, iconButton } from "./dom.js";

const TYPING_MS = 5500; // Telegram shows it for five seconds or less; the rest is for the way here

/** The head; `update` follows the phone, `actions` are {deepLink, block, remove}, each called without arguments. */
export class Head {
  #typing = { version: null, timer: 0 };

  /** @param {{deepLink: () => void, block: () => void, remove: () => void}} actions */
  constructor(actions) {
    this.title = el("h3", { dir: "auto" });
    this.status = el("p", { class: "status", dir: "auto", lang: "en" });
    this.avatar = el("span", { class: "avatar", "aria-hidden": "true" });
    const words = el("div", { class: "words" }, this.title, this.status);
    this.element = el("header", { class: "head" }, this.avatar, words, this.#menu(actions));
  }

  /** Show the bot's name. */
  showName(name) {
    this.title.textContent = name;
    this.avatar.textContent = [...name][0] ?? "";
  }

  /**
   * Show whether the bot types and whether it is blocked. "typing…" ends by itself, and with the message being typed.
   *
   * @param {{typing: boolean, version: number, blocked: boolean}} phone
   * @param {boolean} news whether the bot has just written something
   */
  update({ typing, version, blocked }, news) {
    this.blockWords.textContent = blocked ? "Unblock the bot" : "Block the bot";
    if (version === this.#typing.version) return;
    const show = (on) => {
      this.status.textContent = on ? "typing…" : blocked ? "blocked by this person" : "bot";
      this.status.classList.toggle("typing", on);
      this.status.classList.toggle("blocked", blocked);
    };
    clearTimeout(this.#typing.timer);
    this.#typing = { version, timer: typing ? setTimeout(show, TYPING_MS, false) : 0 };
    show(Boolean(typing) && !news && !blocked);
  }

  #menu(actions) {
    this.blockWords = el("span", { dir: "auto" });
    const item = (name, words, onclick) => el("button", { type: "button", onclick }, icon(name), words);
    const items = [
      item("link", el("span", { dir: "auto" }, "Start by deep link…"), actions.deepLink),
      item("block", this.blockWords, actions.block),
      item("delete", el("span", { dir: "auto" }, "Delete this phone…"), actions.remove),
    ];
    const panel = el("div", { class: "panel", role: "group", "aria-label": "Phone", lang: "en" }, ...items);
    const button = iconButton("more", "Phone menu");
    disclose(button, panel);
    return el("div", { class: "menu" }, button, panel);
  }
}
