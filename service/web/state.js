// What the page knows, in one place; views are told when a part of it changes.

/** @typedef {import("./book.js").Book} Book */
/** @typedef {import("./types").Request} Request */
/** @typedef {import("./types").Roster} Roster */

/**
 * What is selected: a shift, an agent, or an interval of a planning group.
 * @typedef {{kind: "shift", agent: string, date: string, activity?: number}
 *   | {kind: "agent", agent: string}
 *   | {kind: "interval", group: string, from: number}} Selection
 */

/**
 * A request that is about to be solved, with the files it came from.
 * @typedef {object} Draft
 * @property {string} name
 * @property {any} request
 * @property {Record<string, string>} texts of the files by name
 * @property {(pointer: string) => {file: string, line: number}} placeOf where a fault stands
 */

export const state = {
  /** @type {Draft | null} */
  draft: null,
  /** @type {Selection | null} */
  selection: null,
};

/** @typedef {"selection" | "language" | "theme"} Topic */

/** @type {Map<Topic, Set<() => void>>} */
const listeners = new Map();

/**
 * Be told of a topic; gives what ends that.
 * @param {Topic} topic
 * @param {() => void} listener
 */
export function on(topic, listener) {
  const those = listeners.get(topic) ?? new Set();
  listeners.set(topic, those.add(listener));
  return () => those.delete(listener);
}

/** @param {Topic} topic */
export function tell(topic) {
  for (const listener of listeners.get(topic) ?? []) listener();
}

/** @param {Selection | null} selection */
export function select(selection) {
  state.selection = selection;
  tell("selection");
}
