/**
 * The person's side of the simulator, as functions: every one resolves to the answer's JSON or throws.
 */

/** An answer of the server that is no success: `status` is of HTTP, the message is for the person at the page. */
export class Refused extends Error {
  /** @param {number} status @param {string} text */
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/**
 * Ask the server; a `Refused` is thrown for an error status, a `TypeError` when it cannot be reached.
 *
 * @param {string} method @param {string} path @param {object} [body]
 * @returns {Promise<any>} the JSON of the answer, null when it has none
 */
async function call(method, path, body) {
  const options = { method, headers: { Accept: "application/json" }, cache: "no-store" };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  const text = await answer.text();
  if (!answer.ok) throw new Refused(answer.status, reason(text) || `the server answered ${answer.status}`);
  return text ? JSON.parse(text) : null;
}

/** The reason in an error's body, whatever its shape is; empty when there is none. */
function reason(text) {
  try {
    const body = JSON.parse(text);
    const said = body.detail ?? body.description ?? body.error ?? body.message;
    return typeof said === "string" ? said : "";
  } catch {
    return "";
  }
}

const phonePath = (id) => `/api/phones/${encodeURIComponent(id)}`;

/** The bot as a phone of this language shows it: {username, name, description, short_description}. */
export const getBot = (language) => call("GET", `/api/bot?language_code=${encodeURIComponent(language)}`);

/** The time and where one can go: {now, zone, going_to, moments: [{label, at}]}; null where it cannot be moved. */
export const getClock = () => call("GET", "/api/clock");

/** Jump ahead to a time in seconds; resolves when everything due until then is done. */
export const goTo = (to) => call("POST", "/api/clock", { to });

/** All phones, without their chats. */
export const listPhones = async () => (await call("GET", "/api/phones")).phones;

/** Make a phone: {first_name, language_code, username?}. */
export const newPhone = (person) => call("POST", "/api/phones", person);

/** One phone with its whole chat. */
export const getPhone = (id) => call("GET", phonePath(id));

/** Take a phone off the desk, with its chat. */
export const deletePhone = (id) => call("DELETE", phonePath(id));

/** Send what a person sends: {text}, {text, forward: true} or {kind, caption?}. */
export const send = (id, message) => call("POST", `${phonePath(id)}/messages`, message);

/** Open the bot by its deep link; `payload` may be empty. A block ends by it. */
export const start = (id, payload) => call("POST", `${phonePath(id)}/start`, payload ? { payload } : {});

/** Tap the button in `row` and `column` under a message; resolves to {callback_query_id}. */
export const tap = (id, messageId, row, column) =>
  call("POST", `${phonePath(id)}/taps`, { message_id: messageId, row, column });

/** Edit a message the person wrote. */
export const edit = (id, messageId, text) => call("POST", `${phonePath(id)}/edits`, { message_id: messageId, text });

/** Put an emoji on a message instead of one's own before; an empty one takes it away. */
export const react = (id, messageId, emoji) =>
  call("POST", `${phonePath(id)}/reactions`, { message_id: messageId, emoji });

/** The same in a group. */
export const reactInGroup = (id, phone, messageId, emoji) =>
  call("POST", `/api/groups/${id}/reactions`, { phone, message_id: messageId, emoji });

/** Block the bot, or end the block. */
export const block = (id, blocked) => call("POST", `${phonePath(id)}/block`, { blocked });

/** All groups with their topics and messages. */
export const listGroups = async () => (await call("GET", "/api/groups")).groups;

/** A person makes a group with topics and takes the bot in. */
export const newGroup = (phone, title) => call("POST", "/api/groups", { phone, title, forum: true });

/** A person writes in a group: {phone, text, topic?}. */
export const writeInGroup = (id, message) => call("POST", `/api/groups/${id}/messages`, message);

/** A person changes what they wrote in a group. */
export const editInGroup = (id, messageId, text) =>
  call("POST", `/api/groups/${id}/edits`, { message_id: messageId, text });

/** A person taps a button in a group. */
export const tapInGroup = (phone, body) => call("POST", `${phonePath(phone)}/taps`, body);
