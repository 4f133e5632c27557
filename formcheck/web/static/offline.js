// The pages open without the server, where the browser allows it: on localhost, or with a certificate that it trusts.
export async function openOffline() {
  try {
    await navigator.serviceWorker?.register("/sw.js");
  } catch {
    // a certificate that the browser warns of: the pages work, but not offline
  }
}

// What finds joints is kept for then, too; true once all of it is.
export async function keepHeavy(addresses) {
  const { active } = (await navigator.serviceWorker?.getRegistration()) ? await navigator.serviceWorker.ready : {};
  if (!active) return false;
  return new Promise((done) => {
    navigator.serviceWorker.addEventListener("message", ({ data }) => done(data.kept), { once: true });
    active.postMessage({ heavy: Object.values(addresses) });
  });
}
