// Two rosters of one request side by side: figures with their differences, coverage, and shifts on one scroll.

import { fill, h } from "./dom.js";
import { get } from "./api.js";
import { bookOf, together } from "./book.js";
import { CoverageChart } from "./coverage.js";
import { Gantt } from "./gantt.js";
import { differences } from "./change.js";
import { on } from "./state.js";
import { DAY } from "./time.js";
import { money, number, percent, shortDay, span, t } from "./words.js";

/** @typedef {import("./types").Job} Job */
/** @typedef {import("./types").Roster} Roster */
/** @typedef {import("./types").Request} Request */

/**
 * @param {HTMLElement} main
 * @param {string} first
 * @param {string} second
 */
export function openCompare(main, first, second) {
  document.title = `${t("compare.title")} – Stint`;
  fill(main, h("h1", {}, t("job.loading")));
  /** @type {Gantt[]} */
  let gantts = [];
  /** @type {CoverageChart[]} */
  let charts = [];
  let closed = false;

  (async () => {
    try {
      const [jobs, requests, rosters] = await Promise.all([
        Promise.all([first, second].map((id) => get(`/v1/rosters/${id}`))),
        Promise.all([first, second].map((id) => get(`/v1/rosters/${id}/request`))),
        Promise.all([first, second].map((id) => get(`/v1/rosters/${id}/roster`))),
      ]);
      if (!closed) show(/** @type {Job[]} */ (jobs), /** @type {Request[]} */ (requests), /** @type {Roster[]} */ (rosters));
    } catch (error) {
      fill(main, h("div", { class: "empty" }, h("h1", {}, t("compare.cannot")), h("p", { role: "alert" }, /** @type {Error} */ (error).message || t("start.away")), h("a", { class: "button", href: "#/jobs" }, t("head.jobs"))));
    }
  })();

  /**
   * @param {Job[]} jobs
   * @param {Request[]} requests
   * @param {Roster[]} rosters
   */
  function show(jobs, requests, rosters) {
    const books = rosters.map((roster, i) => bookOf(requests[i], roster.schedules, roster.coverage ?? []));
    const found = differences(rosters[0].schedules, rosters[1].schedules);
    const marks = new Map(found.map((one) => [`${one.agent}|${one.date}`, "changed"]));
    const differing = new Set(found.map(({ agent }) => agent));
    const only = h("input", { type: "checkbox", id: "only", onchange: () => rows() });
    let scrolling = false;
    gantts = [0, 1].map((i) => new Gantt({
      chosen: () => {}, hovered: () => {}, moved: () => {}, typed: () => {},
      scrolled: () => {
        charts[i]?.draw();
        const other = gantts[1 - i];
        if (scrolling || !other) return;
        scrolling = true; // the other one follows, and its own scrolling leads nobody
        other.box.scrollLeft = gantts[i].box.scrollLeft;
        other.box.scrollTop = gantts[i].box.scrollTop;
        requestAnimationFrame(() => (scrolling = false));
      },
    }));
    charts = gantts.map((gantt) => new CoverageChart(gantt, { chosen: () => {}, hovered: () => {} }));
    gantts.forEach((gantt, i) => {
      gantt.draggable = false;
      gantt.marks = marks;
      gantt.box.setAttribute("aria-label", `${t("roster.gantt")}: ${jobs[i].name || jobs[i].id}`);
      gantt.box.removeAttribute("aria-describedby");
    });
    const side = (/** @type {number} */ i) => h("section", { class: "side", "aria-label": jobs[i].name || jobs[i].id },
      h("h2", {}, h("a", { href: `#/jobs/${jobs[i].id}` }, `${"AB"[i]} · ${jobs[i].name || jobs[i].id}`)), charts[i].box, gantts[i].box);
    const names = new Map(requests.flatMap((request) => request.agents.map((agent) => /** @type {[string, string]} */ ([agent.id, agent.name || agent.id]))));
    const when = (/** @type {import("./types").Shift | null} */ shift) => (shift ? span(Date.parse(shift.start), Date.parse(shift.end), books[0].zone) : "–");
    fill(main, h("div", { class: "compare" },
      h("div", { class: "jobhead" }, h("h1", {}, t("compare.title")), h("span", { class: "grow" }),
        h("label", { class: "check" }, only, t("compare.only", { count: found.length })),
        h("button", { type: "button", onclick: () => gantts.forEach((gantt) => gantt.fit(DAY, gantt.momentAt(gantt.names + 2))) }, t("roster.day")),
        h("button", { type: "button", onclick: () => gantts.forEach((gantt) => gantt.fit(7 * DAY)) }, t("roster.week"))),
      sameWork(requests) ? null : h("p", { class: "notice warning" }, t("compare.other_request")),
      figures(jobs, rosters, requests[0].currency ?? "EUR"),
      h("div", { class: "sides" }, side(0), side(1)),
      h("details", {}, h("summary", {}, t("compare.list", { count: found.length })),
        h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": t("compare.list", { count: found.length }) },
          h("table", { id: "differences" }, h("thead", {}, h("tr", {}, ...[t("roster.col_agent"), t("roster.col_date"), "A", "B"].map((name) => h("th", { scope: "col" }, name)))),
            h("tbody", {}, ...found.slice(0, 1000).map((one) => h("tr", {}, h("th", { scope: "row" }, names.get(one.agent) ?? one.agent), h("td", {}, shortDay(one.date)), h("td", {}, when(one.before)), h("td", {}, when(one.after))))))))));
    rows();

    function rows() {
      const order = books[0].rows.map((row) => row.agent.id);
      const later = books[1].rows.map((row) => row.agent.id).filter((id) => !books[0].rowOf.has(id));
      const ids = [...order, ...later].filter((id) => !only.checked || differing.has(id));
      gantts.forEach((gantt, i) => {
        gantt.show(books[i], ids.map((id) => books[i].rowOf.get(id) ?? { .../** @type {import("./book.js").Row} */ (books[1 - i].rowOf.get(id)), turns: [], paidMinutes: 0 }));
        charts[i].show(together(books[i].covers, ""));
      });
    }
  }

  const quit = on("theme", () => {
    gantts.forEach((gantt) => gantt.draw());
    charts.forEach((chart) => chart.draw());
  });
  return {
    close() {
      closed = true;
      quit();
      gantts.forEach((gantt) => gantt.stop());
    },
  };
}

