import numpy
import numpy as np
from numpy import nan


def table(rows):
    # ruleid: removed-numpy-name
    numpy.array(rows, dtype=np.float)
    # ruleid: removed-numpy-name
    np.zeros(3, dtype=numpy.int)
    # ruleid: removed-numpy-name
    np.where(rows, np.NaN, rows)
    # ruleid: removed-numpy-name
    np.product(rows)
    # ok: removed-numpy-name
    np.zeros(3, dtype=float)
    # ok: removed-numpy-name
    np.zeros(3, dtype=np.float64)
    # ok: removed-numpy-name
    np.prod(rows)
    # ok: removed-numpy-name
    return np.where(rows, nan, np.nan)


async def load(file):
    return np.asarray(
        await file.read(),
        # ruleid: removed-numpy-name
        dtype=np.object,
    )
