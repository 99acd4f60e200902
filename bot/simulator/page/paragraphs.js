/**
 * The lines of a text as blocks, each with its own direction, as Telegram shows them.
 *
 * `unicode-bidi: plaintext` would say the same; Chromium turns brackets outwards where such a line is broken.
 */

import { el } from "./dom.js";

const ISOLATES = /[\u2066-\u2068][^\u2066-\u2069]*\u2069/gu;
const STRONG = /[\p{L}\u200e\u200f\u061c]/u;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u200f\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Blocks for these nodes; what is a block already stays.
 *
 * @param {Node[]} nodes as of a text with its entities
 * @returns {HTMLElement[]}
 */
export function paragraphs(nodes) {
  const blocks = [];
  let line = [];
  const close = () => {
    if (line.length > 0) blocks.push(paragraph(line));
    line = [];
  };
  for (const node of nodes) {
    if (node instanceof Element && node.matches("pre, blockquote")) {
      close();
      blocks.push(node);
    } else if (node instanceof Text) {
      for (const piece of node.data.split(/(?<=\n)/)) {
        if (piece) line.push(document.createTextNode(piece));
        if (piece.endsWith("\n")) close();
      }
    } else {
      line.push(node);
    }
  }
  close();
  return blocks;
}

const paragraph = (nodes) =>
  el("span", { class: "paragraph", dir: direction(nodes.map((node) => node.textContent).join("")) }, ...nodes);

/** By the first letter or mark outside of what is isolated (UAX #9, P2); without one it is that of the message. */
export function direction(text) {
  let outside = text;
  for (let inner = null; inner !== outside; ) {
    inner = outside;
    outside = inner.replace(ISOLATES, "");
  }
  const first = STRONG.exec(outside)?.[0];
  if (first === undefined) return null;
  return RIGHT_TO_LEFT.test(first) ? "rtl" : "ltr";
}
