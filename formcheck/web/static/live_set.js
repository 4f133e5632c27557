// One live set: pictures of the camera go to the server, or the joints that this device finds in them.
import { addRep, byId, camera, clearBody, show, showBody, showDepth } from "./live_view.js";
import { ROW_BYTES, shares } from "./rows.js";

const WIDTH = 640;
const QUALITY = 0.7;
const IN_FLIGHT = 2; // of pictures: one is looked at while the next one is on its way
const MOST_WAITING_BYTES = 64_000; // of rows, which all count
const TOGETHER_MS = 90; // rows go together that were found within this time: the server judges eight times a second
export const SLOWEST_MS = 100; // ten pictures a second
const shot = document.createElement("canvas");
const shotPen = shot.getContext("2d", { alpha: false });

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

export function sizeOf(video) {
  const width = Math.min(WIDTH, video.videoWidth);
  return { width, height: Math.round((video.videoHeight * width) / video.videoWidth) };
}

export function bitmapOf(video) {
  const { width, height } = sizeOf(video);
  return createImageBitmap(video, { resizeWidth: width, resizeHeight: height, resizeQuality: "low" });
}

export class LiveSet {
  // ``landmarker`` is null where pictures are sent; ``epoch`` the zero of its clock;
  // ``on`` is told what happens: ready, slow, lost, end and close.
  constructor({ landmarker, epoch, mayFallBack, settings, over, voice, on }) {
    Object.assign(this, { landmarker, mayFallBack, settings, voice, on });
    Object.assign(this, { sent: 0, answered: 0, sentAt: new Map(), delays: [], answers: [], took: [], lastS: -1, together: [], lookedAt: 0 });
    Object.assign(this, { rows: [], counted: 0, cue: null, isOver: false, isReady: false, isBusy: false, hasBeenLost: false });
    this.begun = landmarker ? epoch : performance.now();
    this.connect(over);
    this.watch();
  }

