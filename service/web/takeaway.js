// What a planner takes away: files of the roster, a print, a link.

import { at, fill, h, handOver } from "./dom.js";
import { call } from "./api.js";
import { printable } from "./printing.js";
import { state } from "./state.js";
import { t } from "./words.js";

const FORMATS = /** @type {const} */ (["json", "csv", "csv-days", "xlsx", "ics"]);

/**
 * The menu of everything that can be taken away.
 * @param {import("./job.js").Desk} desk
 * @param {(name: string, content: (Node | string)[] | null, kind?: string) => void} note
 */
export function takeAway(desk, note) {
  const close = () => (menu.open = false);
  const item = (/** @type {string} */ id, /** @type {string} */ text, /** @type {() => void} */ act) =>
    h("li", {}, h("button", { type: "button", id, onclick: () => { close(); act(); } }, text));
  const list = h("ul", {});
  const menu = h("details", { class: "menu", id: "take-away", ontoggle: () => {
    const { selection } = state;
    const agent = selection && selection.kind !== "interval" ? selection.agent : null;
    const name = agent ? desk.book?.rowOf.get(agent)?.name ?? agent : "";
    fill(list,
      ...FORMATS.map((format) => item(`take-${format}`, t(`take.${format}`), () => download(desk, format, null, note))),
      agent && item("take-ics-agent", t("take.ics_agent", { name }), () => download(desk, "ics", agent, note)),
      (desk.changes?.count ?? 0) > 0 && item("take-changed", t("take.changed"), () => changed(desk)),
      item("take-print", t("take.print"), () => {
        if (desk.book) printable(desk.book, desk.job?.name ?? "");
        window.print();
      }),
      item("take-link", t("take.link"), () => link(desk, note)));
  }, onkeydown: (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    close();
    summary.focus();
  } });
  const summary = h("summary", { class: "button" }, t("take.title"));
  menu.append(summary, list);
  return menu;
}

/**
 * Fetched with the key where there is one, which a plain link could not carry.
 * @param {import("./job.js").Desk} desk
 * @param {typeof FORMATS[number]} format
 * @param {string | null} agent
 * @param {(name: string, content: (Node | string)[] | null, kind?: string) => void} note
 */
async function download(desk, format, agent, note) {
  try {
    const query = new URLSearchParams({ format, ...(agent && { agent_id: agent }) });
    const answer = await call(`/v1/rosters/${desk.id}/roster?${query}`);
    const said = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];
    handOver(await answer.blob(), said ?? `roster-${desk.id}.${format}`);
    note("download", null);
  } catch (error) {
    note("download", [t("take.failed"), " ", /** @type {Error} */ (error).message || t("start.away")], "warning");
  }
}

/**
 * The roster with the planner's changes, as the judge sees it.
 * @param {import("./job.js").Desk} desk
 */
function changed(desk) {
  const { changes, job } = desk;
  if (!changes) return;
  const { cost, coverage, violations, statistics } = changes.evaluation ?? {};
  const roster = { name: job?.name ?? "", schedules: changes.plan.schedules, cost, coverage, violations, statistics };
  handOver(new Blob([JSON.stringify(roster, null, 1)], { type: "application/json" }), `roster-${desk.id}-changed.json`);
}

/**
 * @param {import("./job.js").Desk} desk
 * @param {(name: string, content: (Node | string)[] | null, kind?: string) => void} note
 */
async function link(desk, note) {
  const address = `${location.origin}/#/jobs/${desk.id}`;
  try {
    await navigator.clipboard.writeText(address);
    note("link", [t("take.copied"), " ", h("code", {}, address)]);
    at("say").textContent = t("take.copied");
  } catch {
    note("link", [t("take.copy"), " ", h("code", {}, address)]); // no clipboard where the page is not served over https
  }
}
