// A request from two tables: what is required, and who is there. What the tables do not say is assumed, and shown.

import { dateTimeOf, numberOf } from "./csv.js";
import { t } from "./words.js";

/** @typedef {import("./csv.js").Table} Table */
/** @typedef {{file: string, line: number, text: string, cure: string}} TableFault */

/**
 * What a planner may change of what is assumed.
 * @typedef {object} Assumed
 * @property {string} time_zone
 * @property {string} currency
 * @property {number} shift_hours length of a shift, the meal included
 * @property {number} days_per_week most days worked in a week
 * @property {number} rest_hours least rest between two shifts
 * @property {number} understaffing_cost_per_hour
 */

/** @returns {Assumed} */
export function usualAssumptions() {
  return {
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
    currency: "EUR", shift_hours: 8.5, days_per_week: 5, rest_hours: 11, understaffing_cost_per_hour: 120,
  };
}

const INTERVALS = [60, 30, 15, 10, 5];
const DAY_NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const GROUP_COLUMNS = ["planning_group", "planning_group_id", "group"];
const START_COLUMNS = ["start", "date_time", "datetime", "interval"];
const AGENT_COLUMNS = ["id", "agent_id", "agent"];

/**
 * Whether a table lists requirements or agents, by its columns; null for neither.
 * @param {Table} table
 * @returns {"requirements" | "agents" | null}
 */
export function kindOf(table) {
  const has = (/** @type {string[]} */ names) => names.some((name) => table.head.includes(name));
  if (has(START_COLUMNS) || (table.head.includes("date") && table.head.includes("time"))) return "requirements";
  return has(AGENT_COLUMNS) ? "agents" : null;
}

/**
 * The request that two tables amount to, the faults of the tables, and the line that each agent and interval came from.
 * @param {Table} required
 * @param {Table} staff
 * @param {Assumed} assumed
 */
export function requestOf(required, staff, assumed) {
  /** @type {TableFault[]} */
  const faults = [];
  const needs = needsOf(required, faults);
  const interval = intervalOf(needs.map((need) => need.start));
  const groups = [...new Set(needs.map((need) => need.group))];
  const days = needs.map((need) => need.start.slice(0, 10)).sort();
  const [first, last] = [days[0] ?? "2026-01-05", days[days.length - 1] ?? "2026-01-05"];
  const agents = agentsOf(staff, groups, faults);
  /** @type {Map<string, {file: string, line: number}>} */
  const places = new Map(agents.map(({ line }, i) => [`/agents/${i}`, { file: staff.name, line }]));
  const requirements = seriesOf(needs, interval, required, faults, places);
  const request = {
    name: required.name.replace(/\.[^.]*$/, ""),
    time_zone: assumed.time_zone,
    planning_period: { start_date: first, days: Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1 },
    interval_minutes: interval,
    currency: assumed.currency,
    planning_groups: groups.map((id) => ({ id, name: id, understaffing_cost_per_hour: assumed.understaffing_cost_per_hour })),
    requirements,
    work_plans: workPlansOf(agents, needs, interval, assumed),
    agents: agents.map(({ agent }) => agent),
  };
  return { request, faults, places };
}

/**
 * @param {Table} table
 * @param {string[]} names
 */
function column(table, names) {
  return table.head.findIndex((name) => names.includes(name));
}

/**
 * Each requirement of the table: long (planning_group, start, required) or wide (start, and a column a group).
 * @param {Table} table
 * @param {TableFault[]} faults
 */
