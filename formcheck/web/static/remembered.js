// The ids of the sessions of this browser, for a server that has no list of them. Every change begins from what is
// stored by then: another tab may have added to it.
const KEY = "formcheck-sessions";
let ids = [];

function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (Array.isArray(found)) ids = found;
  } catch {
    // storage is forbidden or was damaged: they are remembered as long as the page is open
  }
  return ids;
}

export const remembered = () => [...stored()];

export function remember(id) {
  keep([...new Set([...stored(), id])]);
}

export function forget(id) {
  keep(stored().filter((other) => other !== id));
}

// Tells of what another tab has added.
export function whenRemembered(tell) {
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    const before = new Set(ids);
    for (const id of stored()) if (!before.has(id)) tell(id);
  });
}

function keep(changed) {
  ids = changed;
  try {
    localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // as above
  }
}
