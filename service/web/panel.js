// The panel beside the board: the solve, the cost by part, what was found, why things are so, and the changes.

import { fill, h } from "./dom.js";
import { post } from "./api.js";
import { conflictsOf } from "./explain.js";
import { ENDED } from "./job.js";
import { nameOfRule } from "./hours.js";
import { select } from "./state.js";
import { money, number, percent, shortDay, span, t } from "./words.js";
import { serviceOf } from "./service.js";
import { whyOf } from "./why.js";

/** @typedef {import("./job.js").Desk} Desk */
/** @typedef {"solving" | "cost" | "findings" | "why" | "changes"} Tab */

const TABS = /** @type {Tab[]} */ (["solving", "cost", "findings", "why", "changes"]);
const PARTS = /** @type {const} */ (["regular_pay", "overtime_pay", "understaffing", "overstaffing", "preferences", "rules"]);
const MOST_FINDINGS = 200;

/**
 * @param {Desk} desk
 * @param {import("./curve.js").Curve} curve
 */
export function openPanel(desk, curve) {
  /** @type {Tab} */
  let open = desk.job && ENDED.includes(desk.job.status) ? "cost" : "solving";
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": t("panel.tabs") });
  const body = h("div", { class: "tabbody", role: "tabpanel", tabindex: "0", id: "panel-body" });
  const element = h("aside", { class: "panel", "aria-label": t("panel.title") }, tabs, body);
  /** @type {import("./types").Evaluation | null | undefined} what the judge says of the roster as it was given */
  let judged;

  const buttons = new Map(TABS.map((name) => [name, h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "panel-body", onclick: () => show(name), onkeydown: turn })]));
  fill(tabs, ...buttons.values());

  /** @param {KeyboardEvent} event */
  function turn(event) {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    show(TABS[(TABS.indexOf(open) + step + TABS.length) % TABS.length]);
    buttons.get(open)?.focus();
  }

  /** @param {Tab} [tab] */
  function show(tab) {
    if (tab) open = tab;
    const counts = { findings: foundOf(desk, judged).length, changes: desk.changes?.count || (desk.against?.found.length ?? 0) };
    for (const [name, button] of buttons) {
      const count = name === "findings" || name === "changes" ? counts[name] : 0;
      button.setAttribute("aria-selected", String(name === open));
      button.tabIndex = name === open ? 0 : -1;
      fill(button, t(`panel.${name}`), count > 0 && h("span", { class: "badge" }, number(count)));
    }
    body.setAttribute("aria-labelledby", `tab-${open}`);
    if (open === "findings") judgeOnce();
    if ((open === "findings" || open === "why") && desk.job && ENDED.includes(desk.job.status)) desk.explainer.ask();
    fill(body, ...content[open]());
    if (open === "solving") curve.draw();
  }

  /** Breaches of priced rules are told by the judge alone: asked for once, when somebody looks. */
  async function judgeOnce() {
    if (judged !== undefined || !desk.roster || !desk.request || !desk.job || !ENDED.includes(desk.job.status)) return;
    judged = null;
    try {
      judged = await post("/v1/evaluations", { request: desk.request, roster: { schedules: desk.roster.schedules } });
      if (open === "findings") show();
    } catch {
      judged = undefined; // asked again at the next look
    }
  }

  /** @type {Record<Tab, () => (Node | null | false | undefined)[]>} */
  const content = {
    solving: () => [curve.element, facts(desk)],
    cost: () => [costs(desk), desk.roster && serviceOf(desk)],
    findings: () => [...conflictsOf(desk, desk.explainer), ...findings(desk, foundOf(desk, judged))],
    why: () => whyOf(desk),
    changes: () => changes(desk),
  };
  show();
  return { element, show };
}

