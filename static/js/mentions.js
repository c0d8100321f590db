// While somebody writes "@pri" in a text with data-mentions, colleagues of that name are offered below it,
// as buttons; the names are the options of the <datalist> that data-mentions names. Without this a name is
// simply typed.

const AT = /(?:^|[\s(])@([\p{L}\p{N}][\p{L}\p{N} .'’-]{0,40})?$/u;
const MOST = 5;

const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");

const offersOf = (field) => {
  let box = field.parentNode.querySelector(".mention-offers");
  if (!box) {
    box = document.createElement("div");
    box.className = "mention-offers";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Colleagues to name");
    field.after(box);
  }
  return box;
};

const insert = (field, typed, name) => {
  const end = field.selectionStart;
  field.setRangeText(`${name} `, end - typed.length, end, "end");
  field.focus();
  offersOf(field).replaceChildren();
};

document.addEventListener("input", (event) => {
  const field = event.target;
  const names = field.dataset?.mentions && document.querySelector(field.dataset.mentions);
  if (!names) return;
  const found = field.value.slice(0, field.selectionStart).match(AT);
  const typed = found ? found[1] ?? "" : "";
  const fits = found ? [...names.options].map((option) => option.value).filter((name) => {
    const folded = fold(name);
    return (folded.startsWith(fold(typed)) || folded.includes(` ${fold(typed)}`)) && folded !== fold(typed);
  }) : [];
  offersOf(field).replaceChildren(...fits.slice(0, MOST).map((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-small";
    button.textContent = name;
    button.addEventListener("click", () => insert(field, typed, name));
    return button;
  }));
});
