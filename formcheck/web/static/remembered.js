// The ids of the sessions of this browser; the server has no list of them.
const KEY = "formcheck-sessions";
let ids = [];
try {
  ids = JSON.parse(localStorage.getItem(KEY) ?? "[]");
} catch {
  // storage is forbidden or was damaged: they are remembered as long as the page is open
}

export const remembered = () => [...ids];

export function remember(id) {
  keep([...ids, id]);
}

export function forget(id) {
  keep(ids.filter((other) => other !== id));
}

function keep(changed) {
  ids = changed;
  try {
    localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // as above
  }
}
