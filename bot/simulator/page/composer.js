/**
 * The foot of a phone: START, Restart, or the input with its command menu and attachments.
 */

import { disclose, el, icon, iconButton } from "./dom.js";

const TEXT_LIMIT = 4096;

/** What the attach menu offers: icon, words, and what is sent with the text that stands in the input. */
const ATTACHMENTS = [
  ["photo", "Photo", (text) => withCaption("photo", text)],
  ["voice", "Voice message", (text) => withCaption("voice", text)],
  ["document", "Document", (text) => withCaption("document", text)],
  ["sticker", "Sticker", () => ({ kind: "sticker" })],
  ["location", "Location", () => ({ kind: "location" })],
  ["contact", "Contact", () => ({ kind: "contact" })],
  ["video_note", "Video message", () => ({ kind: "video_note" })],
  ["forward", "Forwarded text", (text) => ({ text: text || "Is this true?", forward: true })],
];
const KEEPS_TEXT = new Set(["sticker", "location", "contact", "video_note"]);
const withCaption = (kind, text) => (text ? { kind, caption: text } : { kind });

/**
 * The foot of a phone.
 *
 * It calls `actions`: `send(message)` and `edit(message, text)` resolve to whether it worked, `start()` begins
 * the chat, `lastOwn()` is the newest message the person could edit.
 */
export class Composer {
  #actions;
  #commands = [];
  #editing = null;

