/**
 * One message as a bubble.
 */

import { el, icon, iconButton } from "./dom.js";
import { textNodes } from "./entities.js";
import { keyboard } from "./keyboard.js";
import { direction, paragraphs } from "./paragraphs.js";
import { reactButton, reactionLine } from "./reactions.js";

/** Kinds of message without text: the icon and the words that stand for them. */
const KINDS = {
  photo: ["photo", "Photo"],
  voice: ["voice", "Voice message"],
  sticker: ["sticker", "Sticker"],
  location: ["location", "Location"],
  contact: ["contact", "Contact"],
  document: ["document", "Document"],
  video_note: ["video_note", "Video message"],
  video: ["video_note", "Video"],
};

/**
 * The element of a message.
 *
 * @param {object} message as the person's side of the simulator gives it
 * @param {object} context what entities and keyboards need, and `onEdit(message)`, `dates`, `botName`, see
 *   reactions.js too
 * @returns {HTMLElement}
 */
export function messageElement(message, context) {
  const own = Boolean(message.outgoing);
  const keys = keyboard(message, context);
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities;
  const lines = paragraphs(textNodes(text, entities, context));
  const body = el("div", { class: "text", dir: direction(text) }, ...lines);
  // The small print stands beside the last line, where that is no block of its own.
  const beside = lines.at(-1)?.matches(".paragraph") ? lines.at(-1) : body;
  beside.append(small(message, own, context));
  const bubble = el(
    "div",
    { class: "bubble" },
    el("span", { class: "unseen", lang: "en" }, own ? "You: " : `${context.botName}: `),
    forwarded(message),
    medium(message),
    body,
  );
  const editable = own && message.text !== undefined && !message.forward_origin;
  const pencil = editable && iconButton("edit", "Edit this message", { onclick: () => context.onEdit(message) });
  const classes = ["message", own ? "own" : "bot", keys ? "with-keys" : ""].filter(Boolean).join(" ");
  return el(
    "div",
    { class: classes, "data-message": message.message_id },
    el("div", { class: "line" }, bubble, pencil, ...(own ? [] : reactButton(message, context))),
    reactionLine(message),
    keys,
  );
}

/** Time, the edited mark and, for an own message, that it was read (a bot reads at once). */
function small(message, own, context) {
  const when = message.date;
  const time = el(
    "time",
    { datetime: new Date(when * 1000).toISOString(), title: context.dates.full(when), dir: "auto" },
    context.dates.time(when),
  );
  const edited = message.edit_date && el("span", { class: "edited", lang: "en" }, "edited");
  return el("span", { class: "small", dir: "ltr" }, edited || null, time, own && icon("read"));
}

/** The line that says a message was forwarded. */
function forwarded(message) {
  if (!message.forward_origin) return null;
  const origin = message.forward_origin;
  const name = origin.sender_user?.first_name ?? origin.sender_user_name ?? origin.chat?.title ?? "";
  return el("div", { class: "forwarded", lang: "en", dir: "ltr" }, `Forwarded${name ? ` from ${name}` : ""}`);
}

/** What stands for a photo, a voice message and so on; a sticker shows its emoji. */
function medium(message) {
  const kind = Object.keys(KINDS).find((name) => message[name]);
  if (!kind) return null;
  const [picture, words] = KINDS[kind];
  if (kind === "sticker" && message.sticker.emoji) {
    return el(
      "div",
      { class: "emoji", role: "img", "aria-label": `Sticker ${message.sticker.emoji}` },
      message.sticker.emoji,
    );
  }
  const about = details(kind, message[kind]);
  const largest = Array.isArray(message[kind]) ? message[kind].at(-1) : message[kind];
  const file = /^file:(\d+)$/.exec(largest.file_id ?? "");
  if (kind === "photo" && file) {
    return el("img", { class: "picture", src: `/api/files/${file[1]}`, alt: words, lang: "en", loading: "lazy" });
  }
  const [tag, link] = file ? ["a", { href: `/api/files/${file[1]}`, download: "" }] : ["div", {}];
  return el(
    tag,
    { class: `medium ${kind}`, lang: "en", dir: "ltr", ...link },
    el("span", { class: "disc" }, icon(picture)),
    el("span", { class: "words" }, el("span", {}, words), about && el("small", {}, about)),
  );
}

/** One line of details of a medium. */
function details(kind, value) {
  switch (kind) {
    case "voice":
    case "video_note":
      return value.duration === undefined
        ? ""
        : `${Math.floor(value.duration / 60)}:${String(value.duration % 60).padStart(2, "0")}`;
    case "location":
      return `${value.latitude}, ${value.longitude}`;
    case "contact":
      return [value.first_name, value.phone_number].filter(Boolean).join(", ");
    case "document":
      return value.file_name ?? "";
    default:
      return "";
  }
}
