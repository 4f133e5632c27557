"use strict";
(() => {
  const video = document.getElementById("video");
  const timed = document.querySelectorAll("[data-at-s]");
  const drawings = document.querySelectorAll(".drawing");

  function jump(seconds, play) {
    video.currentTime = seconds;
    if (play) video.play().catch(() => {});
    else video.pause();
    video.scrollIntoView({ block: "nearest" });
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
    const { left, right, startS, endS } = drawing.dataset;
    const svg = drawing.firstElementChild;
    const cursor = document.createElementNS(svg.namespaceURI, "line");
    cursor.setAttribute("class", "cursor");
    cursor.setAttribute("y1", 14);
    cursor.setAttribute("y2", 124);
    svg.append(cursor);
    return () => {
      const share = (video.currentTime - startS) / (endS - startS);
      const x = Number(left) + Math.min(1, Math.max(0, share)) * (right - left);
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
    };
  }

  function enable() {
    document.body.classList.add("can-jump");
    for (const element of timed) {
      element.addEventListener("click", (event) => {
        event.stopPropagation();
        jump(Number(element.dataset.atS), "play" in element.dataset);
      });
      if (!element.classList.contains("jump")) continue;
      element.tabIndex = 0;
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", `Show ${element.textContent} in the video`);
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        element.click();
      });
    }
    const cursors = Array.from(drawings, addCursor);
    for (const drawing of drawings) {
      drawing.addEventListener("click", (event) => jump(secondsAt(drawing, event), false));
    }
    const follow = () => cursors.forEach((move) => move());
    for (const name of ["timeupdate", "seeked"]) video.addEventListener(name, follow);
    follow();
  }

  // The video may not be where the page looks for it: the page then does without.
  video.addEventListener("error", () => document.body.classList.remove("with-video", "can-jump"));
  if (video.readyState >= 1) enable();
  else video.addEventListener("loadedmetadata", enable, { once: true });
})();
