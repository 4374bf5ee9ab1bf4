// Which card of the tree is open: htmx fills the inspector, this marks the card it belongs to.
document.addEventListener("htmx:afterSettle", () => {
  const card = new URL(location.href).searchParams.get("card");
  for (const link of document.querySelectorAll("a.step")) {
    const mine = new URL(link.href).searchParams.get("card");
    if (mine && mine === card) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
});
