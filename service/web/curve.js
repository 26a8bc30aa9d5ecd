// How cost and bound close in on each other: a curve, and the same as a table.

import { fill, h } from "./dom.js";
import { ink } from "./colours.js";
import { money, number, percent, t } from "./words.js";

/** @typedef {import("./types").Progress} Progress */

/** Points that are kept; older ones are thinned out, so that a solve of a day fits as well as one of a minute. */
const MOST_POINTS = 600;
/** Milliseconds between two drawings. */
const PACE = 250;

/** @type {Promise<any> | null} */
let library = null;

/** ECharts, loaded when the first curve is drawn. */
function echarts() {
  // @ts-ignore the library's file is no part of what is checked
  library ??= import("/web/vendor/echarts.esm.min.js");
  return library;
}

export class Curve {
  /** @param {string} currency */
  constructor(currency) {
    this.currency = currency;
    /** @type {Progress[]} */
    this.points = [];
    this.drawing = h("div", { class: "curve", "aria-hidden": "true" });
    this.table = h("tbody");
    this.element = h("figure", { class: "solving" },
      h("figcaption", {}, t("solving.curve")), this.drawing,
      h("details", {}, h("summary", {}, t("solving.table")),
        h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": t("solving.table") },
          h("table", {}, h("thead", {}, h("tr", {}, ...["seconds", "cost", "bound", "gap"].map((name) => h("th", { scope: "col" }, t(`solving.${name}`))))), this.table))));
    /** @type {any} */
    this.chart = null;
    this.waiting = 0;
    this.closed = false;
    this.size = new ResizeObserver(() => this.chart?.resize());
    this.size.observe(this.drawing);
  }

  /** @param {Progress} point */
  add(point) {
    const last = this.points[this.points.length - 1];
    if (last && last.seconds > point.seconds + 1) this.points = []; // taken up again by another worker, from the start
    this.points.push(point);
    if (this.points.length > MOST_POINTS) this.points = this.points.filter((_, i) => i % 2 === 1 || i === 0 || i === this.points.length - 1);
    if (!this.waiting) this.waiting = window.setTimeout(() => this.draw(), PACE);
  }

  async draw() {
    this.waiting = 0;
    const { init } = await echarts();
    if (this.closed || !this.drawing.isConnected || this.drawing.clientWidth === 0) return;
    this.chart ??= init(this.drawing, null, { renderer: "canvas" });
    const of = (/** @type {"cost" | "bound"} */ part) => this.points.filter((point) => point[part] !== null && point[part] !== undefined).map((point) => [point.seconds, point[part]]);
    const line = { type: "line", step: "end", showSymbol: this.points.length < 3, symbolSize: 5, animation: false };
    this.chart.setOption({
      animation: false,
      grid: { left: 8, right: 14, top: 26, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 3, icon: "rect", textStyle: { color: ink("muted"), fontSize: 11 } },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (/** @type {number} */ value) => money(value, this.currency) },
      xAxis: { type: "value", min: 0, axisLabel: { color: ink("muted"), fontSize: 10.5, formatter: (/** @type {number} */ s) => `${number(s)} s` }, splitLine: { show: false }, axisLine: { lineStyle: { color: ink("line") } } },
      yAxis: { type: "value", scale: true, splitNumber: 4, axisLabel: { color: ink("muted"), fontSize: 10.5, formatter: (/** @type {number} */ value) => number(value, 0) }, splitLine: { lineStyle: { color: ink("line") } } },
      series: [
        { ...line, name: t("solving.cost"), data: of("cost"), lineStyle: { width: 2 }, color: ink("accent") },
        { ...line, name: t("solving.bound"), data: of("bound"), lineStyle: { width: 2, type: [5, 3] }, color: ink("good") },
      ],
    });
    const rows = this.points.slice(-50).reverse();
    fill(this.table, ...rows.map((point) => h("tr", {},
      h("td", {}, number(point.seconds, 1)), h("td", {}, money(point.cost, this.currency)), h("td", {}, money(point.bound, this.currency)), h("td", {}, percent(point.gap_percent, 2)))));
  }

  close() {
    this.closed = true;
    clearTimeout(this.waiting);
    this.size.disconnect();
    this.chart?.dispose();
    this.chart = null;
  }
}
