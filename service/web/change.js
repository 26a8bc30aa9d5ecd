// A planner's changes to a roster: each makes a new plan from the one before, so that undo is a step back.

import { newKey, post } from "./api.js";
import { dayOf, MINUTE, momentOf, dayAfter, written } from "./time.js";

/** @typedef {import("./types").Request} Request */
/** @typedef {import("./types").Schedule} Schedule */
/** @typedef {import("./types").Shift} Shift */
/** @typedef {import("./types").Evaluation} Evaluation */
/** @typedef {{agent: string, date: string, text: string, values: Record<string, string>}} Note what was done, as a key of words */

/**
 * @typedef {object} Plan
 * @property {Schedule[]} schedules
 * @property {ReadonlySet<string>} out agents that are not there
 * @property {ReadonlySet<string>} locked shifts to keep, `agent|date`
 * @property {ReadonlySet<string>} freed days without the shift that was there, `agent|date`
 * @property {Note | null} note the change that made it
 */

const nameOf = (/** @type {string} */ agent, /** @type {string} */ date) => `${agent}|${date}`;

export class Changes {
  /**
   * @param {Request} request
   * @param {Schedule[]} schedules
   * @param {() => void} changed
   */
  constructor(request, schedules, changed) {
    this.request = request;
    this.changed = changed;
    /** @type {Plan[]} the first is the roster as it was given */
    this.plans = [{ schedules, out: new Set(), locked: new Set(), freed: new Set(), note: null }];
    /** @type {Evaluation | null} */
    this.evaluation = null;
    /** @type {object | null} volumes and handle times, where the service is to be predicted too */
    this.work = null;
    /** @type {string | null} */
    this.trouble = null;
    this.judging = false;
    /** @type {AbortController | null} */
    this.asking = null;
  }

  get plan() {
    return this.plans[this.plans.length - 1];
  }

  get count() {
    return this.plans.length - 1;
  }

  get notes() {
    return this.plans.slice(1).map((plan) => /** @type {Note} */ (plan.note));
  }

  /**
   * The zone on whose clock an agent's shifts are written.
   * @param {string} agent
   */
  zoneOf(agent) {
    return this.request.agents.find(({ id }) => id === agent)?.time_zone || this.request.time_zone;
  }

  /**
   * @param {string} agent
   * @param {string} date
   */
  shiftOf(agent, date) {
    return this.plan.schedules.find((schedule) => schedule.agent_id === agent)?.shifts?.find((shift) => shift.date === date) ?? null;
  }

  /**
   * Move a shift by so many milliseconds; gives the day on which it then starts.
   * @param {string} agent
   * @param {string} date
   * @param {number} delta
   */
  moveShift(agent, date, delta) {
    const shift = this.shiftOf(agent, date);
    if (!shift || delta === 0) return date;
    const zone = this.zoneOf(agent);
    const later = (/** @type {string} */ instant) => written(Date.parse(instant) + delta, zone);
    const moved = {
      ...unpaid(shift),
      date: dayOf(Date.parse(shift.start) + delta, zone),
      start: later(shift.start),
      end: later(shift.end),
      activities: shift.activities.map((activity) => ({ ...activity, start: later(activity.start), end: later(activity.end) })),
    };
    this.put(agent, date, moved, { agent, date, text: "change.moved_shift", values: { by: signed(delta) } });
    return moved.date;
  }

  /**
   * Move a break, a meal or the like within its shift; time on the queue gives way and fills the hole.
   * @param {string} agent
   * @param {string} date
   * @param {number} number place among the shift's activities
   * @param {number} delta milliseconds
   * @returns {number} the place that it then has
   */
  moveActivity(agent, date, number, delta) {
    const shift = this.shiftOf(agent, date);
    if (!shift || delta === 0 || shift.activities[number]?.category === "on_queue") return number;
    const zone = this.zoneOf(agent);
    const activities = moved(shift, number, delta, zone);
    if (!activities) return number;
    const name = shift.activities[number].id ?? shift.activities[number].category;
    this.put(agent, date, { ...unpaid(shift), activities }, { agent, date, text: "change.moved_activity", values: { name, by: signed(delta) } });
    return activities.findIndex((one) => one.id === shift.activities[number].id && one.category === shift.activities[number].category);
  }

  /**
   * Take a shift out; its agent is then free on that day.
   * @param {string} agent
   * @param {string} date
   */
  dropShift(agent, date) {
    if (!this.shiftOf(agent, date)) return;
    this.put(agent, date, null, { agent, date, text: "change.dropped_shift", values: {} });
  }

  /**
   * Take an agent out of the whole plan.
   * @param {string} agent
   */
  dropAgent(agent) {
    const { plan } = this;
    this.push({
      ...plan,
      schedules: plan.schedules.filter((schedule) => schedule.agent_id !== agent),
      out: new Set(plan.out).add(agent),
      note: { agent, date: "", text: "change.dropped_agent", values: {} },
    });
  }

