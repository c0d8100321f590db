// Small comforts; every page works without them. Listeners sit on the document, so parts that htmx
// swaps in are covered too.

const inForm = (target) => target.closest?.("input, select, textarea, [contenteditable]");

// "/" goes to the search field, Escape closes an open menu.
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !inForm(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = [...document.querySelectorAll("[data-search]")].find((input) => input.offsetParent);
    if (field) { event.preventDefault(); field.focus(); }
  }
  if (event.key === "Escape") {
    const menu = event.target.closest?.("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  }
});

// A row of tabs that scrolls begins where the current one is.
document.querySelectorAll(".tabs-row").forEach((row) => {
  const list = row.querySelector("ul"), current = row.querySelector("[aria-current]");
  if (current) list.scrollLeft = current.offsetLeft - list.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
});

// Menus close when the person clicks elsewhere.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// Filters apply as soon as a choice is made; typing still waits for Enter.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto-submit]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
});

// Two controls of one value, a slider and a field: data-mirror names the other, which follows what can be.
document.addEventListener("input", (event) => {
  const other = event.target.dataset?.mirror && document.querySelector(event.target.dataset.mirror);
  if (other && event.target.validity.valid) other.value = event.target.value;
}, true);

// Copy buttons: data-copy names the element whose text is copied.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  label.textContent = "Copied";
  setTimeout(() => { label.textContent = before; }, 2000);
});

// What had the focus left with the swap, and nothing stands in its place: go on from where it was.
document.addEventListener("htmx:afterSettle", (event) => {
  if (document.activeElement === document.body) event.target.querySelector("[data-focus-after]")?.focus({ preventScroll: true });
});

const ready = (root) => {
  root.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = !navigator.clipboard; });
  root.querySelector("[data-focus]")?.focus();
};
ready(document);
document.addEventListener("htmx:load", (event) => ready(event.target));
