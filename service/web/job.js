// One job: its solve as it happens, its roster to look at, to understand, to change and to take away.

import { at, fill, h } from "./dom.js";
import { call, get, post, Trouble } from "./api.js";
import { follow } from "./stream.js";
import { serve } from "./service.js";
import { Board } from "./board.js";
import { Changes, differences } from "./change.js";
import { Curve } from "./curve.js";
import { bookOf, coversOf } from "./book.js";
import { Explainer } from "./explain.js";
import { openPanel } from "./panel.js";
import { takeAway } from "./takeaway.js";
import { on, select, state } from "./state.js";
import { money, number, percent, t, tOr } from "./words.js";

/** @typedef {import("./types").Job} Job */
/** @typedef {import("./types").Roster} Roster */

export const ENDED = ["completed", "cancelled", "failed"];

/**
 * Everything about the job that is open; panel, board and menu read it.
 * @typedef {object} Desk
 * @property {string} id
 * @property {Job | null} job
 * @property {import("./types").Request | null} request
 * @property {Roster | null} roster the one that is shown, as the service gave it
 * @property {Roster | null} answer what the service answered where it has no roster
 * @property {import("./book.js").Book | null} book the one that is shown, with the changes
 * @property {import("./book.js").Cover[] | null} before the coverage without the changes
 * @property {Changes | null} changes
 * @property {{id: string, found: ReturnType<typeof differences>} | null} against what another roster of the work had otherwise
 * @property {import("./explain.js").Explainer} explainer
 * @property {import("./types").Prediction | null} prediction the service of what is shown, where the work is known
 * @property {(work: object) => Promise<void>} predict take this work, and say what service it gets
 * @property {(date?: string, moment?: number) => void} reveal scroll to what is selected
 * @property {() => void} solveAgain
 */

/**
 * @param {HTMLElement} main
 * @param {string} id
 * @param {string | null} other job whose roster this one is compared with
 */