/**
 * Whether two requests ask for the same work, whatever was pinned, who was left out, and however long it was to take.
 * @param {Request[]} requests
 */
function sameWork(requests) {
  const work = (/** @type {Request} */ { planning_period, planning_groups, requirements, time_zone }) => JSON.stringify([planning_period, planning_groups, requirements, time_zone]);
  return work(requests[0]) === work(requests[1]);
}

/**
 * @param {Job[]} jobs
 * @param {Roster[]} rosters
 * @param {string} currency
 */
function figures(jobs, rosters, currency) {
  const plain = (/** @type {number} */ n) => number(n, 1);
  const amount = (/** @type {number} */ n) => money(n, currency);
  /** @type {[string, (i: number) => number | null | undefined, (n: number) => string][]} */
  const lines = [
    ["cost.total", (i) => rosters[i].cost?.total, amount],
    ...["regular_pay", "overtime_pay", "understaffing", "overstaffing", "preferences", "rules"].map((part) =>
      /** @type {[string, (i: number) => number | null | undefined, (n: number) => string]} */ ([`cost.${part}`, (i) => /** @type {Record<string, number> | null | undefined} */ (/** @type {unknown} */ (rosters[i].cost))?.[part], amount])),
    ["job.bound", (i) => jobs[i].lower_bound, amount],
    ["job.gap", (i) => jobs[i].gap_percent, (n) => percent(n, 2)],
    ["job.coverage", (i) => rosters[i].statistics?.coverage_percent, (n) => percent(n)],
    ["cost.short_hours", (i) => rosters[i].statistics?.short_hours, plain],
    ["cost.over_hours", (i) => rosters[i].statistics?.over_hours, plain],
    ["cost.shifts", (i) => rosters[i].statistics?.shifts, plain],
    ["job.violations", (i) => (rosters[i].violations ?? []).length, plain],
  ];
  return h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": t("compare.figures") }, h("table", { class: "list", id: "figures" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("compare.figures")), ...["A", "B", t("compare.difference")].map((name) => h("th", { scope: "col", class: "number" }, name)))),
    h("tbody", {}, ...lines.map(([name, of, say]) => {
      const [a, b] = [of(0), of(1)];
      const change = a != null && b != null ? b - a : 0;
      return h("tr", {}, h("th", { scope: "row" }, t(name)), h("td", { class: "number" }, a == null ? "–" : say(a)), h("td", { class: "number" }, b == null ? "–" : say(b)),
        h("td", { class: "number" }, Math.abs(change) > 1e-9 ? `${change > 0 ? "+" : "−"}${say(Math.abs(change))}` : ""));
    }))));
}
