// Predicted service: the work that is to come, from a file, played against the roster by the service's formulas.

import { fill, h } from "./dom.js";
import { number, percent, shortDay, t } from "./words.js";

/** @typedef {import("./types").Prediction} Prediction */
/** @typedef {import("./book.js").Cover} Cover */

/**
 * Put the predicted service level beside required and scheduled, interval by interval.
 * @param {Cover[]} covers
 * @param {Prediction} prediction
 */
export function serve(covers, prediction) {
  for (const cover of covers) {
    const group = prediction.planning_groups.find(({ id }) => id === cover.group);
    if (!group || group.intervals.length === 0) continue;
    const starts = group.intervals.map(({ start }) => Date.parse(start));
    const length = Math.min(60 * 60_000, ...starts.slice(1).map((start, i) => start - starts[i]));
    cover.service = cover.required.map((_, i) => {
      const at = cover.from + i * cover.step;
      const found = starts.findLastIndex((start) => start <= at);
      return found >= 0 && at < starts[found] + length ? group.intervals[found].service_level_percent ?? null : null;
    });
  }
}

/**
 * What the service will be like, or where to give the work that it depends on.
 * @param {import("./job.js").Desk} desk
 */
export function serviceOf(desk) {
  const trouble = h("p", { role: "alert", class: "bad" });
  const file = h("input", { type: "file", id: "work-file", accept: ".json,application/json", onchange: async () => {
    try {
      const text = await /** @type {FileList} */ (file.files)[0].text();
      await desk.predict(JSON.parse(text));
    } catch (error) {
      const { message, faults } = /** @type {import("./api.js").Trouble} */ (error);
      fill(trouble, `${t("service.refused")} ${faults?.[0]?.text ?? message}`);
    }
    file.value = "";
  } });
  const { prediction } = desk;
  const days = prediction?.days ?? [];
  return h("section", { class: "service" },
    h("h3", {}, t("service.title")),
    prediction && h("table", { class: "needs", id: "service-table" },
      h("thead", {}, h("tr", {}, ...["day", "level", "wait", "lost", "busy"].map((name, i) => h("th", { scope: "col", class: i ? "number" : "" }, t(`service.${name}`))))),
      h("tbody", {}, ...[...days, null].map((day) => {
        const span = day ?? prediction.period;
        return h("tr", {}, h("th", { scope: "row" }, day ? shortDay(day.date) : t("service.period")),
          h("td", { class: "number" }, percent(span.service_level_percent)),
          h("td", { class: "number" }, span.mean_wait_seconds == null ? "–" : `${number(span.mean_wait_seconds, 0)} s`),
          h("td", { class: "number" }, percent(span.abandonment_percent)), h("td", { class: "number" }, percent(span.occupancy_percent, 0)));
      }))),
    h("p", { class: "note" }, t("service.how")),
    h("label", { class: "file" }, h("span", { class: "hidden-text" }, t("service.file")), file), trouble);
}
