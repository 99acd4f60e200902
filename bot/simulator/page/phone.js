/**
 * One phone on the desk: the head, the chat, the foot, and what a person can do with it.
 */

import * as api from "./api.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { askDeepLink, confirm, showAlert } from "./dialogs.js";
import { el } from "./dom.js";
import { Head } from "./head.js";
import { dates, direction, ownName } from "./languages.js";
import { inOrder, refresher } from "./live.js";

const TOAST_MS = 3000;
const TOAST_MS_PER_LETTER = 60;

const linkKey = (id) => `payload of ${id}`;

/** Remember the deep link a new phone has not used yet, for as long as the browser's tab lives. */
export const keepPayload = (id, payload) => payload && sessionStorage.setItem(linkKey(id), payload);

/** A phone of the page; `refreshChat` brings its chat up to date with the server, `refresh` all of it. */
export class Phone {
  #data;
  #loaded = false;
  #seenToasts = null;
  #lastBotMessage = null;
  #inOrder = inOrder();
  #hear;

  /**
   * @param {object} data the phone as the server lists it
   * @param {{onGone: () => void, onNews: () => void}} hear
   *   `onGone`: the server knows it no longer; `onNews`: the bot wrote something
   */
  constructor(data, hear) {
    this.#data = { messages: [], commands: [], toasts: [], ...data };
    this.#hear = hear;
    this.id = data.id;
    this.context = {
      botUsername: "",
      botName: "Bot",
      dates: dates(data.language_code),
      onCommand: (text) => this.#send({ text }),
      onDeepLink: (payload) => this.#act(() => api.start(this.id, payload)),
      onTap: (message, row, column) => this.#tap(message, row, column),
      onCopy: (text) => this.#copy(text),
      onEdit: (message) => this.composer.beginEditing(message),
      onReact: (message, emoji) => this.#act(() => api.react(this.id, message.message_id, emoji)),
      reactsAs: () => this.id,
    };
    this.chat = new Chat(this.context);
    this.composer = new Composer({
      send: (message) => this.#send(message),
      edit: (message, text) => this.#act(() => api.edit(this.id, message.message_id, text)),
      start: () => this.#start(),
      lastOwn: () => this.#data.messages.findLast((m) => m.outgoing && m.text !== undefined && !m.forward_origin),
    });
    this.refreshChat = refresher(() => this.#load());
    this.refreshBot = refresher(() => this.#loadBot());
    this.#build();
    this.#render();
  }

  /** The person's first name. */
  get name() {
    return this.#data.first_name;
  }

  /** The code of the phone's language. */
  get language() {
    return this.#data.language_code;
  }

  /** Bring everything up to date with the server. */
  refresh() {
    this.refreshChat();
    this.refreshBot();
  }

  /** The bot's name and description in the phone's language; both may change while the page is open. */
  async #loadBot() {
    const bot = await api.getBot(this.#data.language_code);
    const name = bot.name || bot.username;
    this.context.botUsername = bot.username;
    this.context.botName = name;
    this.head.showName(name);
    this.description.textContent = bot.description || bot.short_description || "";
    this.#render();
  }

  #build() {
    const { first_name: name, language_code: code, id } = this.#data;
    this.head = new Head({
      deepLink: () => askDeepLink(this.context.botUsername, (payload) => this.#mustStart(payload)),
      block: () => this.#act(() => api.block(this.id, !this.#data.blocked)),
      remove: () => this.#askDelete(),
    });
    this.description = el("p", { dir: "auto" });
    this.link = el("p", { class: "chip", dir: "ltr" });
    const question = el("b", { dir: "auto", lang: "en" }, "What can this bot do?");
    this.intro = el("div", { class: "intro" }, question, this.description, this.link);
    this.toasts = el("div", { class: "toasts", role: "status" });
    const parts = [this.head.element, this.chat.element, this.intro, this.toasts, this.composer.element];
    const screen = el("div", { class: "screen", dir: direction(code), lang: code }, ...parts);
    const language = el("span", { class: "language", lang: code, dir: "auto" }, ownName(code));
    const caption = el("h2", { class: "caption" }, el("bdi", {}, name), language);
    this.element = el(
      "section",
      { class: "phone", "aria-label": `${name}’s phone`, "data-phone": id },
      caption,
      screen,
    );
  }

  async #load() {
    try {
      this.#data = await api.getPhone(this.id);
      this.#loaded = true;
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      this.#hear.onGone();
      return;
    }
    this.#render();
    this.#takeToasts();
  }

  #render() {
    const { messages, blocked, started, commands } = this.#data;
    const payload = sessionStorage.getItem(linkKey(this.id));
    const last = messages.findLast((message) => !message.outgoing)?.message_id ?? 0;
    const news = this.#lastBotMessage !== null && last > this.#lastBotMessage;
    this.head.update(this.#data, news);
    this.chat.render(messages, blocked);
    this.composer.update({ commands, started, blocked });
    this.intro.hidden = !this.#loaded || messages.length > 0;
    this.link.hidden = !payload;
    this.link.textContent = `t.me/${this.context.botUsername}?start=${payload}`;
    if (news) this.#hear.onNews();
    if (this.#loaded) this.#lastBotMessage = last;
  }

  /** Show what the bot answered to taps since the last look; what is older than the page is not shown. */
  #takeToasts() {
    const toasts = this.#data.toasts ?? [];
    const fresh = this.#seenToasts === null ? [] : toasts.filter(({ id }) => !this.#seenToasts.has(id));
    this.#seenToasts = new Set(toasts.map(({ id }) => id));
    for (const { text, alert, callback_query_id: queryId } of fresh) {
      this.chat.answered(queryId);
      if (text && alert) showAlert(this.context.botName, text, () => this.#afterAlert());
      else if (text) this.toast(text);
    }
  }

  /** The button that called for the alert may be gone: then the focus goes to the newest ones. */
  #afterAlert() {
    if (document.activeElement === document.body) this.chat.focusNewest();
  }

  /** Show a short text over the chat for as long as it takes to read. */
  toast(text) {
    const toast = el("p", { class: "toast", dir: "auto" }, text);
    this.toasts.append(toast);
    setTimeout(() => toast.remove(), TOAST_MS + TOAST_MS_PER_LETTER * text.length);
  }

  /** Do what the person did, in order; a failure is told in a toast. Resolves to whether it worked. */
  async #act(work) {
    try {
      await this.#inOrder(work);
      return true;
    } catch (problem) {
      this.toast(
        problem instanceof api.Refused ? `Not done: ${problem.message}` : "Not done: the server cannot be reached.",
      );
      return false;
    } finally {
      this.refreshChat();
    }
  }

