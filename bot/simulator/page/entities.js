/**
 * Text with Telegram's entities as nodes. Offsets count UTF-16 units, as JavaScript's strings do.
 */

import { el } from "./dom.js";

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);
const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };

/**
 * The nodes of a text with its entities.
 *
 * @param {string} text
 * @param {object[]} entities as in a Message; one that lies outside of the text is cut or left out
 * @param {{onCommand: (command: string) => void, onDeepLink: (payload: string) => void, botUsername: string,
 *   dates: {full: (unix: number) => string}}} context
 * @returns {Node[]}
 */
export function textNodes(text, entities, context) {
  const usable = (entities ?? [])
    .map((entity) => ({ entity, start: entity.offset, end: Math.min(entity.offset + entity.length, text.length) }))
    .filter(({ start, end }) => start >= 0 && start < end);
  return build(text, 0, text.length, usable, context);
}

/** Outer before inner: by start, the longer one first. */
const outerFirst = (a, b) => a.start - b.start || b.end - a.end;

/** The nodes of text[from, to) under `spans`, all of which begin in that range. */
function build(text, from, to, spans, context) {
  const nodes = [];
  const waiting = [...spans].sort(outerFirst);
  let at = from;
  let afterBlock = false;
  const plain = (end, beforeBlock) => {
    let piece = text.slice(at, end);
    // A block brings its own line breaks: the one beside it would show as an empty line.
    if (afterBlock && piece.startsWith("\n")) piece = piece.slice(1);
    if (beforeBlock && piece.endsWith("\n")) piece = piece.slice(0, -1);
    if (piece) nodes.push(document.createTextNode(piece));
  };
  while (waiting.length > 0) {
    const { entity, start, end } = waiting.shift();
    const inner = [];
    const later = [];
    for (const span of waiting) {
      if (span.start >= end) later.push(span);
      else if (span.end <= end) inner.push(span);
      else {
        // Crossing entities: the part inside belongs to this one, the rest follows it.
        inner.push({ ...span, end });
        later.push({ ...span, start: end });
      }
    }
    waiting.splice(0, waiting.length, ...later.sort(outerFirst));
    const block = isBlock(entity.type);
    if (start > at) plain(start, block);
    nodes.push(wrap(entity, text.slice(start, end), build(text, start, end, inner, context), context));
    at = end;
    afterBlock = block;
  }
  if (to > at) plain(to, false);
  return nodes;
}

const isBlock = (type) => type === "pre" || type === "blockquote" || type === "expandable_blockquote";

/** The element of one entity around the nodes of its text. */
function wrap(entity, text, nodes, context) {
  if (Object.hasOwn(TAGS, entity.type)) return el(TAGS[entity.type], {}, ...nodes);
  switch (entity.type) {
    case "pre":
      return el("pre", { "data-language": entity.language || null, tabindex: 0 }, el("code", {}, ...nodes));
    case "blockquote":
      return el("blockquote", { dir: "auto" }, ...nodes);
    case "expandable_blockquote":
      return expandable(nodes);
    case "text_link":
      return link(entity.url, nodes, context, entity.url);
    case "url":
      return link(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`, nodes, context);
    case "email":
      return link(`mailto:${text}`, nodes, context);
    case "phone_number":
      return link(`tel:${text.replace(/[^\d+]/g, "")}`, nodes, context);
    case "bot_command":
      return pressable({ class: "command" }, () => context.onCommand(text), ...nodes);
    case "spoiler":
      return spoiler(nodes);
    case "date_time":
      return moment(entity, nodes, context);
    default: // mention, text_mention, hashtag, cashtag lead nowhere here; of an unknown one the text is what counts
      return el("span", { class: /mention|tag$/.test(entity.type) ? "mention" : null }, ...nodes);
  }
}

/** A link that opens beside the page; the bot's deep link starts it in this phone; plain text for an unsafe scheme. */
function link(address, nodes, context, title = null) {
  const url = safeUrl(address);
  if (!url) return el("span", {}, ...nodes);
  const payload = deepLink(url, context.botUsername);
  const onclick = (event) => {
    if (payload === null) return;
    event.preventDefault();
    context.onDeepLink(payload);
  };
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title, onclick }, ...nodes);
}

/**
 * The address as a URL if a person may be led there.
 *
 * @param {string} address
 * @returns {URL|null}
 */
export function safeUrl(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url && SCHEMES.has(url.protocol) ? url : null;
}

/**
 * The payload of `https://t.me/<bot>?start=payload`, empty where the link has none.
 *
 * @param {URL} url @param {string} botUsername
 * @returns {string|null} null for any other link
 */
export function deepLink(url, botUsername) {
  const isBot = url.hostname === "t.me" && url.pathname.slice(1).toLowerCase() === botUsername.toLowerCase();
  return isBot ? (url.searchParams.get("start") ?? "") : null;
}

/**
 * A button that is part of its line: a real one is a box of its own, which takes no direction from the words around it
 * and may be parted from the full stop behind it.
 */
function pressable(attributes, act, ...nodes) {
  const element = el("span", { role: "button", tabindex: 0, ...attributes }, ...nodes);
  const onEvent = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  };
  element.addEventListener("click", onEvent);
  element.addEventListener("keydown", onEvent);
  return element;
}

/** Text that is hidden until it is tapped. What is inside cannot be reached before that. */
function spoiler(nodes) {
  const inside = el("span", { class: "hidden-text", inert: true }, ...nodes);
  const reveal = () => cover.replaceWith(...nodes);
  const cover = pressable({ class: "spoiler", "aria-label": "Hidden text, show it" }, reveal, inside);
  return cover;
}

/** A long quotation that shows its first lines until it is opened. */
function expandable(nodes) {
  const quote = el("blockquote", { dir: "auto", class: "expandable" }, el("span", { class: "quoted" }, ...nodes));
  const more = el("button", { type: "button", class: "more", "aria-expanded": "false" }, "Show more");
  more.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
    more.textContent = open ? "Show less" : "Show more";
  });
  quote.append(more);
  return quote;
}

/** A moment: the bot's own words for it, and the whole date in the phone's language on pointing at it. */
function moment(entity, nodes, context) {
  const valid = Number.isFinite(entity.unix_time) && Math.abs(entity.unix_time) < 1e11;
  if (!valid) return el("span", {}, ...nodes);
  const iso = new Date(entity.unix_time * 1000).toISOString();
  return el("time", { datetime: iso, title: context.dates.full(entity.unix_time) }, ...nodes);
}
