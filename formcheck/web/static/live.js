// The live page: from Start to the report.
import { Film } from "./film.js";
import { Landmarker, heavyFiles, whyNotHere } from "./joints.js";
import { keep } from "./kept.js";
import { sendWhenBack } from "./later.js";
import { LiveSet, SLOWEST_MS, bitmapOf, median } from "./live_set.js";
import { byId, camera, clearBody, show, showTraining } from "./live_view.js";
import { keepHeavy, openOffline } from "./offline.js";
import { remember } from "./remembered.js";
import { Voice } from "./voice.js";

const RUNNING = "formcheck-live"; // the id of the set that runs in this browser, for a second tab
const BUSY = 4001;
const TRIED = 8;
const voice = new Voice(() => byId("speak").getAttribute("aria-pressed") === "true");
let set = null;
let film = null;
let landmarker = null;
let epoch = 0; // the zero of MediaPipe's clock
let awake = null;

const isHere = "Joints are found on this device: no picture leaves it.";
const isThere = (why) => `Pictures go to the server${why ? `: ${why}` : ""}.`;
const settings = () => ({ exercise: byId("exercise").value, profile: byId("profile").value });

function running(id) {
  try {
    if (id === undefined) return localStorage.getItem(RUNNING);
    if (id) localStorage.setItem(RUNNING, id);
    else localStorage.removeItem(RUNNING);
  } catch {
    // storage is forbidden: a second tab then cannot take over
  }
  return null;
}

async function openCamera() {
  if (!navigator.mediaDevices) {
    show("advice", "Browsers give the camera only to pages on https or localhost.");
    return false;
  }
  try {
    camera.srcObject = await navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } });
  } catch (error) {
    show("advice", error.name === "NotFoundError" ? "No camera was found: connect one and try again." : "The camera was not given: allow it for this page and try again.");
    return false;
  }
  byId("stage").classList.add("on");
  await camera.play();
  byId("stage").style.aspectRatio = `${camera.videoWidth} / ${camera.videoHeight}`;
  return true;
}

// Find joints here if that is wished, possible and fast enough; what is so is shown.
async function chooseWay() {
  const wish = byId("joints").value;
  let why = wish === "server" ? "as you chose" : await whyNotHere();
  if (!why) {
    try {
      landmarker = await Landmarker.open((share) => show("advice", `Loading what finds joints, ${Math.round(100 * share)} %. Only the first time takes long.`));
      epoch = performance.now();
      const rate = wish === "here" ? Infinity : await rateHere();
      if (rate < 1000 / SLOWEST_MS) why = `this device looks at ${Math.round(rate)} pictures a second`;
    } catch (error) {
      why = error.message;
    }
  }
  if (why) closeLandmarker();
  else keepHeavy(heavyFiles()).then((isKept) => { byId("way").dataset.offline = isKept ? "yes" : "no"; });
  show("way", why ? isThere(why) : isHere);
  byId("way").dataset.way = why ? "pictures" : "landmarks";
}

async function rateHere() {
  const took = [];
  for (let count = 0; count < TRIED; count += 1) {
    const begunAt = performance.now(); // with the way to the worker and back: that is what the set would get
    await landmarker.frame(await bitmapOf(camera), (begunAt - epoch) / 1000);
    took.push(performance.now() - begunAt);
  }
  return 1000 / median(took.slice(2)); // the first ones warm it up
}

function closeLandmarker() {
  landmarker?.close();
  landmarker = null;
}

async function start(over = null) {
  byId("start").disabled = true;
  byId("ended").hidden = true;
  byId("over").hidden = true;
  byId("reps").textContent = "";
  show("count", "0");
  if (await openCamera()) {
    show("advice", "Getting ready.");
    await chooseWay();
    awake = await navigator.wakeLock?.request("screen").catch(() => null);
    film = byId("film").checked && window.MediaRecorder ? new Film(camera.srcObject) : null;
    show("advice", "Getting ready.");
    showTraining(true);
    set = new LiveSet({ landmarker, epoch, mayFallBack: byId("joints").value === "auto", settings: settings(), over, voice, on: { ready, slow, lost, end, close } });
  }
  byId("start").disabled = false;
}

