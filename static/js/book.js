// The book's keys, selection and cell forms. Without this file every link and button leads to a page
// that does the same. Listeners sit on the document, because htmx swaps the book.

const BOOK = "#book";
const inField = (target) => target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable], dialog");
const rows = () => [...document.querySelectorAll(".book-table tbody tr")];
const boxes = () => [...document.querySelectorAll(".book-table tbody .book-pick")];
let last = null; // the checkbox that was used last: Shift selects from there
let row = null; // the row that j and k move from
let reopened = null; // which edit link gets the focus after its row was redrawn

// Selection

const show = () => {
  const bar = document.querySelector("#book-bulk");
  if (!bar) return;
  const found = boxes();
  const count = found.filter((box) => box.checked).length;
  const all = bar.elements.all.checked;
  bar.toggleAttribute("data-any", count > 0 || all);
  bar.querySelector("[data-pick-page]").hidden = count === found.length;
  const text = all ? bar.elements.all.parentElement.textContent.trim() : `${count} selected`;
  bar.querySelector("[data-picked]").textContent = count || all ? text : "";
  document.querySelectorAll("input[data-pick-page]").forEach((box) => {
    box.checked = count > 0 && count === found.length;
    box.indeterminate = count > 0 && count < found.length;
  });
};

const pick = (box, range) => {
  const found = boxes();
  if (range && last && found.includes(last)) {
    const [from, to] = [found.indexOf(last), found.indexOf(box)].sort((a, b) => a - b);
    found.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
  }
  last = box;
  show();
};

const pickAll = (checked) => {
  boxes().forEach((box) => { box.checked = checked; });
  if (!checked) document.querySelector("#book-bulk").elements.all.checked = false;
  show();
};

// A form over its cell

const close = (form) => {
  const link = form.closest("td")?.querySelector(".cell-edit");
  form.remove();
  link?.focus();
};

const open = (link) => {
  document.querySelectorAll(".cell-form").forEach((form) => form.remove());
  reopened = link.getAttribute("href");
  window.htmx.ajax("GET", link.href, { source: link, target: link.closest("td"), swap: "beforeend" });
};

document.addEventListener("click", (event) => {
  const target = event.target;
  const link = target.closest(".cell-edit");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(link);
  } else if (target.matches(".book-table tbody .book-pick")) pick(target, event.shiftKey);
  else if (target.matches("input[data-pick-page]")) pickAll(target.checked);
  else if (target.closest("button[data-pick-page]")) pickAll(true);
  else if (target.closest("[data-pick-none]")) pickAll(false);
  else if (target.matches("#book-bulk input[name=all]")) show();
  else if (target.closest("[data-dismiss]")) document.querySelector("#book-toast").replaceChildren();
  else if (target.closest("[data-close-cell]")) {
    event.preventDefault();
    close(target.closest(".cell-form"));
  }
});

// What was selected stays selected when its row is redrawn.
document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  if (target.matches("tr")) target.parentElement.dataset.picked = target.querySelector(".book-pick")?.checked ?? "";
});

document.addEventListener("htmx:load", (event) => {
  const loaded = event.detail.elt;
  if (loaded.matches?.(".book-table tbody tr")) {
    const box = loaded.querySelector(".book-pick");
    if (box) box.checked = loaded.parentElement.dataset.picked === "true";
    row = loaded;
    [...loaded.querySelectorAll(".cell-edit")].find((link) => link.getAttribute("href") === reopened)?.focus();
  }
  if (loaded.matches?.(".cell-form")) loaded.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (loaded.matches?.(`tr, ${BOOK}`)) show();
});

// Keys

const current = () => {
  const focused = document.activeElement.closest?.(".book-table tbody tr");
  if (focused) row = focused;
  return row?.isConnected ? row : null;
};

const move = (step) => {
  const found = rows();
  const place = found.indexOf(current());
  const next = found[place < 0 ? 0 : Math.min(found.length - 1, Math.max(0, place + step))];
  if (!next) return;
  row = next;
  next.querySelector(".row-link").focus();
};

const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: (event) => {
    const box = current()?.querySelector(".book-pick");
    if (!box) return;
    box.checked = !box.checked;
    pick(box, event.shiftKey);
  },
  e: () => {
    const link = current()?.querySelector(".cell-edit");
    if (link) open(link);
  },
  "?": () => document.querySelector("#book-keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.(".cell-form");
  if (event.key === "Escape" && form) close(form);
  if (inField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = keys[event.key.toLowerCase()];
  if (!act || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  act(event);
});

show();
