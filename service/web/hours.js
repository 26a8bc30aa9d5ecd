// How an agent stands with the rules of the work plan: hours, days, rest, and what is near its limit.

import { MINUTE, momentOf, dayOf, dayAfter } from "./time.js";
import { weeksOf } from "./book.js";
import { duration, number, shortDay, t, tOr } from "./words.js";

/** @typedef {import("./book.js").Row} Row */
/** @typedef {import("./book.js").Book} Book */
/**
 * @typedef {object} Meter
 * @property {string} label
 * @property {string} value
 * @property {string} limit
 * @property {number} share 0 to 1 of the limit, -1 where there is no measure
 * @property {"fine" | "near" | "broken"} state
 */

const NEAR = 0.95;

/**
 * @param {Book} book
 * @param {Row} row
 * @param {import("./types").Violation[]} broken what is known to be broken, priced breaches too
 * @returns {Meter[]}
 */
export function metersOf(book, row, broken) {
  const plan = book.request.work_plans.find((one) => one.id === row.plan);
  return (plan?.rules ?? []).flatMap((rule) => {
    const one = /** @type {Record<string, any>} */ (rule);
    const known = METERS[one.kind];
    if (known) return known(book, row, one);
    const own = broken.filter((violation) => violation.agent_id === row.agent.id && violation.code === one.kind);
    return [{ label: nameOfRule(one.kind), value: own.length ? t("why.broken", { count: own.length }) : t("why.kept"), limit: "", share: -1, state: own.length ? "broken" : "fine" }];
  });
}

/** @param {string} kind */
export function nameOfRule(kind) {
  return tOr(`rule.${kind}`, kind.replaceAll("_", " "));
}

/** @type {Record<string, (book: Book, row: Row, rule: Record<string, any>) => Meter[]>} */
const METERS = {
  paid_minutes: (book, row, rule) => counted(book, row, rule, paidOn, duration, "paid_minutes_in_week"),
  days_worked: (book, row, rule) => counted(book, row, rule, () => 0, (n) => number(n), "days_worked_in_week"),
  consecutive_days: (book, row, rule) => {
    if (rule.max === undefined || rule.max === null) return [];
    const longest = longestRun(book, row);
    return [meter(nameOfRule("consecutive_days"), longest, undefined, rule.max, (n) => number(n))];
  },
  minimum_rest: (book, row, rule) => {
    const rest = leastRest(book, row);
    if (rest === null) return [];
    const minutes = rest / MINUTE;
    const state = minutes < rule.minutes ? "broken" : minutes < rule.minutes + 60 ? "near" : "fine";
    return [{ label: nameOfRule("minimum_rest"), value: duration(minutes), limit: `≥ ${duration(rule.minutes)}`, share: Math.min(1, rule.minutes / minutes), state }];
  },
  overtime: (book, row, rule) =>
    spansOf(book, rule).map(([from, to, label]) => {
      const over = Math.max(0, paidBetween(row, from, to) - rule.over_minutes);
      return { label: `${nameOfRule("overtime")}${label}`, value: duration(over), limit: t("why.over", { limit: duration(rule.over_minutes) }), share: -1, state: over > 0 ? "near" : "fine" };
    }),
};

/**
 * A rule that adds something up over weeks or the period.
 * @param {Book} book
 * @param {Row} row
 * @param {Record<string, any>} rule
 * @param {(row: Row, from: string, to: string) => number} count
 * @param {(n: number) => string} say
 * @param {string} history
 */
function counted(book, row, rule, count, say, history) {
  const spans = spansOf(book, rule);
  return spans.map(([from, to, label], i) => {
    const before = i === 0 && rule.per !== "period" ? Number(/** @type {Record<string, any>} */ (row.agent.history ?? {})[history] ?? 0) : 0;
    const value = before + (count === paidOn ? paidBetween(row, from, to) : row.turns.filter((turn) => turn.date >= from && turn.date < to).length);
    return meter(`${nameOfRule(rule.kind)}${label}`, value, rule.min, rule.max, say);
  });
}

/**
 * @param {Row} row
 * @param {string} from
 * @param {string} to
 */
function paidOn(row, from, to) {
  return paidBetween(row, from, to);
}

/**
 * Spans of a rule as [first day, day after the last, label].
 * @param {Book} book
 * @param {Record<string, any>} rule
 * @returns {[string, string, string][]}
 */