function ready(one) {
  running(one.id);
  show("advice", "Stand still for two seconds.");
}

function slow(rate) {
  closeLandmarker();
  show("way", isThere(`this device looks at ${rate} pictures a second`));
  byId("way").dataset.way = "pictures";
}

function lost() {
  show("advice", "No connection: this set is recorded, and judged when the server is back.");
  voice.say("No connection. I go on recording.");
}

async function stop(one) {
  const video = film ? { ...(await film.end(one.begun)), firstS: one.firstS } : {};
  film = null;
  for (const track of camera.srcObject?.getTracks() ?? []) track.stop();
  camera.srcObject = null;
  byId("stage").classList.remove("on");
  awake?.release();
  closeLandmarker();
  clearBody();
  show("cue", "");
  showTraining(false);
  if (running() === one.id) running(""); // another tab's set may run on
  set = null;
  return video;
}

// The set is over: the server has written its report, or this device has all that is needed for one.
async function end(one, state) {
  const rows = new Blob(one.rows);
  one.socket.close(1000);
  const video = await stop(one);
  if (state.report) return offer(state.id, { rows, ...video });
  if (one.hasBeenLost || !one.isReady) return keepForLater(one, rows, video);
  show("advice", state.error ?? "The set is over; there was too little to report.");
}

async function offer(id, { rows, video, offsetS, firstS }) {
  remember(id);
  if (rows.size || video) await keep("videos", id, { rows, video, offsetS, firstS }).catch(() => null);
  show("advice", "The set is over.");
  byId("report").href = `/api/sessions/${id}/report`;
  byId("ended").hidden = false;
  byId("report").focus();
}

async function keepForLater(one, rows, video) {
  if (!rows.size) return show("advice", "The set is over; there was too little to report.");
  const name = `live set, ${new Date().toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}`;
  await keep("waiting", crypto.randomUUID(), { rows, name, settings: one.settings, partial: one.hasBeenLost ? one.id : null, video });
  show("advice", "The set is kept on this device and judged when the server is back.");
  sendWhenBack(judgedLater);
}

function judgedLater(state) {
  show("advice", `${state.name}: the server judges it now. It is among your recordings.`);
}

// The connection of a set of pictures is gone: the server writes the report of what it saw.
async function close(one, event) {
  const video = await stop(one);
  show("advice", event.reason || "The connection was lost.");
  byId("over").hidden = !(event.code === BUSY && running());
  if (!one.id || !one.answered) return;
  for (let tries = 0; tries < 20; tries += 1) {
    await new Promise((wake) => setTimeout(wake, 1500));
    const answer = await fetch(`/api/sessions/${one.id}`).catch(() => null);
    if (answer?.ok) return offer(one.id, { rows: new Blob([]), ...video });
  }
}

function toggle(id, act) {
  byId(id).addEventListener("click", () => {
    const isOn = byId(id).getAttribute("aria-pressed") !== "true";
    byId(id).setAttribute("aria-pressed", String(isOn));
    act(isOn);
  });
}

byId("start").addEventListener("click", () => (set ? set.ask("end") : start()));
byId("baseline").addEventListener("click", () => set?.ask("baseline"));
byId("over").addEventListener("click", () => start(running()));
toggle("mirror", (isOn) => byId("stage").classList.toggle("mirrored", isOn));
toggle("speak", (isOn) => { if (isOn) voice.say("Voice on."); });
window.addEventListener("beforeunload", (event) => { if (set) event.preventDefault(); });
window.addEventListener("pagehide", () => { if (set?.counted && set.id) remember(set.id); });
sendWhenBack(judgedLater);
openOffline();
