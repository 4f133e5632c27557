"""Deferred renderer: a posed character in a room, to 8-bit RGB pictures.

Walls are rendered once a camera; near room and subject every frame, each in a layer of its own, since a
software renderer runs every branch of a shader. The subject is always in front of the room; what it stands on is of
its layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import moderngl
import numpy as np

from formcheck_render.arrays import Array, Float32, Picture
from formcheck_render.baked import skin_masks
from formcheck_render.camera import STEADY, Camera, Shake, look_at, orthographic, perspective
from formcheck_render.character import Character
from formcheck_render.gpu import Layer, ShadowMap, open_context, set_matrix, set_uniform, upload_texture
from formcheck_render.light import Lighting
from formcheck_render.mesh import Material
from formcheck_render.room import Room
from formcheck_render.shaders import shader, shading
from formcheck_render.textures import Textures

_SHAKE_MARGIN = 0.05
_AMBIENT_UP = np.array([0.75, 0.8, 0.88]) * 0.55
_AMBIENT_DOWN = np.array([0.5, 0.42, 0.36]) * 0.45
_CLOSED = (Material.SKIN, Material.EYE, Material.SHOE)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything that stays the same through a clip."""

    character: Character
    room: Room
    props: Float32
    textures: Textures
    lighting: Lighting
    camera: Camera


