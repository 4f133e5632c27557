(() => {
  const videos = [...document.querySelectorAll(".player video")];
  const timed = document.querySelectorAll("[data-at-s]");
  const drawings = document.querySelectorAll(".drawing");
  // A video that stays in the browser may begin before its first pose (local_video.js).
  const aheadS = (video) => Number(video.dataset.aheadS) + Number(video.dataset.beginsS ?? 0);

  // A time is the report's, and every video shows it; with the number of a recording that one alone does.
  function shown(recording) {
    return recording ? videos.filter((video) => video.dataset.recording === recording) : videos;
  }

  function jump(seconds, play, recording) {
    for (const video of videos) {
      if (!shown(recording).includes(video)) video.pause();
    }
    for (const video of shown(recording)) {
      video.currentTime = Math.max(0, seconds + aheadS(video));
      if (play) video.play().catch(() => {});
      else video.pause();
    }
    document.querySelector(".player").scrollIntoView({ block: "nearest" });
  }

  function secondsAt(drawing, event) {
    const { left, right, startS, endS } = drawing.dataset;
    const svg = drawing.firstElementChild;
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    const share = Math.min(1, Math.max(0, (x - left) / (right - left)));
    return Number(startS) + share * (endS - startS);
  }

  function addCursor(drawing) {
    const { left, right, startS, endS, recording } = drawing.dataset;
    const svg = drawing.firstElementChild;
    const video = shown(recording)[0] ?? videos[0];
    const cursor = document.createElementNS(svg.namespaceURI, "line");
    cursor.setAttribute("class", "cursor");
    cursor.setAttribute("y1", 14);
    cursor.setAttribute("y2", 124);
    svg.append(cursor);
    return () => {
      const share = (video.currentTime - aheadS(video) - startS) / (endS - startS);
      const x = Number(left) + Math.min(1, Math.max(0, share)) * (right - left);
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
    };
  }

  // A plot is a way through time for the keyboard as well: a tenth of a second a key, a second with Page Up and Down.
  function slider(drawing) {
    const { startS, endS, recording } = drawing.dataset;
    const video = shown(recording)[0] ?? videos[0];
    const plot = drawing.parentElement;
    Object.entries({ role: "slider", "aria-valuemin": startS, "aria-valuemax": endS, "aria-valuenow": startS })
      .forEach(([name, value]) => plot.setAttribute(name, value));
    video.addEventListener("timeupdate", () => plot.setAttribute("aria-valuenow", (video.currentTime - aheadS(video)).toFixed(1)));
    const ways = { ArrowLeft: -0.1, ArrowRight: 0.1, PageDown: -1, PageUp: 1 };
    plot.addEventListener("keydown", (event) => {
      const here = video.currentTime - aheadS(video);
      const to = { Home: Number(startS), End: Number(endS) }[event.key] ?? (event.key in ways ? here + ways[event.key] : null);
      if (to === null) return;
      event.preventDefault();
      jump(Math.min(Math.max(to, startS), endS), false, recording);
    });
  }

  function clickable(element) {
    const { atS, recording } = element.dataset;
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      jump(Number(atS), "play" in element.dataset, recording);
    });
    if (!element.matches(".jump, .cell")) return;
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", `Show ${element.textContent.trim()} in the video`);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      element.click();
    });
  }

  function enable() {
    document.body.classList.add("can-jump");
    timed.forEach(clickable);
    const cursors = Array.from(drawings, addCursor);
    for (const drawing of drawings) {
      slider(drawing);
      drawing.addEventListener("click", (event) => jump(secondsAt(drawing, event), false, drawing.dataset.recording));
    }
    const follow = () => cursors.forEach((move) => move());
    for (const video of videos) {
      for (const name of ["timeupdate", "seeked"]) video.addEventListener(name, follow);
    }
    follow();
  }

  // A video may not be where the page looks for it: the page then does without.
  let left = videos.length;
  const seen = () => { left -= 1; if (left === 0 && videos.some((video) => video.readyState >= 1)) enable(); };
  for (const video of videos) {
    video.addEventListener("error", () => {
      video.hidden = true;
      if (videos.every((other) => other.hidden)) document.body.classList.remove("with-video", "can-jump");
      else seen();
    });
    if (video.readyState >= 1) seen();
    else video.addEventListener("loadedmetadata", seen, { once: true });
  }
})();
