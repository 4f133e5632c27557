#version 330
// Lights one G-buffer: a key light and an overhead light, each with a shadow map, ambient light, a
// highlight, light bleeding through skin, and a filmic tone curve. The surface is set by one of the two materials files, put in at the marked line.
uniform sampler2D G0;
uniform sampler2D G1;
uniform sampler2D G2;
uniform sampler2D G3;
uniform mat4 L0;
uniform mat4 L1;
uniform vec3 eye;
uniform vec3 keydir;
uniform vec3 keycol;
uniform vec3 topcol;
uniform vec3 ambup;
uniform vec3 ambdn;
uniform vec3 skin;
uniform vec3 hair;
uniform vec3 shirt;
uniform vec3 shorts;
uniform vec3 shoe;
uniform vec3 sole;
uniform float eyez;
uniform float eyey;
uniform float scl;
uniform float expo;
uniform sampler2D tmask;
uniform sampler2D twood;
uniform sampler2D twall;
uniform sampler2D tcloth;
uniform sampler2DShadow sh0;
uniform sampler2DShadow sh1;
uniform vec3 wallcol;
uniform vec3 floorcol;
out vec4 col;

const vec2 P[8] = vec2[8](
    vec2(-.326, -.406), vec2(-.840, -.074), vec2(-.696, .457), vec2(-.203, .621),
    vec2(.962, -.195), vec2(.473, -.480), vec2(.519, .767), vec2(.185, -.893));

float shadow(sampler2DShadow s, vec4 c, float r, float bias) {
    vec3 p = c.xyz / c.w * 0.5 + 0.5;
    p.z -= bias;
    if (p.x < 0 || p.y < 0 || p.x > 1 || p.y > 1) return 1.;
    float a = fract(sin(dot(gl_FragCoord.xy, vec2(12.9898, 78.233))) * 43758.5453) * 6.283;
    mat2 R = mat2(cos(a), -sin(a), sin(a), cos(a));
    float o = 0.;
    for (int i = 0; i < 8; i++) o += texture(s, vec3(p.xy + R * P[i] * r, p.z));
    return o / 8.;
}

void main() {
    ivec2 px = ivec2(gl_FragCoord.xy);
    vec4 q0 = texelFetch(G0, px, 0);
    vec4 q1 = texelFetch(G1, px, 0);
    vec4 q2 = texelFetch(G2, px, 0);
    vec2 uv = texelFetch(G3, px, 0).xy;
    vec3 rp = q0.xyz;
    int mat = int(q0.w + .5);
    vec3 n = q1.xyz;
    float sd = q1.w;
    vec3 wp = q2.xyz;
    vec3 V = normalize(eye - wp);
    vec4 s0 = L0 * vec4(wp + n * .008, 1.);
    vec4 s1 = L1 * vec4(wp + n * .012, 1.);
    float lod = clamp(log2(length(eye - wp) * .55), 0., 4.);
    vec3 a = vec3(.5);
    float rough = .6;
    float spec = .04;
    float wrap = .0;
    float sssr = 0.;
@MATERIALS@
    a = max(a, 0.);
    float d0 = (dot(n, keydir) + wrap) / (1. + wrap);
    float k0 = max(d0, 0.);
    float S0 = 1.;
    if (k0 > 0.) S0 = shadow(sh0, s0, .004, .0009);
    float d1 = max((n.z + .15) / 1.15, 0.);
    float S1 = 1.;
    if (d1 > 0.) S1 = shadow(sh1, s1, .017, .0018);
    vec3 dif = keycol * k0 * S0 + topcol * d1 * S1;
    if (sssr > 0.) dif += keycol * S0 * vec3(.10, .025, .012) * smoothstep(-.3, .25, d0) * smoothstep(.6, .1, d0);
    float ao = mix(.55 + .45 * S1, 1., .35);
    vec3 amb = mix(ambdn, ambup, (mat == 21 && n.z < -.5) ? .9 : n.z * .5 + .5) * ao;
    vec3 H = normalize(keydir + V);
    float pw = 2. / (rough * rough * rough * rough + 1e-3);
    float fr = spec + (1. - spec) * pow(1. - max(dot(V, H), 0.), 5.) * .5;
    float sp = (pw + 2.) / 8. * pow(max(dot(n, H), 0.), pw) * fr * max(dot(n, keydir), 0.);
    float rim = pow(1. - max(dot(n, V), 0.), 4.) * .06 * (1. - rough * .5);
    vec3 c = a * (dif + amb) + keycol * min(sp, 4.) * S0 + ambup * rim;
    c *= expo;
    c = (c * (2.51 * c + .03)) / (c * (2.43 * c + .59) + .14);  // Narkowicz' fit of the ACES curve
    if (mat == 23) c = rp;
    col = q2.w < .5 ? vec4(0.) : vec4(pow(clamp(c, 0., 1.), vec3(1. / 2.2)), 1);
}
