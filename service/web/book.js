// A roster laid out for looking at: rows of agents, blocks of time in milliseconds, coverage by planning group.

import { clockMinutes, dayAfter, dayOf, MINUTE, momentOf, weekdayOf } from "./time.js";

/** @typedef {import("./types").Agent} Agent */
/** @typedef {import("./types").Request} Request */
/** @typedef {import("./types").Schedule} Schedule */
/** @typedef {import("./types").Shift} Shift */
/** @typedef {{category: string, group: string | null, id: string | null, paid: boolean, from: number, to: number}} Block */
/** @typedef {{date: string, from: number, to: number, pinned: boolean, paidMinutes: number, blocks: Block[], source: Shift}} Turn */
/** @typedef {{agent: Agent, name: string, zone: string, plan: string, groups: Set<string> | null, turns: Turn[], paidMinutes: number, offs: {from: number, to: number}[]}} Row */
/** @typedef {{group: string, name: string, from: number, step: number, required: number[], scheduled: number[], net: number[], service: (number | null)[] | null}} Cover */

/**
 * @typedef {object} Book
 * @property {Request} request
 * @property {string} zone
 * @property {number} step milliseconds of an interval
 * @property {{date: string, from: number, to: number}[]} days of the planning period
 * @property {number} from
 * @property {number} to
 * @property {{id: string, name: string}[]} groups
 * @property {Row[]} rows
 * @property {Map<string, Row>} rowOf
 * @property {Cover[]} covers
 */

/**
 * @param {Request} request
 * @param {Schedule[]} schedules
 * @param {import("./types").CoverageSeries[]} coverage
 * @param {ReadonlySet<string>} [out] agents that are not there
 * @returns {Book}
 */
export function bookOf(request, schedules, coverage, out = new Set()) {
  const zone = request.time_zone;
  const days = daysOf(request, zone);
  const groups = request.planning_groups.map((group) => ({ id: group.id, name: group.name || group.id }));
  const byAgent = new Map(schedules.map((schedule) => [schedule.agent_id, schedule]));
  const rows = (request.agents ?? []).filter((agent) => !out.has(agent.id)).map((agent) => rowFor(agent, byAgent.get(agent.id), zone));
  let to = days[days.length - 1].to;
  for (const row of rows) for (const turn of row.turns) to = Math.max(to, turn.to);
  return {
    request, zone, days, groups, rows,
    step: (request.interval_minutes ?? 15) * MINUTE,
    from: days[0].from,
    to,
    rowOf: new Map(rows.map((row) => [row.agent.id, row])),
    covers: coversOf(request, coverage),
  };
}

/**
 * @param {Request} request
 * @param {string} zone
 */
function daysOf(request, zone) {
  const { start_date: first, days } = request.planning_period;
  const edges = Array.from({ length: days + 1 }, (_, i) => dayAfter(first, i));
  return edges.slice(0, -1).map((date, i) => ({ date, from: momentOf(`${date}T00:00`, zone), to: momentOf(`${edges[i + 1]}T00:00`, zone) }));
}

/**
 * @param {Agent} agent
 * @param {Schedule | undefined} schedule
 * @param {string} requestZone
 * @returns {Row}
 */
function rowFor(agent, schedule, requestZone) {
  const zone = agent.time_zone || requestZone;
  const turns = (schedule?.shifts ?? []).map(turnOf).sort((a, b) => a.from - b.from);
  const skills = agent.skills ?? [];
  return {
    agent, zone, turns,
    name: agent.name || agent.id,
    plan: agent.work_plan_id,
    groups: skills.length ? new Set(skills.map((skill) => skill.planning_group_id)) : null,
    paidMinutes: turns.reduce((sum, turn) => sum + turn.paidMinutes, 0) + (agent.time_off ?? []).reduce((sum, off) => sum + (off.paid_minutes ?? 0), 0),
    offs: (agent.time_off ?? []).map((off) => ({ from: momentOf(off.start, zone), to: momentOf(off.end, zone) })),
  };
}

/**
 * @param {Shift} shift
 * @returns {Turn}
 */
