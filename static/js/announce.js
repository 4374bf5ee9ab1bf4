// After a swap, say what changed: an element inside it carries data-announce="24 players".
// And when the server did not answer, say that instead of staying silent.
const say = (words) => {
  document.getElementById("announce").textContent = words;
};

document.addEventListener("htmx:afterSwap", (event) => {
  const told = event.target.closest?.("[data-announce]") ?? event.target.querySelector?.("[data-announce]");
  if (told) say(told.dataset.announce);
});

const complain = (words) => {
  const box = document.createElement("div");
  box.className = "alert alert-danger";
  box.role = "alert";
  box.textContent = words;
  document.getElementById("messages").replaceChildren(box);
};

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 403) complain("Your role does not allow this.");
  else if (status === 404) complain("This no longer exists.");
  else complain("The server could not do this. Nothing was changed; try again.");
});

let silent = false;
document.addEventListener("htmx:sendError", () => {
  if (!silent) complain("The server does not answer. What you see may be old.");
  silent = true;
});
document.addEventListener("htmx:afterOnLoad", () => {
  if (silent) document.getElementById("messages").replaceChildren();
  silent = false;
});
