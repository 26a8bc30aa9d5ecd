// Calls of the service. What goes wrong comes back as a Trouble that a person can read.

const KEPT = "stint.key";

/** Something that went wrong, with the faults that the service named. */
export class Trouble extends Error {
  /**
   * @param {string} text
   * @param {number} status HTTP status; 0 when the service did not answer
   * @param {import("./types").Fault[]} [faults]
   */
  constructor(text, status, faults = []) {
    super(text);
    this.status = status;
    this.faults = faults;
  }
}

/** @type {() => Promise<boolean>} asks the person for a key; true when there is one to try */
let askForKey = async () => false;

/** @param {() => Promise<boolean>} ask */
export function askKeyWith(ask) {
  askForKey = ask;
}

/** The key that calls carry; kept until the tab closes and never longer. */
export function key() {
  return sessionStorage.getItem(KEPT);
}

/** @param {string | null} value */
export function setKey(value) {
  if (value) sessionStorage.setItem(KEPT, value);
  else sessionStorage.removeItem(KEPT);
}

/**
 * A call, with the key where there is one. Asks for a key when the service wants one, and tries again.
 * @param {string} path
 * @param {RequestInit & {patience?: boolean}} [options]
 * @returns {Promise<Response>}
 */
export async function call(path, options = {}) {
  for (;;) {
    const headers = new Headers(options.headers);
    const secret = key();
    if (secret) headers.set("Authorization", `Bearer ${secret}`);
    /** @type {Response} */
    let answer;
    try {
      answer = await fetch(path, { ...options, headers, credentials: "omit" });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new Trouble("", 0);
    }
    if (answer.ok || answer.status === 304) return answer;
    if (answer.status === 401 && (await askForKey())) continue;
    throw await troubleOf(answer);
  }
}

/** @param {Response} answer */
async function troubleOf(answer) {
  let body;
  try {
    body = await answer.json();
  } catch {
    return new Trouble(`HTTP ${answer.status}`, answer.status);
  }
  return new Trouble(body.detail ?? body.title ?? `HTTP ${answer.status}`, answer.status, body.faults ?? []);
}

/**
 * The JSON at a path.
 * @param {string} path
 * @param {AbortSignal} [signal]
 */
export async function get(path, signal) {
  return (await call(path, { signal })).json();
}

/**
 * Send JSON and get JSON.
 * @param {string} path
 * @param {unknown} body an object, or JSON that is text already
 * @param {{headers?: Record<string, string>, signal?: AbortSignal}} [options]
 */
export async function post(path, body, options = {}) {
  const headers = { "Content-Type": "application/json", ...options.headers };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (await call(path, { method: "POST", headers, body: text, signal: options.signal })).json();
}

/** A name for a request that may have to be sent twice; also where the page is not served over https. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
