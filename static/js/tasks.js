// The inbox's keys and the count of what is ticked. Without this file every link, box and button works.

const inField = (target) => target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable], dialog");
const rows = () => [...document.querySelectorAll("[data-task]")];
const boxOf = (row) => row?.querySelector(".task-pick input");
let current = null;

const count = () => {
  const shown = document.querySelector("[data-task-count]");
  if (!shown) return;
  const ticked = rows().filter((row) => boxOf(row)?.checked).length;
  shown.textContent = ticked ? `${ticked} ticked` : "";
};

const move = (step) => {
  const found = rows();
  const focused = document.activeElement?.closest?.("[data-task]") ?? current;
  const place = found.indexOf(focused);
  current = found[place < 0 ? 0 : Math.min(found.length - 1, Math.max(0, place + step))];
  current?.querySelector("[data-task-link]").focus();
};

const here = () => document.activeElement?.closest?.("[data-task]") ?? (current?.isConnected ? current : null);

const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: () => {
    const box = boxOf(here());
    if (box) box.checked = !box.checked;
    count();
  },
  e: () => here()?.querySelector("[data-task-link]").click(),
};

document.addEventListener("keydown", (event) => {
  if (inField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = keys[event.key.toLowerCase()];
  if (!act || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  act();
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".task-pick input")) count();
});
document.addEventListener("htmx:afterSettle", count);
document.querySelectorAll("[data-task-keys]").forEach((line) => { line.hidden = false; });
count();
