// The service's own explanation of a roster: asked for once, when somebody wants to know.

import { get, Trouble } from "./api.js";
import { h } from "./dom.js";
import { nameOfRule } from "./hours.js";
import { t } from "./words.js";

/** @typedef {import("./types").Explanation} Explanation */
/** @typedef {import("./job.js").Desk} Desk */

export class Explainer {
  /**
   * @param {Desk} desk
   * @param {() => void} told
   */
  constructor(desk, told) {
    this.desk = desk;
    this.told = told;
    /** @type {Explanation | null} */
    this.explanation = null;
    /** @type {"unasked" | "asked" | "there" | "none"} */
    this.state = "unasked";
  }

  /** Ask, unless that was done; nothing is explained of a roster that the planner has changed. */
  ask() {
    if (this.state !== "unasked") return;
    this.state = "asked";
    get(`/v1/rosters/${this.desk.id}/explanation`).then(
      (explanation) => {
        this.explanation = explanation;
        this.state = "there";
        this.told();
      },
      (error) => {
        if (!(error instanceof Trouble)) throw error;
        this.state = error.status === 404 ? "none" : "unasked"; // asked again at the next look
      },
    );
  }

  /** The explanation, where it holds for what is shown. */
  get valid() {
    return this.desk.changes?.count ? null : this.explanation;
  }
}

/**
 * What keeps agents from a short interval, as the service found it.
 * @param {Desk} desk
 * @param {Explainer} explainer
 * @param {string} group empty for any
 * @param {number} from
 * @param {(agent: string) => void} show
 */
export function causesOf(desk, explainer, group, from, show) {
  if (explainer.state === "asked") return [h("p", { class: "note" }, t("why.asking"))];
  const short = (explainer.valid?.short_intervals ?? []).filter(
    (one) => (!group || one.planning_group_id === group) && Date.parse(one.start) <= from && from < Date.parse(one.end),
  );
  const names = new Map((desk.book?.rows ?? []).map((row) => [row.agent.id, row.name]));
  return short.flatMap((one) => [
    h("p", { class: "lead" }, one.text),
    h("ul", { class: "causes" }, ...one.causes.map((cause) => h("li", {},
      h("p", {}, cause.text),
      cause.agent_ids.length > 0 && h("p", { class: "names" }, ...cause.agent_ids.map((id) => h("button", { type: "button", class: "link", onclick: () => show(id) }, names.get(id) ?? id)))))),
  ]);
}

/**
 * How near an agent is to the limits of its rules, as the service found it; null where it has not told.
 * @param {Explainer} explainer
 * @param {string} agent
 */
export function marginsOf(explainer, agent) {
  const found = explainer.valid?.agents.find((one) => one.agent_id === agent);
  if (!found) return null;
  const kind = (/** @type {string} */ state) => (state === "broken" ? "broken" : state === "at_limit" || state === "near" ? "near" : "fine");
  return {
    rules: found.rules.length > 0 && h("ul", { class: "margins" }, ...found.rules.map((one) => h("li", { class: kind(one.state) }, h("strong", {}, nameOfRule(one.rule)), " ", one.text))),
    wishes: found.preferences,
  };
}

/**
 * Agents for whom there is no roster at all, the conflict and its cures.
 * @param {Desk} desk
 * @param {Explainer} explainer
 */
export function conflictsOf(desk, explainer) {
  const found = explainer.explanation?.infeasible_agents ?? [];
  if (found.length === 0) return [];
  const name = (/** @type {string} */ id) => desk.request?.agents.find((agent) => agent.id === id)?.name || id;
  return [
    h("h3", {}, t("findings.conflicts", { count: found.length })),
    ...found.map((one) => h("section", { class: "conflict" },
      h("p", { class: "lead" }, one.text),
      h("ul", {}, ...one.conflict.map((text) => h("li", {}, text))),
      one.cures.length > 0 && h("p", { class: "cure" }, t("findings.cures")),
      one.cures.length > 0 && h("ul", { class: "cure" }, ...one.cures.map((cure) => h("li", {}, cure.text))),
      one.like_it.length > 0 && h("p", { class: "muted" }, t("findings.like_it", { names: one.like_it.map(name).join(", ") })))),
  ];
}
