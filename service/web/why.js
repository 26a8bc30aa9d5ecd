// Why things are as they are: who could have worked a short interval, and how an agent stands.

import { h } from "./dom.js";
import { available } from "./book.js";
import { causesOf, marginsOf } from "./explain.js";
import { fullOn, metersOf, wishesOf } from "./hours.js";
import { select, state } from "./state.js";
import { DAY, dayOf, MINUTE } from "./time.js";
import { clock, duration, number, percent, shortDay, span, t, tOr } from "./words.js";

/** @typedef {import("./job.js").Desk} Desk */
/** @typedef {import("./book.js").Book} Book */
/** @typedef {import("./book.js").Row} Row */

const NAMES_SHOWN = 40;

/**
 * @param {Desk} desk
 * @returns {(Node | null | false | undefined)[]}
 */
export function whyOf(desk) {
  const { selection } = state;
  const { book } = desk;
  if (!selection || !book) return [h("p", { class: "note" }, t("why.choose"))];
  if (selection.kind === "interval") return interval(desk, book, selection.group, selection.from);
  const row = book.rowOf.get(selection.agent);
  if (!row) return [h("p", { class: "note" }, t("why.gone"))];
  return [...(selection.kind === "shift" ? shift(desk, book, row, selection.date) : []), ...agent(desk, book, row)];
}

/** Reasons why an agent does not work a planning group, the nearest to working first. */
const REASONS = /** @type {const} */ (["there", "other_group", "pause", "full", "free", "elsewhere", "unavailable", "off"]);

/**
 * Where everybody who could serve a group is during an interval.
 * @param {Book} book
 * @param {string} group empty for any
 * @param {number} from
 */
export function whereabouts(book, group, from) {
  const to = from + book.step;
  /** @type {Record<string, Row[]>} */
  const found = Object.fromEntries(REASONS.map((reason) => [reason, []]));
  for (const row of book.rows) {
    if (group && row.groups !== null && !row.groups.has(group)) continue;
    found[reasonOf(book, row, group, from, to)].push(row);
  }
  return found;
}

/**
 * @param {Book} book
 * @param {Row} row
 * @param {string} group
 * @param {number} from
 * @param {number} to
 */
function reasonOf(book, row, group, from, to) {
  const block = row.turns.flatMap((turn) => turn.blocks).find((one) => one.from < to && from < one.to);
  if (block) return block.category !== "on_queue" ? "pause" : !group || block.group === group ? "there" : "other_group";
  if (row.offs.some((off) => off.from < to && from < off.to)) return "off";
  if (!available(row, from, to)) return "unavailable";
  const day = dayOf(from, row.zone);
  if (row.turns.some((turn) => turn.date === day)) return "elsewhere";
  return fullOn(book, row, day) ? "full" : "free";
}

/**
 * @param {Desk} desk
 * @param {Book} book
 * @param {string} group
 * @param {number} from
 */
function interval(desk, book, group, from) {
  const covers = book.covers.filter((cover) => !group || cover.group === group);
  const found = whereabouts(book, group, from);
  const names = (/** @type {Row[]} */ rows) => h("ul", { class: "names" },
    ...rows.slice(0, NAMES_SHOWN).map((row) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => {
      select({ kind: "agent", agent: row.agent.id });
      desk.reveal(undefined, from);
    } }, row.name))),
    rows.length > NAMES_SHOWN && h("li", { class: "muted" }, t("why.and_more", { count: rows.length - NAMES_SHOWN })));
  const needs = covers.flatMap((cover) => {
    const i = Math.round((from - cover.from) / cover.step);
    if (i < 0 || i >= cover.required.length) return [];
    const net = cover.scheduled[i] - cover.required[i];
    return [h("tr", {}, h("th", { scope: "row" }, cover.name), h("td", { class: "number" }, number(cover.required[i])), h("td", { class: "number" }, number(cover.scheduled[i])),
      h("td", { class: `number ${net < 0 ? "bad" : ""}` }, number(net)), cover.service && h("td", { class: "number" }, percent(cover.service[i])))];
  });
  return [
    h("h3", {}, `${shortDay(dayOf(from, book.zone))}, ${span(from, from + book.step, book.zone)}`),
    h("table", { class: "needs" }, h("thead", {}, h("tr", {}, ...["group", "required", "scheduled", "net"].map((name) => h("th", { scope: "col" }, t(`roster.col_${name}`))))), h("tbody", {}, ...needs)),
    ...causesOf(desk, desk.explainer, group, from, (id) => {
      select({ kind: "agent", agent: id });
      desk.reveal(undefined, from);
    }),
    h("h4", {}, t("why.where")),
    h("div", { class: "reasons", id: "reasons" }, ...REASONS.filter((reason) => found[reason].length).map((reason) =>
      h("details", { open: reason === "free" }, h("summary", {}, h("b", {}, number(found[reason].length)), " ", t(`why.${reason}`)), names(found[reason])))),
  ];
}

/**
 * @param {Desk} desk
 * @param {Book} book
 * @param {Row} row
 * @param {string} date
 */
