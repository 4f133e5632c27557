#version 330
in vec2 p;
void main() { gl_Position = vec4(p, 0.9999, 1); }
