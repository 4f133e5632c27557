// Reads the rows that landmarker.js writes.
export const ROW_BYTES = 804;

// Positions in shares of the picture, null where unseen: of one row, at a place in its bytes.
export function shares(view, at = 0) {
  const width = view.getUint16(at + 8, true);
  const height = view.getUint16(at + 10, true);
  return Array.from({ length: 33 }, (_, mark) => {
    const [x, y, visibility] = [0, 4, 20].map((place) => view.getFloat32(at + 12 + 24 * mark + place, true));
    return visibility >= 0.5 ? [x / width, y / height] : null;
  });
}

// The row that is shown at a time: the last one that is not later, by halves.
export function rowAt(view, seconds) {
  let [low, high] = [0, view.byteLength / ROW_BYTES - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (view.getFloat64(middle * ROW_BYTES, true) <= seconds) low = middle;
    else high = middle - 1;
  }
  return low * ROW_BYTES;
}