function shift(desk, book, row, date) {
  const { changes } = desk;
  const turn = row.turns.find((one) => one.date === date);
  if (!turn || !changes) return [];
  const id = row.agent.id;
  const locked = changes.plan.locked.has(`${id}|${date}`) || turn.pinned;
  const again = (/** @type {string} */ day) => select({ kind: "shift", agent: id, date: day });
  const step = book.step;
  const mover = (/** @type {(delta: number) => void} */ move, /** @type {string} */ name) =>
    h("span", { class: "segments" },
      h("button", { type: "button", "aria-label": t("change.earlier", { name, minutes: step / MINUTE }), title: t("change.earlier", { name, minutes: step / MINUTE }), onclick: () => move(-step) }, "◂"),
      h("button", { type: "button", "aria-label": t("change.later", { name, minutes: step / MINUTE }), title: t("change.later", { name, minutes: step / MINUTE }), onclick: () => move(step) }, "▸"));
  const groups = new Map(book.groups.map((group) => [group.id, group.name]));
  return [
    h("h3", {}, `${shortDay(turn.date)}, ${span(turn.from, turn.to, book.zone)}`),
    h("p", { class: "muted" }, [turn.source.work_plan_shift_id, duration(turn.paidMinutes), locked && t("change.is_locked")].filter(Boolean).join(" · ")),
    h("div", { class: "actions", id: "shift-actions" },
      mover((delta) => again(changes.moveShift(id, date, delta)), t("change.shift")),
      h("button", { type: "button", id: "lock", "aria-pressed": String(locked), onclick: () => { changes.toggleLock(id, date); again(date); } }, t(locked ? "change.unlock" : "change.lock")),
      h("button", { type: "button", id: "drop-shift", onclick: () => { changes.dropShift(id, date); select({ kind: "agent", agent: id }); } }, t("change.drop_shift"))),
    h("ul", { class: "pieces" }, ...turn.blocks.map((block, i) => {
      const name = block.category === "on_queue" ? groups.get(block.group ?? "") ?? t("category.on_queue") : tOr(`category.${block.category}`, block.category);
      return h("li", {}, h("span", { class: "when" }, span(block.from, block.to, book.zone)), h("span", {}, name),
        block.category !== "on_queue" && mover((delta) => { changes.moveActivity(id, date, i, delta); again(date); }, `${name} ${clock(block.from, book.zone)}`));
    })),
  ];
}

/**
 * @param {Desk} desk
 * @param {Book} book
 * @param {Row} row
 */
function agent(desk, book, row) {
  const { changes, roster } = desk;
  const id = row.agent.id;
  const violations = changes?.evaluation?.violations ?? roster?.violations ?? [];
  const broken = violations.filter((violation) => violation.agent_id === id);
  const told = marginsOf(desk.explainer, id);
  const wishes = wishesOf(row);
  const meters = metersOf(book, row, [...violations, ...(changes?.evaluation?.priced_breaches ?? [])]);
  const groups = book.groups.filter((group) => row.groups === null || row.groups.has(group.id)).map(({ name }) => name);
  const plan = book.request.work_plans.find((one) => one.id === row.plan);
  return [
    h("h3", {}, row.name),
    h("p", { class: "muted" }, [id !== row.name && id, plan?.name || row.plan, groups.join(", ")].filter(Boolean).join(" · ")),
    h("p", {}, t("why.hours", { hours: duration(row.paidMinutes), shifts: row.turns.length })),
    changes && h("div", { class: "actions" }, h("button", { type: "button", id: "drop-agent", onclick: () => { changes.dropAgent(id); select(null); } }, t("change.drop_agent"))),
    broken.length > 0 && h("ul", { class: "findings broken" }, ...broken.map((violation) => h("li", {}, h("span", { class: "finding" }, violation.text)))),
    h("h4", {}, t("why.rules")),
    meters.length ? h("ul", { class: "meters" }, ...meters.map((meter) => h("li", { class: meter.state },
      h("span", {}, meter.label), h("span", { class: "value" }, meter.value, meter.limit && h("small", {}, ` ${meter.limit}`)),
      meter.share >= 0 && h("i", { "aria-hidden": "true" }, h("b", { style: { width: `${meter.share * 100}%` } }))))) : h("p", { class: "note" }, t("why.no_rules")),
    told?.rules && h("details", { class: "told" }, h("summary", {}, t("why.told")), told.rules),
    wishes.length > 0 && h("h4", {}, t("why.wishes", { met: wishes.filter(({ met }) => met).length, count: wishes.length })),
    wishes.length > 0 && h("ul", { class: "wishes" }, ...wishes.map((wish, i) => h("li", { class: wish.met ? "good" : "near" },
      told?.wishes?.[i]?.text ?? `${t(wish.met ? "why.met" : "why.not_met")} · ${t(`why.${wish.kind}`)} ${shortDay(dayOf(wish.from, book.zone))} ${wish.to - wish.from < DAY ? span(wish.from, wish.to, book.zone) : ""}`))),
  ];
}