  /** @param {{send: Function, edit: Function, start: Function, lastOwn: Function}} actions */
  constructor(actions) {
    this.#actions = actions;
    this.input = el("textarea", {
      rows: 1,
      dir: "auto",
      placeholder: "Message",
      "aria-label": "Message",
      enterkeyhint: "send",
    });
    this.input.addEventListener("input", () => this.#changed());
    this.input.addEventListener("keydown", (event) => this.#keydown(event));
    this.sendButton = iconButton("send", "Send", { class: "icon-button send", onclick: () => this.#submit() });
    this.filtered = el("div", {
      class: "panel commands",
      role: "group",
      "aria-label": "Matching commands",
      hidden: true,
    });
    this.filtered.addEventListener("keydown", (event) => this.#walk(event));
    this.#buildEditing();
    this.bar = el("div", { class: "composer" }, this.#menu(), this.input, this.#attach(), this.sendButton);
    this.startButton = el("button", { type: "button", class: "big", onclick: () => actions.start() });
    this.element = el("div", { class: "foot" }, this.filtered, this.editingBar, this.bar, this.startButton);
    this.#changed();
  }

  /** Bring the foot in line with the phone: its commands, whether it has started, and whether it blocked the bot. */
  update({ commands, started, blocked }) {
    this.#commands = commands ?? [];
    this.menuButton.hidden = this.#commands.length === 0;
    const open = started && !blocked;
    this.bar.hidden = !open;
    this.startButton.hidden = open;
    this.startButton.textContent = blocked ? "Restart bot" : "Start";
    if (!open) this.endEditing();
    this.#changed();
  }

  /** Put the focus where a person would go on. */
  focus() {
    (this.bar.hidden ? this.startButton : this.input).focus();
  }

  /** Put a message of the person into the input, to be changed instead of sent. */
  beginEditing(message) {
    this.#editing = message;
    this.editingBar.hidden = false;
    this.editedText.textContent = message.text;
    this.#setText(message.text);
    this.input.focus();
    this.input.setSelectionRange(message.text.length, message.text.length);
  }

  /** Leave editing without a change. */
  endEditing() {
    if (!this.#editing) return;
    this.#editing = null;
    this.editingBar.hidden = true;
    this.#setText("");
  }

  #buildEditing() {
    this.editedText = el("span", { class: "edited-text", dir: "auto" });
    const cancel = iconButton("close", "Stop editing", { onclick: () => (this.endEditing(), this.input.focus()) });
    const words = el("div", { class: "words" }, el("b", {}, "Edit message"), this.editedText);
    this.editingBar = el("div", { class: "editing", hidden: true }, icon("edit"), words, cancel);
  }

  #menu() {
    const panel = el("div", { class: "panel commands", role: "group", "aria-label": "Commands" });
    this.menuButton = iconButton("menu", "Commands", { hidden: true });
    panel.addEventListener("keydown", (event) => this.#walk(event));
    disclose(this.menuButton, panel, () =>
      panel.replaceChildren(...this.#commands.map((command) => this.#commandItem(command))),
    );
    return el("div", { class: "menu" }, this.menuButton, panel);
  }

  #commandItem({ command, description }) {
    const onclick = () => {
      this.#setText("");
      this.input.focus();
      this.#actions.send({ text: `/${command}` });
    };
    const about = el("span", { class: "about", dir: "auto" }, description);
    return el("button", { type: "button", onclick }, el("b", { dir: "ltr" }, `/${command}`), about);
  }

  #attach() {
    const button = iconButton("attach", "Attach");
    const items = ATTACHMENTS.map(([name, words, message]) => {
      const onclick = async () => {
        const text = this.input.value.trim();
        if (!KEEPS_TEXT.has(name)) this.#setText("");
        if (!(await this.#actions.send(message(text))) && !this.input.value) this.#setText(text);
      };
      return el("button", { type: "button", onclick }, icon(name), el("span", { dir: "auto" }, words));
    });
    const panel = el("div", { class: "panel attachments", role: "group", "aria-label": "Attach" }, ...items, this.#file());
    disclose(button, panel);
    return el("div", { class: "menu" }, button, panel);
  }

  /** A file of this computer, sent as a document. */
  #file() {
    const input = el("input", { type: "file", hidden: true, "aria-label": "File" });
    input.addEventListener("change", async () => {
      const [file] = input.files;
      input.value = "";
      if (!file) return;
      const caption = this.input.value.trim();
      this.#setText("");
      const sent = { name: file.name, type: file.type, data: await base64(file) };
      const done = await this.#actions.send({ ...withCaption("document", caption), file: sent });
      if (!done && !this.input.value) this.#setText(caption);
    });
    const onclick = () => input.click();
    return el("button", { type: "button", onclick }, icon("document"), el("span", {}, "File from here"), input);
  }

  #setText(text) {
    this.input.value = text;
    this.#changed();
  }

  /** After every change of the input: its height, the send button, and the commands that begin like it. */
  #changed() {
    this.input.style.height = "auto";
    // Nothing can be measured while the foot is hidden.
    if (this.input.scrollHeight > 0) this.input.style.height = `${this.input.scrollHeight}px`;
    this.sendButton.disabled = this.input.value.trim() === "";
    const typed = this.input.value;
    const found =
      /^\/\w*$/.test(typed) && !this.#editing ? this.#commands.filter((c) => `/${c.command}`.startsWith(typed)) : [];
    this.filtered.hidden = found.length === 0 || this.bar.hidden;
    this.filtered.replaceChildren(...found.map((command) => this.#commandItem(command)));
  }

  #keydown(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape") {
      if (this.#editing) this.endEditing();
      this.filtered.hidden = true;
    } else if (event.key === "ArrowUp" && !this.filtered.hidden) {
      event.preventDefault();
      this.filtered.lastElementChild.focus();
    } else if (event.key === "ArrowUp" && this.input.value === "") {
      const message = this.#actions.lastOwn();
      if (message) this.beginEditing(message);
    }
  }

  /** Arrow keys walk through a list of commands; Escape leads back to the input. */
  #walk(event) {
    const next = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
    if (next) {
      event.preventDefault();
      const target = document.activeElement[next];
      if (target) target.focus();
      else if (event.key === "ArrowDown") this.input.focus();
    } else if (event.key === "Escape" && !this.filtered.hidden) {
      this.input.focus();
      this.filtered.hidden = true;
    }
  }

  /** Send what stands in the input, in several messages if it is too long for one, as Telegram's apps do. */
  async #submit() {
    const text = this.input.value.trim();
    if (!text) return;
    const message = this.#editing;
    this.#editing = null;
    this.editingBar.hidden = true;
    this.#setText("");
    const parts = message ? [text] : pieces(text);
    for (const [index, part] of parts.entries()) {
      const done = message ? this.#actions.edit(message, part) : this.#actions.send({ text: part });
      if (await done) continue;
      // What did not go out stays with the person, unless they have begun something new.
      if (this.input.value === "" && !message) this.#setText(parts.slice(index).join(""));
      else if (this.input.value === "") this.beginEditing({ ...message, text });
      return;
    }
  }
}

/** The bytes of a file, as JSON can hold them. */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** The text in pieces a message can hold; no emoji is cut in two. */
function pieces(text) {
  const found = [];
  let rest = text;
  while (rest.length > TEXT_LIMIT) {
    const high = /[\uD800-\uDBFF]/.test(rest[TEXT_LIMIT - 1]);
    const cut = high ? TEXT_LIMIT - 1 : TEXT_LIMIT;
    found.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...found, rest];
}
