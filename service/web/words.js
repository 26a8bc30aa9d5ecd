// The page's words in the language of its reader, from the files in words/; numbers, money and dates as that language writes them.

/** @typedef {string | Record<string, string>} Word */

export const LANGUAGES = { en: "English", et: "Eesti", vi: "Tiếng Việt" };
const KEPT = "stint.language";

/** @type {Record<string, Word>} */
let words = {};
let language = "en";
let plural = new Intl.PluralRules("en");
/** The reader's own kind of the language, which says how dates and numbers are written: en-GB. */
let locale = "en";

/** The language in use. */
export function inLanguage() {
  return language;
}

/** The language that the person chose before, else the first of the browser's that the page knows. */
export function preferredLanguage() {
  const chosen = localStorage.getItem(KEPT);
  const wishes = [chosen ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wishes.find((tag) => tag in LANGUAGES) ?? "en";
}

/**
 * Use a language from now on.
 * @param {string} wanted
 * @param {boolean} [keep]
 */
export async function useLanguage(wanted, keep = false) {
  const answer = await fetch(`/web/words/${wanted}.json`);
  words = await answer.json();
  language = wanted;
  plural = new Intl.PluralRules(wanted);
  locale = navigator.languages.find((tag) => tag.slice(0, 2) === wanted) ?? wanted;
  makers.clear();
  document.documentElement.lang = wanted;
  if (keep) localStorage.setItem(KEPT, wanted);
}

/**
 * What the language says for a key; `{name}` in it is replaced. Where a number decides the form, it is `count`.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const word = words[key];
  if (word === undefined) return key;
  const text = typeof word === "string" ? word : word[plural.select(Number(values.count))] ?? word.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : String(value);
  });
}

/**
 * What the language says for a key, or a text where it says nothing: for codes that a newer service may add to.
 * @param {string} key
 * @param {string} otherwise
 */
export function tOr(key, otherwise) {
  return key in words ? t(key) : otherwise;
}

/** @type {Map<string, Intl.NumberFormat | Intl.DateTimeFormat>} */
const makers = new Map();

/**
 * @template {Intl.NumberFormat | Intl.DateTimeFormat} T
 * @param {string} name
 * @param {() => T} make
 * @returns {T}
 */
function kept(name, make) {
  let maker = makers.get(name);
  if (!maker) makers.set(name, (maker = make()));
  return /** @type {T} */ (maker);
}

/**
 * A number with at most so many decimals.
 * @param {number} value
 * @param {number} [decimals]
 */
export function number(value, decimals = 2) {
  return kept(`n${decimals}`, () => new Intl.NumberFormat(locale, { maximumFractionDigits: decimals })).format(value);
}

/**
 * An amount of money; whole units from a thousand on.
 * @param {number | null | undefined} value
 * @param {string} currency
 */
export function money(value, currency) {
  if (value === null || value === undefined) return "–";
  const decimals = Math.abs(value) >= 1000 ? 0 : 2;
  const make = () => new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  try {
    return kept(`m${decimals}${currency}`, make).format(value);
  } catch {
    return `${number(value, decimals)} ${currency}`; // a currency without a code of three letters
  }
}

/**
 * A percentage.
 * @param {number | null | undefined} value
 * @param {number} [decimals]
 */
export function percent(value, decimals = 1) {
  return value === null || value === undefined
    ? "–"
    : kept(`p${decimals}`, () => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: decimals })).format(value / 100);
}

/**
 * Minutes as hours and minutes: 7 h 30 min.
 * @param {number} minutes
 */
export function duration(minutes) {
  const whole = Math.round(Math.abs(minutes));
  const text = whole >= 60 && whole % 60 === 0 ? t("time.h", { h: whole / 60 }) : whole >= 60
    ? t("time.h_min", { h: Math.floor(whole / 60), min: String(whole % 60).padStart(2, "0") })
    : t("time.min", { min: whole });
  return minutes < 0 ? `−${text}` : text;
}

/**
 * @param {string} name
 * @param {Intl.DateTimeFormatOptions} options
 * @param {number} moment
 */
function dated(name, options, moment) {
  return kept(name, () => new Intl.DateTimeFormat(locale, options)).format(moment);
}

/**
 * Clock time in a zone.
 * @param {number} moment
 * @param {string} zone
 */
export function clock(moment, zone) {
  return dated(`c${zone}`, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, moment);
}

/**
 * A day, such as Mon 30 Nov.
 * @param {string} day
 */
export function shortDay(day) {
  return dated("d", { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" }, Date.parse(`${day}T00:00Z`));
}

/**
 * A day at its narrowest, such as Mon 30.
 * @param {string} day
 */
export function narrowDay(day) {
  return dated("w", { timeZone: "UTC", weekday: "short", day: "numeric" }, Date.parse(`${day}T00:00Z`));
}

/**
 * Day and time in the reader's own zone.
 * @param {string} instant
 */
export function when(instant) {
  return dated("t", { dateStyle: "medium", timeStyle: "short" }, Date.parse(instant));
}

/**
 * From and to on the clock of a zone.
 * @param {number} from
 * @param {number} to
 * @param {string} zone
 */
export function span(from, to, zone) {
  return `${clock(from, zone)}–${clock(to, zone)}`;
}