/** @param {Desk} desk */
function facts(desk) {
  const { job, roster } = desk;
  const statistics = roster?.statistics;
  const rows = [
    [t("solving.phase"), job?.progress?.phase || "–"],
    [t("solving.time"), statistics?.solve_seconds ? `${number(statistics.solve_seconds, 1)} s` : job?.progress ? `${number(job.progress.seconds, 1)} s` : "–"],
    [t("solving.first"), statistics?.first_roster_seconds != null ? `${number(statistics.first_roster_seconds, 1)} s` : "–"],
    [t("solving.attempts"), number(job?.attempts ?? 0)],
  ];
  return h("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** @param {Desk} desk */
function costs(desk) {
  const now = desk.changes?.evaluation?.cost ?? desk.roster?.cost;
  const before = desk.changes?.evaluation ? desk.roster?.cost : null;
  if (!now) return h("p", { class: "note" }, t("cost.none"));
  const currency = desk.request?.currency ?? "EUR";
  const most = Math.max(1, ...PARTS.map((part) => Math.abs(now[part] ?? 0)));
  const row = (/** @type {"total" | typeof PARTS[number]} */ part) => {
    const change = before ? (now[part] ?? 0) - (before[part] ?? 0) : 0;
    return h("tr", { class: part === "total" ? "total" : "" },
      h("th", { scope: "row" }, t(`cost.${part}`)),
      h("td", { class: "number" }, money(now[part] ?? 0, currency)),
      h("td", { class: "number change" }, Math.abs(change) > 1e-9 ? `${change > 0 ? "+" : "−"}${money(Math.abs(change), currency)}` : ""),
      h("td", { class: "bar" }, part !== "total" && h("i", { style: { width: `${(100 * Math.abs(now[part] ?? 0)) / most}%` } })));
  };
  const statistics = desk.changes?.evaluation?.statistics ?? desk.roster?.statistics;
  const figures = statistics && [
    [t("cost.agents_scheduled"), number(statistics.agents_scheduled)], [t("cost.shifts"), number(statistics.shifts)],
    [t("cost.required_hours"), t("time.hours", { h: number(statistics.required_hours ?? 0, 1) })], [t("cost.scheduled_hours"), t("time.hours", { h: number(statistics.scheduled_hours ?? 0, 1) })],
    [t("cost.short_hours"), t("time.hours", { h: number(statistics.short_hours ?? 0, 1) })], [t("cost.over_hours"), t("time.hours", { h: number(statistics.over_hours ?? 0, 1) })],
    [t("cost.overtime"), t("time.hours", { h: number((statistics.overtime_minutes ?? 0) / 60, 1) })], [t("cost.coverage"), percent(statistics.coverage_percent)],
  ];
  return h("div", {},
    h("table", { class: "costs" }, h("caption", { class: "hidden-text" }, t("cost.caption")), h("tbody", {}, ...PARTS.map(row), row("total"))),
    figures && h("dl", { class: "facts" }, ...figures.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
}

/**
 * @typedef {{text: string, code: string, agent: string | null, date: string | null, path: string | null, kind: "broken" | "priced" | "message"}} Finding
 */

/**
 * @param {Desk} desk
 * @param {import("./types").Evaluation | null | undefined} judged
 * @returns {Finding[]}
 */
function foundOf(desk, judged) {
  const evaluation = desk.changes?.evaluation;
  const finding = (/** @type {Finding["kind"]} */ kind) => (/** @type {import("./types").Violation} */ one) => ({ text: one.text, code: one.code, agent: one.agent_id ?? null, date: one.date ?? null, path: one.path ?? null, kind });
  const messages = (desk.roster ?? desk.answer)?.messages ?? [];
  return [
    ...(evaluation?.violations ?? desk.roster?.violations ?? []).map(finding("broken")),
    ...(evaluation?.priced_breaches ?? judged?.priced_breaches ?? []).map(finding("priced")),
    ...messages.map((one) => ({ text: one.text, code: one.code, agent: null, date: null, path: one.path ?? null, kind: /** @type {const} */ ("message") })),
  ];
}

/**
 * @param {Desk} desk
 * @param {Finding[]} found
 */
function findings(desk, found) {
  if (found.length === 0) return [h("p", { class: "note good" }, t("findings.none"))];
  return (/** @type {const} */ (["broken", "priced", "message"])).flatMap((kind) => {
    const those = found.filter((one) => one.kind === kind);
    if (those.length === 0) return [];
    return [
      h("h3", {}, t(`findings.${kind}`, { count: those.length })),
      h("ul", { class: `findings ${kind}` }, ...those.slice(0, MOST_FINDINGS).map((one) => {
        const go = placeOf(desk, one);
        const text = [h("span", { class: "code" }, nameOfRule(one.code)), " ", one.text];
        return h("li", {}, go ? h("button", { type: "button", class: "finding", onclick: go }, ...text) : h("span", { class: "finding" }, ...text));
      })),
      those.length > MOST_FINDINGS && h("p", { class: "note" }, t("findings.more", { count: those.length - MOST_FINDINGS })),
    ];
  });
}

/**
 * What leads to the place of a finding; null where it has none on the page.
 * @param {Desk} desk
 * @param {Finding} one
 */
export function placeOf(desk, one) {
  const inRoster = /^\/(?:roster\/)?schedules\/(\d+)(?:\/shifts\/(\d+))?/.exec(one.path ?? "");
  const schedule = inRoster ? desk.changes?.plan.schedules[Number(inRoster[1])] : null;
  const inRequest = /^\/agents\/(\d+)/.exec(one.path ?? "");
  const agent = one.agent ?? schedule?.agent_id ?? (inRequest ? desk.request?.agents[Number(inRequest[1])]?.id : null);
  const date = one.date ?? (inRoster?.[2] ? schedule?.shifts[Number(inRoster[2])]?.date : null);
  if (agent && desk.book?.rowOf.has(agent))
    return () => {
      const there = date && desk.book?.rowOf.get(agent)?.turns.some((turn) => turn.date === date);
      select(there ? { kind: "shift", agent, date } : { kind: "agent", agent });
      desk.reveal(date ?? undefined);
    };
  const series = /^\/requirements\/(\d+)(?:\/required\/(\d+))?/.exec(one.path ?? "");
  const requirement = series ? desk.request?.requirements[Number(series[1])] : null;
  const cover = requirement && desk.book?.covers.find(({ group }) => group === requirement.planning_group_id);
  if (!cover) return null;
  return () => {
    select({ kind: "interval", group: cover.group, from: cover.from + Number(series?.[2] ?? 0) * cover.step });
    desk.reveal();
  };
}

/** @param {Desk} desk */
function changes(desk) {
  const { changes: made, against, book } = desk;
  const nameOf = (/** @type {string} */ agent) => desk.request?.agents.find(({ id }) => id === agent)?.name || agent;
  const parts = [];
  if (made && made.count > 0) {
    parts.push(
      h("div", { class: "actions" },
        h("button", { type: "button", id: "undo", onclick: () => made.undo() }, t("change.undo")),
        h("button", { type: "button", onclick: () => made.undoAll() }, t("change.undo_all"))),
      h("ol", { class: "made" }, ...made.notes.map((note) => h("li", {}, [nameOf(note.agent), note.date && shortDay(note.date)].filter(Boolean).join(", "), note.agent ? ": " : "", t(note.text, note.values)))),
      h("p", { class: "note" }, t("change.kept_note")),
      h("button", { type: "button", class: "primary", onclick: desk.solveAgain }, t("change.again")));
  } else parts.push(h("p", { class: "note" }, t("change.how")));
  if (against && book) {
    const when = (/** @type {import("./types").Shift | null} */ shift) => (shift ? span(Date.parse(shift.start), Date.parse(shift.end), book.zone) : t("roster.no_shift"));
    parts.push(
      h("h3", {}, t("change.against", { count: against.found.length })),
      h("p", {}, h("a", { href: `#/compare/${against.id}/${desk.id}` }, t("change.side_by_side"))),
      h("ul", { class: "findings" }, ...against.found.slice(0, MOST_FINDINGS).map((one) => h("li", {}, h("button", { type: "button", class: "finding", onclick: () => {
        select(one.after ? { kind: "shift", agent: one.agent, date: one.date } : { kind: "agent", agent: one.agent });
        desk.reveal(one.date);
      } }, h("strong", {}, nameOf(one.agent)), ` ${shortDay(one.date)}: ${when(one.before)} → ${when(one.after)}`)))));
  }
  return parts;
}
