import "./segments-form.js";

// The catalogue's search, and where the cursor goes. Everything else is the server's business.
const catalogue = document.querySelector("[data-catalogue]");
const field = catalogue?.querySelector("[data-find]");

// Names before explanations, whole words before parts of them.
const score = (item, typed, words) => {
  if (!words.every((word) => item.dataset.words.includes(word))) return 0;
  const { label } = item.dataset;
  if (label.startsWith(typed)) return 4;
  if (label.includes(typed)) return 3;
  return words.every((word) => label.includes(word)) ? 2 : 1;
};

let best = null;
const find = () => {
  const typed = field.value.trim().toLowerCase();
  const words = typed.split(/\s+/).filter(Boolean);
  const [first, ...shelves] = catalogue.querySelectorAll("details");
  let top = 0;
  best = null;
  for (const shelf of shelves) {
    let found = 0;
    for (const item of shelf.querySelectorAll("[data-item]")) {
      const points = score(item, typed, words);
      item.hidden = points === 0;
      found += points > 0;
      if (words.length && points > top) [best, top] = [item, points];
    }
    shelf.hidden = found === 0;
    shelf.open = words.length > 0 && found > 0;
  }
  first.hidden = words.length > 0; // all of it is on the other shelves too
  first.open = true;
  catalogue.querySelector("[data-none]").hidden = !words.length || top > 0;
};

// The arrow keys walk through what was found, Enter adds it.
const shown = () => [...catalogue.querySelectorAll("details[open]:not([hidden]) [data-item]:not([hidden])")];
const mark = (item) => {
  catalogue.querySelector(".is-marked")?.classList.remove("is-marked");
  item?.classList.add("is-marked");
  item?.scrollIntoView({ block: "nearest" });
};

field?.addEventListener("input", () => {
  find();
  mark(best);
});
field?.addEventListener("keydown", (event) => {
  const items = shown();
  const at = items.indexOf(catalogue.querySelector(".is-marked"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark(items[event.key === "ArrowDown" ? Math.min(at + 1, items.length - 1) : Math.max(at - 1, 0)]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    (items[at] ?? items[0])?.querySelector("button").click();
  } else if (event.key === "Escape" && field.value) {
    field.value = "";
    find();
    mark(null);
  }
});

// "+ Condition" says which group is meant; the next thing to do is to find the attribute.
let aimed = false;
document.addEventListener("click", (event) => {
  aimed = Boolean(event.target.closest?.("[data-aim]"));
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!aimed || !event.target.matches?.("[data-rule]")) return;
  aimed = false;
  field.focus();
});
