// The roster on paper: a table of agents and days for each week.

import { at, fill, h } from "./dom.js";
import { weeksOf } from "./book.js";
import { duration, narrowDay, shortDay, span, t, tOr } from "./words.js";
import { dayAfter } from "./time.js";

/**
 * Lay the roster out for the printer; it is seen on paper only.
 * @param {import("./book.js").Book} book
 * @param {string} name
 */
export function printable(book, name) {
  fill(at("print"), ...weeksOf(book.request).map(([from, to]) => {
    const days = book.days.filter(({ date }) => date >= from && date < to);
    return h("section", {},
      h("h1", {}, name || "Stint"), h("p", {}, `${shortDay(from)} – ${shortDay(dayAfter(to, -1))} · ${book.zone}`),
      h("table", {},
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("roster.col_agent")), ...days.map(({ date }) => h("th", { scope: "col" }, narrowDay(date))), h("th", { scope: "col" }, t("roster.col_paid_time")))),
        h("tbody", {}, ...book.rows.map((row) => {
          const turns = days.map(({ date }) => row.turns.find((turn) => turn.date === date));
          return h("tr", {}, h("th", { scope: "row" }, row.name),
            ...turns.map((turn) => h("td", {}, turn && h("b", {}, span(turn.from, turn.to, book.zone)), turn && h("small", {}, turn.blocks.filter((block) => block.category !== "on_queue").map((block) => `${tOr(`short.${block.category}`, block.category)} ${span(block.from, block.to, book.zone)}`).join(" "))))
            , h("td", {}, duration(turns.reduce((sum, turn) => sum + (turn?.paidMinutes ?? 0), 0))));
        }))));
  }));
}