  #send(message) {
    return this.#act(() => api.send(this.id, message));
  }

  async #start() {
    const payload = sessionStorage.getItem(linkKey(this.id)) ?? "";
    if (await this.#act(() => api.start(this.id, payload))) sessionStorage.removeItem(linkKey(this.id));
    this.chat.list.focus({ preventScroll: true });
  }

  async #mustStart(payload) {
    await this.#inOrder(() => api.start(this.id, payload));
    this.refreshChat();
  }

  async #tap(message, row, column) {
    const pressed = this.chat.press(message.message_id, { row, column });
    const done = await this.#act(async () => {
      pressed.queryId = (await api.tap(this.id, message.message_id, row, column)).callback_query_id;
    });
    // The answer may have been seen before the query's id was known.
    const answered = this.#data.toasts.some(({ callback_query_id: queryId }) => queryId === pressed.queryId);
    if (!done || answered) this.chat.release(pressed);
  }

  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast("Copied");
    } catch {
      this.toast(text); // without the right to the clipboard the person can at least read it
    }
  }

  #askDelete() {
    const text = "The phone and its chat go. What the bot has stored about the person is the bot’s matter.";
    confirm(`Delete ${this.name}’s phone?`, text, "Delete phone", async () => {
      await api.deletePhone(this.id);
      this.#hear.onGone();
    });
  }
}
