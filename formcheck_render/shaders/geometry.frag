#version 330
// Fills the G-buffer: rest position and material, normal and signed distance, world position, UV.
in vec3 wp;
in vec3 wn;
in vec3 rp;
in vec2 uv;
in float sd;
flat in int mat;
uniform vec3 eye;
uniform sampler2D tcloth;
layout(location = 0) out vec4 g0;
layout(location = 1) out vec4 g1;
layout(location = 2) out vec4 g2;
layout(location = 3) out vec2 g3;

void main() {
    vec3 n = normalize(wn);
    if (mat < 20 && dot(n, eye - wp) < 0.) n = -n;
    if ((mat == 2 || mat == 3) && sd < 0.) discard;  // outside the garment
    if (mat == 4) {                                  // strands at the hairline
        float s = texture(tcloth, vec2(rp.x * 6. + rp.y * 4., rp.z * 1.2)).r;
        if (sd + (s - .5) * .02 < 0.) discard;
    }
    g0 = vec4(rp, float(mat));
    g1 = vec4(n, sd);
    g2 = vec4(wp, 1.);
    g3 = uv;
}
