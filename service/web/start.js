// Start: a request from a file, from two tables or from the examples; what is wrong with it; how long to solve.

import { fill, h, handOver } from "./dom.js";
import { get, newKey, post, Trouble } from "./api.js";
import { kindOf, requestOf, usualAssumptions } from "./tables.js";
import { readTable } from "./csv.js";
import { brokenAt, lineOf, offsetOf } from "./source.js";
import { state } from "./state.js";
import { number, shortDay, t } from "./words.js";
import { dayAfter } from "./time.js";

/** @typedef {{file: string, line: number, pointer?: string, text: string, cure: string}} PlacedFault */

const MOST_FAULTS = 100;

/** Tables that were dropped and wait for their other half, by what they list. */
const tables = /** @type {Record<"requirements" | "agents", import("./csv.js").Table | null>} */ ({ requirements: null, agents: null });
let assumed = usualAssumptions();
let options = { seconds: 60, gap: 0.5 };
/** @type {string | null} the name of the request's last sending, the same while it is not known whether it arrived */
let sending = null;

/** @param {HTMLElement} main */
export function openStart(main) {
  document.title = "Stint";
  const files = h("input", { type: "file", id: "file", multiple: true, accept: ".json,.csv,.txt,application/json,text/csv", onchange: () => {
    take([.../** @type {FileList} */ (files.files)]);
    files.value = "";
  } });
  const drop = h("div", { class: "drop", id: "drop" },
    h("p", { class: "lead" }, t("start.drop")),
    h("p", { class: "note" }, t("start.drop_note")),
    h("label", { class: "button primary", for: "file" }, t("start.choose")), files);
  const examples = h("ul", { class: "examples" });
  const waiting = h("div", { id: "waiting" });
  const chosen = h("section", { class: "card", id: "chosen", "aria-live": "polite" });
  const faults = h("section", { class: "faults", id: "faults", "aria-label": t("start.faults") });
  const notice = h("p", { id: "notice", role: "alert" });
  fill(main,
    h("div", { class: "start" },
      h("div", { class: "column" },
        h("h1", {}, t("start.title")),
        h("p", { class: "note" }, t("start.intro")),
        drop, waiting,
        h("section", {}, h("h2", {}, t("start.examples")), examples),
        columnsHelp()),
      h("div", { class: "column" }, chosen, notice, faults)));

  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take([...(event.dataTransfer?.files ?? [])]);
  });

  /** @param {File[]} given */
  async function take(given) {
    fill(faults);
    notice.textContent = "";
    for (const file of given) {
      const text = await file.text();
      if (/^\s*[{[]/.test(text) || file.name.endsWith(".json")) takeJson(text, file.name);
      else takeTable(text, file.name);
    }
  }

  /**
   * @param {string} text
   * @param {string} name
   */
  function takeJson(text, name) {
    const broken = brokenAt(text);
    if (broken >= 0) {
      showFaults([{ file: name, line: lineOf(text, broken), text: t("start.no_json", { file: name }), cure: t("start.no_json_cure") }], { [name]: text });
      return; // the request chosen before stays
    }
    const request = JSON.parse(text);
    if (request === null || typeof request !== "object" || Array.isArray(request)) {
      showFaults([{ file: name, line: 1, text: t("start.no_object", { file: name }), cure: t("start.no_object_cure") }], { [name]: text });
      return;
    }
    draft(name, request, { [name]: text }, (pointer) => ({ file: name, line: lineOf(text, offsetOf(text, pointer)) }));
  }

  /**
   * @param {string} text
   * @param {string} name
   */
  function takeTable(text, name) {
    const table = readTable(text, name);
    const kind = kindOf(table);
    if (!kind) {
      showFaults([{ file: name, line: 1, text: t("csv.no_kind", { file: name, head: table.head.join(", ").slice(0, 200) }), cure: t("csv.no_kind_cure") }], { [name]: text });
      return;
    }
    tables[kind] = table;
    showWaiting();
    join();
  }

  function join() {
    const { requirements, agents } = tables;
    if (!requirements || !agents) return;
    const made = requestOf(requirements, agents, assumed);
    const texts = { [requirements.name]: requirements.text, [agents.name]: agents.text };
    if (made.faults.length) return showFaults(made.faults, texts);
    fill(faults);
    draft(made.request.name, made.request, texts, (pointer) => {
      for (let at = pointer; at; at = at.slice(0, at.lastIndexOf("/"))) {
        const place = made.places.get(at);
        if (place) return place;
      }
      return { file: pointer.startsWith("/agents") ? agents.name : requirements.name, line: 1 };
    });
  }

  /**
   * Make this the request to solve, and have it looked at.
   * @param {string} name
   * @param {any} request
   * @param {Record<string, string>} texts
   * @param {(pointer: string) => {file: string, line: number}} placeOf
   */
  async function draft(name, request, texts, placeOf) {
    state.draft = { name, request, texts, placeOf };
    sending = null;
    options = { seconds: request.options?.time_limit_seconds ?? 60, gap: request.options?.target_gap_percent ?? 0.5 };
    showChosen([]);
    await check();
  }

  async function check() {
    const draft = state.draft;
    if (!draft) return;
    try {
      const validation = await post("/v1/validations", draft.request);
      if (draft !== state.draft) return;
      showServiceFaults(validation.faults);
      showChosen(validation.messages);
    } catch (error) {
      tellTrouble(error);
    }
  }

  /** @param {import("./types").Fault[]} found */
  function showServiceFaults(found) {
    const { draft } = state;
    if (!draft) return;
    showFaults(found.slice(0, MOST_FAULTS).map((fault) => ({ ...draft.placeOf(fault.pointer), pointer: fault.pointer, text: fault.text, cure: t("start.expected", { expected: fault.expected }) })), draft.texts, found.length);
  }

  /** @param {unknown} error */
  function tellTrouble(error) {
    if (!(error instanceof Trouble)) throw error;
    if (error.faults.length) showServiceFaults(error.faults);
    else notice.textContent = error.status ? error.message : t("start.away");
  }

  /**
   * Each fault beside the lines of its file.
   * @param {PlacedFault[]} found
   * @param {Record<string, string>} texts
   * @param {number} [all]
   */
  function showFaults(found, texts, all = found.length) {
    if (found.length === 0) return fill(faults);
    const lines = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.split("\n")]));
    fill(faults,
      h("h2", {}, t("start.fault_count", { count: all })),
      h("ol", {}, ...found.map((fault) => h("li", { class: "fault" },
        h("p", { class: "place" }, t("start.place", { file: fault.file, line: fault.line }), fault.pointer ? h("code", {}, fault.pointer) : null),
        h("p", { class: "what" }, fault.text),
        h("p", { class: "cure" }, fault.cure),
        excerpt(lines[fault.file] ?? [], fault.line)))));
  }

  function showWaiting() {
    const { requirements, agents } = tables;
    if (!requirements && !agents) return fill(waiting);
    const line = (/** @type {import("./csv.js").Table | null} */ table, /** @type {string} */ kind) =>
      h("li", { class: table ? "there" : "missing" }, table ? t(`csv.have_${kind}`, { file: table.name, count: table.rows.length }) : t(`csv.want_${kind}`));
    fill(waiting, h("ul", { class: "tables" }, line(requirements, "requirements"), line(agents, "agents")), requirements && agents ? assumptions() : null);
  }

  function assumptions() {
    const field = (/** @type {keyof import("./tables.js").Assumed} */ name, /** @type {Record<string, any>} */ more = {}) => {
      const input = h("input", { id: `assumed-${name}`, value: assumed[name], ...more, onchange: () => {
        assumed = { ...assumed, [name]: typeof assumed[name] === "number" ? Number(input.value) : input.value };
        join();
      } });
      return h("div", { class: "field" }, h("label", { for: `assumed-${name}` }, t(`csv.${name}`)), input);
    };
    const numeric = { type: "number", min: "0", step: "any" };
    return h("fieldset", { class: "assumed" }, h("legend", {}, t("csv.assumed")),
      field("time_zone"), field("currency"), field("shift_hours", numeric), field("days_per_week", numeric), field("rest_hours", numeric), field("understaffing_cost_per_hour", numeric),
      h("p", { class: "note" }, t("csv.assumed_note")));
  }

  /** @param {import("./types").Message[]} messages */
  function showChosen(messages) {
    const { draft } = state;
    if (!draft) {
      fill(chosen, h("h2", {}, t("start.your_request")), h("p", { class: "note" }, t("start.nothing_yet")));
      return;
    }
    const { request } = draft;
    const period = request.planning_period ?? {};
    const facts = [
      [t("start.period"), period.start_date && period.days ? `${shortDay(period.start_date)} – ${shortDay(dayAfter(period.start_date, period.days - 1))}` : "–"],
      [t("start.agents"), number(request.agents?.length ?? 0)],
      [t("start.groups"), (request.planning_groups ?? []).map((/** @type {any} */ group) => group.name || group.id).join(", ") || "–"],
      [t("start.plans"), (request.work_plans ?? []).map((/** @type {any} */ plan) => plan.name || plan.id).join(", ") || "–"],
      [t("start.interval"), t("time.min", { min: request.interval_minutes ?? 15 })],
      [t("start.zone"), request.time_zone ?? "–"],
    ];
    const seconds = h("input", { type: "number", id: "seconds", min: "1", max: "86400", value: options.seconds, onchange: () => (options.seconds = Number(seconds.value)) });
    const gap = h("input", { type: "number", id: "gap", min: "0", max: "100", step: "0.1", value: options.gap, onchange: () => (options.gap = Number(gap.value)) });
    const solve = h("button", { type: "button", class: "primary", id: "solve", onclick: () => submit(solve) }, t("start.solve"));
    fill(chosen,
      h("h2", {}, request.name || draft.name),
      h("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
      messages.length ? h("details", {}, h("summary", {}, t("start.defaults", { count: messages.length })), h("ul", { class: "messages" }, ...messages.map((message) => h("li", {}, message.text)))) : null,
      h("div", { class: "options" },
        h("div", { class: "field" }, h("label", { for: "seconds" }, t("start.seconds")), seconds),
        h("div", { class: "field" }, h("label", { for: "gap" }, t("start.gap")), gap),
        solve,
        h("button", { type: "button", class: "quiet", onclick: () => handOver(new Blob([JSON.stringify(request, null, 1)], { type: "application/json" }), `${(request.name || "request").replace(/[^\w.-]+/g, "-")}.json`) }, t("start.save"))));
  }

  /** @param {HTMLButtonElement} button */
  async function submit(button) {
    const { draft } = state;
    if (!draft) return;
    button.disabled = true;
    notice.textContent = "";
    sending ??= newKey();
    try {
      const body = { ...draft.request, options: { ...draft.request.options, time_limit_seconds: options.seconds, target_gap_percent: options.gap } };
      const job = await post("/v1/rosters", body, { headers: { "Idempotency-Key": sending + options.seconds + options.gap } });
      sending = null;
      location.hash = `#/jobs/${job.id}`;
    } catch (error) {
      tellTrouble(error);
    } finally {
      button.disabled = false;
    }
  }

  get("/web/examples.json").then((/** @type {{file: string, agents: number, days: number, name: string}[]} */ found) =>
    fill(examples, ...found.map((example) => h("li", {}, h("button", { type: "button", class: "example", onclick: async () => {
      fill(faults);
      notice.textContent = "";
      try {
        takeJson(await (await fetch(`/web/examples/${example.file}`)).text(), example.file);
      } catch {
        notice.textContent = t("start.away");
      }
    } }, h("strong", {}, example.name), h("span", {}, t("start.example", { agents: example.agents, days: example.days }))))))
  ).catch(tellTrouble);
  showWaiting();
  showChosen([]);
  if (state.draft) check();
  return { close() {} };
}

