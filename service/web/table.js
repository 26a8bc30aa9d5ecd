// The drawings as tables: the same facts for the keyboard, for screen readers and for whoever likes tables better.

import { h } from "./dom.js";
import { dayOf } from "./time.js";
import { clock, duration, number, percent, shortDay, span, t, tOr } from "./words.js";

/** @typedef {import("./book.js").Book} Book */
/** @typedef {import("./book.js").Row} Row */

/**
 * @param {string[]} names
 * @returns {HTMLTableSectionElement}
 */
function headOf(names) {
  return h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));
}

/**
 * A line for each shift.
 * @param {Book} book
 * @param {Row[]} rows
 * @param {(agent: string, date: string) => void} chooseShift
 * @param {(agent: string) => void} chooseAgent
 */
export function rosterTable(book, rows, chooseShift, chooseAgent) {
  const names = new Map(book.groups.map(({ id, name }) => [id, name]));
  const lines = rows.flatMap((row) => {
    const who = h("th", { scope: "row" }, h("button", { type: "button", class: "link", onclick: () => chooseAgent(row.agent.id) }, row.name));
    if (row.turns.length === 0) return [h("tr", {}, who, h("td", { colspan: "6" }, t("roster.no_shift")))];
    return row.turns.map((turn, i) => {
      const pauses = turn.blocks.filter((block) => block.category !== "on_queue").map((block) => `${tOr(`category.${block.category}`, block.category)} ${span(block.from, block.to, book.zone)}`);
      const groups = [...new Set(turn.blocks.flatMap((block) => (block.group ? [names.get(block.group) ?? block.group] : [])))];
      return h("tr", {},
        i === 0 ? who : h("th", { scope: "row" }, h("span", { class: "muted" }, row.name)),
        h("td", {}, h("button", { type: "button", class: "link", onclick: () => chooseShift(row.agent.id, turn.date) }, shortDay(turn.date))),
        h("td", {}, clock(turn.from, book.zone)), h("td", {}, clock(turn.to, book.zone)), h("td", {}, duration(turn.paidMinutes)),
        h("td", {}, groups.join(", ")), h("td", {}, pauses.join(", ")));
    });
  });
  return h("table", { id: "roster-table" }, h("caption", { class: "hidden-text" }, t("roster.table_label")),
    headOf(["agent", "date", "start", "end", "paid_time", "groups", "pauses"].map((name) => t(`roster.col_${name}`))), h("tbody", {}, ...lines));
}

/**
 * A line for each interval in which somebody is required or there.
 * @param {Book} book
 * @param {import("./book.js").Cover | null} cover
 * @param {(from: number) => void} choose
 */
export function coverageTable(book, cover, choose) {
  const lines = (cover?.required ?? []).flatMap((required, i) => {
    if (!cover || (required === 0 && cover.scheduled[i] === 0)) return [];
    const from = cover.from + i * cover.step;
    const net = cover.scheduled[i] - required;
    return [h("tr", {},
      h("th", { scope: "row" }, h("button", { type: "button", class: "link", onclick: () => choose(from) }, `${shortDay(dayOf(from, book.zone))} ${clock(from, book.zone)}`)),
      h("td", {}, number(required)), h("td", {}, number(cover.scheduled[i])),
      h("td", { class: net < 0 ? "bad" : "" }, number(net)), cover.service && h("td", {}, percent(cover.service[i])))];
  });
  const heads = ["interval", "required", "scheduled", "net"].map((name) => t(`roster.col_${name}`));
  if (cover?.service) heads.push(t("roster.col_service"));
  return h("table", { id: "coverage-table" }, h("caption", {}, t("roster.coverage_of", { group: cover?.name ?? "" })), headOf(heads), h("tbody", {}, ...lines));
}
