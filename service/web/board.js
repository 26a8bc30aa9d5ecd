// The board of a job: choices above, coverage and Gantt on one time axis, and the table that says the same.

import { at, fill, h } from "./dom.js";
import { together, turnOf } from "./book.js";
import { colourOf } from "./colours.js";
import { CoverageChart } from "./coverage.js";
import { Gantt } from "./gantt.js";
import { rosterTable, coverageTable } from "./table.js";
import { select, state } from "./state.js";
import { DAY, MINUTE, dayOf } from "./time.js";
import { duration, narrowDay, number, percent, shortDay, span, t, tOr } from "./words.js";

/** @typedef {import("./book.js").Row} Row */

const PAGE = 100;

export class Board {
  /** @param {import("./job.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.filter = { group: "", plan: "", agent: "", sort: "name" };
    this.asTable = false;
    this.page = 0;
    /** @type {Row[]} */
    this.rows = [];
    this.gantt = new Gantt({
      chosen: (hit) => this.choose(hit),
      hovered: (hit, x, y) => this.tipOf(hit, x, y),
      moved: (hit, delta) => this.move(hit, delta),
      scrolled: () => this.chart.draw(),
      typed: (event) => this.typed(event),
    });
    this.chart = new CoverageChart(this.gantt, {
      chosen: (from) => this.chart.cover && select({ kind: "interval", group: this.filter.group, from }),
      hovered: (index, x, y) => this.tipOfCoverage(index, x, y),
    });
    this.gantt.box.setAttribute("aria-label", t("roster.gantt"));
    this.tools = h("div", { class: "tools" });
    this.legend = h("ul", { class: "legend", "aria-label": t("roster.legend") });
    this.table = h("div", { class: "tables" });
    this.drawn = h("div", { class: "drawn" },
      this.chart.box, this.gantt.box,
      h("p", { class: "hidden-text", id: "gantt-keys" }, t("roster.keys")));
    this.empty = h("div", { class: "empty small" });
    this.element = h("section", { class: "board", "aria-label": t("roster.title") }, this.tools, this.drawn, this.legend, this.table, this.empty);
    this.built = false;
    this.waiting(true, false);
  }

  /**
   * What stands in place of a roster that is not there.
   * @param {boolean} missing
   * @param {boolean} ended
   */
  waiting(missing, ended) {
    this.empty.hidden = !missing;
    for (const part of [this.tools, this.legend]) part.hidden = missing;
    this.drawn.hidden = missing || this.asTable;
    this.table.hidden = missing || !this.asTable;
    if (missing) fill(this.empty, h("p", {}, t(ended ? "roster.none" : "roster.waiting")), !ended && h("div", { class: "shimmer", "aria-hidden": "true" }));
  }

  show() {
    const { book } = this.desk;
    if (!book) return;
    if (!this.built) this.build(book);
    this.waiting(false, false);
    this.choosing();
    const first = this.gantt.book === null;
    this.marks();
    this.gantt.show(book, this.rows);
    if (first && window.innerWidth < 700) this.gantt.fit(DAY, book.from + 6 * 60 * MINUTE);
    this.showCover();
    if (this.asTable) this.showTable();
    this.mark();
  }

  /** @param {import("./book.js").Book} book */
  build(book) {
    this.built = true;
    const choice = (/** @type {"group" | "plan" | "sort"} */ name, /** @type {[string, string][]} */ options) => {
      const list = h("select", { id: `by-${name}`, "aria-label": t(`roster.by_${name}`), onchange: () => {
        this.filter[name] = list.value;
        this.page = 0;
        this.show();
      } }, ...options.map(([value, text]) => h("option", { value, selected: value === this.filter[name] }, text)));
      return list;
    };
    const plans = book.request.work_plans.map((plan) => /** @type {[string, string]} */ ([plan.id, plan.name || plan.id]));
    const search = h("input", { type: "search", id: "by-agent", placeholder: t("roster.by_agent"), "aria-label": t("roster.by_agent"), oninput: () => {
      this.filter.agent = search.value.trim().toLowerCase();
      this.page = 0;
      this.show();
    } });
    const button = (/** @type {string} */ id, /** @type {string} */ text, /** @type {() => void} */ act, /** @type {string} */ label = text) => h("button", { type: "button", id, "aria-label": label, title: label, onclick: act }, text);
    const asTable = h("button", { type: "button", id: "as-table", "aria-pressed": "false", onclick: () => {
      this.asTable = !this.asTable;
      asTable.setAttribute("aria-pressed", String(this.asTable));
      this.show();
    } }, t("roster.table"));
    fill(this.tools,
      choice("group", [["", t("roster.all_groups")], ...book.groups.map(({ id, name }) => /** @type {[string, string]} */ ([id, name]))]),
      choice("plan", [["", t("roster.all_plans")], ...plans]),
      search,
      choice("sort", ["name", "start", "hours", "plan"].map((name) => /** @type {[string, string]} */ ([name, t(`roster.sort_${name}`)]))),
      h("span", { class: "count", id: "row-count" }),
      h("span", { class: "grow" }),
      h("span", { class: "segments", role: "group", "aria-label": t("roster.view") },
        button("day-view", t("roster.day"), () => this.fitDay(0)),
        button("week-view", t("roster.week"), () => this.gantt.fit(7 * DAY)),
      ),
      h("span", { class: "segments", role: "group", "aria-label": t("roster.zoom") },
        button("earlier", "‹", () => this.fitDay(-1), t("roster.earlier")),
        button("later", "›", () => this.fitDay(1), t("roster.later")),
        button("zoom-out", "−", () => this.gantt.zoom(1 / 1.5), t("roster.zoom_out")),
        button("zoom-in", "+", () => this.gantt.zoom(1.5), t("roster.zoom_in"))),
      asTable);
  }

  /**
   * A day over the whole width: the one in view, or the one before or after it.
   * @param {number} step
   */
  fitDay(step) {
    const { book } = this.desk;
    if (!book) return;
    const now = this.gantt.momentAt(this.gantt.names + 2);
    const index = book.days.findIndex((day) => now < day.to - 60 * MINUTE);
    const day = book.days[Math.min(Math.max((index < 0 ? book.days.length - 1 : index) + step, 0), book.days.length - 1)];
    this.gantt.fit(DAY, day.from);
  }

  /** The rows that the choices let through, in their order. */
  choosing() {
    const { book } = this.desk;
    if (!book) return;
    const { group, plan, agent, sort } = this.filter;
    const rows = book.rows.filter((row) =>
      (!group || row.groups === null || row.groups.has(group)) && (!plan || row.plan === plan) &&
      (!agent || row.name.toLowerCase().includes(agent) || row.agent.id.toLowerCase().includes(agent)));
    const names = new Intl.Collator(document.documentElement.lang, { numeric: true });
    /** @type {Record<string, (a: Row, b: Row) => number>} */
    const orders = {
      name: (a, b) => names.compare(a.name, b.name),
      start: (a, b) => (a.turns[0]?.from ?? Infinity) - (b.turns[0]?.from ?? Infinity) || names.compare(a.name, b.name),
      hours: (a, b) => b.paidMinutes - a.paidMinutes || names.compare(a.name, b.name),
      plan: (a, b) => names.compare(a.plan, b.plan) || names.compare(a.name, b.name),
    };
    this.rows = rows.sort(orders[sort]);
    const count = this.tools.querySelector("#row-count");
    if (count) count.textContent = t("roster.count", { count: rows.length, all: number(book.rows.length) });
    this.gantt.group = group || null;
    this.showLegend(book);
  }

  /** @param {import("./book.js").Book} book */
  showLegend(book) {
    const used = new Set(["break", "meal"]);
    for (const row of book.rows) for (const turn of row.turns) for (const block of turn.blocks) used.add(block.category);
    used.delete("on_queue");
    const item = (/** @type {string} */ colour, /** @type {string} */ text, /** @type {string} */ kind) => h("li", { class: kind }, h("i", { style: { background: colour } }), text);
    fill(this.legend,
      ...book.groups.map(({ name }, i) => item(colourOf("on_queue", i), name, "queue")),
      ...[...used].map((category) => item(colourOf(category, 0), tOr(`category.${category}`, category), "pause")),
      item("var(--met)", t("roster.met"), "area"), item("var(--short)", t("roster.short"), "area"), item("var(--over)", t("roster.over"), "area"),
      h("li", { class: "rule" }, h("i"), t("roster.required")),
      book.covers.some((cover) => cover.service) && h("li", { class: "rule dotted" }, h("i"), t("job.service")));
  }

  /** Locked, changed and broken shifts stand out. */
  marks() {
    const { changes, against, roster } = this.desk;
    /** @type {Map<string, string>} */
    const marks = new Map();
    const ghosts = new Map();
    const put = (/** @type {string} */ name, /** @type {string} */ mark) => marks.set(name, `${marks.get(name) ?? ""} ${mark}`);
    for (const violation of changes?.evaluation?.violations ?? roster?.violations ?? [])
      if (violation.agent_id && violation.date) put(`${violation.agent_id}|${violation.date}`, "broken");
    for (const name of changes?.plan.locked ?? []) put(name, "locked");
    for (const schedule of changes?.plan.schedules ?? [])
      for (const shift of schedule.shifts ?? []) if (shift.pinned) put(`${schedule.agent_id}|${shift.date}`, "locked");
    for (const one of against?.found ?? []) {
      put(`${one.agent}|${one.date}`, "changed");
      if (one.before) ghosts.set(one.agent, [...(ghosts.get(one.agent) ?? []), turnOf(one.before)]);
    }
    this.gantt.marks = marks;
    this.gantt.ghosts = ghosts;
  }

  showCover() {
    const { book } = this.desk;
    if (!book) return;
    const { group } = this.filter;
    const of = (/** @type {import("./book.js").Cover[]} */ covers) => together(covers.filter((cover) => !group || cover.group === group), t("roster.all_groups"));
    this.chart.show(of(book.covers), this.desk.before && of(this.desk.before));
  }

  showTable() {
    const { book } = this.desk;
    if (!book) return;
    const pages = Math.max(1, Math.ceil(this.rows.length / PAGE));
    this.page = Math.min(this.page, pages - 1);
    const turn = (/** @type {number} */ by) => () => {
      this.page += by;
      this.showTable();
    };
    fill(this.table,
      h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": t("roster.table_label") },
        rosterTable(book, this.rows.slice(this.page * PAGE, (this.page + 1) * PAGE), (agent, date) => select({ kind: "shift", agent, date }), (agent) => select({ kind: "agent", agent }))),
      pages > 1 && h("p", { class: "pages" },
        h("button", { type: "button", disabled: this.page === 0, onclick: turn(-1) }, t("roster.previous")),
        t("roster.page", { page: this.page + 1, pages }),
        h("button", { type: "button", disabled: this.page === pages - 1, onclick: turn(1) }, t("roster.next"))),
      h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": t("roster.coverage_label") },
        coverageTable(book, this.chart.cover, (from) => select({ kind: "interval", group: this.filter.group, from }))));
  }

  /** Show what is selected. */
  mark() {
    const { selection } = state;
    this.gantt.selected = selection?.kind === "shift" ? { agent: selection.agent, date: selection.date } : selection?.kind === "agent" ? { agent: selection.agent, date: null } : null;
    this.gantt.moment = selection?.kind === "interval" ? selection.from : null;
    this.repaint();
  }

  repaint() {
    this.gantt.draw();
    this.chart.draw();
  }

  /**
   * Bring what is selected into view.
   * @param {string} [date]
   * @param {number} [moment]
   */
  reveal(date, moment) {
    const { selection } = state;
    const { book } = this.desk;
    if (!selection || !book) return;
    if (selection.kind === "interval") return this.gantt.revealTime(selection.from);
    if (!this.rows.some((row) => row.agent.id === selection.agent)) { // hidden by a choice: let everybody be seen again
      Object.assign(this.filter, { group: "", plan: "", agent: "" });
      this.built = false;
      this.show();
    }
    const row = book.rowOf.get(selection.agent);
    const turn = row?.turns.find((one) => one.date === date);
    this.gantt.reveal(selection.agent, moment ?? turn?.from ?? book.days.find((day) => day.date === date)?.from);
    if (this.asTable) {
      this.page = Math.floor(this.rows.findIndex((one) => one.agent.id === selection.agent) / PAGE);
      this.showTable();
    }
  }

  /** @param {import("./gantt.js").Hit} hit */
  choose(hit) {
    const agent = hit.row.agent.id;
    if (hit.turn) select({ kind: "shift", agent, date: hit.turn.date, activity: hit.block });
    else select({ kind: "agent", agent });
  }

  /**
   * @param {import("./gantt.js").Hit} hit
   * @param {number} delta
   */
  move(hit, delta) {
    const { changes } = this.desk;
    if (!changes || !hit.turn) return;
    const agent = hit.row.agent.id;
    const block = hit.turn.blocks[hit.block];
    if (block && block.category !== "on_queue") {
      const activity = changes.moveActivity(agent, hit.turn.date, hit.block, delta);
      select({ kind: "shift", agent, date: hit.turn.date, activity });
    } else {
      const date = changes.moveShift(agent, hit.turn.date, delta);
      select({ kind: "shift", agent, date });
    }
  }

  /** @param {KeyboardEvent} event */
  typed(event) {
    const { changes, book } = this.desk;
    if (!changes || !book || event.ctrlKey || event.metaKey) return;
    const { selection } = state;
    const index = selection && selection.kind !== "interval" ? this.rows.findIndex((row) => row.agent.id === selection.agent) : -1;
    const row = this.rows[index];
    const turn = selection?.kind === "shift" ? row?.turns.find((one) => one.date === selection.date) : undefined;
    const go = (/** @type {Row | undefined} */ to, /** @type {string | undefined} */ date) => {
      if (!to) return;
      const near = to.turns.find((one) => one.date >= (date ?? "")) ?? to.turns[to.turns.length - 1];
      select(near ? { kind: "shift", agent: to.agent.id, date: near.date } : { kind: "agent", agent: to.agent.id });
      this.reveal(near?.date);
      at("say").textContent = near ? `${to.name}, ${shortDay(near.date)}, ${span(near.from, near.to, book.zone)}` : `${to.name}: ${t("roster.no_shift")}`;
    };
    const keys = /** @type {Record<string, () => void>} */ ({
      ArrowDown: () => go(this.rows[Math.min(index + 1, this.rows.length - 1)], turn?.date),
      ArrowUp: () => go(this.rows[Math.max(index - 1, 0)], turn?.date),
      ArrowRight: () => (event.altKey ? this.nudge(1) : go(row ?? this.rows[0], turn ? row?.turns[row.turns.indexOf(turn) + 1]?.date ?? turn.date : undefined)),
      ArrowLeft: () => (event.altKey ? this.nudge(-1) : go(row ?? this.rows[0], turn ? row?.turns[Math.max(0, (row?.turns.indexOf(turn) ?? 0) - 1)]?.date : undefined)),
      Home: () => go(this.rows[0], turn?.date),
      End: () => go(this.rows[this.rows.length - 1], turn?.date),
      l: () => turn && changes.toggleLock(row.agent.id, turn.date),
      Delete: () => turn && changes.dropShift(row.agent.id, turn.date),
      u: () => changes.undo(),
    });
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /**
   * Move what is selected by one interval: the activity, or else the shift.
   * @param {number} direction
   */
  nudge(direction) {
    const { changes, book } = this.desk;
    const { selection } = state;
    if (!changes || !book || selection?.kind !== "shift") return;
    const date = changes.moveShift(selection.agent, selection.date, direction * book.step);
    select({ ...selection, date });
  }

  /**
   * @param {import("./gantt.js").Hit | null} hit
   * @param {number} x
   * @param {number} y
   */
  tipOf(hit, x, y) {
    const { book } = this.desk;
    if (!hit?.turn || !book) return tip(null, x, y);
    const { row, turn } = hit;
    const block = turn.blocks[hit.block];
    const what = block && (block.category === "on_queue" ? book.groups.find(({ id }) => id === block.group)?.name ?? t("category.on_queue") : tOr(`category.${block.category}`, block.category));
    tip([
      h("strong", {}, row.name), h("span", {}, `${shortDay(turn.date)} · ${span(turn.from, turn.to, book.zone)} · ${duration(turn.paidMinutes)}`),
      block && h("span", {}, `${what} · ${span(block.from, block.to, book.zone)}${block.category !== "on_queue" ? ` · ${t(block.paid ? "roster.paid" : "roster.unpaid")}` : ""}`),
      turn.source.work_plan_shift_id && h("span", { class: "muted" }, `${turn.source.work_plan_shift_id} · ${row.plan}`),
    ], x, y);
  }

  /**
   * @param {number} index
   * @param {number} x
   * @param {number} y
   */
  tipOfCoverage(index, x, y) {
    const { book } = this.desk;
    const { cover } = this.chart;
    if (index < 0 || !book || !cover) return tip(null, x, y);
    const from = cover.from + index * cover.step;
    const service = cover.service?.[index];
    tip([
      h("strong", {}, `${narrowDay(dayOf(from, book.zone))} ${span(from, from + cover.step, book.zone)}`),
      h("span", {}, t("roster.need_have", { need: number(cover.required[index]), have: number(cover.scheduled[index]) })),
      service != null && h("span", {}, t("roster.service", { percent: percent(service) })),
      h("span", { class: "muted" }, t("roster.click_why")),
    ], x, y);
  }

  close() {
    this.gantt.stop();
    tip(null, 0, 0);
  }
}

/**
 * The facts beside the pointer.
 * @param {(Node | null | undefined | false | "")[] | null} content
 * @param {number} x
 * @param {number} y
 */
export function tip(content, x, y) {
  const box = at("tip");
  box.hidden = content === null;
  if (!content) return;
  fill(box, ...content.filter((one) => one !== ""));
  const { offsetWidth: width, offsetHeight: height } = box;
  box.style.left = `${Math.min(x + 14, window.innerWidth - width - 8)}px`;
  box.style.top = `${y + height + 24 > window.innerHeight ? y - height - 12 : y + 16}px`;
}
