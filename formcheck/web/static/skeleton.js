// Draws a body on a canvas that lies over a picture.
const BONES = [[11, 12], [11, 23], [12, 24], [23, 24], [23, 25], [25, 27], [27, 29], [29, 31], [27, 31], [24, 26], [26, 28], [28, 30], [30, 32], [28, 32], [11, 13], [13, 15], [12, 14], [14, 16]];

// ``marks`` are positions in shares of the picture, null where unseen; ``ringed`` are the numbers of joints.
export function drawBody(pen, marks, ringed = []) {
  const { width, height } = pen.canvas;
  pen.clearRect(0, 0, width, height);
  const at = marks.map((mark) => mark && [mark[0] * width, mark[1] * height]);
  pen.lineWidth = Math.max(2, width / 200);
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
  for (const joint of ringed) {
    if (!at[joint]) continue;
    pen.beginPath();
    pen.arc(...at[joint], width / 28, 0, 2 * Math.PI);
    pen.stroke();
  }
}
