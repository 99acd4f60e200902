/**
 * The clock of the desk: it shows the bot's time, and jumps ahead. Where nobody can move the time it is not there.
 */

import * as api from "./api.js";
import { el } from "./dom.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
const TICK_MS = 1000;

/** The clock in `element`. `said` is told what went wrong, empty when all is well. */
export class Clock {
  #ahead = 0; // seconds before this machine's own time
  #zone = "UTC";
  #moments = [];
  #element;
  #said;

  /** @param {HTMLElement} element @param {(text: string) => void} said */
  constructor(element, said) {
    this.#element = element;
    this.#said = said;
    this.time = el("time", { class: "time" });
    this.place = el("span", { class: "zone" });
    this.buttons = el("span", { class: "jumps" });
    this.moments = el("select", { "aria-label": "Go to the day before a meeting", onchange: () => this.#toMoment() });
    this.pick = el("input", { type: "datetime-local", "aria-label": "Go to", onchange: () => this.#picked() });
    this.#element.replaceChildren(
      el("span", { class: "now" }, this.time, this.place),
      this.buttons,
      this.moments,
      this.pick,
    );
    const jumps = [
      ["+1 hour", () => this.#now() + HOUR],
      ["+1 day", () => this.#now() + DAY],
      ["+1 week", () => this.#now() + 7 * DAY],
      ["Tomorrow 8:00", () => this.#tomorrow(8)],
      ["Tomorrow 18:00", () => this.#tomorrow(18)],
    ];
    this.buttons.replaceChildren(
      ...jumps.map(([words, to]) => el("button", { type: "button", onclick: () => this.#go(to()) }, words)),
    );
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** Ask the server for the time and the moments worth going to. */
  async refresh() {
    this.#take(await api.getClock());
  }

  #take(clock) {
    this.#element.hidden = clock === null;
    if (clock === null) return;
    this.#ahead = clock.now - Date.now() / 1000;
    this.#zone = clock.zone;
    this.#moments = clock.moments;
    const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: this.#zone });
    const option = ({ label, at }, index) => el("option", { value: index }, `${day.format(at * 1000)} · ${label}`);
    this.moments.hidden = this.#moments.length === 0;
    this.moments.replaceChildren(
      el("option", { value: "" }, "The day before my event …"),
      ...this.#moments.map(option),
    );
    this.#tick();
  }

  #now() {
    return Date.now() / 1000 + this.#ahead;
  }

  #tick() {
    if (this.#element.hidden) return;
    const shown = new Intl.DateTimeFormat("en-GB", {
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      timeZone: this.#zone,
    });
    this.time.textContent = shown.format(this.#now() * 1000);
    this.place.textContent = this.#zone.split("/").pop().replaceAll("_", " ");
  }

  /** That hour of the next day, on the clocks of the zone. */
  #tomorrow(hour) {
    const parts = wall(this.#now() + DAY, this.#zone);
    return this.#moment(parts.year, parts.month, parts.day, hour, 0);
  }

  /** The seconds of a wall-clock time in the zone. */
  #moment(year, month, day, hour, minute) {
    const wanted = Date.UTC(year, month - 1, day, hour, minute) / 1000;
    let guess = wanted;
    // Twice, since the zone's distance may change between the guess and the moment.
    for (let turn = 0; turn < 2; turn += 1) {
      const seen = wall(guess, this.#zone);
      guess += wanted - Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute) / 1000;
    }
    return guess;
  }

  #toMoment() {
    const moment = this.#moments[Number(this.moments.value)];
    if (this.moments.value !== "" && moment) this.#go(moment.at);
  }

  #picked() {
    const match = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(this.pick.value);
    if (match) this.#go(this.#moment(...match.slice(1).map(Number)));
  }

  async #go(to) {
    this.#element.classList.add("busy");
    this.#element.inert = true;
    this.#said("Going there …");
    try {
      this.#take(await api.goTo(to));
      this.pick.value = "";
      this.#said("");
    } catch (error) {
      this.#said(error.message);
      setTimeout(() => this.#said(""), 6000);
    } finally {
      this.#element.classList.remove("busy");
      this.#element.inert = false;
    }
  }
}

/** What the clocks of a zone show, as numbers. */
function wall(seconds, timeZone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
    timeZone,
  });
  return Object.fromEntries(format.formatToParts(seconds * 1000).map(({ type, value }) => [type, Number(value)]));
}
