// Civil time in a time zone. Moments are milliseconds since 1970; days are YYYY-MM-DD.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** @type {Map<string, Intl.DateTimeFormat>} */
const readers = new Map();

/**
 * What the clock of the zone shows at a moment, as if it were UTC.
 * @param {number} moment
 * @param {string} zone
 * @returns {number}
 */
function wallClock(moment, zone) {
  let reader = readers.get(zone);
  if (!reader) {
    reader = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    });
    readers.set(zone, reader);
  }
  /** @type {Record<string, number>} */
  const part = {};
  for (const { type, value } of reader.formatToParts(moment)) part[type] = Number(value);
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

/**
 * Milliseconds by which the zone is ahead of UTC at a moment.
 * @param {number} moment
 * @param {string} zone
 */
export function offsetOf(moment, zone) {
  return wallClock(moment, zone) - Math.floor(moment / 1000) * 1000;
}

/**
 * The moment of a local date-time without an offset (YYYY-MM-DDTHH:MM), or of one with an offset.
 * A time that exists twice is the first one.
 * @param {string} text
 * @param {string} zone
 */
export function momentOf(text, zone) {
  if (/(Z|[+-]\d\d:\d\d)$/.test(text)) return Date.parse(text);
  const wall = Date.parse(`${text}Z`);
  const guesses = [wall - offsetOf(wall - DAY, zone), wall - offsetOf(wall + DAY, zone)].sort((a, b) => a - b);
  return guesses.find((moment) => moment + offsetOf(moment, zone) === wall) ?? guesses[1];
}

/**
 * The day that the zone's calendar shows.
 * @param {number} moment
 * @param {string} zone
 */
export function dayOf(moment, zone) {
  return new Date(moment + offsetOf(moment, zone)).toISOString().slice(0, 10);
}

/**
 * Minutes past local midnight.
 * @param {number} moment
 * @param {string} zone
 */
export function minuteOf(moment, zone) {
  const wall = new Date(moment + offsetOf(moment, zone));
  return wall.getUTCHours() * 60 + wall.getUTCMinutes();
}

/**
 * The date-time with the offset of the zone, as rosters write it.
 * @param {number} moment
 * @param {string} zone
 */
export function written(moment, zone) {
  const offset = offsetOf(moment, zone);
  const minutes = Math.abs(offset) / MINUTE;
  const two = (/** @type {number} */ n) => String(Math.floor(n)).padStart(2, "0");
  return `${new Date(moment + offset).toISOString().slice(0, 19)}${offset < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/**
 * The day that lies so many days after another.
 * @param {string} day
 * @param {number} days
 */
export function dayAfter(day, days) {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/**
 * Weekday of a day, 0 for Monday.
 * @param {string} day
 */
export function weekdayOf(day) {
  return (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;
}

/**
 * Minutes past midnight of a clock time HH:MM, which may be past 24:00.
 * @param {string} clock
 */
export function clockMinutes(clock) {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}
