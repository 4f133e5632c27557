"""The same analysis in a browser: videos are uploaded and reported, and a camera is watched live."""