  /**
   * Keep a shift as it is when the plan is solved again, or let it go again.
   * @param {string} agent
   * @param {string} date
   */
  toggleLock(agent, date) {
    if (!this.shiftOf(agent, date)) return;
    const locked = new Set(this.plan.locked);
    const name = nameOf(agent, date);
    const was = locked.delete(name);
    if (!was) locked.add(name);
    this.push({ ...this.plan, locked, note: { agent, date, text: was ? "change.unlocked" : "change.locked", values: {} } });
  }

  undo() {
    if (this.count === 0) return;
    this.plans.pop();
    this.settle();
  }

  undoAll() {
    this.plans.length = 1;
    this.settle();
  }

  /**
   * @param {string} agent
   * @param {string} date
   * @param {Shift | null} shift in place of the one of that date
   * @param {Note} note
   */
  put(agent, date, shift, note) {
    const { plan } = this;
    const schedules = plan.schedules.map((schedule) => {
      if (schedule.agent_id !== agent) return schedule;
      const shifts = schedule.shifts.filter((one) => one.date !== date);
      if (shift) shifts.push(shift);
      shifts.sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
      return { ...schedule, paid_minutes: null, shifts };
    });
    const [locked, freed] = [new Set(plan.locked), new Set(plan.freed)];
    locked.delete(nameOf(agent, date));
    if (shift) {
      locked.add(nameOf(agent, shift.date)); // what a planner placed is to stay there
      if (shift.date !== date) freed.add(nameOf(agent, date));
      freed.delete(nameOf(agent, shift.date));
    } else freed.add(nameOf(agent, date));
    this.push({ ...plan, schedules, locked, freed, note });
  }

  /** @param {Plan} plan */
  push(plan) {
    this.plans.push(plan);
    this.settle();
  }

  settle() {
    this.asking?.abort();
    this.trouble = null;
    if (this.count === 0) {
      this.evaluation = null;
      this.judging = false;
    } else this.judge();
    this.changed();
  }

  /** Have the plan judged: cost, coverage and violations; only the last of several answers counts. */
  async judge() {
    const asking = (this.asking = new AbortController());
    this.judging = true;
    try {
      const evaluation = await post("/v1/evaluations", this.evaluationBody(), { signal: asking.signal });
      if (asking.signal.aborted) return;
      this.evaluation = evaluation;
      this.trouble = null;
    } catch (error) {
      if (asking.signal.aborted) return;
      this.trouble = /** @type {Error} */ (error).message || "trouble.away";
    }
    this.judging = false;
    this.changed();
  }

  evaluationBody() {
    const { out, schedules } = this.plan;
    const request = out.size ? { ...this.request, agents: this.request.agents.filter(({ id }) => !out.has(id)) } : this.request;
    return { request, roster: { schedules }, ...(this.work && { work: this.work }) };
  }

  /** The request that asks for a roster around the changes: what was placed or locked is pinned, who is out is left out. */
  requestAround() {
    const { out, locked, freed } = this.plan;
    const agents = this.request.agents
      .filter(({ id }) => !out.has(id))
      .map((agent) => {
        const own = (/** @type {ReadonlySet<string>} */ names) =>
          [...names].filter((name) => name.startsWith(`${agent.id}|`)).map((name) => name.slice(agent.id.length + 1));
        const [kept, free] = [own(locked), own(freed)];
        if (kept.length === 0 && free.length === 0) return agent;
        const zone = this.zoneOf(agent.id);
        const before = (agent.pinned_shifts ?? []).filter((pin) => ![...kept, ...free].includes(dayOf(momentOf(pin.start, this.request.time_zone), zone)));
        const pins = kept.flatMap((date) => pinOf(this.shiftOf(agent.id, date)));
        const off = free.map((date) => ({ start: `${date}T00:00`, end: `${dayAfter(date, 1)}T00:00`, paid_minutes: 0 }));
        return { ...agent, pinned_shifts: [...before, ...pins], time_off: [...(agent.time_off ?? []), ...off] };
      });
    return { ...this.request, agents };
  }

  /**
   * Ask for that roster; gives the job.
   * @param {{time_limit_seconds?: number}} options
   */
  async solveAgain(options = {}) {
    const request = this.requestAround();
    const body = { ...request, options: { ...request.options, ...options } };
    return post("/v1/rosters", body, { headers: { "Idempotency-Key": newKey() } });
  }

  /** The changes as text that a reload of the page survives. */
  kept() {
    const plain = (/** @type {Plan} */ plan) => ({ ...plan, schedules: null, out: [...plan.out], locked: [...plan.locked], freed: [...plan.freed] });
    const given = new Map(this.plans[0].schedules.map((schedule) => [schedule.agent_id, schedule]));
    const differing = this.plan.schedules.filter((schedule) => given.get(schedule.agent_id) !== schedule);
    return JSON.stringify({ plan: plain(this.plan), differing, notes: this.notes });
  }

