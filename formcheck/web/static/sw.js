// Lets the pages open without the server. What comes from the network is kept; what is asked for without it comes from
// there. The heavy files, whose addresses hold their digests, are asked for once.
const KEPT = "formcheck-pages";
const HEAVY = "formcheck-heavy";
const PAGES = ["/", "/live"];
const PARTS = [
  "film.js", "film_front.svg", "film_side.svg", "icon-192.png", "icon-512.png", "icon.svg", "joints.js", "kept.js", "landmarker.js", "later.js", "library.js", "live.css", "live.js",
  "live_set.js", "live_view.js", "manifest.webmanifest", "offline.js", "placing.svg", "remembered.js", "rows.js",
  "skeleton.js", "style.css", "upload.js", "voice.js",
].map((name) => `/static/${name}`);

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll([...PAGES, ...PARTS, "/api/vision"])));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page says which heavy files it uses; others are of an older version.
self.addEventListener("message", ({ data, source }) => {
  keepHeavy(data.heavy).then(() => source.postMessage({ kept: true }), () => source.postMessage({ kept: false }));
});

async function keepHeavy(addresses) {
  const cache = await caches.open(HEAVY);
  for (const request of await cache.keys()) if (!addresses.includes(new URL(request.url).pathname)) await cache.delete(request);
  for (const address of addresses) if (!(await cache.match(address))) await cache.add(address);
}

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { pathname, origin } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/static/heavy/")) event.respondWith(caches.match(url).then((found) => found ?? fetch(event.request)));
  else if (PAGES.includes(pathname) || PARTS.includes(pathname) || pathname === "/api/vision") event.respondWith(newest(event.request, pathname));
});

async function newest(request, pathname) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await (await caches.open(KEPT)).put(pathname, answer.clone());
    return answer;
  } catch (error) {
    const found = await caches.match(pathname, { ignoreSearch: true });
    if (found) return found;
    throw error;
  }
}
