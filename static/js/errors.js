// A form that came back with errors: the first field that is wrong has the focus, so that nobody has to look for it.
const first = (within) => within.querySelector("[aria-invalid='true']")?.focus();

const main = document.getElementById("main");
if (main) first(main);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.querySelector) first(event.target);
});
