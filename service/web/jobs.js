// The jobs: how each stands, and two of them to be compared.

import { fill, h } from "./dom.js";
import { call, get } from "./api.js";
import { ENDED } from "./job.js";
import { number, percent, t, when } from "./words.js";

/** @typedef {import("./types").Job} Job */

const PAGE = 50;
/** Milliseconds between two looks while some job is at work. */
const PACE = 3000;

/** @param {HTMLElement} main */
export function openJobs(main) {
  document.title = `${t("head.jobs")} – Stint`;
  const notice = h("p", { role: "alert" });
  const body = h("tbody");
  const status = h("select", { id: "by-status", "aria-label": t("jobs.by_status"), onchange: () => load(true) },
    ...["", "queued", "running", ...ENDED].map((one) => h("option", { value: one }, one ? t(`status.${one}`) : t("jobs.all"))));
  const compare = h("button", { type: "button", class: "primary", id: "compare", disabled: true, onclick: () => (location.hash = `#/compare/${[...chosen].join("/")}`) }, t("jobs.compare"));
  const more = h("button", { type: "button", hidden: true, onclick: () => load(false) }, t("jobs.more"));
  fill(main, h("div", { class: "jobs" },
    h("div", { class: "jobhead" }, h("h1", {}, t("head.jobs")), h("span", { class: "grow" }), status, compare),
    h("p", { class: "note" }, t("jobs.compare_note")), notice,
    h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": t("head.jobs") },
      h("table", { class: "list" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span", { class: "hidden-text" }, t("jobs.choose"))), ...["name", "status", "cost", "gap", "made", "took"].map((name) => h("th", { scope: "col", class: ["cost", "gap", "took"].includes(name) ? "number" : "" }, t(`jobs.${name}`))), h("th", { scope: "col" }, h("span", { class: "hidden-text" }, t("jobs.erase"))))), body)), more));

  /** @type {Set<string>} the jobs to compare, the one chosen first first */
  const chosen = new Set();
  /** @type {Job[]} */
  let jobs = [];
  /** @type {string | null} */
  let cursor = null;
  let timer = 0;
  let closed = false;

  /** @param {boolean} anew */
  async function load(anew) {
    clearTimeout(timer);
    const query = new URLSearchParams({ limit: String(anew ? Math.min(200, Math.max(PAGE, jobs.length)) : PAGE), ...(status.value && { status: status.value }), ...(!anew && cursor && { cursor }) });
    try {
      const page = await get(`/v1/rosters?${query}`);
      if (closed) return;
      jobs = anew ? page.jobs : [...jobs, ...page.jobs];
      cursor = page.next_cursor;
      notice.textContent = "";
      show();
    } catch (error) {
      notice.textContent = /** @type {Error} */ (error).message || t("start.away");
    }
    if (!closed && (notice.textContent || jobs.some((job) => !ENDED.includes(job.status)))) timer = window.setTimeout(() => load(true), PACE);
  }

  function show() {
    more.hidden = cursor === null;
    const focused = document.activeElement?.id;
    fill(body, ...(jobs.length ? jobs.map(line) : [h("tr", {}, h("td", { colspan: "8", class: "note" }, t("jobs.none")))]));
    if (focused?.startsWith("job-")) document.getElementById(focused)?.focus();
  }

  /** @param {Job} job */
  function line(job) {
    const box = h("input", { type: "checkbox", id: `job-choose-${job.id}`, "aria-label": t("jobs.choose_one", { name: job.name || job.id }), checked: chosen.has(job.id), disabled: job.cost == null && job.progress?.cost == null, onchange: () => {
      chosen.delete(job.id);
      if (box.checked) chosen.add(job.id);
      const [oldest] = chosen;
      if (chosen.size > 2) chosen.delete(oldest);
      compare.disabled = chosen.size !== 2;
      show();
    } });
    const took = job.started_at ? (Date.parse(job.finished_at ?? new Date().toISOString()) - Date.parse(job.started_at)) / 1000 : null;
    return h("tr", {},
      h("td", {}, box),
      h("th", { scope: "row" }, h("a", { href: `#/jobs/${job.id}`, id: `job-${job.id}` }, job.name || job.id)),
      h("td", {}, h("span", { class: `pill ${job.status} ${job.verdict ?? ""}` }, t(`status.${job.status}`), job.verdict ? ` · ${t(`verdict.${job.verdict}`)}` : "")),
      h("td", { class: "number" }, (job.cost ?? job.progress?.cost) != null ? number(/** @type {number} */ (job.cost ?? job.progress?.cost)) : "–"),
      h("td", { class: "number" }, percent(job.gap_percent ?? job.progress?.gap_percent, 2)),
      h("td", {}, when(job.created_at)),
      h("td", { class: "number" }, took === null ? "–" : `${number(Math.max(0, took), 0)} s`),
      h("td", {}, h("button", { type: "button", class: "quiet", id: `job-erase-${job.id}`, "aria-label": t("jobs.erase_one", { name: job.name || job.id }), onclick: () => erase(job) }, t("jobs.erase"))));
  }

  /** @param {Job} job */
  async function erase(job) {
    if (!window.confirm(t("jobs.sure", { name: job.name || job.id }))) return;
    try {
      await call(`/v1/rosters/${job.id}`, { method: "DELETE" });
      chosen.delete(job.id);
      sessionStorage.removeItem(`stint.changes.${job.id}`);
    } catch (error) {
      notice.textContent = /** @type {Error} */ (error).message || t("start.away");
    }
    load(true);
  }

  load(true);
  return {
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
