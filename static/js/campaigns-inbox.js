// The player's inbox: a socket that says which cards may be shown now. What it no longer names disappears.
const box = document.querySelector("[data-inbox]");
const none = document.querySelector(".none");
let pause = 1000;

function element(card) {
  const article = document.createElement("article");
  article.className = "card";
  article.dataset.card = card.id;
  const title = document.createElement("h2");
  title.textContent = card.title;
  const words = document.createElement("div");
  words.className = "words";
  words.innerHTML = card.html; // cleaned on the server, nothing but paragraphs, lists and links
  article.append(title, words);
  if (card.button && card.url) {
    const line = document.createElement("p");
    const link = document.createElement("a");
    link.className = "button";
    link.href = card.url;
    link.textContent = card.button;
    line.append(link);
    article.append(line);
  }
  return article;
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}${box.dataset.inbox}`);
  socket.addEventListener("open", () => { pause = 1000; box.dataset.live = "yes"; });
  socket.addEventListener("message", (event) => {
    const { cards } = JSON.parse(event.data);
    box.replaceChildren(...cards.map(element));
    none.hidden = cards.length > 0;
  });
  socket.addEventListener("close", (event) => {
    box.dataset.live = "no";
    if (event.code === 4403) return;
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, 30000);
  });
}

connect();
