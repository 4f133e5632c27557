// The live page: pictures of the camera go to the server, what it sees comes back and is drawn over the local picture.
import { remember } from "./remembered.js";

const WIDTH = 640;
const QUALITY = 0.7;
const IN_FLIGHT = 2; // one is looked at while the next one is on its way
const BONES = [[11, 12], [11, 23], [12, 24], [23, 24], [23, 25], [25, 27], [27, 29], [29, 31], [27, 31], [24, 26], [26, 28], [28, 30], [30, 32], [28, 32], [11, 13], [13, 15], [12, 14], [14, 16]];
const WORDS = { fail: "✕", warn: "!", pass: "✓", unsure: "≈", unseen: "?" };

const byId = (id) => document.getElementById(id);
const camera = byId("camera");
const drawing = byId("drawing");
const pen = drawing.getContext("2d");
const shot = document.createElement("canvas");
const shotPen = shot.getContext("2d", { alpha: false });
let set = null;

const text = (id, value) => { if (byId(id).textContent !== value) byId(id).textContent = value; };

class LiveSet {
  constructor(stream) {
    this.stream = stream;
    this.sent = 0;
    this.answered = 0;
    this.sentAt = new Map();
    this.delays = [];
    this.answers = [];
    this.lastTime = -1;
    this.spokenSince = null;
    this.unspoken = "";
    this.isOver = false;
    this.socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/live`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.socket.send(JSON.stringify({ exercise: byId("exercise").value, profile: byId("profile").value }));
    this.socket.onmessage = (event) => this.take(JSON.parse(event.data));
    this.socket.onclose = (event) => this.close(event.reason || "The connection was lost.");
    this.begun = performance.now();
    this.watch();
  }

  watch() {
    if (this.isOver) return;
    const next = (_, frame) => { this.picture(frame); this.watch(); };
    if (camera.requestVideoFrameCallback) camera.requestVideoFrameCallback(next);
    else requestAnimationFrame(next);
  }

  picture() {
    if (!this.isReady || this.isEncoding || this.sent - this.answered >= IN_FLIGHT || !camera.videoWidth) return;
    const width = Math.min(WIDTH, camera.videoWidth);
    shot.width = width;
    shot.height = Math.round((camera.videoHeight * width) / camera.videoWidth);
    shotPen.drawImage(camera, 0, 0, shot.width, shot.height);
    const takenAt = performance.now();
    this.isEncoding = true;
    shot.toBlob(async (blob) => {
      this.isEncoding = false;
      const seconds = (takenAt - this.begun) / 1000;
      if (!blob || this.isOver || seconds <= this.lastTime) return;
      this.lastTime = seconds;
      const time = new DataView(new ArrayBuffer(8));
      time.setFloat64(0, seconds, true);
      this.sent += 1;
      this.sentAt.set(this.sent, takenAt);
      this.socket.send(new Blob([time, blob]));
    }, "image/jpeg", QUALITY);
  }

  take(state) {
    if (state.ready) { this.isReady = true; this.id = state.id; text("advice", "Stand still for two seconds."); return; }
    if (state.ended) return this.end(state);
    if (state.picture) this.measure(state.picture);
    if (state.error) { text("advice", state.error); return; }
    text("count", String(state.rep_count));
    text("advice", state.advice || state.breaking || (state.stage === "baseline" ? "Stand still for two seconds." : ""));
    text("judged", state.judged_here);
    byId("depth").style.transform = `scaleX(${state.depth ?? 0})`;
    byId("gauge").setAttribute("aria-valuenow", Math.round(100 * (state.depth ?? 0)));
    text("cue", state.cue ? state.cue.text : "");
    this.speak(state);
    state.finished.forEach(addRep);
    draw(state);
  }

  measure(number) {
    const now = performance.now();
    this.answered = number;
    this.delays.push(now - this.sentAt.get(number));
    for (const old of this.sentAt.keys()) if (old <= number) this.sentAt.delete(old);
    this.answers.push(now);
    while (this.answers[0] < now - 2000) this.answers.shift();
    while (this.delays.length > 30) this.delays.shift();
    const median = [...this.delays].sort((a, b) => a - b)[this.delays.length >> 1];
    const rate = this.answers.length / Math.min(2, Math.max(0.1, (now - this.begun) / 1000));
    text("speed", `${rate.toFixed(0)} pictures a second looked at, ${median.toFixed(0)} ms from picture to answer`);
    Object.assign(byId("speed").dataset, { rate: rate.toFixed(1), delayMs: median.toFixed(0) });
  }

  speak(state) {
    if (byId("speak").getAttribute("aria-pressed") !== "true" || !window.speechSynthesis) return;
    if (state.finished.length) this.unspoken = String(state.rep_count);
    if (speechSynthesis.speaking) return; // what is still shown afterwards is said then
    const isNew = state.cue && state.cue.since_s !== this.spokenSince;
    const line = [this.unspoken, isNew ? state.cue.text : ""].filter(Boolean).join(". ");
    if (!line) return;
    if (isNew) this.spokenSince = state.cue.since_s;
    this.unspoken = "";
    speechSynthesis.speak(new SpeechSynthesisUtterance(line));
  }

  ask(what) { if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ do: what })); }

  end(state) {
    this.isOver = true;
    text("cue", "");
    text("advice", state.report ? "The set is over." : state.error ?? "The set is over; there was too little to report.");
    if (!state.report) return;
    byId("report").href = state.report;
    byId("ended").hidden = false;
    remember(state.id);
    byId("report").focus();
  }

  // The server writes the report of a set whose connection was lost.
  async recover() {
    for (let tries = 0; tries < 20; tries += 1) {
      await new Promise((wake) => setTimeout(wake, 1500));
      const answer = await fetch(`/api/sessions/${this.id}`).catch(() => null);
      if (answer?.ok) return this.end({ id: this.id, report: `/api/sessions/${this.id}/report` });
    }
  }

  close(reason) {
    if (!this.isOver) {
      text("advice", reason);
      if (this.id && this.answered) this.recover();
    }
    this.isOver = true;
    for (const track of this.stream.getTracks()) track.stop();
    camera.srcObject = null;
    pen.clearRect(0, 0, drawing.width, drawing.height);
    showRunning(false);
    set = null;
  }
}

function addRep(rep) {
  const item = document.createElement("li");
  item.append(`${rep.number}. `);
  const worst = ["fail", "warn"].flatMap((verdict) => rep.findings.filter((one) => one.verdict === verdict));
  const judged = rep.findings.filter((one) => one.verdict === "pass");
  const close = rep.findings.some((one) => one.verdict === "unsure");
  const words = worst.map((one) => `${WORDS[one.verdict]} ${one.check.replaceAll("_", " ")}${one.side ? `, ${one.side}` : ""}`);
  const said = document.createElement("span");
  said.className = worst.length ? worst[0].verdict : judged.length ? "pass" : close ? "unsure" : "unseen";
  said.textContent = words.join("; ") || (judged.length ? `${WORDS.pass} good, as far as seen from here` : close ? `${WORDS.unsure} too close to call` : `${WORDS.unseen} could not be judged from here`);
  item.append(said);
  byId("reps").prepend(item);
}

function draw(state) {
  drawing.width = camera.videoWidth;
  drawing.height = camera.videoHeight;
  const at = state.landmarks.map((mark) => mark && [mark[0] * drawing.width, mark[1] * drawing.height]);
  const marked = new Set(state.cue ? state.cue.joints : []);
  pen.lineWidth = Math.max(2, drawing.width / 200);
  pen.strokeStyle = "rgba(255, 255, 255, .85)";
  pen.beginPath();
  for (const [from, to] of BONES) {
    if (!at[from] || !at[to]) continue;
    pen.moveTo(...at[from]);
    pen.lineTo(...at[to]);
  }
  pen.stroke();
  pen.strokeStyle = "#f2875f";
  pen.lineWidth *= 2;
  for (const joint of marked) {
    if (!at[joint]) continue;
    pen.beginPath();
    pen.arc(...at[joint], drawing.width / 28, 0, 2 * Math.PI);
    pen.stroke();
  }
}

function showRunning(isRunning) {
  byId("start").textContent = isRunning ? "End the set" : "Start";
  byId("baseline").disabled = !isRunning;
  byId("settings").disabled = isRunning;
}

async function start() {
  if (!navigator.mediaDevices) {
    text("advice", "Browsers give the camera only to pages on https or localhost.");
    return;
  }
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } });
  } catch (error) {
    text("advice", error.name === "NotFoundError" ? "No camera was found: connect one and try again." : "The camera was not given: allow it for this page and try again.");
    return;
  }
  camera.srcObject = stream;
  await camera.play();
  byId("stage").style.aspectRatio = `${camera.videoWidth} / ${camera.videoHeight}`;
  byId("reps").textContent = "";
  byId("ended").hidden = true;
  text("count", "0");
  text("advice", "Getting ready.");
  set = new LiveSet(stream);
  showRunning(true);
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
toggle("mirror", (isOn) => byId("stage").classList.toggle("mirrored", isOn));
toggle("speak", () => {});
