// The upload page: sends videos, follows each one through the queue, links to its report.
import { Landmarker, canDecode, whyNotHere } from "./joints.js";
import { drop as dropKept, keep } from "./kept.js";
import { judged, sendWhenBack } from "./later.js";
import { isKept, refresh, removedFrom } from "./library.js";
import { openOffline } from "./offline.js";
import { forget, remember, remembered, whenRemembered } from "./remembered.js";

const POLL_MS = 700;
const STAGES = {
  "": "Starting", decoding: "Opening the video", landmarks: "Finding the joints", people: "Looking for people",
  athlete: "Following the one who trains", drawing: "Drawing the video", report: "Writing the report",
};

const byId = (id) => document.getElementById(id);
const jobs = byId("jobs");
const rows = new Map();
// So many videos are on their way at once; the others wait for them, and for room in the server's queue.
const MOST_AT_ONCE = 3;
const FULL_MS = 3000;
const toSend = [];
let onTheirWay = 0;
const waitingRows = []; // of recordings that the server has not heard of yet

const say = (text) => { byId("said").textContent = text; };

function minutes(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const whole = Math.round(seconds / 60);
  return whole < 90 ? `${whole} min` : `${Math.round(whole / 60)} h`;
}

function addRow(name) {
  const row = { item: document.createElement("li") };
  // The id of the session once the server has the recording, null where it takes none.
  row.taken = new Promise((settle) => { row.settle = settle; });
  const top = row.item.appendChild(document.createElement("div"));
  top.className = "top";
  row.name = top.appendChild(document.createElement("span"));
  row.name.className = "name";
  row.link = top.appendChild(document.createElement("a"));
  row.link.className = "button main";
  row.link.hidden = true;
  row.link.textContent = "Report";
  row.remove = top.appendChild(document.createElement("button"));
  row.remove.type = "button";
  row.status = row.item.appendChild(document.createElement("div"));
  row.bar = row.item.appendChild(document.createElement("progress"));
  row.bar.max = 1;
  rename(row, name);
  setStatus(row, "Uploading");
  label(row, "Cancel");
  jobs.prepend(row.item);
  byId("none").hidden = true;
  return row;
}

function rename(row, name) {
  row.name.textContent = name;
  row.link.setAttribute("aria-label", `Report of ${name}`);
  row.bar.setAttribute("aria-label", `Progress of ${name}`);
}

function label(row, word) {
  row.remove.textContent = word;
  row.remove.setAttribute("aria-label", `${word} ${row.name.textContent}`);
}

function setStatus(row, text, isFailure = false) {
  row.status.textContent = text;
  row.status.className = isFailure ? "failed" : "soft small";
}

function dropRow(row, id) {
  row.item.remove();
  row.settle(null);
  rows.delete(id);
  if (id) {
    forget(id);
    dropKept("videos", id).catch(() => null);
  }
  byId("none").hidden = jobs.children.length > 0;
}

function show(row, state) {
  rename(row, state.name);
  row.bar.value = state.progress;
  const left = state.seconds_left === null ? "" : `, about ${minutes(state.seconds_left)} left`;
  if (state.state === "queued") setStatus(row, state.position === 1 ? "Waiting, next in the queue" : `Waiting, number ${state.position} in the queue`);
  if (state.state === "running") setStatus(row, `${STAGES[state.stage] ?? state.stage}, ${Math.round(state.progress * 100)} %${left}`);
  if (state.state === "done") setStatus(row, state.removed_in_s === null ? "Done" : `Removed from the server in ${minutes(state.removed_in_s)}`);
  if (state.state === "failed") setStatus(row, state.error, true);
  if (state.state === "cancelled") setStatus(row, "Cancelled");
  const isOver = ["done", "failed", "cancelled"].includes(state.state);
  row.bar.hidden = isOver;
  label(row, isOver ? "Remove" : "Cancel");
  if (state.state === "done") {
    row.link.href = `/api/sessions/${state.id}/report`;
    row.link.hidden = false;
  }
  return isOver;
}

