    if (mat == 20) {  // floor
        a = textureLod(twood, uv, clamp(log2(length(eye - wp) * .9), 0., 4.)).rgb * floorcol;
        rough = .35;
        spec = .04;
    } else if (mat == 21) {  // wall
        a = wallcol * (.92 + .16 * textureLod(twall, uv, lod).r);
        rough = .95;
        spec = .01;
    } else if (mat == 22) {  // plain; its colour travels as the rest position
        a = rp * (.9 + .2 * textureLod(tcloth, uv * 1.5, lod).r);
        rough = .7;
    } else if (mat == 23) {  // glowing: window, screen
        a = rp;
    } else if (mat == 24) {  // picture on the wall
        a = textureLod(twall, uv * .35, lod).gba;
        rough = .8;
    }
