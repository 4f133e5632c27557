// Sets that were recorded without the server: they are judged once it is there again.
import { drop, ids, keep, kept } from "./kept.js";
import { forget, remember } from "./remembered.js";

const AGAIN_MS = 15_000;

// The rows of all pictures of a recording are judged as a video of them would be; the session's state, or throws.
export async function judged(rows, name, settings) {
  const asked = new URLSearchParams({ name: name.slice(0, 200), ...settings });
  const answer = await fetch(`/api/sessions/landmarks?${asked}`, { method: "POST", body: await rows.arrayBuffer(), headers: { "Content-Type": "application/octet-stream" } });
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(typeof told.detail === "string" ? told.detail : "the server did not take it"), { status: answer.status });
}

// Send what waits; ``told`` hears of each that the server has taken. ``partial`` is what it made of the beginning.
export async function sendWaiting(told) {
  let left = 0;
  for (const key of await ids("waiting")) {
    const { rows, name, settings, partial, video } = await kept("waiting", key);
    try {
      const state = await judged(rows, name, settings);
      await keep("videos", state.id, { rows, ...video });
      remember(state.id);
      if (partial) {
        await fetch(`/api/sessions/${partial}`, { method: "DELETE" });
        forget(partial);
      }
      told(state, key);
      await drop("waiting", key);
    } catch (error) {
      if (error.status === 422) await drop("waiting", key); // it can never be judged
      else left += 1;
    }
  }
  return left;
}

export function sendWhenBack(told) {
  let isSending = false;
  const attempt = async () => {
    if (isSending) return;
    isSending = true;
    const left = await sendWaiting(told).catch(() => 0);
    isSending = false;
    if (left) setTimeout(attempt, AGAIN_MS);
  };
  window.addEventListener("online", attempt);
  return attempt();
}
