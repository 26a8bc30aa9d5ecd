// The planner's page: choose a request, follow the solve, see the roster, take it away.

import { drawCoverage, drawGantt } from "/web/drawing.js";

const at = (id) => document.getElementById(id);
let request = null;
let stream = null;
let job = null;
let busy = false;

function tell(text) {
  at("status").textContent = text;
}

/** A fault as a sentence with its place. */
function showFaults(faults) {
  at("faults").replaceChildren(...faults.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

function choose(text, name) {
  showFaults([]);
  try {
    const read = JSON.parse(text);
    if (read === null || typeof read !== "object" || Array.isArray(read)) throw new Error("it holds no object");
    request = read;
  } catch (error) {
    showFaults([`${name} is no request in JSON: ${error.message}`]);
    return; // the request chosen before stays
  }
  at("chosen").textContent = `${name}: ${request.agents?.length ?? 0} agents`;
  at("solve").disabled = false;
}

/** The answer of a call, or null after the page has said what is wrong. */
async function call(path, options) {
  try {
    const answer = await fetch(path, options);
    const body = await answer.json();
    if (answer.ok) return body;
    const faults = (body.faults ?? []).map((fault) => `${fault.pointer}: ${fault.text}`);
    showFaults(faults.length ? faults : [body.detail ?? body.title]);
  } catch {
    tell("The service does not answer. Your request is kept; try again.");
  }
  return null;
}

async function solve() {
  showFaults([]);
  const options = { ...request.options };
  options.time_limit_seconds = Number(at("seconds").value);
  options.target_gap_percent = Number(at("gap").value);
  const body = JSON.stringify({ ...request, options });
  const made = await call("/v1/rosters", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (made) follow(made);
}

function follow(made) {
  stream?.close();
  job = made;
  at("stop").disabled = false;
  at("download").hidden = true;
  at("roster").hidden = true;
  stream = new EventSource(job.links.events);
  tell("Waiting for the first roster.");
  stream.addEventListener("progress", (event) => {
    const now = JSON.parse(event.data);
    tell(`Cost ${now.cost ?? "–"}, bound ${now.bound ?? "–"}, gap ${now.gap_percent ?? "–"} %`);
    if (now.cost != null) showRoster();
  });
  stream.addEventListener("status", (event) => finish(JSON.parse(event.data)));
  stream.onerror = () => tell("The service does not answer just now. The page goes on when it does.");
}

async function finish(event) {
  if (!["completed", "cancelled", "failed"].includes(event.status)) return;
  stream.close();
  at("stop").disabled = true;
  const now = await call(job.links.self);
  if (!now) return;
  tell(`${now.status}${now.verdict ? `, ${now.verdict}` : ""}: cost ${now.cost ?? "–"}, gap ${now.gap_percent ?? "–"} %. ${now.error ?? ""}`);
  busy = false;
  if (now.cost != null) await showRoster();
}

async function showRoster() {
  if (busy) return;
  busy = true;
  const asked = job;
  try {
    const answer = await fetch(asked.links.roster);
    if (answer.ok && asked === job) draw(await answer.json());
  } catch {
    // the stream tells of a service that is gone
  } finally {
    busy = false;
  }
}

function draw(roster) {
  at("roster").hidden = false;
  at("download").href = job.links.roster;
  at("download").hidden = false;
  const canvases = (roster.coverage ?? []).map((series) => {
    const figure = document.createElement("figure");
    const caption = Object.assign(document.createElement("figcaption"), {
      textContent: `${series.planning_group_id}: required (line), scheduled (area)`,
    });
    const canvas = Object.assign(document.createElement("canvas"), { className: "coverage" });
    canvas.setAttribute("aria-hidden", "true");
    figure.append(caption, canvas);
    return [figure, canvas, series];
  });
  at("coverages").replaceChildren(...canvases.map(([figure]) => figure));
  canvases.forEach(([, canvas, series]) => drawCoverage(canvas, series));
  drawGantt(at("gantt"), roster);
  at("table").replaceChildren(tableOf(roster));
}

function tableOf(roster) {
  const table = document.createElement("table");
  const add = (cells, kind) => {
    const row = table.insertRow();
    cells.forEach((text) => row.append(Object.assign(document.createElement(kind), { textContent: text })));
  };
  add(["Agent", "Start", "End", "Paid minutes"], "th");
  for (const schedule of roster.schedules)
    for (const s of schedule.shifts) add([schedule.agent_id, s.start.slice(0, 16), s.end.slice(0, 16), s.paid_minutes], "td");
  return table;
}

for (const [kind, name] of [["on_queue", "on queue"], ["break", "break"], ["meal", "meal"], ["other", "other"]])
  at("legend").append(Object.assign(document.createElement("span"), { className: kind, textContent: name }));
at("file").addEventListener("change", async (event) => {
  const file = event.target.files[0];
  if (file) choose(await file.text(), file.name);
});
at("example").addEventListener("click", async () => {
  const read = await call("/web/example.json");
  if (read) choose(JSON.stringify(read), "The example");
});
at("solve").addEventListener("click", solve);
at("stop").addEventListener("click", () => call(job.links.cancel, { method: "POST" }));
