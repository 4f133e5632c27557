// What stays on this device, by the id of the session: videos with the joints to draw on them, and sets to be judged.
const NAME = "formcheck";
const STORES = ["videos", "waiting"];

function opened() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => STORES.forEach((store) => asked.result.createObjectStore(store));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function within(store, mode, act) {
  const database = await opened();
  try {
    return await new Promise((done, fail) => {
      const transaction = database.transaction(store, mode);
      const asked = act(transaction.objectStore(store));
      transaction.oncomplete = () => done(asked.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const keep = (store, id, value) => within(store, "readwrite", (all) => all.put(value, id));
export const kept = (store, id) => within(store, "readonly", (all) => all.get(id));
export const ids = (store) => within(store, "readonly", (all) => all.getAllKeys());
export const drop = (store, id) => within(store, "readwrite", (all) => all.delete(id));