  get hasConnection() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  connect(over) {
    const asked = new URLSearchParams({ sends: this.landmarker ? "landmarks" : "pictures", ...(over ? { over } : {}) });
    this.socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/live?${asked}`);
    this.socket.onopen = () => this.socket.send(JSON.stringify(this.settings));
    this.socket.onmessage = (event) => this.take(JSON.parse(event.data));
    this.socket.onclose = (event) => this.lose(event);
  }

  watch() {
    if (this.isOver) return;
    const next = () => { this.look(); this.watch(); };
    if (camera.requestVideoFrameCallback) camera.requestVideoFrameCallback(next);
    else requestAnimationFrame(next);
  }

  async look() {
    if (this.isBusy || !camera.videoWidth) return;
    if (!this.landmarker && (!this.isReady || this.sent - this.answered >= IN_FLIGHT)) return;
    this.isBusy = true;
    const takenAt = performance.now();
    const seconds = (takenAt - this.begun) / 1000;
    try {
      if (seconds > this.lastS) await (this.landmarker ? this.sendJoints(takenAt, seconds) : this.sendPicture(takenAt, seconds));
    } catch {
      // the camera gave no picture, or the set ended meanwhile
    } finally {
      this.isBusy = false;
    }
  }

  async sendPicture(takenAt, seconds) {
    Object.assign(shot, sizeOf(camera));
    shotPen.drawImage(camera, 0, 0, shot.width, shot.height);
    const blob = await new Promise((done) => shot.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || this.isOver) return;
    const message = new Uint8Array(8 + blob.size);
    new DataView(message.buffer).setFloat64(0, seconds, true);
    message.set(new Uint8Array(await blob.arrayBuffer()), 8);
    if (this.isOver) return;
    this.lastS = seconds;
    this.send(message, takenAt);
  }

  async sendJoints(takenAt, seconds) {
    const { row } = await this.landmarker.frame(await bitmapOf(camera), seconds);
    if (this.isOver) return;
    if (this.isReady || this.socket.readyState === WebSocket.CLOSED) this.rows.push(row); // while it connects, nothing counts
    byId("speed").dataset.rows = this.rows.length;
    showBody(shares(new DataView(row)), this.cue);
    this.lastS = seconds;
    if (!this.isReady || !this.hasConnection || this.socket.bufferedAmount > MOST_WAITING_BYTES) this.together = [];
    else this.together.push({ row, takenAt });
    if (this.together.length && takenAt - this.together[0].takenAt >= TOGETHER_MS) this.sendTogether();
    this.took = [...this.took.slice(-29), performance.now() - takenAt];
    if (this.mayFallBack && this.isReady && this.took.length === 30 && median(this.took) > SLOWEST_MS) {
      this.landmarker = null;
      this.rows = [];
      this.on.slow(Math.round(1000 / median(this.took)));
    }
  }

  sendTogether() {
    const rows = this.together.splice(0);
    const message = new Uint8Array(rows.length * ROW_BYTES);
    rows.forEach(({ row }, place) => message.set(new Uint8Array(row), place * ROW_BYTES));
    this.send(message, rows.at(-1).takenAt, rows.length);
  }

  send(message, takenAt, pictures = 1) {
    this.firstS ??= this.lastS; // the zero of the report's clock, where no row tells it
    this.sent += 1;
    this.sentAt.set(this.sent, { takenAt, pictures });
    this.socket.send(message);
  }

  take(state) {
    if (state.ready) {
      this.isReady = true;
      this.id = state.id;
      return this.on.ready(this);
    }
    if (state.ended) return this.end(state);
    if (state.picture) this.measure(state.picture);
    if (state.error) return show("advice", state.error);
    this.cue = state.cue;
    this.counted = state.rep_count;
    show("count", String(state.rep_count));
    show("cue", state.cue ? state.cue.text : "");
    show("advice", state.advice || state.breaking || (state.stage === "baseline" ? "Stand still for two seconds." : ""));
    show("judged", state.judged_here);
    showDepth(state.depth);
    this.voice.hear(state);
    state.finished.forEach(addRep);
    if (!this.landmarker) showBody(state.landmarks, state.cue);
  }

  measure(number) {
    const now = performance.now();
    this.answered = number;
    const { takenAt, pictures } = this.sentAt.get(number) ?? { takenAt: now, pictures: 0 };
    this.delays.push(now - takenAt);
    for (const old of this.sentAt.keys()) if (old <= number) this.sentAt.delete(old);
    for (let count = 0; count < pictures; count += 1) this.answers.push(now);
    this.lookedAt += pictures;
    while (this.answers[0] < now - 2000) this.answers.shift();
    while (this.delays.length > 30) this.delays.shift();
    const delay = median(this.delays) ?? 0;
    const rate = this.answers.length / Math.min(2, Math.max(0.1, (now - this.begun) / 1000));
    show("speed", `${rate.toFixed(0)} pictures a second looked at, ${delay.toFixed(0)} ms from picture to answer`);
    Object.assign(byId("speed").dataset, { rate: rate.toFixed(1), delayMs: delay.toFixed(0), pictures: this.lookedAt });
  }

  ask(what) {
    if (this.hasConnection) {
      if (this.together.length) this.sendTogether();
      this.socket.send(JSON.stringify({ do: what }));
    }
    else if (what === "end") this.end({ report: null });
  }

  end(state) {
    if (this.isOver) return;
    this.isOver = true;
    this.on.end(this, state);
  }

  // Nothing that was said before is true any more. Who finds joints here goes on recording.
  lose(event) {
    if (this.isOver) return;
    this.cue = null;
    show("cue", "");
    show("judged", "");
    showDepth(null);
    if (this.landmarker && event.code < 4000) {
      this.hasBeenLost = this.isReady;
      return this.on.lost(this);
    }
    clearBody();
    this.isOver = true;
    this.on.close(this, event);
  }
}
