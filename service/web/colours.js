// Colours that the colour-blind can tell apart (after Okabe and Ito), and a shape for what is not work on a queue.

const GROUPS = ["#0072b2", "#56b4e9", "#009e73", "#8573c9", "#b07aa1", "#5f7f95", "#00a3a3", "#a0a800"];
/** @type {Record<string, string>} */
const CATEGORIES = { break: "#e69f00", meal: "#a8447f", meeting: "#f0e442", training: "#7a5c2e", off_queue: "#8a8a8a", time_off: "#9aa5b1", unavailable: "#9aa5b1" };

/**
 * @param {string} category
 * @param {number} group place of the planning group, for work on a queue
 */
export function colourOf(category, group) {
  return category === "on_queue" ? GROUPS[Math.max(0, group) % GROUPS.length] : CATEGORIES[category] ?? "#8a8a8a";
}

/**
 * The colour of a text on that of a planning group: dark on the light ones.
 * @param {number} group
 */
export function inkOn(group) {
  return ["#56b4e9", "#00a3a3", "#a0a800"].includes(GROUPS[Math.max(0, group) % GROUPS.length]) ? "#10202e" : "#ffffff";
}

/**
 * The colour that the style sheet gives a name.
 * @param {string} name
 */
export function ink(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
