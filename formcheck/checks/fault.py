"""A fault is a row of data: what it is called, what helps against it, and what of the drawn body it colours.

One fault may be found by several checks; a fault that no check looks for is not known to the program.
"""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.body.parts import LEG, BodyPart


@dataclass(frozen=True, slots=True)
class Fault:
    """One row. ``title`` is what was found and ``good`` what is said of its absence; ``short`` names it in a list of
    what a view shows, empty where only some profiles judge it. ``helps`` is coaching advice, empty where none is known,
    ``trained_by`` the name of the single-leg exercise that trains against it and that can be judged, empty where there
    is none.
    """

    name: str
    title: str
    good: str
    short: str
    helps: str = ""
    trained_by: str = ""
    parts: tuple[BodyPart, ...] = LEG

    @classmethod
    def unknown(cls, name: str) -> Fault:
        """A fault that only another version knows, in words made of its name."""
        words = name.replace("_", " ")
        return cls(name, title=words, good=f"No {words}", short=words)


KNEE_VALGUS = Fault(
    name="knee_valgus",
    title="knees caving inward",
    good="Knees in line with the feet",
    short="knees in",
    helps="Practise slowly in front of a mirror, without load: the knee goes in line with the second and third toe.",
    trained_by="step_down",
)
KNEE_PAST_TOES = Fault(
    name="knee_past_toes",
    title="knees past the toes",
    good="Knees above the feet",
    short="knees past toes",
    helps="Practise slowly, without load: the knee comes over the top of the shoe and stays behind the toes.",
    trained_by="split_squat",
)
ASYMMETRY = Fault(
    name="asymmetry",
    title="left-right difference",
    good="Left and right alike",
    short="symmetry",
    helps="Include one or two single-leg exercises in each lower-body session: single-leg deadlift, single-leg glute "
    "bridge, single-leg hip thrust or Bulgarian split squat.",
    trained_by="split_squat",
    parts=(BodyPart.PELVIS,),
)
DEPTH = Fault(
    name="depth",
    title="too little depth",
    good="Deep enough",
    short="depth",
    helps="Practise to a box, a little lower each week, as deep as your back stays straight.",
    trained_by="single_leg_squat",
    parts=(BodyPart.THIGH,),
)
TRUNK_LEAN = Fault(
    name="trunk_lean",
    title="leaning trunk",
    good="Trunk upright enough",
    short="trunk lean",
    helps="Practise with a light weight held before the chest: it lets the trunk stay upright.",
    trained_by="split_squat",
    parts=(BodyPart.TRUNK,),
)
HEEL_RISE = Fault(
    name="heel_rise",
    title="heels lifting",
    good="Heels on the floor",
    short="heels",
    helps="Practise slowly with the weight on the whole foot; stiff ankles need time.",
    trained_by="step_down",
    parts=(BodyPart.FOOT,),
)
STANCE = Fault(
    name="stance",
    title="feet too narrow or too wide",
    good="Feet about shoulder-wide",
    short="",
)
LOCKOUT = Fault(
    name="lockout",
    title="not standing up all the way",
    good="Hips and knees straight at the top",
    short="",
)
PELVIC_DROP = Fault(
    name="pelvic_drop",
    title="hip dropping on the free side",
    good="Hips level on one leg",
    short="hip drop",
    helps="Train the side of the hip: side planks and side steps with a band, then the same exercise on a lower box.",
    parts=(BodyPart.PELVIS,),
)
KNEE_UNSTEADY = Fault(
    name="knee_unsteady",
    title="unsteady knee",
    good="Knee steady",
    short="steadiness",
    helps="Hold on to something at first, go less deep and slower, and let go when the knee stays still.",
)
LEG_CONTROL = Fault(
    name="leg_control",
    title="poor control on the way down",
    good="Good control on the way down",
    short="control",
)
KNEE_OUTWARD = Fault(
    name="knee_outward",
    title="knee outside the foot",
    good="Bent knee not outside the foot",
    short="knee out",
)
