    if (mat == 0) {  // skin; sd > 0: sock
        vec4 m = textureLod(tmask, uv, lod);
        a = skin * (1. + (m.b - .5) * 1.1);
        vec2 cheek = vec2(abs(rp.x), rp.z) - vec2(.045, eyez - .042) * vec2(scl, 1.);
        float blush = exp(-pow(length(cheek / .025), 2.)) * step(rp.y, eyey + .06);
        a = mix(a, a * vec3(1.06, .86, .84), blush * .55);
        a = mix(a, a * vec3(.86, .58, .58), m.r * .85);
        a = mix(a, a * vec3(.82, .72, .70), m.g * .6);
        float bx = abs(rp.x) / scl;
        float bz = (rp.z - eyez) / scl;
        float bc = .0215 + .006 * sin(clamp((bx - .012) / .042, 0., 1.) * 2.4) - .004 * step(.045, bx);
        float bt = .0042 * (1. - .55 * clamp((bx - .02) / .034, 0., 1.));
        float brow = smoothstep(bt + .0016, bt - .0014, abs(bz - bc)) * smoothstep(.008, .013, bx)
            * smoothstep(.054, .048, bx) * step(rp.y, eyey + .05 * scl);
        a = mix(a, hair * .8, brow * .85);
        rough = .48;
        spec = .035;
        wrap = .28;
        sssr = 1.;
        if (sd > 0.) {
            a = vec3(.82, .82, .80) * (1. - .12 * step(.6, fract(rp.z * 170.)));
            rough = .9;
            sssr = 0.;
            wrap = .1;
        }
    } else if (mat == 1) {  // eye; sd: distance from the pupil
        a = vec3(.80, .78, .76);
        a = mix(a, vec3(.22, .13, .07), smoothstep(.0062, .0056, sd));
        a = mix(a, vec3(.01), smoothstep(.0027, .0022, sd));
        rough = .12;
        spec = .05;
    } else if (mat == 2) {  // shirt
        float t = textureLod(tcloth, rp.xz * vec2(2.2), lod).r;
        a = shirt * (.86 + .28 * t);
        a *= 1. - .18 * smoothstep(.006, .004, abs(sd - .012));
        vec3 g = textureLod(tcloth, rp.xz * .9 + rp.yy * .4, lod).gba - .5;
        n = normalize(n + g * .38);
        rough = .95;
        wrap = .12;
        spec = .02;
    } else if (mat == 3) {  // shorts
        float t = textureLod(tcloth, rp.xz * vec2(3.), lod).r;
        a = shorts * (.86 + .28 * t);
        a *= 1. - .25 * smoothstep(.006, .004, abs(sd - .014));
        vec3 g = textureLod(tcloth, rp.xz * 1.3 + rp.yy * .6, lod).gba - .5;
        n = normalize(n + g * .34);
        rough = .85;
        wrap = .1;
        spec = .03;
    } else if (mat == 4) {  // hair
        float s = textureLod(tcloth, vec2(rp.x * 6. + rp.y * 4., rp.z * 1.2), lod).r;
        a = hair * (.45 + 1.1 * s);
        rough = .75;
        spec = .03;
        n = normalize(n + (textureLod(tcloth, vec2(rp.x * 5., rp.z * 1.5), lod).gba - .5) * .7);
    } else if (mat == 5) {  // shoe; sd: height above the floor, uv.x: 0 at the toe, 1 at the heel
        a = shoe;
        if (sd < .024) {
            a = sole;
        } else {
            float stripe = step(.40, uv.x) * step(uv.x, .52);
            a = mix(a, sole, stripe * step(.035, sd) * step(sd, .075));
            if (uv.x < .40 && uv.x > .16 && sd > .055) a = mix(a, vec3(.85), step(.6, fract(uv.x * 24.)) * .7);
        }
        rough = .6;
    } else if (mat == 22) {  // box or bench; its colour travels as the rest position
        a = rp * (.9 + .2 * textureLod(tcloth, uv * 1.5, lod).r);
        rough = .7;
    }