function needsOf(table, faults) {
  /** @type {{group: string, start: string, required: number, line: number}[]} */
  const needs = [];
  const [date, time, start] = [column(table, ["date"]), column(table, ["time"]), column(table, START_COLUMNS)];
  const [group, heads] = [column(table, GROUP_COLUMNS), column(table, ["required", "agents", "staff"])];
  const wide = table.head.map((name, i) => i).filter((i) => i !== date && i !== time && i !== start && i !== group);
  if (heads < 0 && wide.length === 0) {
    faults.push({ file: table.name, line: 1, text: t("csv.no_required"), cure: t("csv.no_required_cure") });
    return needs;
  }
  for (const { cells, line } of table.rows) {
    const written = start >= 0 ? cells[start] ?? "" : `${cells[date] ?? ""} ${cells[time] ?? ""}`;
    const moment = dateTimeOf(written.trim());
    if (!moment) {
      faults.push({ file: table.name, line, text: t("csv.no_moment", { found: written.trim() || "–" }), cure: t("csv.no_moment_cure") });
      continue;
    }
    for (const i of heads >= 0 ? [heads] : wide) {
      const cell = cells[i] ?? "";
      const required = cell === "" ? 0 : numberOf(cell, table.commaIsDecimal);
      if (!(required >= 0)) {
        faults.push({ file: table.name, line, text: t("csv.no_number", { column: table.head[i], found: cell }), cure: t("csv.no_number_cure") });
        continue;
      }
      const name = heads < 0 ? table.head[i] : (group >= 0 && cells[group]) || "all";
      needs.push({ group: name, start: moment, required, line });
    }
  }
  return needs;
}

/**
 * The longest interval on whose grid all starts lie.
 * @param {string[]} starts
 */
function intervalOf(starts) {
  const minutes = [...new Set(starts)].map((start) => Date.parse(`${start}Z`) / 60_000).sort((a, b) => a - b);
  const least = Math.min(60, ...minutes.slice(1).map((minute, i) => minute - minutes[i]));
  return INTERVALS.find((n) => n <= least && minutes.every((minute) => minute % n === 0)) ?? 5;
}

/**
 * Consecutive intervals of a group joined to series.
 * @param {{group: string, start: string, required: number, line: number}[]} needs
 * @param {number} interval
 * @param {Table} table
 * @param {TableFault[]} faults
 * @param {Map<string, {file: string, line: number}>} places
 */
function seriesOf(needs, interval, table, faults, places) {
  /** @type {{planning_group_id: string, start: string, required: number[]}[]} */
  const series = [];
  const order = needs.map((need, i) => i).sort((a, b) =>
    needs[a].group < needs[b].group ? -1 : needs[a].group > needs[b].group ? 1 : needs[a].start < needs[b].start ? -1 : needs[a].start > needs[b].start ? 1 : a - b);
  let next = NaN;
  for (const i of order) {
    const need = needs[i];
    const minute = Date.parse(`${need.start}Z`) / 60_000;
    const current = series[series.length - 1];
    if (current?.planning_group_id === need.group && minute === next - interval) {
      faults.push({ file: table.name, line: need.line, text: t("csv.twice", { group: need.group, start: need.start }), cure: t("csv.twice_cure") });
      continue;
    }
    if (current?.planning_group_id === need.group && minute === next) current.required.push(need.required);
    else series.push({ planning_group_id: need.group, start: need.start, required: [need.required] });
    next = minute + interval;
    const last = series.length - 1;
    places.set(`/requirements/${last}/required/${series[last].required.length - 1}`, { file: table.name, line: need.line });
    if (series[last].required.length === 1) places.set(`/requirements/${last}`, { file: table.name, line: need.line });
  }
  return series;
}

/**
 * @param {Table} table
 * @param {string[]} groups
 * @param {TableFault[]} faults
 */
