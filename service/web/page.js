// The planner's page: the head with its choices, and the view that the address names.

import { at, fill, h } from "./dom.js";
import { askKeyWith, key, setKey } from "./api.js";
import { LANGUAGES, inLanguage, preferredLanguage, t, useLanguage } from "./words.js";
import { tell } from "./state.js";
import { openStart } from "./start.js";
import { openJob } from "./job.js";
import { openJobs } from "./jobs.js";
import { openCompare } from "./compare.js";

/** @type {{close: () => void} | null} */
let view = null;

/** Views by address: what follows the # and what it opens. */
const ROUTES = /** @type {[RegExp, (main: HTMLElement, parts: string[], query: URLSearchParams) => {close: () => void}][]} */ ([
  [/^\/jobs\/([0-9A-Z]+)$/, (main, [id], query) => openJob(main, id, query.get("against"))],
  [/^\/jobs$/, (main) => openJobs(main)],
  [/^\/compare\/([0-9A-Z]+)\/([0-9A-Z]+)$/, (main, [a, b]) => openCompare(main, a, b)],
  [/^/, (main) => openStart(main)],
]);

function openView() {
  view?.close();
  const [path, query] = location.hash.slice(1).split("?");
  if (path === "main") return;
  fill(at("main"));
  fill(at("print"));
  at("tip").hidden = true;
  for (const [address, open] of ROUTES) {
    const found = address.exec(path);
    if (!found) continue;
    view = open(at("main"), found.slice(1), new URLSearchParams(query));
    break;
  }
  for (const link of document.querySelectorAll("nav a"))
    link.toggleAttribute("aria-current", path.startsWith(link.getAttribute("href")?.slice(1) ?? "?") || (link.getAttribute("href") === "#/start" && !path.startsWith("/jobs") && !path.startsWith("/compare")));
}

function showHead() {
  at("skip").textContent = t("head.skip");
  const language = h("select", { "aria-label": t("head.language"), onchange: async () => {
    await useLanguage(language.value, true);
    showHead();
    tell("language");
    openView();
  } }, ...Object.entries(LANGUAGES).map(([code, name]) => h("option", { value: code, selected: code === inLanguage() }, name)));
  const theme = h("select", { "aria-label": t("head.theme"), onchange: () => {
    localStorage.setItem("stint.theme", theme.value);
    useTheme();
  } }, ...["auto", "light", "dark"].map((name) => h("option", { value: name, selected: name === chosenTheme() }, t(`head.theme_${name}`))));
  fill(
    at("top"),
    h("a", { class: "brand", href: "#/start" }, h("img", { src: "/web/icon.svg", alt: "", width: "20", height: "20" }), "Stint"),
    h("nav", { "aria-label": t("head.views") }, h("a", { href: "#/start" }, t("head.start")), h("a", { href: "#/jobs" }, t("head.jobs"))),
    h("span", { class: "grow" }),
    key() && h("button", { type: "button", class: "quiet", onclick: () => { setKey(null); showHead(); openView(); } }, t("head.forget_key")),
    language,
    theme,
  );
}

function chosenTheme() {
  return localStorage.getItem("stint.theme") ?? "auto";
}

function useTheme() {
  const chosen = chosenTheme();
  const dark = chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  tell("theme");
}

/** @type {Promise<boolean> | null} */
let asking = null;

/** One dialogue at a time, however many calls wait for a key. */
function askForKey() {
  asking ??= new Promise((answered) => {
    const field = h("input", { type: "password", autocomplete: "off", required: true, id: "key" });
    const dialog = h("dialog", { "aria-labelledby": "key-title", onclose: () => {
      const given = dialog.returnValue === "use" && field.value.trim();
      if (given) setKey(given);
      dialog.remove();
      asking = null;
      showHead();
      answered(Boolean(given));
    } },
      h("form", { method: "dialog" },
        h("h2", { id: "key-title" }, t("key.title")),
        h("p", {}, t(key() ? "key.wrong" : "key.text")),
        h("label", { for: "key" }, t("key.label")), field,
        h("p", { class: "note" }, t("key.kept")),
        h("div", { class: "actions" },
          h("button", { class: "primary", value: "use" }, t("key.use")),
          h("button", { value: "no", formnovalidate: true }, t("key.not_now")))));
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
}

askKeyWith(askForKey);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", useTheme);
useTheme();
await useLanguage(preferredLanguage());
showHead();
window.addEventListener("hashchange", openView);
at("skip").addEventListener("click", (event) => {
  event.preventDefault();
  at("main").focus();
});
openView();