  /**
   * Take up the changes of a kept text again, as one step for each note and the plan of the last.
   * @param {string} text
   */
  restore(text) {
    const { plan, differing, notes } = JSON.parse(text);
    const changed = new Map(differing.map((/** @type {Schedule} */ schedule) => [schedule.agent_id, schedule]));
    const sets = { out: new Set(plan.out), locked: new Set(plan.locked), freed: new Set(plan.freed) };
    const schedules = this.plans[0].schedules.filter(({ agent_id }) => !sets.out.has(agent_id)).map((schedule) => changed.get(schedule.agent_id) ?? schedule);
    const note = notes.length > 1 ? { agent: "", date: "", text: "change.restored", values: { count: notes.length } } : notes[0];
    if (note) this.push(/** @type {Plan} */ ({ schedules, ...sets, note }));
  }
}

/** @param {number} delta milliseconds */
function signed(delta) {
  return `${delta < 0 ? "−" : "+"}${Math.abs(delta) / MINUTE}`;
}

/**
 * A shift without a count of paid minutes, which may be another one now.
 * @param {Shift} shift
 */
function unpaid(shift) {
  return { ...shift, paid_minutes: null };
}

/**
 * The activities of a shift after one was moved; null when there is no room for it there.
 * @param {Shift} shift
 * @param {number} number
 * @param {number} delta
 * @param {string} zone
 */
function moved(shift, number, delta, zone) {
  const pieces = shift.activities.map((activity) => ({ activity, from: Date.parse(activity.start), to: Date.parse(activity.end) }));
  const one = pieces[number];
  const others = pieces.filter((piece) => piece !== one && piece.activity.category !== "on_queue");
  const [from, to] = [one.from + delta, one.to + delta];
  if (from < Date.parse(shift.start) || to > Date.parse(shift.end)) return null;
  if (others.some((other) => from < other.to && other.from < to)) return null;
  // The queue as if the activity were not there: what was before it goes on through its old place, or what comes after it.
  const beside = pieces.filter((piece) => piece.activity.category === "on_queue");
  const filler = beside.find((piece) => piece.to === one.from) ?? beside.find((piece) => piece.from === one.to);
  if (!filler) return null;
  const queue = [...beside.map((piece) => ({ ...piece })), { activity: filler.activity, from: one.from, to: one.to }].sort((a, b) => a.from - b.from);
  const cut = queue.flatMap((piece) => {
    if (piece.to <= from || to <= piece.from) return [piece];
    return [{ ...piece, to: from }, { ...piece, from: to }].filter((rest) => rest.from < rest.to);
  });
  /** @type {typeof pieces} */
  const joined = [];
  for (const piece of [...cut, { activity: one.activity, from, to }, ...others].sort((a, b) => a.from - b.from)) {
    const last = joined[joined.length - 1];
    const same = last && last.to === piece.from && last.activity.category === "on_queue" && piece.activity.category === "on_queue";
    if (same && last.activity.planning_group_id === piece.activity.planning_group_id) last.to = piece.to;
    else joined.push({ ...piece });
  }
  return joined.map((piece) => ({ ...piece.activity, start: written(piece.from, zone), end: written(piece.to, zone) }));
}

/**
 * A shift as a request pins it.
 * @param {Shift | null} shift
 */
function pinOf(shift) {
  if (!shift) return [];
  const { date, work_plan_shift_id, start, end, activities } = shift;
  const pinnable = /** @type {import("./types").PinnedShift["activities"]} */ (activities.filter(({ category }) => category !== "time_off" && category !== "unavailable"));
  return [/** @type {import("./types").PinnedShift} */ ({ date, work_plan_shift_id, start, end, activities: pinnable })];
}

/**
 * Shifts that differ between two rosters, by agent and date.
 * @param {Schedule[]} before
 * @param {Schedule[]} after
 * @returns {{agent: string, date: string, before: Shift | null, after: Shift | null}[]}
 */
export function differences(before, after) {
  const byName = (/** @type {Schedule[]} */ schedules) =>
    new Map(schedules.flatMap(({ agent_id, shifts }) => (shifts ?? []).map((shift) => /** @type {[string, {agent: string, shift: Shift}]} */ ([nameOf(agent_id, shift.date), { agent: agent_id, shift }]))));
  const [was, is] = [byName(before), byName(after)];
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name) => {
    const [a, b] = [was.get(name), is.get(name)];
    if (a && b && alike(a.shift, b.shift)) return [];
    const one = /** @type {{agent: string, shift: Shift}} */ (a ?? b);
    return [{ agent: one.agent, date: one.shift.date, before: a?.shift ?? null, after: b?.shift ?? null }];
  });
}

/**
 * @param {Shift} a
 * @param {Shift} b
 */
function alike(a, b) {
  if (Date.parse(a.start) !== Date.parse(b.start) || Date.parse(a.end) !== Date.parse(b.end)) return false;
  const text = (/** @type {Shift} */ shift) =>
    shift.activities.map((one) => `${one.category} ${one.id ?? ""} ${one.planning_group_id ?? ""} ${Date.parse(one.start)} ${Date.parse(one.end)}`).join("\n");
  return text(a) === text(b);
}

