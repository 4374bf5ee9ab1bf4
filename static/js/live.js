// The page of a player: a socket says that something is new, then the fragments that show it are fetched again.
// Without it the page works as before: reload to see what is new.
const page = document.querySelector("[data-live]");
let pause = 1000;

const state = (on) => {
  for (const dot of document.querySelectorAll("[data-live-dot]")) dot.hidden = !on;
};

// Whoever has opened older pages keeps his place: he is told, and decides.
function refresh() {
  const list = document.querySelector("[data-timeline]");
  if (!list) return;
  const news = list.querySelector("[data-news]");
  if (list.querySelector("[data-older-page]") && news) news.hidden = false;
  else window.htmx.trigger(list, "news");
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}${page.dataset.live}`);
  socket.addEventListener("open", () => { pause = 1000; state(true); page.dataset.connected = "yes"; });
  socket.addEventListener("message", () => {
    refresh();
    const head = document.getElementById("head");
    if (head) window.htmx.trigger(head, "news");
  });
  socket.addEventListener("close", (event) => {
    state(false);
    page.dataset.connected = "no";
    if (event.code >= 4400 && event.code < 4500) return; // told to stay away
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, 30000);
  });
}

if (page) {
  connect();
  document.addEventListener("htmx:afterSettle", () => state(page.dataset.connected === "yes"));
}
