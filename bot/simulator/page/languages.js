/**
 * Languages a phone may have, and how dates and times look in them.
 */

/** Code as Telegram names it, own name, English name, and a first name to start from. */
export const LANGUAGES = [
  ["ar", "العربية", "Arabic", "Amal"],
  ["en", "English", "English", "Grace"],
  ["de", "Deutsch", "German", "Jonas"],
  ["uk", "Українська", "Ukrainian", "Oksana"],
  ["fa", "فارسی", "Persian, Dari", "Nasrin"],
  ["ps", "پښتو", "Pashto", "Zalmay"],
  ["tr", "Türkçe", "Turkish", "Elif"],
  ["ku", "Kurdî", "Kurdish (Kurmanji)", "Rojda"],
  ["ckb", "کوردی", "Kurdish (Sorani)", "Shilan"],
  ["ru", "Русский", "Russian", "Irina"],
  ["ti", "ትግርኛ", "Tigrinya", "Selam"],
  ["am", "አማርኛ", "Amharic", "Dawit"],
  ["so", "Soomaali", "Somali", "Ayaan"],
  ["fr", "Français", "French", "Aminata"],
  ["es", "Español", "Spanish", "Lucía"],
  ["pl", "Polski", "Polish", "Kasia"],
  ["ro", "Română", "Romanian", "Ioana"],
  ["bg", "Български", "Bulgarian", "Stoyan"],
  ["sq", "Shqip", "Albanian", "Arben"],
  ["sr", "Српски", "Serbian", "Milan"],
  ["ur", "اردو", "Urdu", "Bilal"],
  ["hi", "हिन्दी", "Hindi", "Priya"],
  ["vi", "Tiếng Việt", "Vietnamese", "Linh"],
  ["zh-hans", "简体中文", "Chinese", "Mei"],
  ["it", "Italiano", "Italian", "Giulia"],
];

const RIGHT_TO_LEFT = new Set(["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]);

const primary = (code) =>
  String(code ?? "")
    .toLowerCase()
    .split(/[-_]/)[0];

/**
 * The side a phone of this language begins lines at.
 *
 * @param {string} code
 * @returns {"ltr"|"rtl"}
 */
export const direction = (code) => (RIGHT_TO_LEFT.has(primary(code)) ? "rtl" : "ltr");

/**
 * The language's own name, or its code where the list has none.
 *
 * @param {string} code
 * @returns {string}
 */
export function ownName(code) {
  const exact = LANGUAGES.find(([known]) => known === String(code).toLowerCase());
  return (exact ?? LANGUAGES.find(([known]) => known === primary(code)))?.[1] ?? String(code);
}

/** The locale to format with: the phone's, or English where the browser knows no such locale. */
function locale(code) {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([String(code).replace("_", "-")])[0] ?? "en-GB";
  } catch {
    return "en-GB";
  }
}

/**
 * How a phone of this language writes Unix seconds, in the time zone of this browser.
 *
 * @param {string} code
 * @returns {{time: (unix: number) => string, day: (unix: number) => string, full: (unix: number) => string}}
 */
export function dates(code) {
  const formats = {
    time: { hour: "numeric", minute: "2-digit" },
    day: { day: "numeric", month: "long" },
    dayOfYear: { day: "numeric", month: "long", year: "numeric" },
    full: { dateStyle: "full", timeStyle: "medium" },
  };
  const written = {};
  for (const [name, options] of Object.entries(formats)) {
    const format = new Intl.DateTimeFormat(locale(code), options);
    written[name] = (unix) => format.format(new Date(unix * 1000));
  }
  const sameYear = (unix) => new Date(unix * 1000).getFullYear() === new Date().getFullYear();
  const day = (unix) => (sameYear(unix) ? written.day(unix) : written.dayOfYear(unix));
  return { time: written.time, full: written.full, day };
}

/**
 * The calendar day of Unix seconds here, as a key that is equal for equal days.
 *
 * @param {number} unix
 * @returns {string}
 */
export const dayKey = (unix) => new Date(unix * 1000).toDateString();
