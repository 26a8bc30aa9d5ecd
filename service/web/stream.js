// Server-sent events over fetch, because an EventSource cannot carry a key. Goes on where it was cut off.

import { call, Trouble } from "./api.js";

/** Waits between tries while the service does not answer, in milliseconds; the last one goes on for ever. */
const WAITS = [500, 1000, 2000, 5000];

/**
 * @typedef {object} Reader
 * @property {(kind: string, body: any) => void} event something happened
 * @property {(away: boolean) => void} away the service does not answer, or does again
 * @property {(trouble: Trouble) => void} refused there is nothing to follow (any more)
 * @property {(body: any) => boolean} last whether a status is the last one
 */

/**
 * Follow the events at a path until the last one.
 * @param {string} path
 * @param {Reader} reader
 * @returns {() => void} stops following
 */
export function follow(path, reader) {
  const stop = new AbortController();
  let last = "";
  let tries = 0;
  let ended = false;

  const once = async () => {
    /** @type {Record<string, string>} */
    const headers = { Accept: "text/event-stream" };
    if (last) headers["Last-Event-ID"] = last;
    const answer = await call(path, { headers, signal: stop.signal, cache: "no-store" });
    reader.away(false);
    tries = 0;
    for await (const event of eventsOf(/** @type {ReadableStream<Uint8Array>} */ (answer.body))) {
      if (event.id) last = event.id;
      if (!event.data) continue;
      const body = JSON.parse(event.data);
      ended = event.kind === "status" && reader.last(body);
      reader.event(event.kind, body);
      if (ended) return;
    }
  };

  (async () => {
    while (!ended && !stop.signal.aborted) {
      try {
        await once();
      } catch (error) {
        if (stop.signal.aborted) return;
        const status = error instanceof Trouble ? error.status : 0;
        if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
          reader.refused(/** @type {Trouble} */ (error));
          return;
        }
        reader.away(true);
      }
      if (!ended) await new Promise((resolve) => setTimeout(resolve, WAITS[Math.min(tries++, WAITS.length - 1)]));
    }
  })();
  return () => stop.abort();
}

/**
 * The events in a stream of bytes, as the HTML standard reads them: fields, comments, an empty line ends an event.
 * @param {ReadableStream<Uint8Array>} bytes
 */
async function* eventsOf(bytes) {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let event = { kind: "message", data: "", id: "" };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          yield event;
          event = { kind: "message", data: "", id: "" };
          continue;
        }
        const colon = line.indexOf(":");
        if (colon === 0) continue; // a comment keeps the line open
        const name = colon < 0 ? line : line.slice(0, colon);
        const text = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (name === "event") event.kind = text;
        else if (name === "data") event.data += (event.data && "\n") + text;
        else if (name === "id") event.id = text;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
