// What the live page shows: words, the count and the body, as large as there is room for.
import { drawBody } from "./skeleton.js";

const WORDS = { fail: "✕", warn: "!", pass: "✓", unsure: "≈", unseen: "?" };
export const byId = (id) => document.getElementById(id);
export const camera = byId("camera");
const drawing = byId("drawing");
const pen = drawing.getContext("2d");
const LARGE = ["count", "cue", "advice"];

export function show(id, value) {
  const element = byId(id);
  if (element.textContent === value) return;
  element.textContent = value;
  if (LARGE.includes(id)) fill();
}

// The largest letters with which each of the large words fits into the room that it has.
export function fill() {
  for (const id of LARGE) byId(id).style.fontSize = "";
  if (!document.body.classList.contains("training")) return;
  for (const id of LARGE) {
    const element = byId(id);
    if (!element.textContent || !element.clientHeight) continue;
    let [low, high] = [16, 1000];
    while (high - low > 2) {
      const middle = (low + high) / 2;
      element.style.fontSize = `${middle}px`;
      const fits = element.scrollHeight <= element.clientHeight + 1 && element.scrollWidth <= element.clientWidth + 1;
      [low, high] = fits ? [middle, high] : [low, middle];
    }
    element.style.fontSize = `${low}px`;
  }
}

export function showBody(marks, cue) {
  if (drawing.width !== camera.videoWidth) [drawing.width, drawing.height] = [camera.videoWidth, camera.videoHeight];
  drawBody(pen, marks, cue ? cue.joints : []);
}

export const clearBody = () => pen.clearRect(0, 0, drawing.width, drawing.height);

export function showDepth(depth) {
  byId("depth").style.transform = `scaleX(${depth ?? 0})`;
  byId("gauge").setAttribute("aria-valuenow", Math.round(100 * (depth ?? 0)));
}

export function addRep(rep) {
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

// During a set nothing but the set is on the screen, and nothing scrolls.
export function showTraining(isTraining) {
  document.body.classList.toggle("training", isTraining);
  byId("start").textContent = isTraining ? "End the set" : "Start";
  byId("baseline").disabled = !isTraining;
  byId("settings").disabled = isTraining;
  for (const part of document.querySelectorAll("[data-rest]")) part.hidden = isTraining;
  fill();
}

window.addEventListener("resize", fill);
