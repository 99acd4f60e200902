/**
 * The team's group on the desk: its topics as tabs, and one of the phones' people who writes in it.
 */

import * as api from "./api.js";
import { Chat } from "./chat.js";
import { el, iconButton } from "./dom.js";
import { dates } from "./languages.js";
import { refresher } from "./live.js";

const GENERAL = 0;

/** The newest group, if there is one; `refresh` brings it up to date, `showPeople` says who can write in it. */
export class Group {
  #data = null;
  #topic = GENERAL;
  #people = "";
  #newest = null;
  #onNews;

  /**
   * @param {HTMLElement} desk where its window stands
   * @param {() => void} onNews somebody wrote something in it
   */
  constructor(desk, onNews) {
    this.#onNews = onNews;
    this.chat = new Chat({
      botUsername: "",
      botName: "Bot",
      dates: dates("en"),
      onCommand: (text) => this.#write(text),
      onDeepLink: () => {},
      onTap: (message, row, column) => this.#tap(message, row, column),
      onCopy: (text) => navigator.clipboard?.writeText(text),
      onEdit: (message) => this.#edit(message),
      onReact: (message, emoji) => api.reactInGroup(this.#data.id, Number(this.who.value), message.message_id, emoji),
      reactsAs: () => Number(this.who.value),
    });
    this.refresh = refresher(() => this.#load());
    this.title = el("h2", { class: "caption" });
    this.topics = el("nav", { class: "topics", "aria-label": "Topics" });
    this.who = el("select", { "aria-label": "Who writes in the group" });
    this.input = el("input", { type: "text", "aria-label": "Message to the group", maxlength: 4096 });
    const send = iconButton("send", "Send to the group", { type: "submit" });
    const foot = el("form", { class: "group-foot", onsubmit: (event) => this.#submit(event) }, this.who, this.input, send);
    const screen = el("div", { class: "screen", lang: "de" }, this.topics, this.chat.element, foot);
    this.element = el("section", { class: "phone group", "aria-label": "Team group", hidden: true }, this.title, screen);
    desk.append(this.element);
  }

  /** The people on the desk: {id, name}. */
  showPeople(people) {
    const key = JSON.stringify(people);
    if (key === this.#people) return;
    this.#people = key;
    const before = this.who.value;
    this.who.replaceChildren(...people.map(({ id, name }) => el("option", { value: id }, name)));
    if (people.some(({ id }) => String(id) === before)) this.who.value = before;
  }

  /** Whether there is a group. */
  get exists() {
    return this.#data !== null;
  }

  async #load() {
    const groups = await api.listGroups();
    this.#data = groups.findLast(({ left }) => !left) ?? null;
    this.element.hidden = !this.exists;
    if (!this.exists) return;
    this.#render();
    const newest = this.#data.messages.at(-1)?.message_id ?? 0;
    if (this.#newest !== null && newest > this.#newest) this.#onNews();
    this.#newest = newest;
  }

  #render() {
    const { title, topics, messages } = this.#data;
    if (!(this.#topic in topics)) this.#topic = GENERAL;
    this.title.textContent = title;
    const named = Object.entries(topics).map(([id, { name, closed }]) => [Number(id), closed ? `🔒 ${name}` : name]);
    this.topics.replaceChildren(...[[GENERAL, "General"], ...named].map(([id, name]) => this.#tab(id, name)));
    const shown = messages.filter((one) => (one.message_thread_id ?? GENERAL) === this.#topic);
    this.chat.render(shown.filter((one) => !one.forum_topic_created), false);
  }

  #tab(id, name) {
    const choose = () => {
      this.#topic = id;
      this.#render();
    };
    const chosen = String(id === this.#topic);
    return el("button", { type: "button", "aria-pressed": chosen, onclick: choose }, el("bdi", {}, name));
  }

  #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.#write(text);
  }

  #write(text) {
    const topic = this.#topic === GENERAL ? {} : { topic: this.#topic };
    return api.writeInGroup(this.#data.id, { phone: Number(this.who.value), text, ...topic });
  }

  #tap(message, row, column) {
    const data = message.reply_markup.inline_keyboard[row][column].callback_data;
    const body = { message_id: message.message_id, data, force: true, chat: this.#data.id };
    return api.tapInGroup(Number(this.who.value), body);
  }

  #edit(message) {
    const text = prompt("The message from now on:", message.text);
    if (text?.trim()) api.editInGroup(this.#data.id, message.message_id, text.trim());
  }
}
