// The report of a recording whose video stays in this browser: it is played here, with the joints drawn over it.
import { kept } from "./kept.js";
import { ROW_BYTES, rowAt, shares } from "./rows.js";
import { drawBody } from "./skeleton.js";

const [, , , id] = location.pathname.split("/");
const found = await kept("videos", id).catch(() => null);
if (found?.video) await play(found);

async function play({ video: film, rows, offsetS, firstS = 0 }) {
  const video = document.getElementById("video");
  const view = new DataView(await rows.arrayBuffer());
  const beginsS = (view.byteLength ? view.getFloat64(0, true) : firstS) + offsetS;
  if (view.byteLength >= ROW_BYTES) cover(video, view, offsetS);
  video.dataset.beginsS = beginsS;
  document.body.classList.add("with-video");
  video.src = URL.createObjectURL(film);
}

function cover(video, view, offsetS) {
  const box = document.createElement("div");
  box.className = "film";
  video.replaceWith(box);
  const drawing = document.createElement("canvas");
  drawing.setAttribute("aria-hidden", "true");
  box.append(video, drawing);
  const pen = drawing.getContext("2d");
  const draw = () => {
    if (drawing.width !== video.videoWidth) [drawing.width, drawing.height] = [video.videoWidth, video.videoHeight];
    drawBody(pen, shares(view, rowAt(view, video.currentTime - offsetS + 0.001)));
  };
  const follow = () => {
    draw();
    if (!video.paused) requestAnimationFrame(follow);
  };
  for (const name of ["seeked", "loadeddata", "play"]) video.addEventListener(name, follow);
}
