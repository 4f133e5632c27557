// The sessions that the server keeps: a card each, with search, names, athletes, and two beside each other.
const byId = (id) => document.getElementById(id);
const SIGNS = { pass: "good", unsure: "too close to call", warn: "to watch", fail: "to work on", unseen: "not judged" };
let kept = false;
let told = () => {};
let chosen = [];

export const isKept = () => kept;
export const removedFrom = (tell) => { told = tell; };

// Asks for the list and shows it; gives what is there. Nothing where the server keeps nothing.
export async function refresh() {
  let library;
  try {
    const answer = await fetch(`/api/sessions?${new URLSearchParams({ search: byId("search").value })}`);
    if (!answer.ok) return [];
    library = await answer.json();
  } catch {
    return [];
  }
  kept = library.kept;
  byId("kept").hidden = false;
  byId("kept").textContent = kept
    ? "Sessions stay on this server until somebody removes them."
    : "Sessions are temporary: they go when the server ends, or after a day. formcheck serve --folder DIR keeps them.";
  byId("library").hidden = !kept;
  const done = library.sessions.filter((one) => one.state === "done");
  byId("cards").replaceChildren(...done.map(card));
  byId("nothing").hidden = done.length > 0;
  byId("nothing").textContent = byId("search").value ? "No session has these words." : "No session yet.";
  chosen = chosen.filter((id) => done.some((one) => one.id === id));
  showChosen();
  const names = [...new Set(library.sessions.map((one) => one.athlete).filter(Boolean))].sort();
  byId("athletes").replaceChildren(...names.map(link));
  return library.sessions;
}

function make(tag, parent, text = "", className = "") {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  parent.append(made);
  return made;
}

function link(athlete) {
  const item = document.createElement("li");
  const found = make("a", item, athlete);
  found.href = `/history?${new URLSearchParams({ athlete })}`;
  return item;
}

function card(one) {
  const item = document.createElement("li");
  const open = make("a", item, "", "open");
  open.href = `/api/sessions/${one.id}/report`;
  if (one.has_thumbnail) {
    const picture = make("img", open);
    picture.src = `/api/sessions/${one.id}/thumbnail`;
    picture.alt = "";
    picture.loading = "lazy";
  } else {
    make("span", open, "", "no-picture").setAttribute("aria-hidden", "true");
  }
  const words = make("div", item, "", "words");
  const name = make("a", words, one.name, "name");
  name.href = open.href;
  open.setAttribute("aria-hidden", "true");
  open.tabIndex = -1;
  const day = new Date(one.at).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
  make("p", words, [one.athlete, day, one.exercise === "none" ? "" : one.exercise, one.joins.length ? "front and side" : ""].filter(Boolean).join(" · "), "soft small");
  const verdict = make("p", words, one.headline ?? "", `verdict ${one.verdict ?? ""}`);
  if (one.verdict) verdict.title = SIGNS[one.verdict] ?? "";
  const score = make("p", item, one.score === null ? "–" : `${Math.round(one.score)}`, "score");
  score.setAttribute("aria-label", one.score === null ? "no form score" : `form score ${Math.round(one.score)} of 100`);
  const does = make("div", item, "", "does");
  const box = make("label", does, "", "pick");
  const pick = make("input", box);
  pick.type = "checkbox";
  pick.checked = chosen.includes(one.id);
  pick.onchange = () => choose(one.id, pick.checked);
  box.append(" Compare");
  pick.setAttribute("aria-label", `Compare ${one.name}`);
  button(does, "Rename", one, () => edit(item, one, "name", "What to call it"));
  button(does, "Athlete", one, () => edit(item, one, "athlete", "Whose it is"));
  button(does, "Remove", one, () => remove(one));
  return item;
}

function button(parent, word, one, act) {
  const made = make("button", parent, word);
  made.type = "button";
  made.setAttribute("aria-label", `${word} ${one.name}`);
  made.onclick = act;
}

function choose(id, isChosen) {
  chosen = isChosen ? [...chosen, id].slice(-2) : chosen.filter((other) => other !== id);
  for (const box of byId("cards").querySelectorAll(".pick input")) {
    const its = box.closest("li").querySelector("a").href.split("/").at(-2);
    box.checked = chosen.includes(its);
  }
  showChosen();
}

function showChosen() {
  const both = byId("compare");
  both.hidden = chosen.length !== 2;
  if (chosen.length === 2) {
    const order = [...byId("cards").querySelectorAll("a.open")].map((open) => open.href.split("/").at(-2));
    const [after, before] = order.filter((id) => chosen.includes(id)); // the newest is the first of the list
    both.href = `/compare?${new URLSearchParams({ before, after })}`;
  }
}

function edit(item, one, field, words) {
  const form = document.createElement("form");
  form.className = "edit";
  const box = make("label", form, `${words} `);
  const input = make("input", box);
  input.value = one[field];
  input.maxLength = 200;
  const save = make("button", form, "Save", "main");
  save.type = "submit";
  form.onsubmit = async (event) => {
    event.preventDefault();
    await fetch(`/api/sessions/${one.id}`, {
      method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ [field]: input.value }),
    });
    await refresh();
    byId("search").focus();
  };
  form.onkeydown = (event) => { if (event.key === "Escape") form.remove(); };
  item.querySelector("form")?.remove();
  item.append(form);
  input.focus();
}

async function remove(one) {
  if (!window.confirm(`Remove ${one.name} and everything of it?`)) return;
  await fetch(`/api/sessions/${one.id}`, { method: "DELETE" });
  told(one.id);
  byId("said").textContent = `${one.name} was removed.`;
  await refresh();
  byId("search").focus();
}

let waits;
byId("search").addEventListener("input", () => {
  clearTimeout(waits);
  waits = setTimeout(refresh, 200);
});