function spansOf(book, rule) {
  const { start_date: first, days } = book.request.planning_period;
  if (rule.per === "period") return [[first, dayAfter(first, days), ""]];
  const weeks = weeksOf(book.request);
  return weeks.map(([from, to]) => [from, to, weeks.length > 1 ? ` · ${shortDay(from)}` : ""]);
}

/**
 * Paid minutes of shifts and time off between two days.
 * @param {Row} row
 * @param {string} from
 * @param {string} to
 */
function paidBetween(row, from, to) {
  const worked = row.turns.filter((turn) => turn.date >= from && turn.date < to).reduce((sum, turn) => sum + turn.paidMinutes, 0);
  const off = (row.agent.time_off ?? []).reduce((sum, one) => {
    const day = dayOf(momentOf(one.start, row.zone), row.zone);
    return sum + (day >= from && day < to ? one.paid_minutes ?? 0 : 0);
  }, 0);
  return worked + off;
}

/**
 * @param {string} label
 * @param {number} value
 * @param {number | null | undefined} least
 * @param {number | null | undefined} most
 * @param {(n: number) => string} say
 * @returns {Meter}
 */
function meter(label, value, least, most, say) {
  const over = most !== null && most !== undefined && value > most;
  const under = least !== null && least !== undefined && value < least;
  const near = most !== null && most !== undefined && value >= most * NEAR;
  const parts = [least !== null && least !== undefined && least > 0 ? `≥ ${say(least)}` : "", most !== null && most !== undefined ? `≤ ${say(most)}` : ""];
  return { label, value: say(value), limit: parts.filter(Boolean).join(", "), share: most ? Math.min(1, value / most) : -1, state: over || under ? "broken" : near ? "near" : "fine" };
}

/**
 * @param {Book} book
 * @param {Row} row
 */
function longestRun(book, row) {
  const worked = new Set(row.turns.map((turn) => turn.date));
  let run = row.agent.history?.consecutive_days_worked ?? 0;
  let longest = 0;
  for (const { date } of book.days) {
    run = worked.has(date) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/**
 * Least rest between shifts, in milliseconds; null where there are no two.
 * @param {Book} book
 * @param {Row} row
 */
export function leastRest(book, row) {
  const last = row.agent.history?.last_shift_end;
  const ends = [...(last ? [momentOf(last, row.zone)] : []), ...row.turns.map((turn) => turn.to)];
  const starts = row.turns.map((turn) => turn.from);
  const rests = (last ? starts : starts.slice(1)).map((start, i) => start - ends[i]);
  return rests.length ? Math.min(...rests) : null;
}

/**
 * What became of an agent's wishes.
 * @param {Row} row
 * @returns {{from: number, to: number, kind: string, met: boolean}[]}
 */
export function wishesOf(row) {
  return (row.agent.preferences ?? []).map((wish) => {
    const [from, to] = [momentOf(wish.start, row.zone), momentOf(wish.end, row.zone)];
    const counts = (/** @type {import("./book.js").Turn} */ turn) =>
      wish.cost !== null && wish.cost !== undefined
        ? turn.from >= from && turn.from < to && (!wish.shift_ids?.length || wish.shift_ids.includes(turn.source.work_plan_shift_id ?? ""))
        : turn.from < to && from < turn.to;
    const worked = row.turns.filter(counts);
    const covered = wish.cost_per_hour !== null && wish.cost_per_hour !== undefined && wish.kind === "prefer"
      ? worked.reduce((sum, turn) => sum + Math.min(turn.to, to) - Math.max(turn.from, from), 0) >= to - from
      : worked.length > 0;
    return { from, to, kind: wish.kind, met: wish.kind === "prefer" ? covered : worked.length === 0 };
  });
}

/**
 * Whether the hours or days of the agent's week allow no further shift: a reason why it is not there.
 * @param {Book} book
 * @param {Row} row
 * @param {string} day
 */
export function fullOn(book, row, day) {
  const rules = /** @type {Record<string, any>[]} */ (book.request.work_plans.find((one) => one.id === row.plan)?.rules ?? []);
  return rules.some((rule) => {
    if (rule.max === undefined || rule.max === null) return false;
    const span = spansOf(book, rule).find(([from, to]) => from <= day && day < to);
    if (!span) return false;
    if (rule.kind === "days_worked") return row.turns.filter((turn) => turn.date >= span[0] && turn.date < span[1]).length >= rule.max;
    return rule.kind === "paid_minutes" && paidBetween(row, span[0], span[1]) > rule.max - 120;
  });
}
