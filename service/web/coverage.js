// Required against scheduled agents along the time axis of the Gantt: shortage and surplus shaded, service beneath.

import { h, inNextFrame, prepared } from "./dom.js";
import { ink } from "./colours.js";
import { fitting } from "./gantt.js";
import { number } from "./words.js";

/** @typedef {import("./book.js").Cover} Cover */

const TOP = 8;

export class CoverageChart {
  /**
   * @param {import("./gantt.js").Gantt} gantt whose time axis it shares
   * @param {{chosen: (from: number) => void, hovered: (index: number, x: number, y: number) => void}} watcher
   */
  constructor(gantt, watcher) {
    this.gantt = gantt;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.box = h("div", { class: "coverage" }, this.canvas);
    /** @type {Cover | null} */
    this.cover = null;
    /** @type {Cover | null} what it was before the changes, as a thin line */
    this.before = null;
    this.draw = inNextFrame(() => this.paint());
    const index = (/** @type {MouseEvent} */ event) => this.indexAt(event.clientX - this.box.getBoundingClientRect().left);
    this.box.addEventListener("click", (event) => {
      const i = index(event);
      if (i >= 0 && this.cover) watcher.chosen(this.cover.from + i * this.cover.step);
    });
    this.box.addEventListener("pointermove", (event) => watcher.hovered(index(event), event.clientX, event.clientY));
    this.box.addEventListener("pointerleave", () => watcher.hovered(-1, 0, 0));
  }

  /**
   * @param {Cover | null} cover
   * @param {Cover | null} [before]
   */
  show(cover, before = null) {
    this.cover = cover;
    this.before = before;
    this.draw();
  }

  /** @param {number} x */
  indexAt(x) {
    if (!this.cover || !this.gantt.book || x < this.gantt.names) return -1;
    const i = Math.floor((this.gantt.momentAt(x) - this.cover.from) / this.cover.step);
    return i >= 0 && i < this.cover.required.length ? i : -1;
  }

  paint() {
    const { cover, gantt } = this;
    const [width, height] = [this.box.clientWidth, this.box.clientHeight];
    if (width === 0 || !gantt.book) return;
    const pen = prepared(this.canvas, width, height);
    const { names } = gantt;
    const base = height - 4;
    if (cover) {
      const most = Math.max(1, ...cover.required, ...cover.scheduled);
      const y = (/** @type {number} */ heads) => base - (heads / most) * (base - TOP);
      this.paintScale(pen, most, y, width);
      pen.fillStyle = ink("text");
      pen.font = "600 11.5px system-ui, sans-serif";
      if (names > 120) pen.fillText(fitting(pen, cover.name, names - 50), 8, 12);
      pen.save();
      pen.beginPath();
      pen.rect(names, 0, width - names, height);
      pen.clip();
      const first = Math.max(0, Math.floor((gantt.momentAt(names) - cover.from) / cover.step));
      const last = Math.min(cover.required.length, Math.ceil((gantt.momentAt(width) - cover.from) / cover.step));
      const step = cover.step * gantt.scale;
      const x = (/** @type {number} */ i) => gantt.x(cover.from + i * cover.step);
      const colours = { met: ink("met"), short: ink("short"), over: ink("over"), text: ink("text"), muted: ink("muted"), accent: ink("accent") };
      for (let i = first; i < last; i++) {
        const [need, have] = [cover.required[i], cover.scheduled[i]];
        const both = Math.min(need, have);
        pen.fillStyle = colours.met;
        if (both > 0) pen.fillRect(x(i), y(both), step + 0.4, base - y(both));
        pen.fillStyle = need > have ? colours.short : colours.over;
        if (need !== have) pen.fillRect(x(i), y(Math.max(need, have)), step + 0.4, y(both) - y(Math.max(need, have)));
      }
      if (this.before) this.paintLine(pen, this.before, this.before.scheduled, y, colours.muted, [3, 3]);
      this.paintLine(pen, cover, cover.required, y, colours.text, []);
      this.paintService(pen, cover, base);
      if (gantt.moment !== null) {
        pen.strokeStyle = colours.accent;
        pen.lineWidth = 2;
        pen.strokeRect(gantt.x(gantt.moment), 1, Math.max(3, step), height - 2);
        pen.lineWidth = 1;
      }
      pen.restore();
    }
  }

  /**
   * The predicted service level, from 0 % at the bottom to 100 % at the top.
   * @param {CanvasRenderingContext2D} pen
   * @param {Cover} cover
   * @param {number} base
   */
  paintService(pen, cover, base) {
    const { gantt } = this;
    pen.strokeStyle = ink("accent");
    pen.lineWidth = 1.5;
    pen.setLineDash([2, 2]);
    pen.beginPath();
    cover.service?.forEach((level, i) => {
      if (level === null) return;
      const from = gantt.x(cover.from + i * cover.step);
      const y = base - (level / 100) * (base - TOP);
      if (cover.service?.[i - 1] == null) pen.moveTo(from, y);
      else pen.lineTo(from, y);
      pen.lineTo(from + cover.step * gantt.scale, y);
    });
    pen.stroke();
    pen.setLineDash([]);
    pen.lineWidth = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Cover} cover
   * @param {number[]} series
   * @param {(heads: number) => number} y
   * @param {string} colour
   * @param {number[]} dash
   */
  paintLine(pen, cover, series, y, colour, dash) {
    const { gantt } = this;
    pen.strokeStyle = colour;
    pen.lineWidth = 1.25;
    pen.setLineDash(dash);
    pen.beginPath();
    series.forEach((heads, i) => {
      const from = gantt.x(cover.from + i * cover.step);
      const to = from + cover.step * gantt.scale;
      if (to < gantt.names - 50 || from > this.box.clientWidth + 50) return;
      pen.lineTo(from, y(heads));
      pen.lineTo(to, y(heads));
    });
    pen.stroke();
    pen.setLineDash([]);
    pen.lineWidth = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} most
   * @param {(heads: number) => number} y
   * @param {number} width
   */
  paintScale(pen, most, y, width) {
    const nice = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((n) => n * 4 >= most) ?? Math.ceil(most / 4);
    pen.font = "10.5px system-ui, sans-serif";
    pen.textAlign = "right";
    for (let heads = 0; heads <= most; heads += nice) {
      pen.fillStyle = ink("muted");
      pen.fillText(number(heads), this.gantt.names - 8, Math.max(6, y(heads)));
      pen.fillStyle = ink("line");
      pen.fillRect(this.gantt.names, Math.round(y(heads)), width, 1);
    }
    pen.textAlign = "left";
  }
}