export function turnOf(shift) {
  const blocks = (shift.activities ?? []).map((activity) => ({
    category: activity.category,
    group: activity.planning_group_id ?? null,
    id: activity.id ?? null,
    paid: activity.category === "on_queue" || activity.paid === true,
    from: Date.parse(activity.start),
    to: Date.parse(activity.end),
  }));
  const [from, to] = [Date.parse(shift.start), Date.parse(shift.end)];
  const unpaid = blocks.reduce((sum, block) => sum + (block.paid ? 0 : block.to - block.from), 0);
  return { date: shift.date, from, to, pinned: shift.pinned ?? false, blocks, source: shift, paidMinutes: shift.paid_minutes ?? Math.round((to - from - unpaid) / MINUTE) };
}

/**
 * The series of each group joined over its holes, so that there is one of each.
 * @param {Request} request
 * @param {import("./types").CoverageSeries[]} coverage
 * @returns {Cover[]}
 */
export function coversOf(request, coverage) {
  const step = (request.interval_minutes ?? 15) * MINUTE;
  return request.planning_groups.flatMap(({ id, name: given }) => {
    const name = given || id;
    const own = coverage.filter((series) => series.planning_group_id === id).map((series) => ({ series, at: Date.parse(series.start) }));
    if (own.length === 0) return [];
    const from = Math.min(...own.map(({ at }) => at));
    const length = Math.max(...own.map(({ series, at }) => (at - from) / step + series.required.length));
    /** @type {Cover} */
    const cover = { group: id, name, from, step, required: Array(length).fill(0), scheduled: Array(length).fill(0), net: Array(length).fill(0), service: null };
    for (const { series, at } of own) {
      const offset = Math.round((at - from) / step);
      for (let i = 0; i < series.required.length; i++) {
        cover.required[offset + i] = series.required[i];
        cover.scheduled[offset + i] = series.scheduled[i];
        cover.net[offset + i] = series.net[i];
      }
    }
    return [cover];
  });
}

/**
 * The sum of several groups, in one series.
 * @param {Cover[]} covers
 * @param {string} name
 * @returns {Cover | null}
 */
export function together(covers, name) {
  if (covers.length === 0) return null;
  if (covers.length === 1) return covers[0];
  const { step } = covers[0];
  const from = Math.min(...covers.map((cover) => cover.from));
  const length = Math.max(...covers.map((cover) => (cover.from - from) / step + cover.required.length));
  const sum = (/** @type {"required" | "scheduled" | "net"} */ part) => {
    const total = Array(length).fill(0);
    for (const cover of covers) {
      const offset = Math.round((cover.from - from) / step);
      cover[part].forEach((value, i) => (total[offset + i] += value));
    }
    return total;
  };
  return { group: "", name, from, step, required: sum("required"), scheduled: sum("scheduled"), net: sum("net"), service: null };
}

/**
 * Whether an agent can work throughout a stretch: its availability allows it and no time off is in the way.
 * @param {Row} row
 * @param {number} from
 * @param {number} to
 */
export function available(row, from, to) {
  if (row.offs.some((off) => off.from < to && from < off.to)) return false;
  const windows = row.agent.availability ?? [];
  if (windows.length === 0) return true;
  const today = dayOf(from, row.zone);
  return [today, dayAfter(today, -1)].some((day) =>
    windows.some((window) => {
      if (!(/** @type {string[]} */ (window.days)).includes(WEEKDAYS[weekdayOf(day)])) return false;
      const midnight = momentOf(`${day}T00:00`, row.zone);
      return midnight + clockMinutes(window.from) * MINUTE <= from && to <= midnight + clockMinutes(window.to) * MINUTE;
    }),
  );
}

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * Weeks of the planning period as [first day, day after the last], by the request's start of the week.
 * @param {Request} request
 * @returns {[string, string][]}
 */
export function weeksOf(request) {
  const { start_date: first, days } = request.planning_period;
  const end = dayAfter(first, days);
  const starts = WEEKDAYS.indexOf((request.week_starts_on ?? "monday").slice(0, 3));
  /** @type {[string, string][]} */
  const weeks = [];
  for (let day = first; day < end; ) {
    const next = dayAfter(day, 7 - ((weekdayOf(day) - starts + 7) % 7));
    weeks.push([day, next < end ? next : end]);
    day = next;
  }
  return weeks;
}
