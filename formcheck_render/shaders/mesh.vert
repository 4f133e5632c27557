#version 330
// Passes world and rest positions through; the rest position carries the textures of cloth and hair.
in vec3 in_pos;
in vec3 in_nrm;
in vec3 in_rest;
in vec2 in_uv;
in float in_sd;
in float in_mat;
uniform mat4 VP;
out vec3 wp;
out vec3 wn;
out vec3 rp;
out vec2 uv;
out float sd;
flat out int mat;

void main() {
    wp = in_pos;
    wn = in_nrm;
    rp = in_rest;
    uv = in_uv;
    sd = in_sd;
    mat = int(in_mat + 0.5);
    gl_Position = VP * vec4(in_pos, 1);
}
