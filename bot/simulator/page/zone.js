/**
 * What the clocks of a zone show, wherever this browser is: seconds since 1970 to wall-clock time and back.
 */

const DAY = 24 * 3600;

/** The wall clock as if it were UTC, in seconds: so it can be reckoned with. */
function shown(seconds, timeZone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
    timeZone,
  });
  const parts = format.formatToParts(seconds * 1000).map(({ type, value }) => [type, Number(value)]);
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

/**
 * The moment at which the clocks of the zone show this. What the clock jumps over in spring is as much later as the
 * jump is long (02:30 is 03:30); of what comes twice in autumn it is the first.
 *
 * @param {number} wanted the wall-clock time as if it were UTC, in seconds
 */
function instant(wanted, timeZone) {
  const distance = (at) => shown(at, timeZone) - at;
  const early = wanted - distance(wanted - DAY);
  const late = wanted - distance(wanted + DAY);
  return shown(early, timeZone) !== wanted && shown(late, timeZone) === wanted ? late : early;
}

/**
 * The same wall-clock time so many days on.
 *
 * @param {number} seconds @param {number} days @param {string} timeZone @returns {number} in seconds
 */
export const daysOn = (seconds, days, timeZone) => instant(shown(Math.floor(seconds), timeZone) + days * DAY, timeZone);

/**
 * That full hour of the next day.
 *
 * @param {number} seconds @param {number} hour @param {string} timeZone @returns {number} in seconds
 */
export function tomorrow(seconds, hour, timeZone) {
  const today = shown(Math.floor(seconds), timeZone);
  return instant(today - (today % DAY) + DAY + hour * 3600, timeZone);
}

/**
 * What a `datetime-local` field holds, in seconds; null where it is empty or half typed.
 *
 * @param {string} value @param {string} timeZone
 */
export function ofField(value, timeZone) {
  const wanted = Date.parse(`${value}Z`) / 1000;
  return Number.isNaN(wanted) ? null : instant(wanted, timeZone);
}

/**
 * The same, the other way round.
 *
 * @param {number} seconds @param {string} timeZone
 */
export const toField = (seconds, timeZone) =>
  new Date(shown(Math.floor(seconds), timeZone) * 1000).toISOString().slice(0, "2026-11-25T18:00".length);
