// A worker that finds joints with MediaPipe's own code and formcheck's model, in pictures of a camera or of a file.
// What it sends is a row of 804 bytes a picture, as formcheck/web/landmark_rows.py has it.
const ROW_BYTES = 804;
const MARKS = 33;
for (const name of ["debug", "error", "info", "log", "warn"]) console[name] = () => {}; // MediaPipe's talk; its errors are thrown

let landmarker = null;
let clockMs = 0;
let addresses = null;

// Into the browser's cache, from where whoever wants it next has it; how far it is, is told.
async function fetched(url, told) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the server has no ${url.split("/").pop()}`);
  const parts = [];
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    told(value.length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function open({ files, bytes }) {
  addresses = files;
  const heavy = ["model.task", "vision_wasm_module_internal.wasm"];
  const all = heavy.reduce((sum, name) => sum + bytes[name], 0);
  let come = 0;
  const told = (length) => { come += length; postMessage({ loading: come / all }); };
  const [model] = await Promise.all(heavy.map((name) => fetched(files[name], told)));
  const { PoseLandmarker } = await import(files["vision_bundle.mjs"]);
  const code = { wasmLoaderPath: files["vision_wasm_module_internal.js"], wasmBinaryPath: files["vision_wasm_module_internal.wasm"] };
  const options = { baseOptions: { modelAssetBuffer: model, delegate: "CPU" }, runningMode: "VIDEO", numPoses: 1 };
  landmarker = await PoseLandmarker.createFromOptions(code, options);
}

// MediaPipe's clock: whole milliseconds that rise.
function found(picture, seconds) {
  clockMs = Math.max(Math.round(seconds * 1000), clockMs + 1);
  return landmarker.detectForVideo(picture, clockMs);
}

function write(view, at, seconds, width, height, { landmarks: [image], worldLandmarks: [world] }) {
  view.setFloat64(at, seconds, true);
  view.setUint16(at + 8, width, true);
  view.setUint16(at + 10, height, true);
  for (let mark = 0; mark < MARKS; mark += 1) {
    const seen = image?.[mark];
    const numbers = seen ? [seen.x * width, seen.y * height, world[mark].x, world[mark].y, world[mark].z, seen.visibility] : Array(6).fill(NaN);
    numbers.forEach((number, place) => view.setFloat32(at + 12 + 24 * mark + 4 * place, number, true));
  }
}

function frame({ bitmap, seconds }) {
  const buffer = new ArrayBuffer(ROW_BYTES);
  write(new DataView(buffer), 0, seconds, bitmap.width, bitmap.height, found(bitmap, seconds));
  bitmap.close();
  postMessage({ row: buffer }, [buffer]);
}

// Every picture of a file, at the time that its container gives it, counted from the first one.
async function video({ file, mirrored }) {
  const { ALL_FORMATS, BlobSource, Input, VideoSampleSink } = await import(addresses["mediabunny.min.mjs"]);
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (!track || !(await track.canDecode())) throw new Error("this browser cannot decode it");
  const { displayWidth: width, displayHeight: height } = track;
  const lastS = await track.computeDuration();
  const pen = new OffscreenCanvas(width, height).getContext("2d", { alpha: false, willReadFrequently: true });
  if (mirrored) pen.setTransform(-1, 0, 0, 1, width, 0);
  const rows = [];
  let firstS = null;
  for await (const sample of new VideoSampleSink(track).samples()) {
    firstS ??= sample.timestamp;
    sample.draw(pen, 0, 0, width, height);
    const buffer = new ArrayBuffer(ROW_BYTES);
    const seconds = sample.timestamp - firstS;
    sample.close();
    write(new DataView(buffer), 0, seconds, width, height, found(pen.getImageData(0, 0, width, height), seconds));
    rows.push(buffer);
    postMessage({ looked: lastS > firstS ? Math.min(1, seconds / (lastS - firstS)) : 0 });
  }
  postMessage({ rows: new Blob(rows), offsetS: firstS ?? 0 });
}

function close() {
  landmarker?.close();
  landmarker = null;
}

const acts = { open, frame, video, close };
let order = Promise.resolve();
onmessage = ({ data }) => {
  order = order.then(() => acts[data.do](data)).then(
    () => postMessage({ did: data.do }),
    (error) => postMessage({ did: data.do, error: String(error?.message ?? error) }),
  );
};
