/**
 * The clock of the desk: it shows the bot's time, and jumps ahead. Where nobody can move the time it is not there.
 */

import * as api from "./api.js";
import { disclose, el, icon } from "./dom.js";
import { refresher } from "./live.js";
import { daysOn, ofField, toField, tomorrow } from "./zone.js";

const HOUR = 3600;
const FARTHEST_DAYS = 400;
const TICK_MS = 1000;
const WORDS = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };

/** The clock in `element`; `refresh` asks the server for the time and the moments worth going to. */
export class Clock {
  #ahead = 0; // seconds before this machine's own time
  #zone = "UTC";
  #moments = [];
  #asked = null; // where we have asked to go, until the server has answered
  #goingTo = null; // where the server says it is going, be it at another page's wish
  #element;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    this.refresh = refresher(async () => this.#take(await api.getClock()));
    this.time = el("time", { class: "time" });
    this.place = el("span", { class: "zone" });
    this.said = el("p", { class: "said", role: "status" });
    const controls = [this.#jumps(), this.#menu(), this.#form()];
    this.controls = el("fieldset", { class: "controls" }, ...controls);
    this.#element.replaceChildren(el("span", { class: "now" }, this.time, this.place), this.controls, this.said);
    setInterval(() => this.#tick(), TICK_MS);
  }

  #jumps() {
    const jumps = [
      ["+1 hour", (now) => now + HOUR],
      ["+1 day", (now) => daysOn(now, 1, this.#zone)],
      ["+1 week", (now) => daysOn(now, 7, this.#zone)],
      ["Tomorrow 8:00", (now) => tomorrow(now, 8, this.#zone)],
      ["Tomorrow 18:00", (now) => tomorrow(now, 18, this.#zone)],
    ];
    const jump = ([words, to]) => el("button", { type: "button", onclick: () => this.#go(to(this.#now())) }, words);
    return el("span", { class: "jumps" }, ...jumps.map(jump));
  }

  #menu() {
    const button = el("button", { type: "button" }, "The day before my event", icon("down"));
    const panel = el("span", { class: "panel", role: "group", "aria-label": "The day before my event" });
    const item = ({ label, at }) =>
      el("button", { type: "button", onclick: () => this.#go(at) }, this.#words(at), el("bdi", {}, label));
    disclose(button, panel, () => panel.replaceChildren(...this.#moments.map(item)));
    this.moments = el("span", { class: "menu", hidden: true }, button, panel);
    return this.moments;
  }

  /** Nothing happens while somebody types or looks through the calendar: only the button goes, or Enter. */
  #form() {
    this.pick = el("input", { type: "datetime-local", oninput: () => this.#say("") });
    const go = el("button", { type: "submit" }, "Go");
    this.form = el("form", { novalidate: true }, el("label", {}, "Go to", this.pick), go);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const to = ofField(this.pick.value, this.#zone);
      if (to !== null) this.#go(to);
      else this.#say("Choose a day and a time first.", true);
    });
    return this.form;
  }

  #take(clock) {
    this.#element.hidden = clock === null;
    if (clock === null) return;
    this.#ahead = clock.now - Date.now() / 1000;
    this.#zone = clock.zone;
    this.#moments = clock.moments;
    this.#goingTo = clock.going_to;
    this.moments.hidden = this.#moments.length === 0;
    if (!this.form.contains(document.activeElement)) this.#bound();
    this.#draw();
  }

  /** The calendar offers what one can go to. Not while somebody types: the browser may begin the field anew. */
  #bound() {
    this.pick.min = toField(this.#now(), this.#zone);
    this.pick.max = toField(daysOn(this.#now(), FARTHEST_DAYS, this.#zone), this.#zone);
  }

  #now() {
    return Date.now() / 1000 + this.#ahead;
  }

  #words(seconds, more = {}) {
    return new Intl.DateTimeFormat("en-GB", { ...WORDS, ...more, timeZone: this.#zone }).format(seconds * 1000);
  }

  #tick() {
    if (this.#element.hidden) return;
    this.#showTime();
    if (this.#goingTo !== null || this.#asked !== null) this.refresh(); // it walks: what it shows is no longer true
  }

  #showTime() {
    this.time.textContent = this.#words(this.#now(), { year: "numeric" });
    this.place.textContent = this.#zone.split("/").pop().replaceAll("_", " ");
  }

  #draw() {
    this.#showTime();
    const to = this.#goingTo ?? this.#asked;
    const walked = this.controls.disabled;
    this.controls.disabled = to !== null;
    if (to !== null) this.#say(`On the way to ${this.#words(to)}: what is due until then is sent …`);
    else if (walked && !this.said.classList.contains("problem")) this.#say("");
  }

  #say(text, problem = false) {
    this.said.classList.toggle("problem", problem);
    if (this.said.textContent !== text) this.said.textContent = text; // a screen reader says what is set
  }

  async #go(to) {
    const pressed = document.activeElement;
    this.#asked = to;
    this.#draw();
    try {
      this.#take(await api.goTo(to));
      this.form.reset();
    } catch (error) {
      this.#say(error instanceof api.Refused ? error.message : "The server cannot be reached.", true);
    } finally {
      this.#asked = null;
      this.#draw();
      this.refresh(); // what was asked before the answer may have been shown after it
      if (document.activeElement === document.body) pressed.focus();
    }
  }
}