/**
 * The lines around a place, with their numbers; the place stands out.
 * @param {string[]} lines
 * @param {number} line
 */
function excerpt(lines, line) {
  const from = Math.max(1, line - 2);
  return h("pre", { class: "source", tabindex: "0" }, ...lines.slice(from - 1, line + 2).map((text, i) => {
    const here = from + i === line;
    const row = h(here ? "mark" : "span", { class: "line" }, `${String(from + i).padStart(5)}  ${text.length > 200 ? `${text.slice(0, 200)}…` : text}\n`);
    return row;
  }));
}

function columnsHelp() {
  const code = (/** @type {string} */ text) => h("pre", { class: "source", tabindex: "0" }, text);
  return h("details", { class: "help" }, h("summary", {}, t("csv.columns")),
    h("p", {}, t("csv.columns_requirements")),
    code("planning_group,start,required\nvoice,2026-11-30 08:00,4\nvoice,2026-11-30 08:30,5.5"),
    h("p", {}, t("csv.columns_agents")),
    code("id,name,planning_groups,hourly_cost,hours_per_week,days,available_from,available_to\nA1,Ann,voice,20,40,mon tue wed thu fri,07:00,20:00\nA2,Ben,voice|chat:0.8,18,20,,,"),
    h("p", { class: "note" }, t("csv.columns_note")));
}
