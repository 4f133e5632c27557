"""Corrections of some exercises are fitted anew, and those of the others stay."""

from __future__ import annotations

import tomllib

import numpy as np

from benchmarks.accuracy.calibrate import TARGET, Fit, as_toml
from benchmarks.accuracy.calibrate_models import FRONTAL, MODELS, Model


def test_only_the_exercises_that_were_fitted_change() -> None:
    before = TARGET.read_text(encoding="utf-8")
    fit = Fit(Model("lunge", "fppa_deg", FRONTAL, ""), "lunge", {"offset": 1.0}, np.array([1.0, -1.0, 1.1]), 6)
    rows = tomllib.loads(as_toml([fit], before))["correction"]
    others = [row for row in tomllib.loads(before)["correction"] if row["exercise"] != "lunge"]
    assert [row for row in rows if row["exercise"] != "lunge"] == others
    assert [row["weights"] for row in rows if row["exercise"] == "lunge"] == [{"offset": 1.0}]


def test_every_shipped_correction_has_a_model_of_its_own() -> None:
    modelled = {(name, model.measure) for model in MODELS for name in model.exercises.split()}
    shipped = {
        (row["exercise"], row["measure"]) for row in tomllib.loads(TARGET.read_text(encoding="utf-8"))["correction"]
    }
    assert shipped - {("lunge", "limb_symmetry_index_pct")} <= modelled
