// What makes the link good for something stands behind its #, which no browser sends to a server. It goes there in the body of a request, and out of the
// address bar and the history; the tab keeps it, for a reload and for the way back from a sign-in.
const place = document.getElementById("question");
const status = document.getElementById("status");
const keptAs = "rollouts-link";

function take() {
  const given = location.hash.slice(1);
  if (given) {
    sessionStorage.setItem(keptAs, given);
    history.replaceState(null, "", location.pathname);
  }
  return given || sessionStorage.getItem(keptAs);
}

function tell(title, text) {
  const heading = document.createElement("h1");
  heading.textContent = title;
  const words = document.createElement("p");
  words.className = "box";
  words.textContent = text;
  place.replaceChildren(heading, words);
}

async function look() {
  const link = take();
  if (!link) {
    tell("No such question", "The address has been cut short: the part behind # is missing. Open the link from the message again.");
    return;
  }
  try {
    const answer = await fetch("decide/question", { method: "POST", cache: "no-store", body: new URLSearchParams({ t: link }) });
    if (answer.status === 401) {
      location.assign("decide/sign-in");
      return;
    }
    if (!answer.headers.get("content-type")?.startsWith("text/html")) throw new Error(`status ${answer.status}`);
    place.innerHTML = await answer.text();
    document.title = place.querySelector("h1").textContent;
    status.textContent = document.title;
  } catch {
    tell("The server does not answer", "Nothing has been decided. Load this page again in a moment.");
  }
}

addEventListener("hashchange", look);
look();
