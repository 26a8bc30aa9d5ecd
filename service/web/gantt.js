// Agents × time on a canvas that stays in view while its box scrolls beneath it. Only what is in view is drawn.

import { h, inNextFrame, prepared } from "./dom.js";
import { colourOf, ink, inkOn } from "./colours.js";
import { clock, duration, narrowDay, shortDay } from "./words.js";
import { DAY, HOUR, minuteOf } from "./time.js";

/** @typedef {import("./book.js").Book} Book */
/** @typedef {import("./book.js").Row} Row */
/** @typedef {import("./book.js").Turn} Turn */
/** @typedef {{row: Row, turn: Turn | null, block: number, moment: number}} Hit `block` is -1 off the shift's activities */
/** @typedef {{hit: Hit, from: number, delta: number}} Drag */

/**
 * @typedef {object} Watcher
 * @property {(hit: Hit) => void} chosen
 * @property {(hit: Hit | null, x: number, y: number) => void} hovered
 * @property {(hit: Hit, milliseconds: number) => void} moved a shift, or one activity of it, was dragged
 * @property {() => void} scrolled what is in view has changed
 * @property {(event: KeyboardEvent) => void} typed
 */

export const ROW = 22;
const HEAD = 34;
const LEAST_DRAG = 4;

export class Gantt {
  /** @param {Watcher} watcher */
  constructor(watcher) {
    this.watcher = watcher;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.extent = h("div", { class: "extent" }, this.canvas);
    this.box = h("div", { class: "gantt", tabindex: "0", role: "group", "aria-describedby": "gantt-keys" }, this.extent);
    /** @type {Book | null} */
    this.book = null;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Map<string, string>} marks by `agent|date`: changed, new, locked, broken */
    this.marks = new Map();
    /** @type {Map<string, Turn[]>} shifts that are gone, drawn as outlines */
    this.ghosts = new Map();
    /** @type {{agent: string, date: string | null} | null} */
    this.selected = null;
    /** @type {string | null} the planning group that stands out */
    this.group = null;
    /** @type {number | null} an interval that is marked through all rows */
    this.moment = null;
    this.scale = 0;
    this.fitted = 0;
    /** @type {Drag | null} */
    this.drag = null;
    this.draggable = true;
    this.draw = inNextFrame(() => this.paint());
    this.box.addEventListener("scroll", () => {
      this.draw();
      watcher.scrolled();
    });
    this.box.addEventListener("keydown", (event) => watcher.typed(event));
    this.watchPointer();
    this.size = new ResizeObserver(() => this.resized());
    this.size.observe(this.box);
  }

  /** Width of the column of names. */
  get names() {
    return this.box.clientWidth < 560 ? 92 : 170;
  }

  get width() {
    return this.box.clientWidth;
  }

  get left() {
    return this.box.scrollLeft;
  }

  /**
   * @param {Book} book
   * @param {Row[]} rows those to show, in order
   */
  show(book, rows) {
    const first = this.book === null;
    this.book = book;
    this.rows = rows;
    if (first) this.fit(7 * DAY);
    else this.lay();
  }

  resized() {
    if (this.book && this.fitted) this.fit(this.fitted, this.box.scrollLeft / this.scale + this.book.from);
    else this.lay();
  }

  /**
   * Let so many milliseconds fill the width, from a moment on.
   * @param {number} milliseconds
   * @param {number} [from]
   */
  fit(milliseconds, from) {
    if (!this.book || this.width === 0) return;
    this.fitted = milliseconds;
    const whole = this.book.to - this.book.from;
    this.scale = Math.max(60, this.width - this.names) / Math.min(milliseconds, whole);
    this.lay();
    if (from !== undefined) this.box.scrollLeft = (from - this.book.from) * this.scale;
    this.watcher.scrolled();
  }

  /**
   * Zoom by a factor and keep the middle where it is.
   * @param {number} factor
   */
  zoom(factor) {
    if (!this.book) return;
    const visible = (this.width - this.names) / this.scale;
    const wanted = Math.min(Math.max(visible / factor, 2 * HOUR), this.book.to - this.book.from);
    const middle = this.book.from + this.left / this.scale + visible / 2;
    this.fit(wanted, middle - wanted / 2);
    this.fitted = 0;
  }

  /** Make the box scroll as far as there is something. */
  lay() {
    if (!this.book) return;
    this.extent.style.width = `${Math.floor(this.names + (this.book.to - this.book.from) * this.scale)}px`;
    this.extent.style.height = `${HEAD + this.rows.length * ROW}px`;
    this.draw();
  }

  /**
   * Scroll to an agent, and to a moment where one is given.
   * @param {string} agent
   * @param {number} [moment]
   */
  reveal(agent, moment) {
    const index = this.rows.findIndex((row) => row.agent.id === agent);
    if (index < 0 || !this.book) return;
    const top = index * ROW;
    const seen = this.box.clientHeight - HEAD - ROW;
    if (top < this.box.scrollTop || top > this.box.scrollTop + seen) this.box.scrollTop = Math.max(0, top - seen / 2);
    if (moment !== undefined) this.revealTime(moment);
    this.draw();
  }

  /** @param {number} moment */
  revealTime(moment) {
    if (!this.book) return;
    const x = (moment - this.book.from) * this.scale;
    const seen = this.width - this.names;
    if (x < this.left || x > this.left + seen - 40) this.box.scrollLeft = Math.max(0, x - seen / 3);
  }

  /** @param {number} moment */
  x(moment) {
    return this.names + (moment - /** @type {Book} */ (this.book).from) * this.scale - this.left;
  }

  /** @param {number} x */
  momentAt(x) {
    return /** @type {Book} */ (this.book).from + (x - this.names + this.left) / this.scale;
  }

  /**
   * What lies at a point of the box.
   * @param {number} x
   * @param {number} y
   * @returns {Hit | null}
   */
  hit(x, y) {
    const row = this.rows[Math.floor((y - HEAD + this.box.scrollTop) / ROW)];
    if (!this.book || !row || y < HEAD) return null;
    if (x < this.names) return { row, turn: null, block: -1, moment: 0 };
    const moment = this.momentAt(x);
    const near = 2 / this.scale; // a short break is easier to take hold of with a little margin
    const turn = row.turns.find((one) => one.from <= moment && moment < one.to) ?? null;
    const blocks = turn?.blocks ?? [];
    let block = blocks.findIndex((one) => one.category !== "on_queue" && one.from - near <= moment && moment < one.to + near);
    if (block < 0) block = blocks.findIndex((one) => one.from <= moment && moment < one.to);
    return { row, turn, block, moment };
  }

  watchPointer() {
    const { box } = this;
    const place = (/** @type {PointerEvent} */ event) => {
      const edges = box.getBoundingClientRect();
      return { x: event.clientX - edges.left - box.clientLeft, y: event.clientY - edges.top - box.clientTop };
    };
    /** @type {{hit: Hit, x: number} | null} */
    let held = null;
    box.addEventListener("pointerdown", (event) => {
      const { x, y } = place(event);
      if (event.button !== 0 || x > box.clientWidth || y > box.clientHeight) return; // on a scroll bar
      const hit = this.hit(x, y);
      if (!hit) return;
      held = { hit, x };
      if (event.pointerType !== "touch" && hit.turn && this.draggable) box.setPointerCapture(event.pointerId);
    });
    box.addEventListener("pointermove", (event) => {
      const { x, y } = place(event);
      if (held?.hit.turn && event.pointerType !== "touch" && this.draggable && this.book) {
        if (!this.drag && Math.abs(x - held.x) < LEAST_DRAG) return;
        const delta = Math.round((x - held.x) / this.scale / this.book.step) * this.book.step;
        this.drag = { hit: held.hit, from: held.x, delta };
        this.watcher.hovered(null, 0, 0);
        this.draw();
        return;
      }
      const hit = this.hit(x, y);
      box.style.cursor = hit?.turn ? "pointer" : "default";
      this.watcher.hovered(hit, event.clientX, event.clientY);
    });
    box.addEventListener("pointerup", () => {
      const [dragged, pressed] = [this.drag, held];
      this.drag = held = null;
      if (dragged) {
        this.draw();
        if (dragged.delta !== 0) this.watcher.moved(dragged.hit, dragged.delta);
      } else if (pressed) this.watcher.chosen(pressed.hit);
    });
    box.addEventListener("pointercancel", () => {
      this.drag = held = null;
      this.draw();
    });
    box.addEventListener("pointerleave", () => this.watcher.hovered(null, 0, 0));
    box.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.zoom(event.deltaY < 0 ? 1.25 : 0.8);
      },
      { passive: false },
    );
  }

  paint() {
    const { book, box } = this;
    if (!book || box.clientWidth === 0) return;
    const [width, height] = [box.clientWidth, box.clientHeight];
    const pen = prepared(this.canvas, width, height);
    const colours = { text: ink("text"), muted: ink("muted"), line: ink("line"), field: ink("field"), accent: ink("accent"), band: ink("band"), bad: ink("bad") };
    const first = Math.max(0, Math.floor(box.scrollTop / ROW));
    const last = Math.min(this.rows.length, Math.ceil((box.scrollTop + height - HEAD) / ROW));
    pen.save();
    pen.beginPath();
    pen.rect(this.names, HEAD, width - this.names, height - HEAD);
    pen.clip();
    this.paintDays(pen, height, colours);
    for (let i = first; i < last; i++) this.paintRow(pen, this.rows[i], HEAD + i * ROW - box.scrollTop, colours);
    if (this.moment !== null) {
      pen.fillStyle = colours.accent;
      pen.globalAlpha = 0.18;
      pen.fillRect(this.x(this.moment), HEAD, Math.max(2, book.step * this.scale), height);
      pen.globalAlpha = 1;
    }
    pen.restore();
    this.paintNames(pen, first, last, width, colours);
    this.paintHead(pen, width, height, colours);
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} height
   * @param {Record<string, string>} colours
   */
  paintDays(pen, height, colours) {
    const { days } = /** @type {Book} */ (this.book);
    days.forEach((day, i) => {
      const [from, to] = [this.x(day.from), this.x(day.to)];
      if (to < this.names || from > this.width) return;
      if (i % 2 === 1) {
        pen.fillStyle = colours.band;
        pen.fillRect(from, HEAD, to - from, height);
      }
      pen.fillStyle = colours.line;
      pen.fillRect(from, HEAD, 1, height);
    });
    pen.fillStyle = colours.line;
    pen.globalAlpha = 0.5;
    for (const moment of this.hours(6)) pen.fillRect(this.x(moment), HEAD, 1, height);
    pen.globalAlpha = 1;
  }

  /**
   * The full hours in view that there is room to name; none where they lie further apart than `most` hours.
   * @param {number} most
   */
  hours(most) {
    const { from, to, zone } = /** @type {Book} */ (this.book);
    const every = [1, 2, 3, 4, 6, 12].find((hours) => hours * HOUR * this.scale > 38) ?? 24;
    const begin = Math.max(from, this.momentAt(this.names) - 12 * HOUR);
    const end = Math.min(to, this.momentAt(this.width));
    /** @type {number[]} */
    const found = [];
    for (let moment = Math.ceil(begin / HOUR) * HOUR; every <= most && moment <= end; moment += HOUR) {
      const minute = minuteOf(moment, zone);
      if (minute % 60 === 0 && (minute / 60) % every === 0) found.push(moment);
    }
    return found;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Row} row
   * @param {number} y
   * @param {Record<string, string>} colours
   */
  paintRow(pen, row, y, colours) {
    const groups = /** @type {Book} */ (this.book).groups;
    if (this.selected?.agent === row.agent.id) {
      pen.fillStyle = colours.accent;
      pen.globalAlpha = 0.1;
      pen.fillRect(this.names, y, this.width, ROW);
      pen.globalAlpha = 1;
    }
    for (const off of row.offs) this.paintOff(pen, this.x(off.from), this.x(off.to), y, colours);
    for (const ghost of this.ghosts.get(row.agent.id) ?? []) {
      pen.strokeStyle = colours.muted;
      pen.setLineDash([3, 3]);
      pen.strokeRect(this.x(ghost.from) + 0.5, y + 4.5, (ghost.to - ghost.from) * this.scale - 1, ROW - 10);
      pen.setLineDash([]);
    }
    for (const turn of row.turns) {
      const dragged = this.drag?.hit.row.agent.id === row.agent.id && this.drag.hit.turn?.date === turn.date ? this.drag : null;
      const one = dragged ? dragged.hit.block : -1;
      const wholly = dragged && (one < 0 || turn.blocks[one]?.category === "on_queue") ? dragged.delta : 0;
      if (this.x(turn.to + wholly) < this.names || this.x(turn.from + wholly) > this.width) continue;
      const thin = (turn.to - turn.from) * this.scale < 26;
      turn.blocks.forEach((block, i) => {
        const moved = wholly || (dragged && i === one ? dragged.delta : 0);
        this.paintBlock(pen, block, moved, y, groups, thin, colours);
      });
      this.paintMark(pen, turn, wholly, row, y, colours);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {import("./book.js").Block} block
   * @param {number} moved
   * @param {number} y
   * @param {{id: string, name: string}[]} groups
   * @param {boolean} thin whether the shift is too narrow for its breaks to be seen apart
   * @param {Record<string, string>} colours
   */
  paintBlock(pen, block, moved, y, groups, thin, colours) {
    const [from, to] = [this.x(block.from + moved), this.x(block.to + moved)];
    if (to < this.names || from > this.width) return;
    const group = groups.findIndex(({ id }) => id === block.group);
    const queue = block.category === "on_queue";
    const inset = queue ? 3 : thin ? 5 : 6; // what is no work on a queue is lower too, not only of another colour
    pen.globalAlpha = queue && this.group !== null && block.group !== this.group ? 0.25 : 1;
    if (!queue && !thin) {
      pen.fillStyle = colours.field;
      pen.fillRect(from, y + 3, to - from, ROW - 6);
    }
    pen.fillStyle = colourOf(block.category, group);
    pen.fillRect(from, y + inset, Math.max(1, to - from - (thin ? 0 : 0.6)), ROW - 2 * inset);
    const name = queue && groups.length > 1 ? groups[group]?.name ?? "" : "";
    if (name && to - from > 34) {
      pen.fillStyle = inkOn(group);
      pen.font = "10px system-ui, sans-serif";
      const text = fitting(pen, name, to - from - 8);
      if (text) pen.fillText(text, from + 4, y + ROW / 2 + 0.5);
    }
    pen.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Turn} turn
   * @param {number} moved
   * @param {Row} row
   * @param {number} y
   * @param {Record<string, string>} colours
   */
  paintMark(pen, turn, moved, row, y, colours) {
    const mark = this.marks.get(`${row.agent.id}|${turn.date}`) ?? (turn.pinned ? "locked" : "");
    const chosen = this.selected?.agent === row.agent.id && this.selected.date === turn.date;
    const [from, width] = [this.x(turn.from + moved), (turn.to - turn.from) * this.scale];
    if (chosen || mark.includes("changed") || mark.includes("broken")) {
      pen.strokeStyle = chosen ? colours.text : mark.includes("broken") ? colours.bad : colours.accent;
      pen.lineWidth = 2;
      pen.strokeRect(from - 0.5, y + 1.5, Math.max(3, width + 1), ROW - 3);
      pen.lineWidth = 1;
    }
    if (mark.includes("locked")) { // a small lock at the start of the shift
      pen.fillStyle = colours.text;
      pen.strokeStyle = colours.text;
      pen.fillRect(from + 2, y + 10, 8, 6);
      pen.beginPath();
      pen.arc(from + 6, y + 10, 2.6, Math.PI, 0);
      pen.stroke();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} from
   * @param {number} to
   * @param {number} y
   * @param {Record<string, string>} colours
   */
  paintOff(pen, from, to, y, colours) {
    if (to < this.names || from > this.width) return;
    pen.save();
    pen.beginPath();
    pen.rect(from, y + 3, to - from, ROW - 6);
    pen.clip();
    pen.strokeStyle = colours.muted;
    pen.globalAlpha = 0.5;
    pen.beginPath();
    for (let x = Math.max(from, this.names) - (Math.max(from, this.names) % 6) - ROW; x < Math.min(to, this.width); x += 6) {
      pen.moveTo(x, y + ROW);
      pen.lineTo(x + ROW, y);
    }
    pen.stroke();
    pen.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} first
   * @param {number} last
   * @param {number} width
   * @param {Record<string, string>} colours
   */
  paintNames(pen, first, last, width, colours) {
    pen.save();
    pen.beginPath();
    pen.rect(0, HEAD, width, this.box.clientHeight - HEAD);
    pen.clip();
    pen.strokeStyle = colours.line;
    const roomy = this.names > 120;
    for (let i = first; i < last; i++) {
      const row = this.rows[i];
      const y = HEAD + i * ROW - this.box.scrollTop;
      const chosen = this.selected?.agent === row.agent.id;
      pen.fillStyle = colours.text;
      pen.font = `${chosen ? "600 " : ""}12px system-ui, sans-serif`;
      pen.fillText(fitting(pen, row.name, this.names - (roomy ? 66 : 12)), 8, y + ROW / 2 + 0.5);
      if (roomy) {
        pen.fillStyle = colours.muted;
        pen.font = "11px system-ui, sans-serif";
        pen.textAlign = "right";
        pen.fillText(duration(row.paidMinutes), this.names - 8, y + ROW / 2 + 0.5);
        pen.textAlign = "left";
      }
      pen.fillStyle = colours.line;
      pen.globalAlpha = 0.6;
      pen.fillRect(0, y + ROW - 1, width, 1);
      pen.globalAlpha = 1;
    }
    pen.fillStyle = colours.line;
    pen.fillRect(this.names - 1, HEAD, 1, this.box.clientHeight);
    pen.restore();
  }

  /**
   * Days and hours along the top.
   * @param {CanvasRenderingContext2D} pen
   * @param {number} width
   * @param {number} height
   * @param {Record<string, string>} colours
   */
  paintHead(pen, width, height, colours) {
    const { days, zone } = /** @type {Book} */ (this.book);
    pen.save();
    pen.beginPath();
    pen.rect(this.names, 0, width - this.names, HEAD);
    pen.clip();
    for (const day of days) {
      const [x, end] = [this.x(day.from), this.x(day.to)];
      if (end < this.names || x > width) continue;
      pen.fillStyle = colours.line;
      pen.fillRect(x, 0, 1, HEAD);
      pen.fillStyle = colours.text;
      pen.font = "600 11.5px system-ui, sans-serif";
      const label = end - x > 84 ? shortDay(day.date) : narrowDay(day.date);
      const left = Math.max(x, this.names) + 6;
      if (end - left > 30) pen.fillText(fitting(pen, label, end - left - 4), left, 10);
    }
    pen.font = "10.5px system-ui, sans-serif";
    pen.fillStyle = colours.muted;
    for (const moment of this.hours(12)) {
      const x = this.x(moment);
      pen.fillText(clock(moment, zone), x + 3, 25);
      pen.fillRect(x, 30, 1, 4);
    }
    pen.restore();
    pen.fillStyle = colours.line;
    pen.fillRect(0, HEAD - 1, width, 1);
  }

  stop() {
    this.size.disconnect();
  }
}

/**
 * A text that fits, with an ellipsis where it was cut; empty where not even a letter fits.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} text
 * @param {number} width
 */
export function fitting(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pen.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return low ? `${text.slice(0, low)}…` : "";
}

