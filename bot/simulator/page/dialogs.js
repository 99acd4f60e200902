/**
 * Dialogs. Each is made when it is opened and gone when it is closed; the browser gives the focus back.
 */

import { el } from "./dom.js";
import { LANGUAGES } from "./languages.js";

const PAYLOAD = {
  maxlength: 64,
  pattern: "[A-Za-z0-9_\\-]*",
  autocomplete: "off",
  autocapitalize: "off",
  spellcheck: "false",
  dir: "ltr",
};
const PAYLOAD_HINT = "What follows ?start= in a link: at most 64 Latin letters, digits, _ and -";

let made = 0;

/** Open a dialog with a title; it is removed when it closes, and `closed` is called. */
function open(title, content, closed = () => {}) {
  made += 1;
  const id = `dialog-${made}`;
  const dialog = el("dialog", { "aria-labelledby": id }, el("h2", { id, dir: "auto" }, title), content);
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A form in a dialog: `submit` gets the values; its error is shown and the dialog stays open, else it closes. */
function openForm(title, fields, { button, danger = false }, submit) {
  const error = el("p", { class: "error", role: "alert" });
  const cancel = el("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const go = el("button", { type: "submit", class: danger ? "danger" : "primary" }, button);
  const form = el("form", { method: "dialog" }, ...fields, error, el("div", { class: "actions" }, cancel, go));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (go.disabled) return;
    go.disabled = true;
    try {
      await submit(Object.fromEntries(new FormData(form)));
      dialog.close();
    } catch (problem) {
      error.textContent = problem instanceof TypeError ? "The server cannot be reached just now." : problem.message;
    } finally {
      go.disabled = false;
    }
  });
  const dialog = open(title, form);
}

/** A labelled field with an optional hint below it. */
function field(label, input, hint) {
  made += 1;
  input.id = `field-${made}`;
  const about = hint && el("small", { id: `${input.id}-hint` }, hint);
  if (about) input.setAttribute("aria-describedby", about.id);
  return el("div", { class: "field" }, el("label", { for: input.id }, label), input, about);
}

/**
 * Ask for a new phone; `create` gets {first_name, language_code, payload} and rejects with what went wrong.
 *
 * @param {string[]} taken languages of the phones there are: another one is suggested
 * @param {(values: {first_name: string, language_code: string, payload: string}) => Promise<void>} create
 */
export function askNewPhone(taken, create) {
  const [code, , , suggestion] = LANGUAGES.find(([language]) => !taken.includes(language)) ?? LANGUAGES[0];
  const name = el("input", {
    name: "first_name",
    required: true,
    maxlength: 64,
    value: suggestion,
    dir: "auto",
    autocomplete: "off",
  });
  const options = LANGUAGES.map(([value, own, english]) => {
    return el("option", { value, selected: value === code }, own === english ? own : `${own} · ${english}`);
  });
  const language = el("select", { name: "language_code" }, ...options);
  language.addEventListener("change", () => {
    const untouched = LANGUAGES.some(([, , , first]) => first === name.value) || name.value === "";
    if (untouched) name.value = LANGUAGES.find(([value]) => value === language.value)[3];
  });
  const payload = el("input", { name: "payload", ...PAYLOAD });
  const fields = [
    field("Language of the phone", language),
    field("First name", name),
    field("Deep-link payload (optional)", payload, PAYLOAD_HINT),
  ];
  openForm("New phone", fields, { button: "Add phone" }, (values) =>
    create({ ...values, first_name: values.first_name.trim() }),
  );
}

/**
 * Ask for the payload to open the bot with.
 *
 * @param {string} username of the bot @param {(payload: string) => Promise<void>} start
 */
export function askDeepLink(username, start) {
  const payload = el("input", { name: "payload", ...PAYLOAD });
  const fields = [
    el("p", {}, `Opens t.me/${username}?start=… as if this person had tapped the link.`),
    field("Payload", payload, PAYLOAD_HINT),
  ];
  openForm("Start by deep link", fields, { button: "Start" }, (values) => start(values.payload));
}

/**
 * Ask before something that cannot be undone.
 *
 * @param {string} title @param {string} text @param {string} button @param {() => Promise<void>} act
 */
export function confirm(title, text, button, act) {
  openForm(title, [el("p", {}, text)], { button, danger: true }, act);
}

/**
 * Show what the bot says in an alert.
 *
 * @param {string} title @param {string} text @param {() => void} closed
 */
export function showAlert(title, text, closed) {
  const ok = el("button", { type: "button", class: "primary", onclick: () => dialog.close() }, "OK");
  const content = el(
    "div",
    {},
    el("p", { class: "alert-text", dir: "auto" }, text),
    el("div", { class: "actions" }, ok),
  );
  const dialog = open(title, content, closed);
}
