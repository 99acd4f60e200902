/**
 * The desk: which phones there are, which one is looked at, and the line to the server.
 */

import * as api from "./api.js";
import { Clock } from "./clock.js";
import { askNewPhone } from "./dialogs.js";
import { el } from "./dom.js";
import { Group } from "./group.js";
import { follow, refresher } from "./live.js";
import { keepPayload, Phone } from "./phone.js";

const byId = (id) => document.getElementById(id);
const desk = byId("desk");
const tabs = byId("tabs");
const welcome = byId("welcome");

/** @type {Map<number, {phone: Phone, tab: HTMLElement}>} */
const phones = new Map();

const GROUP = "group";
const group = new Group(desk, () => markNews(groupTab));
const groupTab = newTab(GROUP, "Team group", group.element);
groupTab.hidden = true;
tabs.append(groupTab);
/** Whether the group is what is to be looked at as soon as it is there. */
let groupWanted = location.hash === `#${GROUP}`;

/** The group, and who can write in it; before there is one, a button makes it. */
async function refreshGroup() {
  group.showPeople([...phones.values()].map(({ phone }) => ({ id: phone.id, name: phone.name })));
  await group.refresh();
  byId("new-group").hidden = group.exists || phones.size === 0;
  groupTab.hidden = !group.exists;
  if (!group.exists) {
    group.element.classList.remove("selected");
    settle();
  } else if (groupWanted) {
    groupWanted = false;
    select(GROUP);
  }
}

function makeGroup() {
  groupWanted = true;
  api.newGroup(phones.keys().next().value, "Team");
}

/** What can be looked at, with its tab, by id: the phones, and the group where there is one. */
function views() {
  const found = new Map([...phones].map(([id, { phone, tab }]) => [id, { element: phone.element, tab }]));
  if (group.exists) found.set(GROUP, { element: group.element, tab: groupTab });
  return found;
}

/** Look at one phone, or at the group: on a narrow screen the others are behind their tabs. */
function select(id) {
  const every = views();
  if (!every.has(id)) return;
  for (const [other, { element, tab }] of every) {
    const chosen = other === id;
    element.classList.toggle("selected", chosen);
    tab.setAttribute("aria-pressed", String(chosen));
    if (!chosen) continue;
    tab.classList.remove("news");
    tab.scrollIntoView({ inline: "nearest", block: "nearest" });
  }
  history.replaceState(null, "", `#${id}`);
}

/** The tab of what stands in `element`; whoever writes there looks at it. */
function newTab(id, name, element) {
  element.addEventListener("focusin", () => select(id));
  const news = el("span", { class: "unseen" }, ", new messages");
  const attributes = { type: "button", "aria-pressed": "false", onclick: () => select(id) };
  return el("button", attributes, el("bdi", {}, name), news);
}

function add(data) {
  const phone = new Phone(data, { onGone: () => remove(data.id), onNews: () => markNews(phones.get(data.id).tab) });
  const tab = newTab(data.id, data.first_name, phone.element);
  phones.set(data.id, { phone, tab });
  desk.append(phone.element);
  groupTab.before(tab);
  phone.refresh();
}

function remove(id) {
  const gone = phones.get(id);
  if (!gone) return;
  gone.phone.element.remove();
  gone.tab.remove();
  phones.delete(id);
  settle();
}

function markNews(tab) {
  if (tab.getAttribute("aria-pressed") === "false") tab.classList.add("news");
}

/** After the list changed: one phone is chosen if there are any, and the welcome stands on an empty desk. */
function settle() {
  welcome.hidden = phones.size > 0;
  document.body.classList.toggle("empty", phones.size === 0);
  const chosen = [...views().values()].some(({ element }) => element.classList.contains("selected"));
  if (chosen || phones.size === 0) return;
  const wanted = Number(location.hash.slice(1));
  select(phones.has(wanted) ? wanted : phones.keys().next().value);
}

const refreshBar = refresher(async () => {
  const { name, username } = await api.getBot("en");
  byId("about").textContent = `${name || username} · @${username}`;
  document.title = `${name || username} · Phones`;
});

const clock = new Clock(byId("clock"));

const refreshList = refresher(async () => {
  const listed = await api.listPhones();
  const known = new Set(listed.map(({ id }) => id));
  for (const id of [...phones.keys()]) if (!known.has(id)) remove(id);
  for (const data of listed) if (!phones.has(data.id)) add(data);
  settle();
  refreshGroup();
});

function refreshAll() {
  refreshBar();
  clock.refresh();
  refreshList();
  for (const { phone } of phones.values()) phone.refresh();
}

async function create({ payload, ...person }) {
  const made = await api.newPhone(person);
  keepPayload(made.id, payload);
  if (!phones.has(made.id)) add(made);
  settle();
  select(made.id);
  const { phone } = phones.get(made.id);
  phone.element.scrollIntoView({ inline: "end", block: "nearest" });
  // After the dialog has given the focus back to the button that opened it.
  setTimeout(() => phone.composer.focus());
}

function connected(yes) {
  const line = byId("connection");
  line.textContent = yes ? "" : "Reconnecting…";
  line.classList.toggle("shown", !yes);
}

function askForPhone() {
  const taken = [...phones.values()].map(({ phone }) => phone.language);
  askNewPhone(taken, create);
}

for (const id of ["new-phone", "first-phone"]) byId(id).addEventListener("click", askForPhone);
byId("new-group").addEventListener("click", makeGroup);
// A browser that slept may have missed that its line is dead.
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refreshAll());

follow({
  onPhone: (id) => {
    clock.refresh(); // a registration may have brought a moment worth going to
    return phones.has(id) ? phones.get(id).phone.refreshChat() : refreshList();
  },
  onGroups: refreshGroup,
  onPhones: refreshAll, // also sent when the bot changed its name or its commands
  onOpen: () => {
    connected(true);
    refreshAll();
  },
  onLost: () => connected(false),
});