class Renderer:
    """Draws one scene; use it in a `with` block, which frees the graphics memory.

    `supersampling` is the number of samples an axis; the frame is averaged down to the picture's size.

    Raises:
        GraphicsError: no OpenGL context can be made.
    """

    def __init__(self, scene: Scene, supersampling: float = 1.25) -> None:
        self._scene = scene
        camera = scene.camera
        self._size = (camera.width_px, camera.height_px)
        self._fine = (round(camera.width_px * supersampling), round(camera.height_px * supersampling))
        self._context = context = open_context()
        self._geometry = context.program(vertex_shader=shader("mesh.vert"), fragment_shader=shader("geometry.frag"))
        self._depth = context.program(vertex_shader=shader("depth.vert"), fragment_shader=shader("depth.frag"))
        self._lit = tuple(
            context.program(vertex_shader=shader("screen.vert"), fragment_shader=shading(kind))
            for kind in ("room", "subject")
        )
        colour = context.renderbuffer(self._fine, 4)
        self._near, self._subject = (
            Layer(context, self._fine, colour, program, 8 + 4 * i) for i, program in enumerate(self._lit)
        )
        self._canvas = context.framebuffer([colour])
        self._shadows = (ShadowMap(context, 1024, 4), ShadowMap(context, 512, 5))
        context.enable(moderngl.DEPTH_TEST)
        self._load_surfaces()
        self._load_subject()
        self._load_room()
        self._light_matrices = self._load_lights()
        self._margin = _backdrop_margin(camera)
        self._backdrop = self._draw_backdrop()

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.release()

    @property
    def _programs(self) -> tuple[Any, ...]:
        return (*self._lit, self._geometry)

    def _load_surfaces(self) -> None:
        textures = self._scene.textures
        images: dict[str, Array | Float32] = {
            "tmask": skin_masks(),
            "twood": textures.wood,
            "twall": textures.wall,
            "tcloth": textures.cloth,
        }
        self._textures = [upload_texture(self._context, unit, image) for unit, image in enumerate(images.values())]
        for unit, name in enumerate((*images, "sh0", "sh1")):
            for program in self._programs:
                if name in program:
                    program[name].value = unit

    def _load_subject(self) -> None:
        context, surface = self._context, self._scene.character.surface
        fixed = np.column_stack([surface.vertices, surface.uv, surface.edge_m, surface.material]).astype("f4")
        fixed_buffer = context.buffer(fixed.tobytes())
        self._posed = context.buffer(reserve=len(fixed) * 24, dynamic=True)
        closed = np.isin(surface.material[surface.faces[:, 0]], _CLOSED)
        faces = np.vstack([surface.faces[closed], surface.faces[~closed]])
        self._closed_count, self._open_count = int(closed.sum()) * 3, int((~closed).sum()) * 3
        indices = context.buffer(faces.astype("i4").tobytes())
        self._body = context.vertex_array(
            self._geometry,
            [
                (self._posed, "3f 3f", "in_pos", "in_nrm"),
                (fixed_buffer, "3f 2f 1f 1f", "in_rest", "in_uv", "in_sd", "in_mat"),
            ],
            indices,
        )
        self._silhouette = context.vertex_array(self._depth, [(self._posed, "3f 12x", "in_pos")], indices)

    def _load_room(self) -> None:
        rows, far = self._scene.room.vertices(), self._scene.room.backdrop()

        def triangles(chosen: Float32) -> Any:
            names = ("in_pos", "in_nrm", "in_rest", "in_uv", "in_sd", "in_mat")
            buffer = self._context.buffer(chosen.tobytes())
            return self._context.vertex_array(self._geometry, [(buffer, "3f 3f 3f 2f 1f 1f", *names)])

        self._far_room, self._near_room = triangles(rows[far]), triangles(rows[~far])
        self._solids = []  # what is drawn beside the body, with its shadow
        if len(self._scene.props):
            positions = self._context.buffer(self._scene.props[:, :3].copy().tobytes())
            shade = self._context.vertex_array(self._depth, [(positions, "3f", "in_pos")])
            self._solids.append((triangles(self._scene.props), shade))

    def _load_lights(self) -> tuple[Array, Array]:
        light, character = self._scene.lighting, self._scene.character
        eye, look = character.rig.head("eye.L"), character.look
        uniforms: dict[str, float | Array | tuple[float, ...]] = {
            "keydir": light.key_direction,
            "keycol": light.key_colour,
            "topcol": light.top_colour,
            "ambup": _AMBIENT_UP,
            "ambdn": _AMBIENT_DOWN,
            "expo": light.exposure,
            "wallcol": light.wall,
            "floorcol": light.floor,
            "skin": look.skin,
            "hair": look.hair,
            "shirt": look.shirt,
            "shorts": look.shorts,
            "shoe": look.shoe,
            "sole": look.sole,
            "eyey": float(eye[1]),
            "eyez": float(eye[2]),
            "scl": character.scale,
        }
        for name, value in uniforms.items():
            set_uniform(self._programs, name, value)
        middle, up = np.array([0, 0, 0.9]), (0, 1, 0.01)
        key = orthographic(1.6, 0.5, 8) @ look_at(middle + light.key_direction * 4, middle, up)
        top = orthographic(1.7, 0.2, 4) @ look_at(np.array([0, 0, 3.2]), np.zeros(3), (0, 1, 0))
        set_matrix(self._lit, "L0", key)
        set_matrix(self._lit, "L1", top)
        return key, top

    def _draw_backdrop(self) -> Picture:
        camera = self._scene.camera
        wider = np.diag([1 / self._margin, 1 / self._margin, 1, 1])
        projection = perspective(camera.fov_deg, camera.width_px / camera.height_px)
        self._begin(wider @ projection @ look_at(camera.eye, camera.target))
        self._near.begin()
        self._far_room.render()
        return self._read()[..., :3].copy()

    def _begin(self, view_projection: Array) -> None:
        set_matrix((self._geometry,), "VP", view_projection)
        set_uniform(self._programs, "eye", self._scene.camera.eye)
        self._near.clear()
        self._subject.clear()
        self._context.depth_func = "<"

    def _read(self) -> Picture:
        """Light both layers and read the picture back, averaged down to (h, w, 4), top row first."""
        self._context.depth_func = ">"
        self._canvas.use()
        self._canvas.clear(0, 0, 0, 0)
        self._near.light()
        self._subject.light()
        self._context.depth_func = "<"
        width, height = self._fine
        pixels = np.frombuffer(self._near.lit.read(components=4, alignment=1), np.uint8).reshape(height, width, 4)
        if self._fine == self._size:
            return pixels[::-1]
        return np.asarray(cv2.resize(pixels[::-1], self._size, interpolation=cv2.INTER_AREA), np.uint8)

    def draw(self, rotations: Array, heads: Array, shake: Shake = STEADY) -> Picture:
        """(h, w, 3) RGB of the character with these bone rotations and heads."""
        vertices, normals = self._scene.character.skin(rotations, heads)
        self._posed.write(np.hstack([vertices, normals]).astype("f4").tobytes())
        for shadow, matrix in zip(self._shadows, self._light_matrices, strict=True):
            shadow.begin()
            set_matrix((self._depth,), "VP", matrix)
            self._silhouette.render()
            for _, shade in self._solids:
                shade.render()
        view, projection = self._scene.camera.matrices(shake)
        self._begin(projection @ view)
        self._subject.begin()
        self._context.enable(moderngl.CULL_FACE)  # skin and shoes are closed; garments show their inside
        self._body.render(vertices=self._closed_count)
        self._context.disable(moderngl.CULL_FACE)
        self._body.render(vertices=self._open_count, first=self._closed_count)
        for solid, _ in self._solids:
            solid.render()
        self._near.begin()
        self._near_room.render()
        front = self._read().astype(np.float32)
        backdrop = self._shaken_backdrop(shake)
        blended = front[..., :3] + (1 - front[..., 3:] / 255.0) * backdrop
        picture: Picture = np.clip(blended, 0, 255).astype(np.uint8)
        return picture

    def _shaken_backdrop(self, shake: Shake) -> Picture:
        """The wide backdrop, narrowed, rolled and shifted as the camera is."""
        width, height = self._size
        angle = self._scene.camera.roll_rad + shake.roll_rad
        x, y = width / 2, height / 2
        c, s = np.cos(angle) * self._margin, np.sin(angle) * self._margin
        # pixels have y down: a roll counter-clockwise on screen has −sin at the lower left
        warp = np.array(
            [[c, s, x - c * x - s * y + shake.right * x], [-s, c, y + s * x - c * y - shake.up * y]], np.float32
        )
        warped = cv2.warpAffine(
            self._backdrop, warp, self._size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(warped, np.uint8)


def _backdrop_margin(camera: Camera) -> float:
    """How much wider than the picture the backdrop is, so that roll and shake never show its border."""
    longer = max(camera.width_px / camera.height_px, camera.height_px / camera.width_px)
    return float(np.cos(camera.roll_rad) + longer * abs(np.sin(camera.roll_rad)) + _SHAKE_MARGIN)
