"""The array types that the renderer passes around."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Array: TypeAlias = npt.NDArray[np.float64]
Float32: TypeAlias = npt.NDArray[np.float32]
Ints: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Picture: TypeAlias = npt.NDArray[np.uint8]
# one row a vertex, one column a bone; scipy's stubs and run time differ on the parameters of this class
Weights: TypeAlias = "sp.csr_array[Any]"