function agentsOf(table, groups, faults) {
  const id = column(table, AGENT_COLUMNS);
  const cellOf = (/** @type {string[]} */ cells, /** @type {string[]} */ ...names) => cells[column(table, names)] ?? "";
  /** @type {Set<string>} */
  const known = new Set();
  return table.rows.flatMap(({ cells, line }) => {
    const fault = (/** @type {string} */ text, /** @type {string} */ cure) => faults.push({ file: table.name, line, text, cure });
    const name = cells[id] ?? "";
    if (!name) fault(t("csv.no_id"), t("csv.no_id_cure"));
    else if (known.has(name)) fault(t("csv.id_twice", { id: name }), t("csv.id_twice_cure"));
    if (!name || known.has(name)) return [];
    known.add(name);
    /** @type {Record<string, any>} */
    const agent = { id: name, name: cellOf(cells, "name") || name, work_plan_id: cellOf(cells, "work_plan", "work_plan_id") || "usual" };
    const cost = cellOf(cells, "hourly_cost", "cost");
    if (cost) {
      agent.hourly_cost = numberOf(cost, table.commaIsDecimal);
      if (!(agent.hourly_cost >= 0)) fault(t("csv.no_number", { column: "hourly_cost", found: cost }), t("csv.no_number_cure"));
    }
    agent.skills = cellOf(cells, "planning_groups", "skills", "groups").split(/[|+/ ]+/).filter(Boolean).map((skill) => {
      const [group, share] = skill.split(":");
      if (!groups.includes(group)) fault(t("csv.no_group", { group }), t("csv.no_group_cure", { groups: groups.join(", ") }));
      const proficiency = share === undefined ? 1 : numberOf(share, table.commaIsDecimal);
      if (!(proficiency > 0)) fault(t("csv.no_number", { column: skill, found: share }), t("csv.no_number_cure"));
      return { planning_group_id: group, proficiency };
    });
    const days = cellOf(cells, "days").toLowerCase().split(/[|+/ ]+/).filter(Boolean);
    const strange = days.find((day) => !DAY_NAMES.includes(day));
    if (strange) fault(t("csv.no_day", { found: strange }), t("csv.no_day_cure", { days: DAY_NAMES.join(" ") }));
    const [from, to] = [cellOf(cells, "available_from", "from"), cellOf(cells, "available_to", "to")];
    for (const time of [from, to])
      if (time && !/^\d{2}:\d{2}$/.test(time)) fault(t("csv.no_clock", { found: time }), t("csv.no_clock_cure"));
    if (days.length || from || to)
      agent.availability = [{ days: days.length ? days : DAY_NAMES, from: from || "00:00", to: to || "24:00" }];
    const hours = cellOf(cells, "hours_per_week", "hours");
    const weekly = hours ? numberOf(hours, table.commaIsDecimal) : 40;
    if (!(weekly > 0)) fault(t("csv.no_number", { column: "hours_per_week", found: hours }), t("csv.no_number_cure"));
    return [{ agent, line, weekly: weekly > 0 ? weekly : 40 }];
  });
}

/**
 * A work plan for each that the agents name, and for each number of hours a week within it.
 * @param {{agent: Record<string, any>, weekly: number}[]} agents
 * @param {{start: string, required: number}[]} needs
 * @param {number} interval
 * @param {Assumed} assumed
 */
function workPlansOf(agents, needs, interval, assumed) {
  const minutes = needs.filter((need) => need.required > 0).map((need) => Number(need.start.slice(11, 13)) * 60 + Number(need.start.slice(14)));
  const opens = Math.floor(Math.min(1440, ...minutes) / 60) * 60 % 1440;
  const closes = Math.max(opens + 60, ...minutes.map((minute) => minute + interval));
  const length = Math.round((assumed.shift_hours * 60) / interval) * interval;
  const grid = (/** @type {number} */ n) => Math.ceil(n / interval) * interval;
  /** @type {Map<string, any>} */
  const plans = new Map();
  const several = new Set(agents.map(({ weekly }) => weekly)).size > 1;
  for (const { agent, weekly } of agents) {
    const id = several ? `${agent.work_plan_id}-${weekly}h` : agent.work_plan_id;
    agent.work_plan_id = id;
    if (plans.has(id)) continue;
    const breaks = length >= 360
      ? [
          { id: "break-1", category: "break", minutes: grid(15), paid: true },
          { id: "meal", category: "meal", minutes: grid(30), paid: false },
          { id: "break-2", category: "break", minutes: grid(15), paid: true },
        ]
      : [{ id: "break-1", category: "break", minutes: grid(15), paid: true }];
    const latest = Math.max(opens, closes - length);
    plans.set(id, {
      id, name: id,
      shifts: [{
        id: "day",
        start: { earliest: clockOf(opens), latest: clockOf(latest), increment_minutes: grid(30) },
        length_minutes: { min: length, max: length },
        contiguous_work_minutes: { min: grid(60), max: grid(Math.max(150, length / 3)) },
        activities: breaks,
      }],
      rules: [
        { kind: "paid_minutes", per: "week", max: Math.round(weekly * 60) },
        { kind: "days_worked", per: "week", max: assumed.days_per_week },
        { kind: "minimum_rest", minutes: Math.round(assumed.rest_hours * 60) },
        { kind: "consecutive_days", max: 6 },
      ],
    });
  }
  return [...plans.values()];
}

/** @param {number} minutes */
function clockOf(minutes) {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