export function openJob(main, id, other) {
  /** @type {Desk} */
  const desk = { id, job: null, request: null, roster: null, answer: null, book: null, before: null, changes: null, against: null, explainer: /** @type {any} */ (null), prediction: null, predict, reveal, solveAgain };
  desk.explainer = new Explainer(desk, () => panel?.show());
  let closed = false;
  let stopFollowing = () => {};
  let fetching = false;
  let wanted = false;
  let tag = "";
  /** @type {object | null} volumes and handle times, where the planner gave them */
  let expected = null;
  /** @type {import("./types").Prediction | null} the service of the roster as it was given */
  let predicted = null;
  /** @type {Roster | null} a better one that waits while the planner changes the one before */
  let newer = null;

  const head = h("div", { class: "jobhead" });
  const figures = h("dl", { class: "figures" });
  const notice = h("div", { class: "notices", role: "status" });
  const work = h("div", { class: "work" });
  fill(main, h("div", { class: "job" }, head, notice, figures, work));
  fill(head, h("h1", {}, t("job.loading")));
  select(null);

  /** @type {Board | null} */
  let board = null;
  /** @type {ReturnType<typeof openPanel> | null} */
  let panel = null;
  /** @type {Curve | null} */
  let curve = null;
  /** @type {Map<string, HTMLElement>} */
  const notices = new Map();

  /**
   * @param {string} name
   * @param {(Node | string)[] | null} content null takes the notice away
   * @param {string} [kind]
   */
  function note(name, content, kind = "info") {
    notices.get(name)?.remove();
    notices.delete(name);
    if (!content) return;
    const element = h("div", { class: `notice ${kind}`, "data-notice": name }, ...content);
    notices.set(name, element);
    notice.append(element);
  }

  (async () => {
    try {
      desk.job = await get(`/v1/rosters/${id}`);
      desk.request = await get(`/v1/rosters/${id}/request`);
    } catch (error) {
      if (!closed) refuse(/** @type {Trouble} */ (error));
      return;
    }
    if (closed) return;
    curve = new Curve(desk.request?.currency ?? "EUR");
    panel = openPanel(desk, curve);
    board = new Board(desk);
    fill(work, board.element, panel.element);
    document.title = `${desk.job?.name || id} – Stint`;
    showHead();
    if (other) compareWith(other);
    if ((desk.job?.cost ?? desk.job?.progress?.cost) != null) fetchRoster();
    stopFollowing = follow(`/v1/rosters/${id}/events`, {
      event: happened,
      away: (away) => note("away", away ? [t("job.away")] : null, "warning"),
      refused: (trouble) => (trouble.status === 404 ? note("gone", [t("job.erased")], "warning") : note("gone", [trouble.message], "warning")),
      last: (body) => ENDED.includes(body.status),
    });
  })();

  /** @param {Trouble} trouble */
  function refuse(trouble) {
    const text = trouble.status === 404 ? t("job.unknown", { id }) : trouble.status === 0 ? t("job.unreachable") : trouble.message;
    fill(main, h("div", { class: "empty" }, h("h1", {}, t("job.cannot")), h("p", { role: "alert" }, text),
      h("div", { class: "actions" }, h("button", { type: "button", class: "primary", onclick: () => window.dispatchEvent(new HashChangeEvent("hashchange")) }, t("job.try_again")), h("a", { class: "button", href: "#/jobs" }, t("head.jobs")))));
  }

  /**
   * @param {string} kind
   * @param {any} body
   */
  async function happened(kind, body) {
    if (!desk.job) return;
    if (kind === "progress") {
      const better = body.cost !== null && body.cost !== undefined && body.cost !== desk.job.progress?.cost;
      curve?.add(body);
      if (!ENDED.includes(desk.job.status)) {
        desk.job = { ...desk.job, status: "running", progress: body };
        showHead();
        if (better || (!desk.roster && body.cost != null)) fetchRoster();
      }
    } else if (ENDED.includes(body.status)) {
      try {
        desk.job = await get(`/v1/rosters/${id}`);
      } catch {
        desk.job = { .../** @type {Job} */ (desk.job), ...body };
      }
      if (closed) return;
      at("say").textContent = `${t(`status.${desk.job?.status}`)}. ${t("job.cost")}: ${money(desk.job?.cost, currency())}`;
      showHead();
      await fetchRoster();
      panel?.show();
    } else if (!ENDED.includes(desk.job.status)) { // the stream tells again what a job that has ended went through
      desk.job = { ...desk.job, status: body.status };
      showHead();
    }
  }

  /** The best roster so far, in place of the one shown; one fetch at a time, and the last one counts. */
  async function fetchRoster() {
    wanted = true;
    if (fetching) return;
    fetching = true;
    while (wanted && !closed) {
      wanted = false;
      try {
        const answer = await call(`/v1/rosters/${id}/roster`, { headers: { Accept: "application/json", ...(tag && { "If-None-Match": tag }) }, cache: "no-store" });
        if (answer.status === 304 || closed) continue;
        tag = answer.headers.get("ETag") ?? "";
        const roster = await answer.json();
        if (desk.changes?.count) {
          newer = roster;
          note("newer", [t("job.newer"), h("button", { type: "button", onclick: () => { note("newer", null); if (newer) take(newer); } }, t("job.show_newer"))]);
        } else take(roster);
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        if (error.status !== 404 && error.status !== 0) note("roster", [error.message], "warning");
      }
    }
    fetching = false;
    if (!desk.roster && desk.job && ENDED.includes(desk.job.status)) showHead();
  }

  /** @param {Roster} roster */
  function take(roster) {
    if (!desk.request || !board) return;
    if (!roster.cost) { // an answer that says why there is none
      desk.answer = roster;
      showHead();
      panel?.show("findings");
      return;
    }
    const first = desk.roster === null;
    desk.roster = roster;
    desk.changes = new Changes(desk.request, roster.schedules, changed);
    desk.changes.work = expected;
    predicted = null;
    if (expected) predict(expected).catch(() => {});
    if (first && desk.job && ENDED.includes(desk.job.status)) takeUpChanges();
    changed();
    if (other && desk.against) compareWith(other);
  }

  /**
   * The service that the roster gives to this work; rejects with what is wrong with it.
   * @param {object} given
   */
  async function predict(given) {
    const { changes, roster, request } = desk;
    if (!changes || !roster || !request) return;
    const evaluation = await post("/v1/evaluations", { request, roster: { schedules: roster.schedules }, work: given });
    if (closed || roster !== desk.roster) return;
    expected = given;
    predicted = evaluation.prediction ?? null;
    changes.work = given;
    if (changes.count) changes.settle();
    else changed();
  }

  /** Changes that a reload interrupted. */
  function takeUpChanges() {
    const text = sessionStorage.getItem(`stint.changes.${id}`);
    if (!text || !desk.changes) return;
    try {
      desk.changes.restore(text);
    } catch {
      sessionStorage.removeItem(`stint.changes.${id}`); // kept by another version of the page
    }
  }

  function changed() {
    const { changes, roster, request } = desk;
    if (!changes || !roster || !request) return;
    const coverage = changes.evaluation?.coverage ?? roster.coverage ?? [];
    desk.book = bookOf(request, changes.plan.schedules, coverage, changes.plan.out);
    desk.prediction = changes.evaluation?.prediction ?? (changes.count ? null : predicted);
    if (desk.prediction) serve(desk.book.covers, desk.prediction);
    desk.before = changes.evaluation ? coversOf(request, roster.coverage ?? []) : null;
    try {
      if (changes.count) sessionStorage.setItem(`stint.changes.${id}`, changes.kept());
      else sessionStorage.removeItem(`stint.changes.${id}`);
    } catch {
      // there is no room for it: the changes live as long as the page
    }
    board?.show();
    panel?.show();
    showHead();
  }

  /** @param {string} otherId */
  async function compareWith(otherId) {
    try {
      const before = await get(`/v1/rosters/${otherId}/roster`);
      if (closed || !desk.roster) {
        if (!closed) desk.against = { id: otherId, found: [] };
        return;
      }
      desk.against = { id: otherId, found: differences(before.schedules, desk.roster.schedules) };
      board?.show();
      panel?.show();
    } catch {
      note("against", [t("job.no_other")], "warning");
    }
  }

  function currency() {
    return desk.request?.currency ?? "EUR";
  }

  function showHead() {
    const { job, roster, changes } = desk;
    if (!job) return;
    const ended = ENDED.includes(job.status);
    const stop = h("button", { type: "button", id: "stop", onclick: async () => {
      stop.disabled = true;
      try {
        desk.job = await post(`/v1/rosters/${id}/cancel`, {});
        showHead();
      } catch (error) {
        note("away", [/** @type {Error} */ (error).message || t("job.away")], "warning");
        stop.disabled = false;
      }
    } }, t("job.stop"));
    const wasOpen = head.querySelector("details")?.open;
    if (!wasOpen)
      fill(head,
        h("h1", { id: "name" }, job.name || id),
        h("span", { class: `pill ${job.status} ${job.verdict ?? ""}`, id: "status" }, t(`status.${job.status}`), job.verdict ? ` · ${t(`verdict.${job.verdict}`)}` : "", !ended && job.progress ? ` · ${number(job.progress.seconds, 0)} s` : ""),
        h("span", { class: "grow" }),
        !ended && stop,
        changes && changes.count > 0 && h("button", { type: "button", class: "primary", id: "again", onclick: solveAgain }, t("change.again")),
        roster && roster.schedules && takeAway(desk, note));
    note("failed", job.status === "failed" ? [t("job.failed"), " ", job.error ?? ""] : job.verdict === "infeasible" ? [t("job.infeasible")] : job.verdict === "undecided" ? [t("job.undecided")] : null, "warning");
    note("changed", changes?.trouble ? [t("change.trouble"), " ", tOr(changes.trouble, changes.trouble)] : null, "warning");
    const evaluation = changes?.evaluation ?? null;
    const running = !ended ? job.progress : null;
    const given = roster?.cost?.total ?? running?.cost ?? job.cost;
    const cost = evaluation?.cost.total ?? given;
    const bound = running?.bound ?? job.lower_bound ?? roster?.lower_bound;
    const gap = evaluation ? (cost && bound != null ? (100 * (cost - bound)) / cost : null) : running?.gap_percent ?? job.gap_percent ?? roster?.gap_percent;
    const statistics = evaluation?.statistics ?? roster?.statistics;
    const before = evaluation ? roster?.statistics : null;
    const broken = (evaluation?.violations ?? roster?.violations ?? []).length;
    const figure = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ change = "", /** @type {string} */ kind = "") =>
      h("div", { class: "figure", "data-figure": name }, h("dt", {}, t(`job.${name}`)), h("dd", { class: kind }, value, change && h("small", {}, change)));
    const difference = (/** @type {number | null | undefined} */ now, /** @type {number | null | undefined} */ then, /** @type {(n: number) => string} */ say) =>
      evaluation && now != null && then != null && Math.abs(now - then) > 1e-9 ? `${now > then ? "+" : "−"}${say(Math.abs(now - then))}` : "";
    figures.classList.toggle("judging", changes?.judging ?? false);
    fill(figures,
      figure("cost", money(cost, currency()), difference(cost, roster?.cost?.total, (n) => money(n, currency()))),
      figure("bound", money(bound, currency())),
      figure("gap", percent(gap, 2)),
      figure("coverage", percent(statistics?.coverage_percent, 1), difference(statistics?.coverage_percent, before?.coverage_percent, (n) => number(n, 1))),
      figure("short", statistics ? t("time.hours", { h: number(statistics.short_hours ?? 0, 1) }) : "–", difference(statistics?.short_hours, before?.short_hours, (n) => number(n, 1))),
      figure("over", statistics ? t("time.hours", { h: number(statistics.over_hours ?? 0, 1) }) : "–", difference(statistics?.over_hours, before?.over_hours, (n) => number(n, 1))),
      desk.prediction && figure("service", percent(desk.prediction.period.service_level_percent), difference(desk.prediction.period.service_level_percent, predicted?.period.service_level_percent, (n) => number(n, 1))),
      figure("violations", roster ? number(broken) : "–", "", broken ? "bad" : ""));
    board?.waiting(roster === null, ended);
  }

  async function solveAgain() {
    const { changes } = desk;
    if (!changes) return;
    note("again", [t("change.sending")]);
    try {
      const job = await changes.solveAgain();
      location.hash = `#/jobs/${job.id}?against=${id}`;
    } catch (error) {
      const trouble = /** @type {Trouble} */ (error);
      const faults = (trouble.faults ?? []).slice(0, 5).map((fault) => h("li", {}, fault.text));
      note("again", [t("change.refused"), " ", trouble.message || t("start.away"), h("ul", {}, ...faults)], "warning");
    }
  }

  /**
   * @param {string} [date]
   * @param {number} [moment]
   */
  function reveal(date, moment) {
    board?.reveal(date, moment);
  }

  const quits = [
    on("selection", () => {
      board?.mark();
      panel?.show(state.selection ? "why" : undefined);
    }),
    on("theme", () => {
      board?.repaint();
      curve?.draw();
    }),
  ];
  const leaving = (/** @type {BeforeUnloadEvent} */ event) => {
    if (desk.changes?.count && !sessionStorage.getItem(`stint.changes.${id}`)) event.preventDefault();
  };
  window.addEventListener("beforeunload", leaving);

  return {
    close() {
      closed = true;
      stopFollowing();
      for (const quit of quits) quit();
      window.removeEventListener("beforeunload", leaving);
      curve?.close();
      board?.close();
    },
  };
}
