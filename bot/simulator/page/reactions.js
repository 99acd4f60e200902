/**
 * Emoji on messages: what stands there, and a small choice of what a person may put.
 */

import { disclose, el, iconButton } from "./dom.js";

const CHOICE = ["👍", "❤", "🙏", "😢", "👎"];

/** What stands on a message, each emoji once with its number; null where nothing does. */
export function reactionLine(message) {
  const count = new Map();
  for (const emoji of Object.values(message.reactions ?? {}).flat()) count.set(emoji, (count.get(emoji) ?? 0) + 1);
  if (count.size === 0) return null;
  const chips = [...count].map(([emoji, number]) => {
    return el("span", { class: "chip" }, emoji === "custom" ? "✨" : emoji, number > 1 && ` ${number}`);
  });
  return el("div", { class: "reactions", role: "group", "aria-label": "Reactions", lang: "en" }, ...chips);
}

/**
 * The button that opens the choice, and the choice; the emoji a person has put already takes it away.
 *
 * @param {object} message
 * @param {{onReact: (message: object, emoji: string) => void, reactsAs: () => number}} context
 * @returns {HTMLElement[]}
 */
export function reactButton(message, context) {
  const button = iconButton("react", "React to this message");
  const put = (emoji) => {
    const mine = message.reactions?.[context.reactsAs()] ?? [];
    context.onReact(message, mine.includes(emoji) ? "" : emoji);
  };
  const keys = CHOICE.map((emoji) => el("button", { type: "button", onclick: () => put(emoji) }, emoji));
  const panel = el("div", { class: "react-panel", role: "group", "aria-label": "Emoji", lang: "en" }, ...keys);
  disclose(button, panel);
  return [button, panel];
}