// Two files that come together are one session, seen from front and side: each is analysed, then there is one report.
async function join(ids, name) {
  const row = addRow(name);
  setStatus(row, "Waiting for both recordings");
  try {
    const answer = await fetch("/api/sessions/joined", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ sessions: ids }),
    });
    const text = await answer.text();
    if (answer.status !== 201) return setStatus(row, reason(text), true);
    const state = JSON.parse(text);
    remember(state.id);
    follow(row, state.id);
  } catch {
    setStatus(row, "The server does not answer: try again", true);
  }
}

async function take(files) {
  const names = [...files].map((file) => file.name);
  const taken = [...files].map((file) => takeOne(file).taken);
  if (taken.length !== 2 || !byId("together").checked) return;
  const ids = await Promise.all(taken);
  if (ids.every(Boolean)) join(ids, names.join(" + "));
}

async function follow(row, id) {
  rows.set(id, row);
  row.remove.onclick = async () => {
    try {
      await fetch(`/api/sessions/${id}`, { method: "DELETE" });
    } catch {
      return setStatus(row, "The server does not answer: try again", true);
    }
    say(`${row.name.textContent} was removed.`);
    dropRow(row, id);
    byId("file").focus();
  };
  while (rows.has(id)) {
    let answer;
    try {
      answer = await fetch(`/api/sessions/${id}`);
    } catch {
      setStatus(row, "The server does not answer; trying again", true);
      await new Promise((wake) => setTimeout(wake, 4 * POLL_MS));
      continue;
    }
    if (answer.status === 404) return dropRow(row, id);
    if (!answer.ok) return setStatus(row, await answer.text(), true);
    const state = await answer.json();
    if (show(row, state)) {
      if (state.state === "done" && isKept()) {
        row.item.remove();
        rows.delete(id);
        refresh();
      }
      say(state.state === "done" ? `The report of ${state.name} is ready.` : `${state.name}: ${state.error ?? state.state}`);
      return;
    }
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

function settingsNow() {
  const settings = Object.fromEntries(["exercise", "view", "profile"].map((name) => [name, byId(name).value]));
  const height = byId("height").value && byId("height").checkValidity() ? { height_cm: byId("height").value } : {};
  return { ...settings, ...height, mirrored: byId("mirrored").checked };
}

function takeOne(file) {
  const row = addRow(file.name);
  if (byId("here").checked) findHere(file, settingsNow(), row);
  else upload(file, settingsNow(), row);
  return row;
}

// One file at a time is looked at here: the processor has no more than that to give.
let before = Promise.resolve();
function findHere(file, settings, row) {
  let isWanted = true;
  let landmarker = null;
  setStatus(row, "Waiting for this device");
  row.remove.onclick = () => { isWanted = false; landmarker?.close(); dropRow(row, null); };
  const work = async () => {
    if (!isWanted) return;
    landmarker = await Landmarker.open((share) => progress(row, "Loading what finds joints, only the first time", share));
    const { rows: found, offsetS } = await landmarker.video(file, settings.mirrored, (share) => progress(row, "Finding the joints on this device", share));
    await handIn(row, file, settings, found, offsetS);
  };
  before = before.then(work).catch((error) => isWanted && offerUpload(row, file, settings, error.message)).finally(() => landmarker?.close());
}

function progress(row, words, share) {
  row.bar.value = share;
  setStatus(row, `${words}, ${Math.round(share * 100)} %`);
}

async function handIn(row, file, settings, found, offsetS) {
  const video = { video: file, offsetS };
  try {
    const state = await judged(found, file.name, settings);
    await keep("videos", state.id, { rows: found, ...video }).catch(() => null);
    remember(state.id);
    row.settle(state.id);
    follow(row, state.id);
  } catch (error) {
    if (error.status) throw error;
    await keep("waiting", crypto.randomUUID(), { rows: found, name: file.name, settings, partial: null, video });
    setStatus(row, "The server does not answer. Kept on this device, and judged when it is back");
    row.bar.hidden = true;
    waitingRows.push(row.item);
    sendWhenBack(judgedLater);
  }
}

function judgedLater(state) {
  for (const item of waitingRows.splice(0)) item.remove();
  follow(addRow(state.name), state.id);
}

// Nothing is sent without being asked for: where the joints cannot be found here, the person decides.
function offerUpload(row, file, settings, reason) {
  setStatus(row, `Not on this device: ${reason}.`, true);
  row.bar.hidden = true;
  label(row, "Remove");
  const send = document.createElement("button");
  send.type = "button";
  send.textContent = "Send the video to the server";
  send.onclick = () => { send.remove(); row.bar.hidden = false; label(row, "Cancel"); upload(file, settings, row); };
  row.item.append(send);
  say(`${file.name}: ${row.status.textContent}`);
}

function upload(file, settings, row) {
  toSend.push(() => send(file, settings, row));
  setStatus(row, "Waiting to be sent");
  row.remove.onclick = () => { row.isUnwanted = true; dropRow(row, null); };
  sendNext();
}

function sendNext() {
  while (onTheirWay < MOST_AT_ONCE && toSend.length) {
    onTheirWay += 1;
    toSend.shift()();
  }
}

function sent() {
  onTheirWay -= 1;
  sendNext();
}

function send(file, settings, row) {
  if (row.isUnwanted) return sent();
  const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
  request.open("POST", `/api/sessions?${new URLSearchParams({ name: file.name.slice(0, 200), ...settings })}`);
  request.setRequestHeader("Content-Type", "video/*");
  request.upload.onprogress = (event) => {
    row.bar.value = event.loaded / event.total;
    setStatus(row, `Uploading, ${Math.round((100 * event.loaded) / event.total)} %`);
  };
  const fail = (text) => {
    sent();
    setStatus(row, text, true);
    row.bar.hidden = true;
    label(row, "Remove");
    say(`${file.name}: ${text}`);
    row.settle(null);
  };
  request.onerror = () => fail("The upload was broken off: try again.");
  request.onload = () => {
    if (request.status === 503) { // the queue is full: this one has not been lost, it goes again
      setStatus(row, "Waiting for room in the server's queue");
      setTimeout(() => { toSend.unshift(() => send(file, settings, row)); sent(); }, FULL_MS);
      return;
    }
    if (request.status !== 201) return fail(reason(request.responseText));
    sent();
    const state = JSON.parse(request.responseText);
    remember(state.id);
    row.settle(state.id);
    follow(row, state.id);
  };
  row.remove.onclick = () => { row.isUnwanted = true; request.abort(); dropRow(row, null); };
  request.onabort = sent;
  request.send(file);
  say(`Uploading ${file.name}.`);
}

function reason(text) {
  try {
    const { detail } = JSON.parse(text);
    return typeof detail === "string" ? detail : "The server did not take it.";
  } catch {
    return text || "The server did not take it.";
  }
}

const drop = byId("drop");
for (const name of ["dragover", "drop"]) { // a file beside the field would be opened in place of the page
  window.addEventListener(name, (event) => event.preventDefault());
}
byId("file").addEventListener("change", (event) => {
  take(event.target.files);
  event.target.value = "";
});
byId("sample").addEventListener("click", async () => {
  const row = addRow("Sample clip");
  try {
    const answer = await fetch("/api/sessions/sample", { method: "POST" });
    const text = await answer.text();
    if (answer.status !== 201) return setStatus(row, reason(text), true);
    const state = JSON.parse(text);
    remember(state.id);
    follow(row, state.id);
    row.item.scrollIntoView({ block: "nearest" });
  } catch {
    setStatus(row, "The server does not answer: try again", true);
  }
});
byId("form").addEventListener("submit", (event) => event.preventDefault());
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  take(event.dataTransfer.files);
});
refresh().then((listed) => {
  const known = new Set(listed.map((one) => one.id));
  for (const one of listed) if (["queued", "running"].includes(one.state)) follow(addRow(one.name), one.id);
  for (const id of remembered()) if (!known.has(id)) follow(addRow("…"), id);
});
removedFrom((id) => { forget(id); dropKept("videos", id).catch(() => null); });
whenRemembered((id) => { if (!rows.has(id)) follow(addRow("…"), id); });
whyNotHere().then((why) => {
  const reason = why || (canDecode() ? "" : "this browser cannot give single pictures of a video");
  byId("here").checked = byId("here").checked && !reason;
  byId("here").disabled = Boolean(reason);
  byId("why-not").textContent = reason ? ` Not here: ${reason}.` : "";
  byId("here").dataset.known = "yes";
});
sendWhenBack(judgedLater);
openOffline();
