// Where in a text a part of its JSON stands, so that a fault can be shown beside its place.

/** JSON that cannot be read, with the offset at which reading stopped. */
export class Unreadable extends Error {
  /**
   * @param {string} text
   * @param {number} offset
   */
  constructor(text, offset) {
    super(text);
    this.offset = offset;
  }
}

/**
 * The offset at which a text stops being JSON; -1 when it is JSON. `JSON.parse` does not say it in every browser.
 * @param {string} text
 */
export function brokenAt(text) {
  try {
    const end = spaces(text, afterValue(text, spaces(text, 0)));
    return end === text.length ? -1 : end;
  } catch (error) {
    if (error instanceof Unreadable) return error.offset;
    throw error;
  }
}

/**
 * The offset of the value at a JSON Pointer, or of the deepest part of the way to it that is there.
 * @param {string} text JSON
 * @param {string} pointer
 */
export function offsetOf(text, pointer) {
  let here = spaces(text, 0);
  try {
    for (const token of pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))) {
      const next = text[here] === "{" ? memberOf(text, here, token) : text[here] === "[" ? itemOf(text, here, Number(token)) : -1;
      if (next < 0) break;
      here = next;
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return here;
}

/**
 * The line of an offset, from 1 on.
 * @param {string} text
 * @param {number} offset
 */
export function lineOf(text, offset) {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

/**
 * @param {string} text
 * @param {number} open offset of the brace
 * @param {string} name
 */
function memberOf(text, open, name) {
  let i = spaces(text, open + 1);
  while (text[i] === '"') {
    const end = afterString(text, i);
    const found = JSON.parse(text.slice(i, end));
    i = spaces(text, expect(text, spaces(text, end), ":"));
    if (found === name) return i;
    i = spaces(text, afterValue(text, i));
    if (text[i] !== ",") return -1;
    i = spaces(text, i + 1);
  }
  return -1;
}

/**
 * @param {string} text
 * @param {number} open offset of the bracket
 * @param {number} number
 */
function itemOf(text, open, number) {
  let i = spaces(text, open + 1);
  for (let n = 0; text[i] !== "]"; n++) {
    if (n === number) return i;
    i = spaces(text, afterValue(text, i));
    if (text[i] !== ",") return -1;
    i = spaces(text, i + 1);
  }
  return -1;
}

/**
 * @param {string} text
 * @param {number} i
 */
function spaces(text, i) {
  while (text[i] === " " || text[i] === "\n" || text[i] === "\r" || text[i] === "\t") i++;
  return i;
}

/**
 * @param {string} text
 * @param {number} i
 * @param {string} sign
 */
function expect(text, i, sign) {
  if (text[i] !== sign) throw new Unreadable(`expected ${sign}`, i);
  return i + 1;
}

/**
 * @param {string} text
 * @param {number} i offset of the opening quotation mark
 */
function afterString(text, i) {
  for (let k = i + 1; k < text.length; k++) {
    if (text[k] === "\\") k++;
    else if (text[k] === '"') return k + 1;
    else if (text[k] === "\n") throw new Unreadable("a line ends within a text", k);
  }
  throw new Unreadable("a text does not end", i);
}

const PLAIN = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;

/**
 * The offset behind the value that begins here.
 * @param {string} text
 * @param {number} i
 * @returns {number}
 */
function afterValue(text, i) {
  const sign = text[i];
  if (sign === '"') return afterString(text, i);
  if (sign === "{" || sign === "[") {
    const close = sign === "{" ? "}" : "]";
    i = spaces(text, i + 1);
    if (text[i] === close) return i + 1;
    for (;;) {
      if (sign === "{") {
        if (text[i] !== '"') throw new Unreadable("expected a name", i);
        i = spaces(text, expect(text, spaces(text, afterString(text, i)), ":"));
      }
      i = spaces(text, afterValue(text, i));
      if (text[i] === close) return i + 1;
      i = spaces(text, expect(text, i, ","));
    }
  }
  PLAIN.lastIndex = i;
  const found = PLAIN.exec(text);
  if (!found) throw new Unreadable("expected a value", i);
  return i + found[0].length;
}
